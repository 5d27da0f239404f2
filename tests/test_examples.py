"""The examples match their descriptions, and are accepted without a warning."""

from __future__ import annotations

import pytest

from constructs_lib.configuration.load import parse_environment
from constructs_lib.configuration.yaml_file import read_yaml
from tests.stacks import EXAMPLES, ROOT, shipped

FOLDER = "environments/examples"


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_is_accepted(name: str) -> None:
    parse_environment(read_yaml(ROOT / FOLDER / f"{name}.yaml", name), name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_names_the_schema_and_its_purpose(name: str) -> None:
    first, second, *_ = (ROOT / FOLDER / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    assert first == "# yaml-language-server: $schema=../../schema/environment.schema.json"
    assert second.startswith("# ")


def test_vpc_prod_makes_neither_network_nor_key() -> None:
    stack = shipped("vpc-prod", FOLDER)
    assert not stack.ids("aws_vpc")
    assert stack.ids("aws_kms_key") == {"transform_key"}


def test_vpc_prod_roles_follow_the_accounts_requirements() -> None:
    for role in shipped("vpc-prod", FOLDER).all("aws_iam_role").values():
        assert role["path"] == "/behaviour/"
        assert role["permissions_boundary"] == "arn:aws:iam::111122223333:policy/workload-boundary"


def test_on_demand_stream_has_no_shards() -> None:
    stream = shipped("on-demand-stream", FOLDER).one("aws_kinesis_stream")
    assert stream["stream_mode_details"] == {"stream_mode": "ON_DEMAND"}
    assert "shard_count" not in stream


def test_on_demand_stream_lets_its_readers_read() -> None:
    (statement,) = shipped("on-demand-stream", FOLDER).document("stream_permissions")
    assert statement["principals"] == [{"identifiers": ["arn:aws:iam::444455556666:root"], "type": "AWS"}]
    assert "kinesis:PutRecord" not in statement["actions"]


def test_warm_and_cold_has_all_tiers() -> None:
    cluster = shipped("warm-and-cold", FOLDER).one("aws_opensearch_domain")["cluster_config"]
    assert cluster["warm_enabled"] is True
    assert cluster["cold_storage_options"] == {"enabled": True}
    assert cluster["node_options"][0]["node_type"] == "coordinator"


def test_saml_signs_people_in() -> None:
    saml = shipped("saml", FOLDER).one("aws_opensearch_domain_saml_options")["saml_options"]
    assert saml["idp"]["entity_id"] == "https://idp.example.com/saml"


def test_adoption_imports_what_exists() -> None:
    imports = shipped("adopt-existing", FOLDER).json["import"]
    assert {item["id"] for item in imports} == {"legacy-search", "legacy-clicks", "legacy-click-archive"}


def test_saml_lets_browsers_through_to_the_sign_in() -> None:
    (statement,) = (each for each in shipped("saml", FOLDER).document("domain_access") if each["sid"] == "SignIn")
    assert statement["principals"] == [{"identifiers": ["*"], "type": "AWS"}]
    assert {action.partition("es:ESHttp")[0] for action in statement["actions"]} == {""}


def test_saml_maps_groups_beside_roles() -> None:
    variables = shipped("saml", FOLDER).one("aws_lambda_function", "bootstrap")["environment"]["variables"]
    assert variables["ANALYSTS"] == "marketing,product"


def test_without_a_sign_in_there_is_no_anonymous_access() -> None:
    principals = [
        identifier
        for each in shipped("vpc-prod", FOLDER).document("domain_access")
        for principal in each["principals"]
        for identifier in principal["identifiers"]
    ]
    assert principals
    assert "*" not in principals
