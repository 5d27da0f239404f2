"""Each bucket has settings of its own: matched by name or by reference, never counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from constructs_lib.review.rego import Answer
from tests.rego.plans import allow, configured, data, judged, module, plan, reference, resource, statements

KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d"
BLOCKED = dict.fromkeys(
    ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), True
)
SETTINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "S3.17": (
        "aws_s3_bucket_server_side_encryption_configuration",
        {
            "rule": [
                {"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms", "kms_master_key_id": KEY}]}
            ]
        },
    ),
    "S3.8": ("aws_s3_bucket_public_access_block", BLOCKED),
    "S3.12": ("aws_s3_bucket_ownership_controls", {"rule": [{"object_ownership": "BucketOwnerEnforced"}]}),
    "S3.13": ("aws_s3_bucket_lifecycle_configuration", {"rule": [{"status": "Enabled"}]}),
    "S3.14": ("aws_s3_bucket_versioning", {"versioning_configuration": [{"status": "Enabled"}]}),
}
DENIAL = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
NAMED = ["arn:aws:s3:::mine", "arn:aws:s3:::mine/*"]
CONTROLS = [*SETTINGS, "S3.5"]


def named(name: str, without: str = "", changed: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """A bucket with a name, and all its settings but one, by that name."""
    found = [resource(f"aws_s3_bucket.{name}", {"bucket": name})]
    for control, (type_, values) in SETTINGS.items():
        if control != without:
            found.append(resource(f"{type_}.{name}", {"bucket": name, **values, **(changed or {}).get(control, {})}))
    if without != "S3.5":
        on = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
        document = statements({**DENIAL, "Resource": on})
        found.append(resource(f"aws_s3_bucket_policy.{name}", {"bucket": name, "policy": document}))
    return found


def failing(answer: Answer) -> list[str]:
    """Controls and addresses."""
    return [message.partition(": ")[0] for message in answer.failures]


def test_a_bucket_with_all_its_settings_passes() -> None:
    answer = judged(plan(*named("mine")))
    assert (answer.failures, answer.not_judged) == ([], [])


@pytest.mark.parametrize("control", CONTROLS)
def test_a_second_bucket_needs_its_own_settings(control: str) -> None:
    first = named("first") + [{**change, "address": f"{change['address']}_again"} for change in named("first")[1:]]
    assert failing(judged(plan(*first, *named("second", control)))) == [f"{control} aws_s3_bucket.second"]


@pytest.mark.parametrize(
    ("control", "values"),
    [
        ("S3.17", {"rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "AES256"}]}]}),
        ("S3.8", {"block_public_acls": False}),
        ("S3.8", {"restrict_public_buckets": "false"}),
        ("S3.12", {"rule": [{"object_ownership": "ObjectWriter"}]}),
        ("S3.13", {"rule": [{"status": "Disabled"}]}),
        ("S3.14", {"versioning_configuration": [{"status": "Suspended"}]}),
    ],
)
def test_a_setting_that_sets_something_else_fails(control: str, values: dict[str, Any]) -> None:
    (found,) = failing(judged(plan(*named("mine", changed={control: values}))))
    assert found.startswith(f"{control} aws_s3_bucket")


def unnamed(*names: str, without: str = "") -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Buckets whose names are unknown, their settings by reference, and the configuration of those."""
    changes, written = [], []
    for name in names:
        changes.append(resource(f"aws_s3_bucket.{name}", {}, {"bucket": True, "id": True, "arn": True}))
        for control, (type_, values) in SETTINGS.items():
            if control != without or name != names[-1]:
                changes.append(resource(f"{type_}.{name}", values, {"bucket": True}))
                written.append(configured(f"{type_}.{name}", bucket=f"aws_s3_bucket.{name}.id"))
        if without != "S3.5" or name != names[-1]:
            statement = {
                "effect": "Deny", "actions": ["s3:*"], "principals": [{"type": "*", "identifiers": ["*"]}],
                "resources": [None, None],
                "condition": [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}],
            }  # fmt: skip
            changes.append(data(f"aws_iam_policy_document.{name}", {"statement": [statement]}, {"json": True}))
            changes.append(resource(f"aws_s3_bucket_policy.{name}", {}, {"bucket": True, "policy": True}))
            arn = reference(f"aws_s3_bucket.{name}.arn")
            written.append(configured(f"data.aws_iam_policy_document.{name}", statement=[{"resources": arn}]))
            policy = f"data.aws_iam_policy_document.{name}.json"
            written.append(configured(f"aws_s3_bucket_policy.{name}", bucket=f"aws_s3_bucket.{name}.id", policy=policy))
    return changes, written


def test_settings_are_matched_by_reference() -> None:
    changes, written = unnamed("first", "second")
    answer = judged(plan(*changes, configuration=module(*written)))
    assert (answer.failures, answer.not_judged) == ([], [])


