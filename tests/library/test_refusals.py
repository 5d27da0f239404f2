"""Whatever a user of the constructs gets wrong is refused at once, with its place, before Terraform hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from cdktf import App, TerraformStack

from constructs_lib import (
    Alarm,
    AlarmSettings,
    Archive,
    Bootstrap,
    BootstrapSettings,
    ConfigurationError,
    Delivery,
    Encryption,
    EncryptionSettings,
    Environment,
    EventStream,
    Monitoring,
    MonitoringSettings,
    Network,
    NetworkSettings,
    Pipeline,
    Recommender,
    SearchDomain,
    ServiceRole,
    StreamSettings,
    Transform,
    TransformSettings,
    problems_collected,
)
from constructs_lib.aws import AwsProvider, IamRole
from tests.library.apps import stack_with
from tests.library.test_judging import stack
from tests.stacks import stack_of

Make = Callable[[TerraformStack], object]
ACCOUNT = "111122223333"


def said(make: Make) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        make(stack())
    return [str(problem) for problem in caught.value.problems if problem.severity == "error"]


def key(scope: TerraformStack) -> Encryption:
    return Encryption(scope, "key", name="clicks")


def transform(scope: TerraformStack, name: str = "clicks", **function: Any) -> Transform:
    settings = TransformSettings.model_validate({"function": function})
    return Transform(scope, "transform", name=name, encryption=key(scope), settings=settings)


def delivery(scope: TerraformStack, name: str) -> Delivery:
    encryption = key(scope)
    return Delivery(
        scope,
        "delivery",
        name=name,
        stream=EventStream(scope, "stream", name="clicks"),
        domain=SearchDomain(scope, "domain", name="clicks", encryption=encryption),
        archive=Archive(scope, "archive", name="clicks", encryption=encryption),
    )


def role(scope: TerraformStack, name: str) -> ServiceRole:
    service = "lambda.amazonaws.com"
    return ServiceRole(scope, "role", name=name, description="", service=service, account_id=ACCOUNT)


def watched_domain(scope: TerraformStack, thresholds: dict[str, float]) -> None:
    encryption = Encryption(scope, "domain-key", name="clicks-domain")
    domain = SearchDomain(scope, "domain", name="clicks", encryption=encryption)
    alarms = {name: AlarmSettings(threshold=threshold) for name, threshold in thresholds.items()}
    with problems_collected() as problems:
        monitoring(scope, **alarms).watch_domain(domain)
    if problems:
        raise ConfigurationError(problems)


def monitoring(scope: TerraformStack, **alarms: AlarmSettings) -> Monitoring:
    settings = MonitoringSettings(alarms=alarms, topic_arn=f"arn:aws:sns:eu-west-1:{ACCOUNT}:alarms")
    return Monitoring(scope, "monitoring", name="clicks", encryption=key(scope), settings=settings)


def alarm(scope: TerraformStack, **changes: Any) -> object:
    metric: dict[str, Any] = {"metrics": {"IncomingRecords": "Sum"}, "comparison": "LessThanThreshold", "threshold": 1}
    times: dict[str, Any] = {"period": 300, "evaluations": 3, "advice": "No event came in.", "missing": "notBreaching"}
    quiet = Alarm(id="quiet", **(metric | times | changes))
    return monitoring(scope).add_alarm("quiet", quiet, namespace="AWS/Kinesis", dimensions={})


CASES: dict[str, tuple[Make, list[str]]] = {
    "the name of a key's alias": (
        lambda scope: Encryption(scope, "key", name="my key"),
        ["shop/key: alias.name: has the wrong form"],
    ),
    "the beginning of a bucket's name": (
        lambda scope: Archive(scope, "archive", name="Clicks", encryption=key(scope)),
        ["shop/archive: bucket_prefix: has the wrong form"],
    ),
    "a name that is too long for a function and its role": (
        lambda scope: transform(scope, "c" * 55),
        ["shop/transform/function/role: name: has 65 ch", "shop/transform/function: function_name: has 65 ch"],
    ),
    "a name that Firehose, its role and its log refuse": (
        lambda scope: delivery(scope, "my delivery"),
        [
            "shop/delivery/role: name: has the wrong form",
            "shop/delivery: log.name: has the wrong form",
            "shop/delivery: name: has the wrong form",
        ],
    ),
    "a setting and its resource once": (
        lambda scope: transform(scope, memory_size=127, timeout=901, log_retention_in_days=8),
        [
            "shop/transform: function.log_retention_in_days: is not an allowed value",
            "shop/transform: function.memory_size: is out of range",
            "shop/transform: function.timeout: is longer than Firehose waits",
            "shop/transform: function.timeout: is out of range",
        ],
    ),
    "a role's name": (lambda scope: role(scope, "r" * 65), ["shop/role: name: has 65 characters"]),
    "repeated consumers": (
        lambda scope: EventStream(
            scope,
            "stream",
            name="clicks",
            settings=StreamSettings.model_validate({"retention_period": 1, "consumers": [{"name": "a b"}]}),
        ),
        [
            "shop/stream: consumers[0].name: has the wrong form",
            "shop/stream: consumer-a b.name: has the wrong form",
            "shop/stream: retention_period: is out of range",
        ],
    ),
    "a copy of settings with a value of another type": (
        lambda scope: EventStream(
            scope, "stream", name="clicks", settings=StreamSettings().model_copy(update={"shard_count": "two"})
        ),
        ["shop/stream: shard_count: has the wrong type"],
    ),
    "a copy of settings with an unknown key": (
        lambda scope: EventStream(
            scope, "stream", name="clicks", settings=StreamSettings().model_copy(update={"shard_cuont": 2})
        ),
        ["shop/stream: shard_cuont: is not a known key; did you mean shard_count?"],
    ),
    "settings with an unknown key and a wrong value": (
        lambda _: StreamSettings.model_validate({"shard_cuont": 2, "retention_period": "24"}),
        [
            "StreamSettings: retention_period: has the wrong type",
            "StreamSettings: shard_cuont: is not a known key; did you mean shard_count?",
        ],
    ),
    "settings changed after they are read": (
        lambda _: setattr(StreamSettings(), "shard_count", 3),
        ["StreamSettings: shard_count: cannot be changed once it is read; use a copy"],
    ),
    "an unknown setting added later": (
        lambda _: setattr(StreamSettings(), "shard_cuont", 3),
        ["StreamSettings: shard_cuont: cannot be changed once it is read; use a copy"],
    ),
    "settings taken away later": (
        lambda _: delattr(StreamSettings(), "shard_count"),
        ["StreamSettings: shard_count: cannot be changed once it is read; use a copy"],
    ),
    "JSON with a wrong value": (
        lambda _: StreamSettings.model_validate_json('{"shard_count": "two"}'),
        ["StreamSettings: shard_count: has the wrong type"],
    ),
    "JSON that ends early": (
        lambda _: StreamSettings.model_validate_json('{"shard'),
        ["StreamSettings: is not JSON: EOF while parsing"],
    ),
    "JSON of a list": (
        lambda _: StreamSettings.model_validate_json("[1]"),
        ["StreamSettings: has the wrong type (given a list; allowed: a mapping of keys)"],
    ),
    "no mapping of keys": (
        lambda _: StreamSettings.model_validate(5),
        ["StreamSettings: has the wrong type (given 5; allowed: a mapping of keys)"],
    ),
    "an environment without its region": (
        lambda _: Environment(name="shop"),  # type: ignore[call-arg]
        ["Environment: region: is required"],
    ),
    "a copy of an environment": (
        lambda scope: Pipeline(
            scope,
            "shop",
            environment=Environment(name="shop", region="eu-west-1").model_copy(
                update={"stream": {"shard_count": 0}},
            ),
        ),
        ["shop/shop: stream.shard_count: is required by a PROVISIONED stream"],
    ),
    "a pipeline in another region than the provider's": (
        lambda scope: Pipeline(scope, "shop", environment=Environment(name="shop", region="us-east-1")),
        ["shop/shop: region: differs from the region of the stack's provider"],
    ),
    "two pipelines of one name": (
        lambda scope: [
            Pipeline(scope, id_, environment=Environment(name="shop", region="eu-west-1")) for id_ in ("north", "south")
        ],
        ["shop/south: name: is the name of another pipeline in this stack"],
    ),
    "a pattern in place of an index": (
        lambda scope: Recommender(
            scope,
            "recommender",
            name="clicks",
            domain=SearchDomain(scope, "domain", name="clicks", encryption=key(scope)),
            index_name="events*",
            encryption=Encryption(scope, "other-key", name="others"),
        ),
        ["shop/recommender: index_name: is not a possible index name"],
    ),
    "the ARN of something else": (
        lambda scope: EventStream.from_arn(scope, "stream", "arn:aws:s3:::clicks"),
        ["shop/stream: arn: is not the ARN of a Kinesis stream"],
    ),
    "a stream in another region than the provider's": (
        lambda scope: EventStream.from_arn(scope, "stream", f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/clicks"),
        ["shop/stream: arn: is in the region us-east-1"],
    ),
    "a bucket's ARN in place of its name": (
        lambda scope: Archive.from_bucket(scope, "archive", "arn:aws:s3:::clicks"),
        ["shop/archive: bucket: has the wrong form"],
    ),
    "an alias in place of a key": (
        lambda scope: Encryption.from_arn(scope, "key", "alias/clicks"),
        ["shop/key: kms_key_arn: is an alias"],
    ),
    "all attributes of a domain": (
        lambda scope: SearchDomain.from_attributes(
            scope, "domain", domain_arn="search", endpoint="https://search.example/", engine_version="OpenSearch_3"
        ),
        [
            "shop/domain: arn: is not the ARN of a search domain",
            "shop/domain: endpoint: has the wrong form",
            "shop/domain: engine_version: has the wrong form",
        ],
    ),
    "a user in place of a role": (
        lambda scope: EventStream(scope, "stream", name="clicks").grant_read(f"arn:aws:iam::{ACCOUNT}:user/bob"),
        ["shop/stream: role: is not the ARN of an IAM role"],
    ),
    "a transform in a network that nobody gave": (
        lambda scope: Transform(
            scope, "transform", name="clicks", encryption=key(scope), settings=TransformSettings(vpc=True)
        ),
        ["shop/transform: vpc: is true, but there is no network section"],
    ),
    "a bootstrap in a network that nobody gave": (
        lambda scope: Bootstrap(
            scope, "bootstrap", name="clicks", encryption=key(scope), settings=BootstrapSettings(vpc=True)
        ),
        ["shop/bootstrap: vpc: is true, but there is no network section"],
    ),
    "an address range on which Python stops": (
        lambda scope: Network(
            scope,
            "network",
            name="clicks",
            encryption=key(scope),
            settings=NetworkSettings(cidr_block="10.0.0.1/16", availability_zones=["eu-west-1a"]),
        ),
        ["shop/network: cidr_block: is not an IPv4 address range"],
    ),
    "a period": (
        lambda scope: alarm(scope, period=61),
        ["shop/monitoring: quiet.period: is not a period of CloudWatch"],
    ),
    "no period at all": (
        lambda scope: alarm(scope, evaluations=0),
        ["shop/monitoring: quiet.evaluation_periods: is out of range"],
    ),
    "more than a day": (
        lambda scope: alarm(scope, evaluations=289),
        ["shop/monitoring: quiet.evaluation_periods: looks back too far"],
    ),
    "more than a week": (
        lambda scope: alarm(scope, period=86400, evaluations=8),
        ["shop/monitoring: quiet.evaluation_periods: looks back too far"],
    ),
    "more breaches than periods": (
        lambda scope: alarm(scope, breaches=4),
        ["shop/monitoring: quiet.datapoints_to_alarm: is more than evaluation_periods"],
    ),
    "a threshold that no number reaches": (
        lambda scope: alarm(scope, threshold=float("nan")),
        ["shop/monitoring: quiet.threshold: is not a finite number"],
    ),
    "a threshold without end in the settings": (
        lambda _: AlarmSettings(threshold=float("inf")),
        ["AlarmSettings: threshold: has the wrong type"],
    ),
    "more than all of a processor": (
        lambda scope: watched_domain(scope, {"domain-cpu": 100.5, "domain-errors": 101, "domain-nodes": 101}),
        [
            "shop/monitoring: domain-cpu.threshold: is out of range for a metric in percent",
            "shop/monitoring: domain-errors.threshold: is out of range for a metric in percent",
        ],
    ),
    "less than no memory": (
        lambda scope: watched_domain(scope, {"domain-memory": -1}),
        ["shop/monitoring: domain-memory.threshold: is out of range for a metric in percent"],
    ),
    "alarms of a domain that others manage": (
        lambda scope: monitoring(scope).watch_domain(
            SearchDomain.from_attributes(
                scope,
                "domain",
                domain_arn=f"arn:aws:es:eu-west-1:{ACCOUNT}:domain/search",
                endpoint="search.example",
                engine_version="OpenSearch_2.19",
            )
        ),
        ["shop/monitoring: shop/domain: is not managed by this stack"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_refused_where_it_is(case: str) -> None:
    make, expected = CASES[case]
    lines = said(make)
    assert [line for line, begin in zip(lines, expected, strict=True) if not line.startswith(begin)] == []


FINE: dict[str, Make] = {
    "a role's name of 64 characters": lambda scope: role(scope, "r" * 64),
    "a function's name of 64 characters": lambda scope: transform(scope, "c" * 54),
    "periods of a day together": lambda scope: alarm(scope, evaluations=288),
    "periods of a week together": lambda scope: alarm(scope, period=86400, evaluations=7),
    "as many breaches as periods": lambda scope: alarm(scope, breaches=3),
    "all of a processor, and none": lambda scope: watched_domain(scope, {"domain-cpu": 100, "domain-memory": 0}),
    "an ARN that another stack makes": lambda scope: EventStream.from_arn(scope, "stream", "${other.stream.arn}"),
    "a stream of another region without a provider": lambda scope: EventStream.from_arn(
        TerraformStack(scope, "inner"), "stream", f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/clicks"
    ),
}


@pytest.mark.parametrize("case", FINE)
def test_the_last_that_is_accepted(case: str) -> None:
    FINE[case](stack())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda scope: EventStream(scope, "stream", name="x", settings=cast("Any", {"shard_count": 2})),
            r"shop/stream: settings: has the wrong type \(given a mapping of keys; allowed: StreamSettings, or None\)",
        ),
        (
            lambda scope: Pipeline(scope, "shop", environment=cast("Any", {"name": "shop"})),
            r"shop/shop: environment: has the wrong type \(given a mapping of keys; allowed: Environment\)",
        ),
        (
            lambda scope: EventStream(scope, "stream", name="x").grant_read(None),
            r"shop/stream: role: has the wrong type \(given None; allowed: Grantee, or IamRole, or text\)",
        ),
    ],
    ids=["settings", "environment", "role"],
)
def test_an_argument_of_another_class_is_named(make: Callable[[Any], object], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        make(stack())


def test_a_new_key_is_not_an_existing_one() -> None:
    settings = EncryptionSettings(kms_key_arn=f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/0a1b2c3d")
    with pytest.raises(ValueError, match=r"shop/key: .* use Encryption\.from_arn"):
        Encryption(stack(), "key", name="clicks", settings=settings)


def test_an_alarm_is_on_a_metric() -> None:
    for metrics in ({}, {"A": "Sum", "B": "Sum"}):
        with pytest.raises(ValueError, match="metrics must name one metric, or several with an expression"):
            alarm(stack(), metrics=metrics)


def test_a_resource_is_made_once() -> None:
    watched = monitoring(stack())
    watched.watch_stream("clicks", StreamSettings())
    with pytest.raises(ValueError, match="shop/monitoring: has stream-age already"):
        watched.watch_stream("others", StreamSettings())


def test_an_unknown_alarm_is_refused_when_the_app_is_written() -> None:
    def make(scope: TerraformStack) -> None:
        monitoring(scope, **{"stream-agee": AlarmSettings()}).watch_stream("clicks", StreamSettings())

    with pytest.raises(RuntimeError, match=r"alarms\.stream-agee: unknown name; did you mean stream-age\?"):
        stack_with(make)


def test_collected_problems_explain_what_stops_a_construct() -> None:
    settings = NetworkSettings(cidr_block="10.0.0.1/16", availability_zones=["eu-west-1a"])
    scope = stack()
    encryption = key(scope)
    with pytest.raises(ConfigurationError, match="is not an IPv4 address range"), problems_collected():
        Network(scope, "network", name="clicks", encryption=encryption, settings=settings)


def test_roles_of_one_name_are_one_role() -> None:
    def make(scope: TerraformStack) -> None:
        stream = EventStream(scope, "stream", name="clicks")
        stream.grant_read(f"arn:aws:iam::{ACCOUNT}:role/reader")
        stream.grant_write(f"arn:aws:iam::{ACCOUNT}:role/team/reader")

    _, terraform = stack_with(make)
    assert [item["sid"] for item in terraform.document("granted_reader_permissions")] == ["ReadStream", "WriteStream"]


def test_roles_whose_ids_are_alike_have_a_policy_each() -> None:
    def make(scope: TerraformStack) -> None:
        stream = EventStream(scope, "stream", name="clicks")
        stream.grant_read(f"arn:aws:iam::{ACCOUNT}:role/a.b")
        stream.grant_read(f"arn:aws:iam::{ACCOUNT}:role/a_b")

    _, terraform = stack_with(make)
    policies = terraform.all("aws_iam_role_policy")
    assert {name: policy["role"] for name, policy in policies.items()} == {"granted_a_b": "a.b", "granted_a_b_2": "a_b"}


def test_a_role_of_another_stack_has_its_policy_there() -> None:
    """Else the stack of a stream and the stack of what reads it would need each other."""

    def make(scope: TerraformStack) -> None:
        other = TerraformStack(cast("App", scope.node.root), "readers")
        AwsProvider(other, "aws", region="eu-west-1")
        stream = EventStream(scope, "stream", name="clicks")
        reader = IamRole(other, "reader", name="reader", assume_role_policy="{}", description=stream.name)
        stream.grant_read(reader)

    _, terraform = stack_with(make)
    assert not terraform.ids("aws_iam_role_policy")


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"stream.shard_count": "two"}, "overrides.stream.shard_count: has the wrong type"),
        ({"stream.shard_count": True}, "overrides.stream.shard_count: has the wrong type"),
        ({"stream.retention_period": float("inf")}, "overrides.stream.retention_period: has the wrong type"),
        ({"stream.tags": ["a"]}, "overrides.stream.tags: has the wrong type"),
        ({"stream.shard_level_metrics": "ALL"}, "overrides.stream.shard_level_metrics: has the wrong type"),
        ({"domain.cluster_config": 4}, "overrides.domain.cluster_config: has the wrong type"),
        ({"domain": {"cluster_config": [{}, {}]}}, "overrides.domain.cluster_config: has the wrong type"),
        ({"archive": None}, "overrides.archive: has the wrong type"),
        ({"archive.versioning": None}, "overrides.archive.versioning: has the wrong type"),
        ({"transform.function.memory_size": 127}, "overrides.transform.function.memory_size: is out of range"),
        ({"key.rotation_period_in_days": 89}, "overrides.key.rotation_period_in_days: is out of range"),
        ({"delivery-role.name": "a b"}, "overrides.delivery-role.name: has the wrong form"),
        (
            {"archive.versioning.versioning_configuration.status": "On"},
            "overrides.archive.versioning.versioning_configuration.status: is not an allowed value",
        ),
        (
            {"archive": {"lifecycle": {"rule": [{"id": "a", "stats": "Enabled"}]}}},
            "overrides.archive.lifecycle.rule[0].stats: unknown name; did you mean status?",
        ),
    ],
    ids=str,
)
def test_an_override_that_aws_would_refuse_is_refused(overrides: dict[str, Any], expected: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        stack_of({"overrides": overrides})
    (problem,) = caught.value.problems
    assert f"{problem.path}: {problem.message}".startswith(expected)


def test_an_existing_resource_cannot_be_overridden() -> None:
    existing = {"stream": {"arn": f"arn:aws:kinesis:eu-west-1:{ACCOUNT}:stream/clicks"}}
    with pytest.raises(ConfigurationError, match=r"overrides\.stream\.shard_count: cannot be changed here"):
        stack_of({"existing": existing, "overrides": {"stream.shard_count": 3}})
