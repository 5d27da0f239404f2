"""Each kind of mistake in the project's own keys: just refused, and just accepted."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.rules import environment
from tests.rules.test_environment import REACHED

ACCOUNT = "111122223333"
SHOP = REACHED | {"name": "shop", "region": "eu-west-1", "account_id": ACCOUNT}
SUBNETS = {"vpc_id": "vpc-0a1b2c3d", "subnet_ids": ["subnet-0a1b2c3d"]}
CLIENTS = SUBNETS | {"client_cidr_blocks": ["10.50.0.0/16"]}
FINE_GRAINED = {"domain": {"advanced_security_options": {"enabled": True}}}
IDP = {"entity_id": "https://idp.example.com", "metadata_content": "<EntityDescriptor/>"}
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/0a1b2c3d"
DEPLOY = f"arn:aws:iam::{ACCOUNT}:role/deploy"
CLOUD = {"organization": "acme", "workspaces": {"name": "shop"}}
WARM = {"cluster_config": {"warm_enabled": True}}
S3 = {"bucket": "states", "key": "shop.tfstate", "region": "eu-west-1"}
SUBSCRIPTIONS = [{"protocol": "email", "endpoint": "on-call@example.com"}]
ALARMS = {"enabled": True, "subscriptions": SUBSCRIPTIONS}


def found(document: dict[str, Any], derived: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    return [(finding.severity, finding.path) for finding in environment.check(SHOP | document, derived)]


def bucket(name: str) -> dict[str, Any]:
    return {"archive": {"bucket": name}}


def clients(*ranges: str) -> dict[str, Any]:
    return {"network": SUBNETS | {"client_cidr_blocks": list(ranges)}}


def schedule(text: str) -> dict[str, Any]:
    return {"bootstrap": {"schedule": text}}


def subscribed(protocol: str, endpoint: str) -> dict[str, Any]:
    return {"monitoring": {"subscriptions": [{"protocol": protocol, "endpoint": endpoint}]}}


def workspaces(**names: Any) -> dict[str, Any]:
    return {"backend": {"cloud": {"organization": "acme", "workspaces": names}}}


ACCEPTED: list[dict[str, Any]] = [
    {},
    # names and tags
    {"tags": {"Équipe": "Köln 1: a/b=c+d@e-f_g."}},
    {"tags": {"ManagedBy": "OpenTofu", "space": "a\u00a0b", "half": "½"}},
    {"tags": {f"k{number}": "" for number in range(48)}},
    bucket("a1b"),
    bucket("a" * 63),
    bucket("1.2.3.4.5"),
    # ARNs
    {"encryption": {"kms_key_arn": KEY}},
    {"encryption": {"administrators": [f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{ACCOUNT}:user/a"]}},
    {"iam": {"permissions_boundary": f"arn:aws:iam::{ACCOUNT}:policy/boundaries/teams"}},
    {"iam": {"permissions_boundary": "arn:aws:iam::aws:policy/PowerUserAccess"}},
    {"provider": {"assume_role": {"role_arn": "arn:aws:iam::999988887777:role/deploy"}}},
    {"access": {"analysts": [f"arn:aws:iam::{ACCOUNT}:role/team/a"]}},
    {"access": {"analysts": [f"arn:aws:iam::{ACCOUNT}:user/a"]}},
    {"stream": {"writers": {"principals": ["444455556666", "arn:aws:iam::444455556666:role/web"]}}},
    {"monitoring": {"topic_arn": f"arn:aws:sns:eu-west-1:{ACCOUNT}:alarms.fifo"}},
    {"existing": {"domain": {"arn": f"arn:aws:es:eu-west-1:{ACCOUNT}:domain/shop"}}},
    {
        "region": "us-gov-west-1",
        "encryption": {"kms_key_arn": KEY.replace("aws:kms:eu-", "aws-us-gov:kms:us-gov-")},
        "access": {"analysts": [f"arn:aws-us-gov:iam::{ACCOUNT}:role/a"]},
    },
    # networks
    {"network": CLIENTS},
    clients("128.0.0.0/8"),
    {"network": SUBNETS | {"client_security_group_ids": ["sg-0a1b2c3d"]}},
    {"network": CLIENTS | {"aws_api_cidr_blocks": ["0.0.0.0/0"]}, "transform": {"vpc": True}},
    {
        "network": {
            "cidr_block": "10.0.0.0/24",
            "availability_zones": ["eu-west-1a"],
            "client_cidr_blocks": ["10.9.0.0/16"],
        }
    },
    # functions and schedules
    *(
        schedule(text)
        for text in (
            "rate(1 day)",
            "rate(2 hours)",
            "cron(0 4 * * ? *)",
            "cron(0/15 8-18 ? * MON-FRI *)",
            "cron(0 4 L * ? 2027)",
            "cron(0 4 ? * 6#3 *)",
            "cron(5,35 0 15W JAN,jul ? 2026-2199)",
        )
    ),
    {"transform": {"function": {"reserved_concurrent_executions": 900}}},
    {"transform": {"function": {"timeout": 300}}},
    {"transform": {"trusted_proxies": ["203.0.113.0/24", "2001:db8::/32"]}},
    {"bootstrap": {"function": {"timeout": 60}}},
    # monitoring and state
    {"monitoring": ALARMS},
    {"monitoring": {"topic_arn": f"arn:aws:sns:eu-west-1:{ACCOUNT}:alarms", "enabled": True}},
    *(
        {"monitoring": {"enabled": True} | subscribed(protocol, endpoint)["monitoring"]}
        for protocol, endpoint in (
            ("https", "https://events.pagerduty.com/x"),
            ("sms", "+49-151-123"),
            ("sqs", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:alarms"),
        )
    ),
    workspaces(name="shop"),
    workspaces(tags=["search"], project="analytics"),
    {"backend": {"s3": S3 | {"kms_key_id": KEY}}},
    {"backend": {"s3": S3 | {"kms_key_id": "alias/states", "dynamodb_table": "locks"}}},
    {"provider": {"assume_role": {"role_arn": DEPLOY, "external_id": "a:b/c", "session_name": "me@work"}}},
    {"region": "us-west-2", "provider": {"use_fips_endpoint": True}},
    {"adopt": {"key": "0a1b2c3d-0000-4000-8000-000000000000", "delivery_role": "firehose"}},
    {"transform": {"drop_paths": ["/" + "a" * 2000, "/" + "b" * 2000]}},
    # switches
    {"bootstrap": {"enabled": False}},
    {"transform": {"enabled": False}},
]


@pytest.mark.parametrize("document", ACCEPTED, ids=[str(document)[:60] for document in ACCEPTED])
def test_accepted(document: dict[str, Any]) -> None:
    assert found(document) == []


FOUND: list[tuple[str, str, dict[str, Any]]] = [
    # names and tags
    ("error", "name", {"name": "Shop"}),
    ("error", "name", {"name": "ab"}),
    ("error", "region", {"region": "eu-west-9"}),
    ("error", "account_id", {"account_id": "1234"}),
    ("error", "tags.team", {"tags": {"team": "a, b"}}),
    ("error", "tags.team", {"tags": {"team": "a\nb"}}),
    ("error", "tags.team", {"tags": {"team": "search 🔍"}}),
    ("error", "tags.a&b", {"tags": {"a&b": ""}}),
    ("error", "tags.AWS:team", {"tags": {"AWS:team": ""}}),
    ("error", "tags.managedby", {"tags": {"managedby": "me"}}),
    ("error", "tags.Team", {"tags": {"team": "a", "Team": "b"}}),
    *(("error", "archive.bucket", bucket(name)) for name in ("ab", "a" * 64, "a..b", "a.-b", "1.2.3.4", "xn--a")),
    *(("error", "archive.bucket", bucket(name)) for name in ("Shop", "-ab", "ab-", "sthree-a", "a-s3alias", "a--x-s3")),
    ("error", "backend.s3.bucket", {"backend": {"s3": S3 | {"bucket": "a..b"}}}),
    # ARNs: kind, partition, region, account, aliases, wildcards
    ("error", "encryption.kms_key_arn", {"encryption": {"kms_key_arn": f"arn:aws:iam::{ACCOUNT}:role/a"}}),
    ("error", "encryption.kms_key_arn", {"encryption": {"kms_key_arn": KEY.replace("eu-west-1", "eu-west-2")}}),
    ("error", "encryption.kms_key_arn", {"encryption": {"kms_key_arn": KEY.replace("aws:", "aws-cn:")}}),
    ("error", "encryption.kms_key_arn", {"encryption": {"kms_key_arn": KEY.replace(ACCOUNT, "12")}}),
    ("error", "encryption.kms_key_arn", {"encryption": {"kms_key_arn": KEY.replace("key/", "alias/")}}),
    ("error", "encryption.kms_key_arn", {"encryption": {"kms_key_arn": "alias/shop"}}),
    ("error", "encryption.administrators[0]", {"encryption": {"administrators": [f"arn:aws:iam::{ACCOUNT}:role/*"]}}),
    (
        "error",
        "iam.permissions_boundary",
        {"iam": {"permissions_boundary": f"arn:aws-us-gov:iam::{ACCOUNT}:policy/a"}},
    ),
    ("error", "iam.permissions_boundary", {"iam": {"permissions_boundary": f"arn:aws:iam::{ACCOUNT}:role/a"}}),
    ("error", "iam.permissions_boundary", {"iam": {"permissions_boundary": "arn:aws:iam::999988887777:policy/a"}}),
    ("error", "provider.assume_role.role_arn", {"provider": {"assume_role": {"role_arn": "deploy"}}}),
    ("error", "monitoring.topic_arn", {"monitoring": {"topic_arn": f"arn:aws:sns:us-east-1:{ACCOUNT}:alarms"}}),
    ("error", "existing.domain.arn", {"existing": {"domain": {"arn": f"arn:aws:es:eu-west-2:{ACCOUNT}:domain/shop"}}}),
    ("error", "stream.readers.principals[0]", {"stream": {"readers": {"principals": ["*"]}}}),
    ("error", "stream.readers.principals[0]", {"stream": {"readers": {"principals": ["1111222233334"]}}}),
    # networks
    ("error", "network.client_cidr_blocks[0]", clients("10.0.0.5/8")),
    ("error", "network.client_cidr_blocks[0]", clients("10.0.0.0/33")),
    ("warning", "network.client_cidr_blocks[1]", clients("10.0.0.0/8", "0.0.0.0/0")),
    ("warning", "network.client_cidr_blocks[0]", clients("128.0.0.0/1")),
    ("warning", "network", {"network": SUBNETS}),
    ("error", "transform.vpc", {"network": CLIENTS, "transform": {"vpc": True}}),
    ("error", "transform.vpc", {"transform": {"vpc": True}}),
    ("error", "network.vpc_id", {"network": {"client_cidr_blocks": ["10.0.0.0/8"], "subnet_ids": ["subnet-0a1b2c3d"]}}),
    ("error", "network.subnet_ids", {"network": {"client_cidr_blocks": ["10.0.0.0/8"], "vpc_id": "vpc-0a1b2c3d"}}),
    *(
        (
            "error",
            "network.cidr_block",
            {
                "network": {
                    "cidr_block": block,
                    "availability_zones": ["eu-west-1a"],
                    "client_cidr_blocks": ["10.9.0.0/16"],
                }
            },
        )
        for block in ("10.0.0.0/15", "10.0.0.0/25", "10.0.0.1/16", "ten")
    ),
    # readers
    ("warning", "access", {"access": {}}),
    ("warning", "access", {"access": {"administrators": []}}),
    # functions and schedules
    *(
        ("error", "bootstrap.schedule", schedule(text))
        for text in (
            "rate(1 days)",
            "rate(2 day)",
            "rate(0 days)",
            "daily",
            "0 4 * * ? *",
            "cron(0 4 * * *)",
            "cron(0 4 * * * *)",
            "cron(0 4 ? * ? *)",
            "cron(60 4 * * ? *)",
            "cron(0 24 * * ? *)",
            "cron(0 4 32 * ? *)",
            "cron(0 4 ? * MO *)",
            "cron(0 4 * * ? 1969)",
            "cron(0/0 4 * * ? *)",
        )
    ),
    (
        "warning",
        "transform.function.reserved_concurrent_executions",
        {"transform": {"function": {"reserved_concurrent_executions": 5000}}},
    ),
    (
        "warning",
        "bootstrap.function.reserved_concurrent_executions",
        {"bootstrap": {"function": {"reserved_concurrent_executions": 901}}},
    ),
    (
        "error",
        "transform.function.reserved_concurrent_executions",
        {"transform": {"function": {"reserved_concurrent_executions": 0}}},
    ),
    ("error", "transform.function.timeout", {"transform": {"function": {"timeout": 301}}}),
    ("error", "bootstrap.function.timeout", {"bootstrap": {"function": {"timeout": 59}}}),
    ("error", "transform.trusted_proxies[0]", {"transform": {"trusted_proxies": ["proxy.example"]}}),
    # monitoring and state
    ("warning", "monitoring.subscriptions", {"monitoring": {}}),
    ("warning", "monitoring.subscriptions", {"monitoring": {"subscriptions": []}}),
    (
        "error",
        "monitoring.subscriptions",
        {"monitoring": ALARMS | {"topic_arn": f"arn:aws:sns:eu-west-1:{ACCOUNT}:alarms"}},
    ),
    ("error", "monitoring.subscriptions[0].endpoint", subscribed("email", "on-call")),
    ("error", "monitoring.subscriptions[0].endpoint", subscribed("https", "http://example.com")),
    ("error", "monitoring.subscriptions[0].endpoint", subscribed("lambda", "alarms")),
    ("error", "monitoring.subscriptions[0].endpoint", subscribed("sqs", "arn:aws-cn:sqs:cn-north-1:1:alarms")),
    (
        "error",
        "monitoring.subscriptions[1]",
        {"monitoring": ALARMS | {"subscriptions": SUBSCRIPTIONS * 2}},
    ),
    ("error", "backend.cloud.workspaces", workspaces(project="analytics")),
    ("error", "backend.cloud.workspaces", workspaces(name="shop", tags=["search"])),
    ("error", "backend", {"backend": {"s3": S3, "local": {"path": "x.tfstate"}}}),
    ("error", "backend.s3.kms_key_id", {"backend": {"s3": S3 | {"kms_key_id": KEY.replace("eu-west-1", "us-east-1")}}}),
    ("error", "backend.s3.kms_key_id", {"backend": {"s3": S3 | {"kms_key_id": "states"}}}),
    ("error", "backend.s3.dynamodb_table", {"backend": {"s3": S3 | {"dynamodb_table": "a b"}}}),
    ("error", "backend.cloud.organization", {"backend": {"cloud": CLOUD | {"organization": "a b"}}}),
    ("error", "backend.cloud.hostname", {"backend": {"cloud": CLOUD | {"hostname": "https://tfe.example.com"}}}),
    ("error", "backend.cloud.workspaces.name", workspaces(name="shop prod")),
    ("error", "backend.cloud.workspaces.project", workspaces(name="shop", project="a")),
    ("error", "provider.use_fips_endpoint", {"provider": {"use_fips_endpoint": True}}),
    ("error", "provider.max_retries", {"provider": {"max_retries": -1}}),
    (
        "error",
        "provider.assume_role.session_name",
        {"provider": {"assume_role": {"role_arn": DEPLOY, "session_name": "a b"}}},
    ),
    (
        "error",
        "provider.assume_role.external_id",
        {"provider": {"assume_role": {"role_arn": DEPLOY, "external_id": "a"}}},
    ),
    ("error", "adopt.key", {"adopt": {"key": KEY}}),
    ("error", "adopt.delivery_role", {"adopt": {"delivery_role": DEPLOY}}),
    ("error", "existing.domain.endpoint", {"existing": {"domain": {"endpoint": "https://search.example.com"}}}),
    ("error", "existing.domain.engine_version", {"existing": {"domain": {"engine_version": "3.1"}}}),
    ("error", "transform.drop_paths", {"transform": {"drop_paths": ["/" + "a" * 2000, "/" + "b" * 2100]}}),
    ("error", "bootstrap.retention_days", {"bootstrap": {"retention_days": 0}}),
    ("error", "bootstrap.retention_days", {"bootstrap": {"warm_after_days": 7, "retention_days": 7}, "domain": WARM}),
    # switches
    ("warning", "network.availability_zones", {"network": CLIENTS | {"availability_zones": ["eu-west-1a"]}}),
    ("warning", "bootstrap.number_of_shards", {"bootstrap": {"enabled": False, "number_of_shards": 5}}),
    ("warning", "transform.drop_paths", {"transform": {"enabled": False, "drop_paths": ["/health"]}}),
    (
        "warning",
        "monitoring.subscriptions",
        {"monitoring": {"enabled": False, "subscriptions": SUBSCRIPTIONS}},
    ),
]


@pytest.mark.parametrize(
    ("severity", "path", "document"), FOUND, ids=[f"{number}-{case[1]}" for number, case in enumerate(FOUND)]
)
def test_found(severity: str, path: str, document: dict[str, Any]) -> None:
    assert found(document) == [(severity, path)]


@pytest.mark.parametrize(
    ("resource", "wrong"),
    [
        ("role/team/a", False),
        ("user/a", True),
        ("root", True),
        ("federated-user/a", True),
    ],
)
def test_fine_grained_access_maps_roles_only(resource: str, *, wrong: bool) -> None:
    document = {"access": {"analysts": [f"arn:aws:iam::{ACCOUNT}:{resource}"]}}
    assert found(document, FINE_GRAINED) == ([("error", "access.analysts[0]")] if wrong else [])
    if resource.startswith(("role", "user", "root")):
        assert found(document) == []


def test_a_session_is_not_a_role() -> None:
    document = {"access": {"analysts": [f"arn:aws:sts::{ACCOUNT}:assumed-role/team/me"]}}
    assert found(document, FINE_GRAINED) == [("error", "access.analysts[0]")]


SAML = "domain.saml_options"


@pytest.mark.parametrize(
    ("options", "access", "expected"),
    [
        ({"roles_key": "roles"}, {"analyst_groups": ["marketing"]}, []),
        ({"master_backend_role": "masters"}, {}, []),
        ({"enabled": False}, REACHED["access"], []),
        ({}, {}, [SAML]),
        ({"roles_key": "roles"}, {}, [SAML]),
        ({}, {"administrator_groups": ["owners"]}, [f"{SAML}.roles_key"]),
    ],
)
def test_users_who_sign_in_need_a_group(options: dict[str, Any], access: dict[str, Any], expected: list[str]) -> None:
    document = {"domain": {"saml_options": {"idp": IDP} | options}, "access": access}
    assert found(document) == [("warning", path) for path in expected]


def test_a_sign_in_in_a_vpc_needs_access_for_browsers() -> None:
    document = {
        "domain": {"saml_options": {"idp": IDP, "roles_key": "roles"}},
        "access": {"analyst_groups": ["marketing"]},
        "network": SUBNETS,
    }
    (finding,) = environment.check(SHOP | document)
    assert finding.path == "network"
    assert "browsers" in finding.message


@pytest.mark.parametrize(
    ("document", "guess"),
    [
        ({"region": "eu-wst-1"}, "did you mean eu-west-1"),
        ({"region": "Frankfurt"}, ""),
        ({"bootstrap": {"thresholds": {"purchase": 3}}}, "did you mean purchases"),
    ],
)
def test_a_misspelled_value_gets_a_suggestion(document: dict[str, Any], guess: str) -> None:
    (finding,) = environment.check(SHOP | document, {"thresholds": {"purchases": 10}})
    assert guess in finding.message
    assert ("did you mean" in finding.message) is bool(guess)


@pytest.mark.parametrize(
    ("reserved", "path"),
    [
        ({"transform.function": 900}, None),
        ({"transform.function": 901}, "transform.function"),
        ({"transform.function": 500, "collector.function": 400}, None),
        ({"transform.function": 500, "collector.function": 401}, "transform.function"),
        ({"transform.function": -1, "recommender.function": 901}, "recommender.function"),
        ({"recommender.fold": 901}, "recommender.fold"),
    ],
)
def test_reserved_concurrency_of_all_functions_fits_the_account(reserved: dict[str, int], path: str | None) -> None:
    file: dict[str, Any] = {"name": "shop", "region": "eu-west-1"}
    for section, calls in reserved.items():
        part, function = section.split(".")
        file.setdefault(part, {})[function] = {"reserved_concurrent_executions": calls}
    found = [each.path for each in environment.check(file) if "reserve by default" in each.message]
    assert found == ([] if path is None else [f"{path}.reserved_concurrent_executions"])
