"""The recommender's resources, and its settings in environment files."""

from __future__ import annotations

import json
from typing import Any

import pytest

from constructs_lib.bootstrap.runtime import recommender as installed
from constructs_lib.bootstrap.runtime.settings import RECOMMENDER_INDICES
from constructs_lib.bootstrap.runtime.settings import Settings as BootstrapSettings
from constructs_lib.configuration.errors import ConfigurationError
from constructs_lib.configuration.load import parse_environment
from constructs_lib.configuration.recommender import ParameterSettings
from constructs_lib.recommender.construct import recommender_archive
from constructs_lib.recommender.runtime.parameters import SESSION
from constructs_lib.recommender.runtime.settings import Names, Settings, from_environment
from tests.rules.cases import changed
from tests.stacks import Terraform, stack_of

BASE: dict[str, Any] = {"name": "shop", "region": "eu-west-1"}
JWT = {"issuer": "https://login.example/pool", "audience": ["shop"]}


@pytest.fixture(scope="module")
def stack() -> Terraform:
    """A deployment with a recommender and default settings."""
    return stack_of({"recommender": {}})


def variables(stack: Terraform, function: str) -> dict[str, str]:
    """Environment variables of a function."""
    given: dict[str, str] = stack.one("aws_lambda_function", function)["environment"]["variables"]
    return given


def test_without_the_section_there_is_no_recommender() -> None:
    assert not [name for name in stack_of({}).ids("aws_lambda_function") if "recommender" in name]


def test_both_functions_share_one_archive(stack: Terraform) -> None:
    functions = [stack.one("aws_lambda_function", name) for name in ("recommender", "recommender_fold")]
    assert len({each["source_code_hash"] for each in functions}) == 1
    assert [each["handler"] for each in functions] == ["recommender.handler.handler", "recommender.folding.handler"]


def test_the_functions_read_their_settings(stack: Terraform) -> None:
    given = from_environment(variables(stack, "recommender_fold"))
    assert (given.index_name, given.deployment) == ("events", "test-behaviour")
    assert given.overlap_seconds >= 600
    assert given.parameters == SESSION


def test_a_long_buffer_makes_the_overlap_longer() -> None:
    slow = stack_of({"recommender": {}, "delivery": {"opensearch_configuration": {"buffering_interval": 900}}})
    assert int(variables(slow, "recommender_fold")["OVERLAP_SECONDS"]) == 900 + 60 + 300


def test_arms_and_parameters_reach_the_function() -> None:
    arms = {"knn": {"share": 3.0}, "pop": {"strategy": "popularity"}}
    section = {"arms": arms, "parameters": {"neighbours": 100}, "leave_out_bought": False}
    given = from_environment(variables(stack_of({"recommender": section}), "recommender"))
    assert [(arm.name, arm.share, arm.strategy) for arm in given.arms] == [
        ("knn", 3.0, "sessions"),
        ("pop", 1.0, "popularity"),
    ]
    assert given.parameters.neighbours == 100
    assert given.leave_out_bought is False


def test_the_environment_file_knows_every_parameter() -> None:
    assert set(ParameterSettings.model_fields) == set(SESSION.values())


def test_the_fold_runs_every_five_minutes_and_looks_again_every_day(stack: Terraform) -> None:
    rules = stack.all("aws_cloudwatch_event_rule")
    assert rules["recommender_fold_schedule"]["schedule_expression"] == "rate(5 minutes)"
    assert rules["recommender_fold_second_look"]["schedule_expression"] == "rate(1 day)"
    target = stack.one("aws_cloudwatch_event_target", "recommender_fold_second_look_target")
    assert json.loads(target["input"]) == {"look_back_hours": 48}


def test_the_fold_waits_for_the_bootstrap(stack: Terraform) -> None:
    rule = stack.one("aws_cloudwatch_event_rule", "recommender_fold_schedule")
    assert rule["depends_on"] == ["aws_lambda_invocation.bootstrap_invocation"]


def test_the_bootstrap_installs_for_both_roles(stack: Terraform) -> None:
    given = variables(stack, "bootstrap")
    assert given["RECOMMENDER"] == "true"
    assert given["RECOMMENDER_ROLE"] == "${aws_iam_role.recommender_role.arn}"
    assert given["FOLD_ROLE"] == "${aws_iam_role.recommender_fold_role.arn}"


def test_every_route_requires_a_signature(stack: Terraform) -> None:
    routes = stack.all("aws_apigatewayv2_route").values()
    assert {each["route_key"] for each in routes} == {
        "GET /recommendations",
        "POST /recommendations",
        "POST /rank",
        "PUT /items",
    }
    assert {each["authorization_type"] for each in routes} == {"AWS_IAM"}


def test_a_token_allows_requests_but_no_writes() -> None:
    api = {"authorization": "jwt", "jwt": JWT, "origins": ["https://shop.example"]}
    stack = stack_of({"recommender": {"api": api}})
    kinds = {each["route_key"]: each["authorization_type"] for each in stack.all("aws_apigatewayv2_route").values()}
    assert kinds == {
        "GET /recommendations": "JWT",
        "POST /recommendations": "JWT",
        "POST /rank": "JWT",
        "PUT /items": "AWS_IAM",
    }
    authorizer = stack.one("aws_apigatewayv2_authorizer")
    assert authorizer["jwt_configuration"] == JWT
    assert stack.ids("aws_iam_policy") == {"recommender_catalogue_policy"}