@pytest.mark.parametrize("control", CONTROLS)
def test_settings_of_another_bucket_do_not_count(control: str) -> None:
    changes, written = unnamed("first", "second", without=control)
    answer = judged(plan(*changes, configuration=module(*written)))
    assert failing(answer) == [f"{control} aws_s3_bucket.second"]


def test_a_setting_of_an_unknown_bucket_is_reported() -> None:
    changes, written = unnamed("only")
    for each in written:
        if each["type"] == "aws_s3_bucket_versioning":
            each["expressions"]["bucket"] = {"references": ["local.bucket"]}
    answer = judged(plan(*changes, configuration=module(*written)))
    unseen = "S3.14 aws_s3_bucket.only: not judged: its aws_s3_bucket_versioning is unknown until apply"
    assert (answer.failures, answer.not_judged) == ([], [unseen])


def test_a_setting_of_an_ambiguous_bucket_is_reported() -> None:
    changes, written = unnamed("first", "second", without="S3.14")
    for each in written:
        if each["type"] == "aws_s3_bucket_versioning":
            each["expressions"]["bucket"] = reference("aws_s3_bucket.first.id", "aws_s3_bucket.second.id")
    answer = judged(plan(*changes, configuration=module(*written)))
    assert (failing(answer), len(answer.not_judged)) == ([], 2)


def versioned(keys: list[str], references: list[str], settings: list[str]) -> list[str]:
    """Which of a ``for_each``'s buckets have no versions."""
    buckets = [resource(f'aws_s3_bucket.b["{key}"]', {}, {"bucket": True}) for key in keys]
    values = SETTINGS["S3.14"][1]
    versions = [resource(f"aws_s3_bucket_versioning.{name}", values, {"bucket": True}) for name in settings]
    written = {name.partition("[")[0] for name in settings}
    configuration = module(
        *(
            {"address": f"aws_s3_bucket_versioning.{name}", "type": "aws_s3_bucket_versioning",
             "expressions": {"bucket": {"references": references}}}
            for name in written
        )
    )  # fmt: skip
    return [
        found for found in failing(judged(plan(*buckets, *versions, configuration=configuration))) if "S3.14" in found
    ]


EACH = ["aws_s3_bucket.b", "each.key"]


def test_instances_are_matched_by_their_keys() -> None:
    assert versioned(["a", "b.c"], EACH, ['v["a"]', 'v["b.c"]']) == []


def test_an_instance_without_its_setting_fails() -> None:
    assert versioned(["a", "b"], EACH, ['v["a"]']) == ['S3.14 aws_s3_bucket.b["b"]']


def test_a_reference_with_a_key_means_that_instance() -> None:
    one = ['aws_s3_bucket.b["a"].id', 'aws_s3_bucket.b["a"]', "aws_s3_bucket.b"]
    assert versioned(["a", "b"], one, ["v", "w"]) == ['S3.14 aws_s3_bucket.b["b"]']


def test_each_module_needs_its_own_settings() -> None:
    values = SETTINGS["S3.14"][1]
    changes = [
        resource('module.m["a"].aws_s3_bucket.b[0]', {}, {"bucket": True}),
        resource('module.m["b"].aws_s3_bucket.b[0]', {}, {"bucket": True}),
        resource('module.m["a"].aws_s3_bucket_versioning.v[0]', values, {"bucket": True}),
    ]
    references = {"references": ["aws_s3_bucket.b[0].id", "aws_s3_bucket.b[0]", "aws_s3_bucket.b"]}
    inner = module(
        {
            "address": "aws_s3_bucket_versioning.v",
            "type": "aws_s3_bucket_versioning",
            "expressions": {"bucket": references},
        }
    )
    answer = judged(plan(*changes, configuration=module(m={"module": inner, "expressions": {}})))
    assert [found for found in failing(answer) if "S3.14" in found] == ['S3.14 module.m["b"].aws_s3_bucket.b[0]']


def test_a_reference_is_followed_through_modules() -> None:
    """The bucket is one module's output, and another module's variable."""
    values = SETTINGS["S3.14"][1]
    changes = [
        resource("module.bucket.aws_s3_bucket.b", {}, {"bucket": True}),
        resource("module.versions.aws_s3_bucket_versioning.v", values, {"bucket": True}),
    ]
    bucket = {**module(), "outputs": {"id": {"expression": reference("aws_s3_bucket.b.id")}}}
    versions = module(configured("aws_s3_bucket_versioning.v", bucket="var.bucket"))
    versions["resources"][0]["expressions"]["bucket"] = {"references": ["var.bucket"]}
    configuration = module(
        bucket={"module": bucket, "expressions": {}},
        versions={"module": versions, "expressions": {"bucket": {"references": ["module.bucket.id", "module.bucket"]}}},
    )
    answer = judged(plan(*changes, configuration=configuration))
    assert [found for found in failing(answer) if "S3.14" in found] == []


