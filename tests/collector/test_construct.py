"""The deployed collector."""

from __future__ import annotations

import json
from typing import Any

import pytest

from constructs_lib.collector.api import ROUTES, environment_variables
from constructs_lib.collector.package import collector_archive
from constructs_lib.collector.runtime import batch
from constructs_lib.collector.runtime import settings as runtime_settings
from constructs_lib.configuration.collector import CollectorSettings
from tests.stacks import Terraform, stack_of

ORIGIN = "https://shop.example"
KEYS = {"web": "wk_Zk3mQ8vT1xLr", "app": "wk_Hn5cW2yB7dPs"}
CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d"


@pytest.fixture(scope="module")
def stack() -> Terraform:
    return stack_of({"collector": {"origins": [ORIGIN], "keys": KEYS}})


@pytest.fixture(scope="module")
def named() -> Terraform:
    named = {"origins": [ORIGIN], "domain_name": "collect.shop.example", "certificate_arn": CERTIFICATE}
    return stack_of({"collector": named})


def test_without_the_section_there_is_no_collector() -> None:
    assert not stack_of({}).ids("aws_apigatewayv2_api")


def test_every_route_leads_to_the_functions_alias(stack: Terraform) -> None:
    routes = stack.all("aws_apigatewayv2_route")
    assert {route["route_key"] for route in routes.values()} == set(ROUTES.values())
    assert {route["target"] for route in routes.values()} == {
        "integrations/${aws_apigatewayv2_integration.collector_api_integration.id}"
    }
    integration = stack.one("aws_apigatewayv2_integration")
    assert integration["integration_uri"] == "${aws_lambda_alias.collector_alias.invoke_arn}"
    assert integration["payload_format_version"] == "2.0"


def test_every_path_of_the_function_has_a_route(stack: Terraform) -> None:
    keys = set(ROUTES.values())
    for path in batch.PATHS:
        folder, _, _ = path.rpartition("/")
        assert f"POST {path}" in keys or f"POST {folder}/{{call}}" in keys, path


def test_only_this_api_may_call_the_function(stack: Terraform) -> None:
    permission = stack.one("aws_lambda_permission", "collector_api_permission")
    assert permission["principal"] == "apigateway.amazonaws.com"
    assert permission["qualifier"] == "live"
    assert permission["source_arn"] == "${aws_apigatewayv2_api.collector_api.execution_arn}/*/*"


def test_the_stage_has_the_throttle(stack: Terraform) -> None:
    stage = stack.one("aws_apigatewayv2_stage")
    assert stage["name"] == "$default"
    assert stage["auto_deploy"] is True
    assert stage["default_route_settings"]["throttling_rate_limit"] == 200
    assert stage["default_route_settings"]["throttling_burst_limit"] == 400


def test_the_access_log_is_encrypted_and_has_no_address(stack: Terraform) -> None:
    log = stack.one("aws_cloudwatch_log_group", "collector_api_access_log")
    assert log["kms_key_id"] == stack.one("aws_kinesis_stream")["kms_key_id"]
    written = json.loads(stack.one("aws_apigatewayv2_stage")["access_log_settings"]["format"])
    assert not [value for value in written.values() if "identity" in value or "path" in value or "domain" in value]


def test_cors_allows_the_headers_of_the_libraries(stack: Terraform) -> None:
    cors = stack.one("aws_apigatewayv2_api")["cors_configuration"]
    assert cors["allow_origins"] == [ORIGIN]
    assert cors["allow_methods"] == ["POST"]
    assert {"content-type", "authorization", "anonymousid", "sentat", "x-retry-count"} <= set(cors["allow_headers"])
    assert "*" not in cors["allow_headers"]
    assert cors["expose_headers"] == ["retry-after"]
    assert "allow_credentials" not in cors


def statements(stack: Terraform) -> dict[str, Any]:
    """The statements of the function's role."""
    return {statement["sid"]: statement for statement in stack.document("collector_role_permissions")}


def test_the_role_may_only_put_records(stack: Terraform) -> None:
    granted = statements(stack)
    assert set(granted) == {"WriteLog", "DecryptEnvironment", "SendTraces", "PutRecords", "EncryptStream"}
    assert granted["PutRecords"]["actions"] == ["kinesis:PutRecords"]
    assert granted["PutRecords"]["resources"] == ["${aws_kinesis_stream.stream.arn}"]
    assert granted["EncryptStream"]["actions"] == ["kms:GenerateDataKey"]
    assert [condition["variable"] for condition in granted["EncryptStream"]["condition"]] == ["kms:ViaService"]