def test_the_caller_policy_does_not_allow_catalogue_writes(stack: Terraform) -> None:
    (asks,) = stack.document("recommender_caller_policy_permissions")
    (writes,) = stack.document("recommender_catalogue_policy_permissions")
    assert [each.rpartition("/*/")[2] for each in asks["resources"]] == [
        "GET/recommendations",
        "POST/recommendations",
        "POST/rank",
    ]
    assert [each.rpartition("/*/")[2] for each in writes["resources"]] == ["PUT/items"]


def test_the_api_may_be_left_out() -> None:
    stack = stack_of({"recommender": {"api": None}})
    assert stack.ids("aws_apigatewayv2_api") == set()
    assert "recommender_endpoint" not in stack.json["output"]
    assert stack.json["output"]["recommender_function_arn"]["value"] == "${aws_lambda_alias.recommender_alias.arn}"


def test_the_access_log_contains_no_visitor(stack: Terraform) -> None:
    logged = json.loads(stack.one("aws_apigatewayv2_stage")["access_log_settings"]["format"])
    assert not [value for value in logged.values() if "query" in value.lower() or "sourceIp" in value]


def test_lag_and_answers_from_memory_have_alarms(stack: Terraform) -> None:
    alarms = stack.all("aws_cloudwatch_metric_alarm")
    assert alarms["recommender_fold_lag"]["dimensions"] == {"Deployment": "test-behaviour"}
    assert alarms["recommender_degraded"]["metric_name"] == "Degraded"


def test_the_archive_contains_only_the_functions_modules() -> None:
    assert recommender_archive().path.name == "recommender.zip"
    assert recommender_archive().path.stat().st_size < 200_000


def test_both_sides_name_the_same_indices() -> None:
    names = Names("events")
    ours = {names.sessions, names.profiles, names.items, names.state}
    assert ours == {installed.name(BootstrapSettings(""), kind) for kind in RECOMMENDER_INDICES}


def test_no_index_name_is_the_beginning_of_another() -> None:
    names = [installed.name(BootstrapSettings(""), kind) for kind in RECOMMENDER_INDICES]
    for one in names:
        assert not one.startswith("events-")
        assert not [other for other in names if other != one and other.startswith(one)]


def refused(**recommender: Any) -> list[str]:
    """What is refused of a section, as ``path: message``."""
    changes = [(f"recommender.{name.replace('__', '.')}", value) for name, value in recommender.items()]
    try:
        parse_environment(changed({**BASE, "recommender": {}}, *changes), "shop.yaml")
    except ConfigurationError as error:
        return [problem.path for problem in error.problems if problem.severity == "error"]
    return []


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("recommender.schedule", {"schedule": "every 5 minutes"}),
        ("recommender.second_look", {"second_look": "daily"}),
        ("recommender.function.timeout", {"function__timeout": 31}),
        ("recommender.fold.timeout", {"fold__timeout": 59}),
        ("recommender.fold.reserved_concurrent_executions", {"fold__reserved_concurrent_executions": 0}),
        ("recommender.api.jwt", {"api__authorization": "jwt"}),
        ("recommender.api.jwt", {"api__jwt": JWT}),
        ("recommender.api.jwt.audience", {"api__authorization": "jwt", "api__jwt": {**JWT, "audience": []}}),
        (
            "recommender.api.jwt.issuer",
            {"api__authorization": "jwt", "api__jwt": {**JWT, "issuer": "http://a.example"}},
        ),
        ("recommender.api.origins", {"api__origins": ["https://shop.example"]}),
        ("recommender.arms.a b", {"arms": {"a b": {}}}),
        ("recommender.arms.A.share", {"arms": {"A": {"share": 0.0}}}),
        ("recommender.parameters.neighbours", {"parameters__neighbours": 0}),
        ("recommender.parameters.age_days", {"parameters__age_days": 0.0}),
    ],
)
def test_invalid_settings_are_refused_with_their_path(path: str, given: dict[str, Any]) -> None:
    assert path in refused(**given)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"function__timeout": 30},
        {"fold__timeout": 60},
        {"arms": {"A" * 20: {"share": 0.5}}},
        {"parameters__neighbours": 1},
        {"parameters__distance_decay": float("inf")},
    ],
)
def test_valid_settings_are_accepted(given: dict[str, Any]) -> None:
    assert refused(**given) == []


def test_the_timeout_is_limited_only_with_an_api() -> None:
    parse_environment({**BASE, "recommender": {"api": None, "function": {"timeout": 31}}}, "shop.yaml")


@pytest.mark.parametrize(
    "change",
    [("bootstrap.enabled", False), ("transform.enabled", False), ("domain.engine_version", "Elasticsearch_6.8")],
)
def test_required_sections_are_checked(change: tuple[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="recommender: "):
        parse_environment(changed({**BASE, "recommender": {}}, change), "shop.yaml")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("ENDPOINT", "", "ENDPOINT: the domain's endpoint is required"),
        ("PARAMETERS", "{", "PARAMETERS: is not JSON"),
        ("PARAMETERS", "[]", "PARAMETERS: is not a JSON object"),
        ("PARAMETERS", '{"items": 51}', "PARAMETERS: items: is out of range"),
        ("ARMS", '{"A": {"share": -1}}', "ARMS: A.share: is not a positive number"),
        ("ARMS", '{"A": {"strategy": "magic"}}', "ARMS: A.strategy: is unknown"),
        ("RETENTION_DAYS", "90 days", "RETENTION_DAYS: is not a whole number"),
        ("LEAVE_OUT_BOUGHT", "yes", "LEAVE_OUT_BOUGHT: is unknown"),
    ],
)
def test_a_wrong_variable_is_named(name: str, value: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        from_environment({"ENDPOINT": "domain", name: value})


def test_settings_have_their_defaults() -> None:
    assert from_environment({"ENDPOINT": "domain"}) == Settings("https://domain")
