"""Every limit at its bound and one past it, and the table against the authorities it is taken from."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

import pytest

from constructs_lib import limits
from constructs_lib.limits import DELIVERY, DOMAIN, ENVIRONMENT, STREAM, Choice, Count, Length, Limit, Range
from constructs_lib.limits.instances import INSTANCE_TYPES
from constructs_lib.recommender.runtime.parameters import BOUNDS as TUNED
from constructs_lib.rules import Finding, delivery, domain, environment, resources, stream

CHECK: dict[str, Callable[[Any], list[Finding]]] = {
    STREAM: stream.check,
    DOMAIN: domain.check,
    DELIVERY: delivery.check,
    ENVIRONMENT: environment.check,
    **{type_: book.check for type_, book in resources.BOOKS.items()},
}
# A second opinion, written down apart from the table: path, least, most.
BOUNDS: list[tuple[str, str, float | None, float | None]] = [
    (STREAM, "retention_period", 24, 8760),
    (STREAM, "max_record_size_in_kib", 1024, 10240),
    (STREAM, "shard_count", 0, 1_000_000),
    (STREAM, "warm_throughput_mib_ps", 0, 10240),
    (STREAM, "name", 1, 128),
    (STREAM, "kms_key_id", 1, 2048),
    (DOMAIN, "cluster_config.instance_count", 1, None),
    (DOMAIN, "cluster_config.warm_count", 2, 150),
    (DOMAIN, "cluster_config.node_options[].node_config.count", 1, None),
    (DOMAIN, "off_peak_window_options.off_peak_window.window_start_time.hours", 0, 23),
    (DOMAIN, "off_peak_window_options.off_peak_window.window_start_time.minutes", 0, 59),
    (DOMAIN, "snapshot_options.automated_snapshot_start_hour", 0, 23),
    (DOMAIN, "auto_tune_options.maintenance_schedule", 0, 100),
    (DOMAIN, "auto_tune_options.maintenance_schedule[].duration.value", 1, 24),
    (DOMAIN, "access_policies", 0, 102_400),
    (DOMAIN, "encrypt_at_rest.kms_key_id", 1, 500),
    (DOMAIN, "advanced_security_options.master_user_options.master_user_name", 1, 64),
    (DOMAIN, "advanced_security_options.jwt_options.subject_key", 1, 64),
    (DOMAIN, "advanced_security_options.jwt_options.roles_key", 1, 64),
    (DOMAIN, "saml_options.session_timeout_minutes", 1, 1440),
    (DOMAIN, "saml_options.idp.entity_id", 8, 512),
    (DOMAIN, "saml_options.idp.metadata_content", 1, 1_048_576),
    (DOMAIN, "saml_options.master_backend_role", 1, 256),
    (DOMAIN, "saml_options.master_user_name", 1, 64),
    (DOMAIN, "cognito_options.user_pool_id", 1, 55),
    (DOMAIN, "cognito_options.identity_pool_id", 1, 55),
    (ENVIRONMENT, "transform.user_ids.label", 1, 4096),
    (ENVIRONMENT, "transform.ipv4_prefix", 0, 32),
    (ENVIRONMENT, "transform.ipv6_prefix", 0, 128),
    (ENVIRONMENT, "transform.processor.buffer_size_mb", 0.2, 3),
    (ENVIRONMENT, "transform.processor.buffer_interval_seconds", 0, 900),
    (ENVIRONMENT, "transform.processor.retries", 0, 300),
    (ENVIRONMENT, "transform.user_ids.deletion_window_in_days", 7, 30),
    (ENVIRONMENT, "encryption.deletion_window_in_days", 7, 30),
    (ENVIRONMENT, "encryption.rotation_period_in_days", 90, 2560),
    (ENVIRONMENT, "archive.lifecycle.transition_days", 0, None),
    (ENVIRONMENT, "archive.lifecycle.expiration_days", 1, None),
    (ENVIRONMENT, "archive.lifecycle.failed_expiration_days", 1, None),
    (ENVIRONMENT, "archive.lifecycle.noncurrent_expiration_days", 1, None),
    *(
        (ENVIRONMENT, f"bootstrap.{key}_days", 1, 106751)
        for key in ("merge_after", "warm_after", "cold_after", "retention")
    ),
    (ENVIRONMENT, "provider.max_retries", 0, None),
    (ENVIRONMENT, "provider.assume_role.external_id", 2, 1224),
    (ENVIRONMENT, "collector.throttle.rate", 1, None),
    (ENVIRONMENT, "collector.throttle.burst", 1, None),
    (ENVIRONMENT, "collector.trusted_proxies", 0, 10),
    (ENVIRONMENT, "collector.function.memory_size", 128, 10240),
    (ENVIRONMENT, "collector.function.timeout", 8, 29),
    (ENVIRONMENT, "collector.function.reserved_concurrent_executions", -1, None),
    (ENVIRONMENT, "bootstrap.number_of_shards", 1, 1024),
    (ENVIRONMENT, "bootstrap.number_of_replicas", 0, 10),
    (ENVIRONMENT, "monitoring.free_storage_percent", 1, 99),
    (ENVIRONMENT, "monitoring.late_seconds", 0, 86400),
    (ENVIRONMENT, "monitoring.failed_percent", 1, 100),
    *[
        (ENVIRONMENT, f"{function}.function.{name}", least, most)
        for function in ("transform", "bootstrap")
        for name, least, most in (
            ("memory_size", 128, 10240),
            ("timeout", 1, 900),
            ("reserved_concurrent_executions", -1, None),
        )
    ],
    *[
        (ENVIRONMENT, f"traffic.{name}", least, most)
        for name, least, most in (
            ("events_per_second", 0.001, 100_000_000),
            ("peak_events_per_second", 0.001, 300_000_000),
            ("event_bytes", 1, 1_048_576),
            ("document_bytes", 1, 10_485_760),
            ("events_per_record", 1, 10_000),
            ("events_per_request", 1, 10_000),
            ("kept_percent", 0.01, 100),
            ("hot_days", 1, 3650),
            ("warm_days", 0, 3650),
            ("cold_days", 0, 3650),
            ("searches_per_second", 0, 100_000),
            ("recommendations_per_second", 0, 100_000),
            ("monthly_growth_percent", 0, 100),
            ("documents_per_vcpu", 100, 50_000),
        )
    ],
    *[
        (ENVIRONMENT, f"recommender.{path}", least, most)
        for path, least, most in (
            ("retention_days", 1, 3650),
            ("backfill_days", 1, 3650),
            ("api.throttle.rate", 1, None),
            ("api.throttle.burst", 1, None),
            *((f"parameters.{name}", least, None if most == inf else most) for name, (least, most) in TUNED.items()),
            *(
                (f"{function}.{name}", least, most)
                for function in ("function", "fold")
                for name, least, most in (
                    ("memory_size", 128, 10240),
                    ("timeout", 1, 900),
                    ("reserved_concurrent_executions", 1, None),
                )
            ),
        )
    ],
    ("aws_apigatewayv2_api", "name", 1, 128),
    ("aws_cloudwatch_composite_alarm", "alarm_name", 1, 255),
    ("aws_cloudwatch_dashboard", "dashboard_name", 1, 255),
    ("aws_cloudwatch_event_rule", "name", 1, 64),
    ("aws_cloudwatch_log_group", "name", 1, 512),
    ("aws_cloudwatch_metric_alarm", "alarm_name", 1, 255),
    ("aws_cloudwatch_metric_alarm", "alarm_description", 0, 1024),
    ("aws_cloudwatch_metric_alarm", "evaluation_periods", 1, None),
    ("aws_cloudwatch_metric_alarm", "datapoints_to_alarm", 1, None),
    ("aws_cloudwatch_metric_alarm", "namespace", 1, 255),
    ("aws_cloudwatch_metric_alarm", "metric_name", 1, 255),
    ("aws_iam_policy", "name", 1, 128),
    ("aws_iam_policy", "description", 0, 1000),
    ("aws_iam_role", "name", 1, 64),
    ("aws_iam_role", "description", 0, 1000),
    ("aws_iam_role", "max_session_duration", 3600, 43200),
    ("aws_iam_role_policy", "name", 1, 128),
    ("aws_kinesis_stream_consumer", "name", 1, 128),
    ("aws_kms_key", "deletion_window_in_days", 7, 30),
    ("aws_kms_key", "rotation_period_in_days", 90, 2560),
    ("aws_lambda_function", "function_name", 1, 64),
    ("aws_lambda_function", "description", 0, 256),
    ("aws_lambda_function", "handler", 1, 128),
    ("aws_lambda_function", "memory_size", 128, 10240),
    ("aws_lambda_function", "timeout", 1, 900),
    ("aws_lambda_function", "reserved_concurrent_executions", -1, None),
    ("aws_security_group", "name", 1, 255),
    ("aws_security_group", "description", 1, 255),
    (DELIVERY, "name", 1, 64),
    *[
        (DELIVERY, f"{block}.{path}", least, most)
        for block in ("opensearch_configuration", "elasticsearch_configuration")
        for path, least, most in (
            ("index_name", 1, 80),
            ("type_name", 0, 100),
            ("cluster_endpoint", 1, 512),
            ("buffering_size", 1, 100),
            ("buffering_interval", 0, 900),
            ("retry_duration", 0, 7200),
            ("vpc_config.subnet_ids", 1, 16),
            ("vpc_config.security_group_ids", 1, 5),
            ("processing_configuration.processors[].parameters[].parameter_value", 1, 5120),
            ("s3_configuration.buffering_size", 1, 128),
            ("s3_configuration.buffering_interval", 0, 900),
            ("s3_configuration.prefix", 0, 1024),
            ("s3_configuration.error_output_prefix", 0, 1024),
        )
    ],
]


def nested(path: str, value: Any) -> dict[str, Any]:
    """Arguments with a value at a path, one item where the path says every item."""
    head, _, rest = path.partition(".")
    inner = nested(rest, value) if rest else value
    return {head.removesuffix("[]"): [inner] if head.endswith("[]") else inner}


def breaches(resource_type: str, path: str, value: Any) -> list[str]:
    """Findings that the table makes about one argument: its own messages at its own path."""
    own = ("is out of range", "is not an allowed value", "has the wrong form", "has ")
    return [
        finding.allowed
        for finding in CHECK[resource_type](nested(path, value))
        if finding.path == path.replace("[]", "[0]") and finding.message.startswith(own)
    ]


def sized(limit: Limit, size: float) -> Any:
    """A value of a size: characters, items, or the number itself."""
    if isinstance(limit, Length):
        return "a" * int(size)
    return list("a" * int(size)) if isinstance(limit, Count) else size


@pytest.mark.parametrize(("resource_type", "path", "least", "most"), BOUNDS)
def test_accepted_at_the_bound_and_refused_past_it(
    resource_type: str, path: str, least: float | None, most: float | None
) -> None:
    limit = next(limit for limit in limits.ARGUMENTS[resource_type, path] if isinstance(limit, Range))
    for bound, past in ((least, -1), (most, 1)):
        # Nothing is shorter than empty, and empty is absent.
        if bound is None or (isinstance(limit, (Length, Count)) and past < 0 and bound <= 1):
            continue
        assert str(limit) not in breaches(resource_type, path, sized(limit, bound))
        assert str(limit) in breaches(resource_type, path, sized(limit, bound + past))


def test_every_range_is_verified_by_a_second_table() -> None:
    ranges = {key for key, applying in limits.ARGUMENTS.items() if any(isinstance(limit, Range) for limit in applying)}
    assert ranges == {(resource_type, path) for resource_type, path, _, _ in BOUNDS}


CHOICES = [
    (key, limit) for key, applying in limits.ARGUMENTS.items() for limit in applying if isinstance(limit, Choice)
]


@pytest.mark.parametrize(("key", "limit"), CHOICES, ids=[f"{key[0]}-{key[1]}" for key, _ in CHOICES])
def test_a_choice_accepts_only_its_values(key: tuple[str, str], limit: Choice) -> None:
    assert [value for value in limit.values if str(limit) in breaches(*key, value)] == []
    wrong: list[str | int] = [value.swapcase() if isinstance(value, str) else value + 100 for value in limit.values]
    assert [value for value in wrong if str(limit) not in breaches(*key, value)] == []


@pytest.mark.parametrize(
    ("resource_type", "path", "good", "bad"),
    [
        ("aws_cloudwatch_dashboard", "dashboard_name", "a" * 255, ["a" * 256, "a b"]),
        ("aws_cloudwatch_event_rule", "name", "a.b-c_1", ["a b", "a/b"]),
        ("aws_cloudwatch_log_group", "name", "/aws/a.b-c_1#2", ["a b", "a:b"]),
        ("aws_iam_policy", "name", "a+b=c,d.e@f-g_1", ["a b", "a/b", "é"]),
        ("aws_iam_role", "name", "a+b=c,d.e@f-g_1", ["a b", "a/b", "é"]),
        ("aws_iam_role_policy", "name", "a+b=c,d.e@f-g_1", ["a b", "a/b", "é"]),
        ("aws_kinesis_stream_consumer", "name", "a.b-c_1", ["a b", "a/b"]),
        ("aws_kms_alias", "name", f"alias/{'a' * 250}", ["a", f"alias/{'a' * 251}", "alias/aws/s3", "alias/a b"]),
        ("aws_lambda_function", "function_name", "a-b_1", ["a b", "a.b", "é"]),
        ("aws_s3_bucket", "bucket", "a.b-1", ["ab", "A" * 3, "a_b", "a" * 64]),
        ("aws_s3_bucket", "bucket_prefix", "a" * 37, ["a" * 38, "A", "-a"]),
        ("aws_security_group", "name", "shop sg-1", ["sg-1"]),
        ("aws_sns_topic", "name", "a" * 256, ["a" * 257, "a.b", f"{'a' * 252}.fifo"]),
        ("aws_sns_topic", "name", f"{'a' * 251}.fifo", ["a b"]),
    ],
)
def test_names_of_resources(resource_type: str, path: str, good: str, bad: list[str]) -> None:
    assert breaches(resource_type, path, good) == []
    assert [value for value in bad if not breaches(resource_type, path, value)] == []


@pytest.mark.parametrize(
    ("variables", "paths"),
    [
        ({"AB": "x" * 4094}, []),
        ({"AB": "x" * 4095}, ["environment.variables"]),
        ({"AWS_REGION": "x"}, ["environment.variables.AWS_REGION"]),
        ({"AWS_LAMBDA_EXEC_WRAPPER": "x", "LAMBDA_TASKS": "x"}, []),
        ({"1A": "x", "A": "x"}, ["environment.variables.1A", "environment.variables.A"]),
    ],
)
def test_environment_variables_of_a_function(variables: dict[str, str], paths: list[str]) -> None:
    found = resources.check("aws_lambda_function", {"environment": {"variables": variables}})
    assert [finding.path for finding in found] == paths


@pytest.mark.parametrize(
    ("instance_type", "facts"),
    [
        ("t3.small.search", (2, 2, 100, 100, 10)),
        ("m6g.large.search", (2, 8, 512, 1024, 10)),
        ("r6g.large.search", (2, 16, 1024, 2048, 100)),
        ("r7g.medium.search", (1, 8, None, 768, None)),
        ("or1.16xlarge.search", (64, 512, None, 36864, 100)),
        ("i3.large.search", (2, 15.25, None, None, 100)),
    ],
)
def test_facts_of_instance_types(instance_type: str, facts: tuple[object, ...]) -> None:
    assert INSTANCE_TYPES[instance_type] == facts


def test_heap_is_half_of_the_memory_and_at_most_32_gib() -> None:
    assert [INSTANCE_TYPES[f"r6g.{size}.search"].heap_gib for size in ("large", "2xlarge", "4xlarge")] == [8, 32, 32]


@pytest.mark.parametrize(
    ("instance_type", "large_clusters", "most"),
    [
        ("t3.small.search", True, 10),
        ("r6g.large.search", False, 200),
        ("r6g.large.search", True, 400),
        ("or2.large.search", True, 400),
        ("or2.xlarge.search", True, 1002),
        ("i3.large.search", True, 200),
    ],
)
def test_most_nodes_of_a_domain(instance_type: str, large_clusters: bool, most: int) -> None:
    assert limits.instances.most_nodes(instance_type, large_clusters=large_clusters) == most


@pytest.mark.parametrize(
    ("resource_type", "arguments", "floor"),
    [
        (DOMAIN, {"domain_name": "events"}, "5.100.0"),
        (DOMAIN, {"aiml_options": None, "identity_center_options": []}, "5.100.0"),
        (DOMAIN, {"aiml_options": {}}, "6.15.0"),
        (DOMAIN, {"aiml_options": {"s3_vectors_engine": {"enabled": True}}}, "6.15.0"),
        (DOMAIN, {"aiml_options": [{"serverless_vector_acceleration": [{"enabled": True}]}]}, "6.31.0"),
        (DOMAIN, {"identity_center_options": {"enabled_api_access": True}}, "6.20.0"),
        (DOMAIN, {"advanced_security_options": {"jwt_options": {"enabled": True}}, "region": "eu-west-1"}, "6.34.0"),
        (STREAM, {"max_record_size_in_kib": 2048}, "6.20.0"),
        (DELIVERY, {"name": "events"}, "5.100.0"),
        ("aws_s3_bucket", {"region": "eu-west-1"}, "5.100.0"),
    ],
)
def test_an_argument_raises_the_provider_floor(resource_type: str, arguments: dict[str, Any], floor: str) -> None:
    assert limits.provider_floor(resource_type, arguments) == floor
