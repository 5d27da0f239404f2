"""Provider, state, tags and outputs of a stack, and resources that Terraform may destroy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.programs import run_python
from tests.stacks import ENVIRONMENTS, Terraform, shipped, stack_of

HOLDS_DATA = ("aws_opensearch_domain", "aws_kinesis_stream", "aws_s3_bucket", "aws_kms_key")


@pytest.fixture(scope="module")
def minimal() -> Terraform:
    return stack_of({})


def test_provider_range_is_the_supported_one(minimal: Terraform) -> None:
    assert minimal.json["terraform"]["required_providers"] == {
        "aws": {"source": "aws", "version": ">= 5.100.0, < 7.0.0"}
    }


@pytest.mark.parametrize(
    ("changes", "floor"),
    [
        ({"stream": {"max_record_size_in_kib": 2048}}, "6.20.0"),
        ({"domain": {"aiml_options": {"s3_vectors_engine": {"enabled": False}}}}, "6.15.0"),
        ({"stream": {"stream_mode_details": {"stream_mode": "ON_DEMAND"}, "warm_throughput_mib_ps": 10}}, "6.48.0"),
    ],
)
def test_argument_of_a_newer_provider_raises_the_floor(changes: dict[str, Any], floor: str) -> None:
    providers = stack_of(changes).json["terraform"]["required_providers"]
    assert providers["aws"]["version"] == f">= {floor}, < 7.0.0"


def test_argument_unknown_to_the_bindings_is_written() -> None:
    options = {
        "enabled": True,
        "master_user_options": {"master_user_arn": "arn:aws:iam::111122223333:role/Administrators"},
        "jwt_options": {"enabled": True, "public_key": "-----BEGIN PUBLIC KEY-----", "subject_key": "sub"},
    }
    domain = stack_of({"domain": {"advanced_security_options": options}}).one("aws_opensearch_domain")
    assert domain["advanced_security_options"]["jwt_options"] == options["jwt_options"]


def test_terraform_version_is_stated(minimal: Terraform) -> None:
    assert minimal.json["terraform"]["required_version"] == ">= 1.5.0"


def test_local_state_has_a_relative_path(minimal: Terraform) -> None:
    assert minimal.json["terraform"]["backend"] == {"local": {"path": "terraform.tfstate"}}


def test_state_in_s3_is_locked_by_a_file() -> None:
    s3 = {"bucket": "states", "key": "shop.tfstate", "region": "eu-west-1"}
    terraform = stack_of({"backend": {"s3": s3}}).json["terraform"]
    assert terraform["backend"] == {"s3": s3 | {"encrypt": True, "use_lockfile": True}}
    assert terraform["required_version"] == ">= 1.10.0"


def test_state_in_hcp_terraform() -> None:
    cloud = {"organization": "shop", "workspaces": {"name": "behaviour"}}
    terraform = stack_of({"backend": {"cloud": cloud}}).json["terraform"]
    assert terraform["cloud"] == cloud
    assert "backend" not in terraform


def test_workspaces_are_named_or_chosen_by_tags() -> None:
    named, tagged = {"name": "shop-prod", "project": "Analytics"}, {"tags": ["behaviour"]}
    found = [
        stack_of({"backend": {"cloud": {"organization": "shop", "workspaces": each}}}).json["terraform"]["cloud"]
        for each in (named, tagged)
    ]
    assert [each["workspaces"] for each in found] == [named, tagged]


def test_state_in_hcp_terraform_needs_no_terraform_at_synth(tmp_path: Path) -> None:
    ended = run_python("main.py", "examples/hcp-terraform", CDKTF_OUTDIR=str(tmp_path), PATH="/usr/bin:/bin")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_tags_are_the_providers_defaults() -> None:
    (provider,) = stack_of({"tags": {"Team": "search"}}).json["provider"]["aws"]
    assert provider["default_tags"] == [
        {"tags": {"Deployment": "test-behaviour", "ManagedBy": "Terraform", "Team": "search"}}
    ]


def test_given_account_is_the_only_one_terraform_may_touch() -> None:
    (provider,) = stack_of({"account_id": "111122223333"}).json["provider"]["aws"]
    assert provider["allowed_account_ids"] == ["111122223333"]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_no_plan_asks_aws(name: str) -> None:
    """Only data sources that the provider answers by itself."""
    assert set(shipped(name).json["data"]) == {"aws_iam_policy_document", "aws_partition", "aws_region"}


@pytest.mark.parametrize("type_", HOLDS_DATA)
def test_resources_with_data_are_retained(minimal: Terraform, type_: str) -> None:
    for resource in minimal.all(type_).values():
        assert resource["lifecycle"] == {"prevent_destroy": True}


@pytest.mark.parametrize("type_", HOLDS_DATA)
@pytest.mark.parametrize(("policy", "allowed"), [("destroy", False), ("retain", True)])
def test_one_destroy_setting_alone_has_no_effect(type_: str, policy: str, *, allowed: bool) -> None:
    stack = stack_of({"removal_policy": policy}, allow_destroy=allowed)
    for resource in stack.all(type_).values():
        assert resource["lifecycle"] == {"prevent_destroy": True}


@pytest.mark.parametrize("type_", HOLDS_DATA)
def test_both_destroy_settings_allow_destruction(type_: str) -> None:
    for resource in stack_of({"removal_policy": "destroy"}, allow_destroy=True).all(type_).values():
        assert "lifecycle" not in resource


def test_bucket_is_emptied_only_with_both_destroy_settings() -> None:
    assert stack_of({"removal_policy": "destroy"}, allow_destroy=True).one("aws_s3_bucket")["force_destroy"] is True
    assert stack_of({"removal_policy": "destroy"}).one("aws_s3_bucket")["force_destroy"] is False


def test_seed_has_the_outputs_that_were_asked_for() -> None:
    outputs = shipped("seed").json["output"]
    assert outputs["elasticsearch_domain_endpoint"]["value"].endswith(".endpoint}")
    assert outputs["kinesis_stream_name"]["value"].endswith(".name}")


def test_adopted_resources_are_imported() -> None:
    adopt = {"domain": "old", "stream": "old-events", "archive": "old-bucket"}
    names = {"domain": {"domain_name": "old"}, "stream": {"name": "old-events"}, "archive": {"bucket": "old-bucket"}}
    document = {"adopt": adopt, **names}
    imports = stack_of(document).json["import"]
    assert {item["to"].split(".")[0]: item["id"] for item in imports} == {
        "aws_opensearch_domain": "old",
        "aws_kinesis_stream": "old-events",
        "aws_s3_bucket": "old-bucket",
    }


def test_an_adopted_delivery_keeps_its_role_and_name() -> None:
    delivery = "arn:aws:firehose:eu-west-1:111122223333:deliverystream/old"
    adopt = {"delivery": delivery, "delivery_role": "KinesisFirehoseServiceRole-old"}
    stack = stack_of({"adopt": adopt, "delivery": {"name": "old"}})
    role = stack.one("aws_iam_role", "delivery_role")
    assert role["name"] == "KinesisFirehoseServiceRole-old"
    assert role["lifecycle"] == {"ignore_changes": ["path"]}
    assert stack.one("aws_cloudwatch_log_group", "delivery_log")["name"] == "/behaviour-analytics/old"


@pytest.mark.parametrize("digits", ["0a1b2c3d4e5f60718", "1e5", "12345678", "00e00"])
def test_ids_that_look_like_numbers_are_strings(digits: str) -> None:
    network = {"vpc_id": "vpc-0a1b2c3d4e5f60718", "subnet_ids": ["subnet-0a1b2c3d4e5f60718"]}
    document = {"name": f"shop-{digits}", "network": network, "domain": {"cluster_config": {"instance_count": 1}}}
    output = stack_of(document).json["output"]
    assert output["domain_subnet_ids"]["value"] == network["subnet_ids"]
    assert output["network_vpc_id"]["value"] == network["vpc_id"]