def test_the_function_reads_the_files_settings(stack: Terraform) -> None:
    variables = stack.one("aws_lambda_function", "collector")["environment"]["variables"]
    assert variables["STREAM_NAME"] == "${aws_kinesis_stream.stream.name}"
    assert variables["KINESIS_ENDPOINT"].startswith("https://kinesis.${data.aws_region.current.id}.")
    read = runtime_settings.from_environment({**variables, "AWS_REGION": "eu-west-1"})
    assert read.origins == {ORIGIN}
    assert read.keys == {key: name for name, key in KEYS.items()}
    assert (read.trusted_proxies, read.limit_on_gpc) == (0, True)


def test_the_function_reads_all_other_settings() -> None:
    hashes = ["a" * 64, "b" * 64]
    origins = [ORIGIN, "https://b.example"]
    settings = CollectorSettings(origins=origins, trusted_proxies=2, proxy_secret_hashes=hashes, gpc="ignore")
    given = {"STREAM_NAME": "s", "KINESIS_ENDPOINT": "https://k", "AWS_REGION": "r", **environment_variables(settings)}
    read = runtime_settings.from_environment(given)
    assert (read.trusted_proxies, read.limit_on_gpc, read.keys) == (2, False, {})
    assert read.origins == {ORIGIN, "https://b.example"}
    assert read.proxy_secret_hashes == {"a" * 64, "b" * 64}


@pytest.mark.parametrize(("rate", "calls"), [(1, 10), (100, 10), (101, 11), (200, 20), (9_000, 900), (9_001, None)])
def test_reserved_concurrency_follows_from_the_rate(rate: int, calls: int | None) -> None:
    assert CollectorSettings(origins=[ORIGIN]).function.reserved(rate) == calls


def test_the_function_has_its_own_reserved_concurrency(stack: Terraform) -> None:
    function = stack.one("aws_lambda_function", "collector")
    assert function["reserved_concurrent_executions"] == 20
    assert function["source_code_hash"] == collector_archive().source_code_hash
    assert (function["timeout"], function["memory_size"]) == (10, 512)


def test_the_endpoint_is_an_output(stack: Terraform, named: Terraform) -> None:
    endpoint = "${aws_apigatewayv2_api.collector_api.api_endpoint}"
    assert stack.json["output"]["collector_endpoint"]["value"] == f"{endpoint}/collect"
    assert "collector_domain_target" not in stack.json["output"]
    assert named.json["output"]["collector_endpoint"]["value"] == "https://collect.shop.example/collect"


def test_a_custom_domain_name_disables_the_default_endpoint(named: Terraform) -> None:
    assert named.one("aws_apigatewayv2_api")["disable_execute_api_endpoint"] is True
    domain = named.one("aws_apigatewayv2_domain_name")
    assert domain["domain_name_configuration"]["certificate_arn"] == CERTIFICATE
    assert domain["domain_name_configuration"]["security_policy"] == "TLS_1_2"
    mapping = named.one("aws_apigatewayv2_api_mapping")
    assert mapping["domain_name"] == "${aws_apigatewayv2_domain_name.collector_domain_name.id}"


def test_without_a_custom_domain_the_default_endpoint_is_enabled(stack: Terraform) -> None:
    assert "disable_execute_api_endpoint" not in stack.one("aws_apigatewayv2_api")
    assert not stack.ids("aws_apigatewayv2_domain_name")


def test_the_collector_has_alarms(stack: Terraform) -> None:
    alarms = stack.ids("aws_cloudwatch_metric_alarm")
    assert {name for name in alarms if name.startswith("collector_")} == {
        *("collector_errors", "collector_throttles", "collector_slow", "collector_server_errors"),
        *("collector_latency", "collector_rejected_share", "collector_not_stored"),
    }


def test_the_collector_is_on_the_dashboard(stack: Terraform) -> None:
    widgets = json.dumps(stack.json["locals"])
    assert all(title in widgets for title in ("collector server errors", "collector latency", "collector not stored"))