def test_settings_in_the_bucket_of_older_providers_count() -> None:
    rule = [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms", "kms_master_key_id": KEY}]}]
    values = {
        "bucket": "mine",
        "versioning": [{"enabled": True}],
        "lifecycle_rule": [{"enabled": True}],
        "server_side_encryption_configuration": [{"rule": rule}],
        "policy": statements({**DENIAL, "Resource": NAMED}),
    }
    left = {found.partition(" ")[0] for found in failing(judged(plan(resource("aws_s3_bucket.mine", values))))}
    assert left == {"S3.8", "S3.12"}


WRONG_WAY: list[dict[str, Any]] = [
    {"Effect": "Allow"},
    {"Principal": {"AWS": "arn:aws:iam::111122223333:role/x"}},
    {"Action": "s3:GetObject"},
    {"Resource": "arn:aws:s3:::mine"},
    {"Resource": "arn:aws:s3:::mine/*"},
    {"Resource": ["arn:aws:s3:::mine", "arn:aws:s3:::mine/public/*"]},
    {"Resource": ["arn:aws:s3:::other", "arn:aws:s3:::other/*"]},
    {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
    {"Condition": {"Bool": {"aws:SecureTransport": ["false", "true"]}}},
    {"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}},
    {"Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:PrincipalAccount": "111122223333"}}},
    {"Condition": {"Null": {"aws:SecureTransport": "false"}}},
    {"Condition": {}},
]


def denying(**changed: Any) -> list[str]:
    document = statements({**DENIAL, "Resource": NAMED, **changed})
    policy = resource("aws_s3_bucket_policy.p", {"bucket": "mine", "policy": document})
    return failing(judged(plan(*named("mine", "S3.5"), policy)))


@pytest.mark.parametrize("changed", WRONG_WAY, ids=str)
def test_an_unrelated_denial_does_not_require_tls(changed: dict[str, Any]) -> None:
    assert "S3.5 aws_s3_bucket.mine" in denying(**changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"Principal": {"AWS": "*"}},
        {"Principal": {"AWS": ["*"]}},
        {"Action": ["s3:*"]},
        {"Action": "*"},
        {"Resource": "*"},
        {"Resource": "arn:aws:s3:::mine*"},
        {"Condition": {"Bool": {"AWS:SECURETRANSPORT": False}}},
        {"Condition": {"BoolIfExists": {"aws:SecureTransport": ["false"]}}},
    ],
    ids=str,
)
def test_a_denial_of_all_plain_http_requires_tls(changed: dict[str, Any]) -> None:
    assert denying(**changed) == []


def test_an_unknown_policy_is_reported() -> None:
    policy = resource("aws_s3_bucket_policy.p", {"bucket": "mine"}, {"policy": True})
    answer = judged(plan(*named("mine", "S3.5"), policy))
    assert failing(answer) == []
    assert [message for message in answer.not_judged if message.startswith("S3.5 aws_s3_bucket.mine: ")]


@pytest.mark.parametrize("type_", ["aws_s3_bucket", "aws_s3_object"])
def test_an_acl_for_everybody_fails(type_: str) -> None:
    answer = judged(plan(resource(f"{type_}.x", {"bucket": "x", "acl": "public-read"})))
    assert f"S3.12 {type_}.x" in [message.partition(": ")[0] for message in answer.failures if "ACL; use" in message]


def test_force_destroy_fails() -> None:
    answer = judged(plan(resource("aws_s3_bucket.x", {"force_destroy": "true"})))
    assert any(message.startswith("state aws_s3_bucket.x: force_destroy") for message in answer.failures)


def test_an_allowing_statement_beside_the_denial_is_checked_too() -> None:
    document = allow("s3:GetObject", "arn:aws:s3:::mine/*", Principal="*")
    policy = resource("aws_s3_bucket_policy.p", {"bucket": "mine", "policy": document})
    assert "exposure aws_s3_bucket_policy.p" in failing(judged(plan(*named("mine"), policy)))


def test_a_denial_in_a_nested_document_counts() -> None:
    changes, written = unnamed("only")
    changes.append(data("aws_iam_policy_document.all", {}, {"json": True, "source_policy_documents": True}))
    for each in written:
        if each["type"] == "aws_s3_bucket_policy":
            each["expressions"]["policy"] = reference("data.aws_iam_policy_document.all.json")
    within = "data.aws_iam_policy_document.only.json"
    written.append(configured("data.aws_iam_policy_document.all", source_policy_documents=within))
    answer = judged(plan(*changes, configuration=module(*written)))
    assert (answer.failures, answer.not_judged) == ([], [])


def test_an_unknown_number_of_rules_is_reported() -> None:
    """As a dynamic block, which no plan's configuration shows."""
    encryption = resource(SETTINGS["S3.17"][0] + ".x", {"bucket": "mine"}, {"rule": True})
    configuration = module(configured(SETTINGS["S3.17"][0] + ".x", bucket={"constant_value": "mine"}))
    answer = judged(plan(*named("mine", "S3.17"), encryption, configuration=configuration))
    unseen = f"S3.17 aws_s3_bucket.mine: not judged: its {SETTINGS['S3.17'][0]} is unknown until apply"
    assert (answer.failures, answer.not_judged) == ([], [unseen])
