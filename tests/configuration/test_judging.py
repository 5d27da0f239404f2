"""Findings of the rules about whole environments, by paths of the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from constructs_lib.configuration.errors import ConfigurationError
from constructs_lib.configuration.judging import judge_section
from constructs_lib.configuration.load import load_environment, parse_environment
from tests.rules.cases import changed
from tests.stacks import ROOT

BASE: dict[str, Any] = {"name": "shop", "region": "eu-west-1"}


def refused(*changes: tuple[str, Any]) -> list[str]:
    """Paths of the errors."""
    try:
        parse_environment(changed(BASE, *changes), "shop.yaml")
    except ConfigurationError as error:
        return [problem.path for problem in error.problems if problem.severity == "error"]
    return []


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("domain.vpc_options", (("domain.vpc_options", {}),)),
        ("domain.cluster_config.instance_type", (("domain.cluster_config.instance_type", "large"),)),
        (
            "domain.saml_options.enabled",
            (("domain.saml_options", {}), ("domain.advanced_security_options.enabled", False)),
        ),
        ("domain.ebs_options.volume_size", (("domain.ebs_options.volume_size", 9),)),
        ("domain.timeouts.create", (("domain.timeouts.create", "an hour"),)),
        ("stream.shard_count", (("stream.shard_count", 0),)),
        ("delivery.opensearch_configuration.index_name", (("delivery.opensearch_configuration.index_name", "Events"),)),
        ("delivery.opensearch_configuration.s3_backup_mode", (("archive.enabled", True),)),
        ("transform.function.memory_size", (("transform.function.memory_size", 127),)),
        ("encryption.deletion_window_in_days", (("encryption.deletion_window_in_days", 31),)),
        ("tags.aws:team", (("tags", {"aws:team": "search"}),)),
    ],
)
def test_invalid_settings_are_refused_with_their_path(path: str, changes: tuple[tuple[str, Any], ...]) -> None:
    assert path in refused(*changes)


FIREHOSE_ARN = "arn:aws:firehose:eu-west-1:111122223333:deliverystream/old"


@pytest.mark.parametrize(
    ("part", "adopted", "key"),
    [
        ("domain", "old", "domain.domain_name"),
        ("stream", "old", "stream.name"),
        ("delivery", FIREHOSE_ARN, "delivery.name"),
        ("archive", "old", "archive.bucket"),
    ],
)
def test_an_adopted_resource_must_have_the_name_in_the_file(part: str, adopted: str, key: str) -> None:
    assert refused((f"adopt.{part}", adopted)) == [f"adopt.{part}"]
    assert refused((f"adopt.{part}", adopted), (key, "old")) == []


def warned(*changes: tuple[str, Any]) -> list[str]:
    """Paths of the warnings."""
    _, problems = parse_environment(changed(BASE, *changes), "shop.yaml")
    return [problem.path for problem in problems]


IDP = {
    "entity_id": "https://idp.example.com/saml",
    "metadata_content": '<EntityDescriptor entityID="https://idp.example.com/saml"/>',
}
SAML = ("domain.saml_options", {"idp": IDP})
TOKENS = (
    "domain.advanced_security_options",
    {"jwt_options": {"public_key": "-----BEGIN PUBLIC KEY-----", "roles_key": "roles"}},
)
GROUPS = ("access.analyst_groups", ["marketing"])
GUARD = "leaves sign-in as the only protection"
IN_A_VPC = (
    "network",
    {"vpc_id": "vpc-0a1b2c3d", "subnet_ids": ["subnet-0a1b2c3d", "subnet-1a1b2c3d", "subnet-2a1b2c3d"]},
)


def test_sign_in_and_audit_logs_need_access_control_which_is_on_by_default() -> None:
    assert refused(SAML) == []
    assert refused(("domain.log_publishing_options", [{"log_type": "AUDIT_LOGS"}])) == []
    assert "domain.saml_options.enabled" in refused(SAML, ("bootstrap.enabled", False))


@pytest.mark.parametrize("sign_in", [SAML, TOKENS], ids=["saml", "tokens"])
def test_a_public_endpoint_with_a_sign_in_is_warned_of(sign_in: tuple[str, Any]) -> None:
    def guarded(*changes: tuple[str, Any]) -> list[str]:
        _, problems = parse_environment(changed(BASE, *changes), "shop.yaml")
        return [problem.path for problem in problems if GUARD in problem.message]

    assert guarded(sign_in) == [sign_in[0] if sign_in is SAML else f"{sign_in[0]}.jwt_options"]
    assert guarded(sign_in, IN_A_VPC) == []
    assert guarded() == []


@pytest.mark.parametrize("key", ["analyst_groups", "administrator_groups"])
def test_groups_need_a_sign_in(key: str) -> None:
    given = (f"access.{key}", ["marketing"])
    off = ("domain.saml_options", {"enabled": False, "idp": IDP})
    assert [refused(given, *sign_in) for sign_in in ((SAML,), (TOKENS,))] == [[], []]
    assert [refused(given, *sign_in) for sign_in in ((), (off,))] == [[f"access.{key}"]] * 2


def test_groups_need_the_bootstrap() -> None:
    master = (MASTER, "arn:aws:iam::111122223333:role/Masters")
    assert refused(SAML, GROUPS, master) == []
    assert refused(SAML, GROUPS, master, ("bootstrap.enabled", False)) == [GROUPS[0]]


@pytest.mark.parametrize("name", ["a,b", " a", "a ", " ", ""])
def test_an_ambiguous_group_name_is_refused(name: str) -> None:
    assert refused(SAML, (GROUPS[0], [name])) == [f"{GROUPS[0]}[0]"]


MASTER = "domain.advanced_security_options.master_user_options.master_user_arn"


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ((), [MASTER]),
        ((("bootstrap.enabled", False),), []),
        ((("adopt.domain", "old"), ("domain.domain_name", "old")), []),
    ],
    ids=["new", "without bootstrap", "adopted"],
)
def test_a_master_user_that_locks_out_the_bootstrap_is_refused(
    changes: tuple[tuple[str, Any], ...], warned: list[str]
) -> None:
    given = changed(BASE, (MASTER, "arn:aws:iam::111122223333:role/Masters"), *changes)
    _, problems = parse_environment(given, "shop.yaml")
    assert [problem.path for problem in problems if problem.path == MASTER] == warned


NETWORK = {"cidr_block": "10.0.0.0/16", "availability_zones": ["eu-west-1a", "eu-west-1b"]}
EXISTING = {"vpc_id": "vpc-0a1b2c3d", "subnet_ids": ["subnet-0a1b2c3d"]}


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("outputs", (("outputs", {"a b": "stream.arn"}),)),
        ("outputs", (("outputs", {"": "stream.arn"}),)),
        ("outputs.pipeline", (("outputs", {"pipeline": "stream.arn"}),)),
        ("outputs.domain_endpoint", (("outputs", {"domain_endpoint": "stream.arn"}),)),
        ("name", (("name", "sg-shop"), ("network", NETWORK))),
        ("network.availability_zones[1]", (("network", NETWORK | {"availability_zones": ["eu-west-1a"] * 2}),)),
        ("network.availability_zones[0]", (("network", NETWORK | {"availability_zones": ["eu-west-1xyz"]}),)),
        ("network.vpc_id", (("network", EXISTING | {"vpc_id": "foo"}),)),
        ("network.subnet_ids[0]", (("network", EXISTING | {"subnet_ids": ["foo"]}),)),
        ("backend.local.path", (("backend", {"local": {"path": "/etc/x.tfstate"}}),)),
        ("backend.s3.key", (("backend", {"s3": {"bucket": "states", "key": "/x", "region": "eu-west-1"}}),)),
        ("backend.s3.region", (("backend", {"s3": {"bucket": "states", "key": "x", "region": "nowhere"}}),)),
        (
            "backend.cloud.workspaces",
            (("backend", {"cloud": {"organization": "acme", "workspaces": {"name": "a", "tags": ["b"]}}}),),
        ),
        ("archive.lifecycle.expiration_days", (("archive.lifecycle.expiration_days", 2**31),)),
    ],
)
def test_settings_that_terraform_or_aws_would_refuse_are_refused(
    path: str, changes: tuple[tuple[str, Any], ...]
) -> None:
    assert path in refused(*changes)


@pytest.mark.parametrize(
    "changes",
    [
        (("outputs", {"elasticsearch_domain_endpoint": "domain.endpoint", "_x-1": "stream.arn"}),),
        (("outputs", {"domain_endpoint": "domain.endpoint"}),),
        (("backend", {"s3": {"bucket": "states", "key": "a/x.tfstate", "region": "eu-west-1"}}),),
        (("backend", {"local": {"path": "../x.tfstate"}}),),
        (("archive.lifecycle.expiration_days", 2**31 - 1),),
        (("name", "sg-shop"),),
    ],
)
def test_settings_that_terraform_and_aws_accept_are_accepted(changes: tuple[tuple[str, Any], ...]) -> None:
    assert refused(*changes) == []


BACKUP_MODE = "delivery.opensearch_configuration.s3_backup_mode"


@pytest.mark.parametrize(
    ("consent", "mode", "warned"),
    [("required", "AllDocuments", True), ("unless_denied", "AllDocuments", False), ("required", None, False)],
)
def test_an_archive_of_everything_that_ignores_consent_is_warned_of(
    consent: str, mode: str | None, *, warned: bool
) -> None:
    changes = [("transform.consent", consent), *([(BACKUP_MODE, mode)] if mode else [])]
    _, problems = parse_environment(changed(BASE, *changes), "shop.yaml")
    assert (BACKUP_MODE in [problem.path for problem in problems]) is warned


@pytest.mark.parametrize(
    ("rotation", "days", "late"),
    [
        ("OneMonth", 31, True),
        ("OneMonth", 32, False),
        ("OneWeek", 7, True),
        ("OneWeek", 8, False),
        ("NoRotation", 3, False),
    ],
)
def test_an_index_may_not_be_deleted_while_it_is_written(rotation: str, days: int, *, late: bool) -> None:
    found = warned(
        ("delivery.opensearch_configuration.index_rotation_period", rotation),
        ("bootstrap.retention_days", days),
    )
    assert ("bootstrap.retention_days" in found) is late


PROCESSORS = "delivery.opensearch_configuration.processing_configuration.processors"


@pytest.mark.parametrize(
    ("processor", "path"), [({"type": "Foo"}, f"{PROCESSORS}[0].type"), ({"type": "Lambda"}, f"{PROCESSORS}[0]")]
)
def test_custom_processors_are_checked_as_in_a_plan(processor: dict[str, Any], path: str) -> None:
    assert any(found.startswith(path) for found in refused((PROCESSORS, [processor])))


def test_a_processor_that_firehose_knows_is_accepted() -> None:
    assert refused((PROCESSORS, [{"type": "AppendDelimiterToRecord"}])) == []


def test_derived_iops_do_not_exceed_the_instance_types_limit() -> None:
    cluster = {"instance_type": "r7g.16xlarge.search"}
    assert "domain.ebs_options.iops" not in refused(
        ("domain.cluster_config", cluster), ("domain.ebs_options.volume_size", 30_000)
    )


@pytest.mark.parametrize("file", sorted((ROOT / "environments").rglob("*.yaml")), ids=lambda file: file.stem)
def test_each_section_of_a_valid_file_is_valid_alone(file: Path) -> None:
    environment, _ = load_environment(file)
    sections = {name: value for name, value in environment.model_dump(exclude_none=True).items() if value}
    found = {name: judge_section(name, value) for name, value in sections.items() if isinstance(value, dict)}
    assert [each for findings in found.values() for each in findings if each.severity == "error"] == []


KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001"
USED = {
    "stream": ("existing.stream", {"arn": "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}),
    "domain": (
        "existing.domain",
        {
            "arn": "arn:aws:es:eu-west-1:111122223333:domain/search",
            "endpoint": "search.example",
            "engine_version": "OpenSearch_2.19",
        },
    ),
    "archive": ("existing.archive", {"bucket": "clicks-archive"}),
    "key": ("encryption.kms_key_arn", KEY_ARN),
    "network": ("network", {"vpc_id": "vpc-0a1b2c3d4e5f60718", "subnet_ids": [f"subnet-0a1b2c3{n}" for n in "def"]}),
}


def without_effect(*changes: tuple[str, Any]) -> list[str]:
    """Paths of the warnings about settings without effect."""
    _, problems = parse_environment(changed(BASE, *changes), "shop.yaml")
    return [problem.path for problem in problems if "has no effect" in problem.message]


@pytest.mark.parametrize(
    ("used", "path", "value"),
    [
        ("stream", "stream.shard_count", 2),
        ("stream", "stream.readers.principals", ["444455556666"]),
        ("domain", "domain.cluster_config.instance_count", 3),
        ("domain", "domain.engine_version", "OpenSearch_3.3"),
        ("domain", "monitoring.free_storage_percent", 30),
        ("archive", "archive.bucket", "others"),
        ("archive", "archive.lifecycle.transition_days", 10),
        ("key", "encryption.deletion_window_in_days", 7),
        ("network", "network.flow_log_retention_in_days", 30),
    ],
)
def test_settings_of_an_existing_resource_have_no_effect(used: str, path: str, value: Any) -> None:
    assert without_effect(USED[used], (path, value)) == [path]
    assert used == "network" or without_effect((path, value)) == []


@pytest.mark.parametrize(
    ("used", "path", "value"),
    [
        ("stream", "stream.retention_period", 48),
        ("stream", "stream.writers.managed_policy", True),
        ("archive", "archive.lifecycle.expiration_days", 400),
        ("domain", "access.administrators", ["arn:aws:iam::111122223333:role/admin"]),
    ],
)
def test_settings_that_count_beside_an_existing_resource(used: str, path: str, value: Any) -> None:
    assert without_effect(USED[used], (path, value)) == []


@pytest.mark.parametrize(
    ("account", "found"), [("111122223333", []), ("444455556666", ["existing.stream.arn"]), (None, [])]
)
def test_an_existing_stream_of_another_account_needs_a_policy(account: str | None, found: list[str]) -> None:
    _, problems = parse_environment(changed(BASE, USED["stream"], ("account_id", account)), "shop.yaml")
    assert [problem.path for problem in problems if "is in the account" in problem.message] == found
