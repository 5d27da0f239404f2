"""Whatever a user of the constructs gets wrong is refused at once, with its place, before Terraform hears of it."""

from __future__ import annotations

from typing import Any

import pytest
from cdktf import TerraformStack

from constructs_lib import (
    Archive,
    Bootstrap,
    BootstrapSettings,
    ConfigurationError,
    Delivery,
    Encryption,
    EncryptionSettings,
    Environment,
    EventStream,
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
from tests.library.apps import Make, assert_refused, key, stack

ACCOUNT = "111122223333"


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
}


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_refused_where_it_is(case: str) -> None:
    make, expected = CASES[case]
    assert_refused(make, expected)


FINE: dict[str, Make] = {
    "a role's name of 64 characters": lambda scope: role(scope, "r" * 64),
    "a function's name of 64 characters": lambda scope: transform(scope, "c" * 54),
    "an ARN that another stack makes": lambda scope: EventStream.from_arn(scope, "stream", "${other.stream.arn}"),
    "a stream of another region without a provider": lambda scope: EventStream.from_arn(
        TerraformStack(scope, "inner"), "stream", f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/clicks"
    ),
}


@pytest.mark.parametrize("case", FINE)
def test_the_last_that_is_accepted(case: str) -> None:
    FINE[case](stack())


def test_a_new_key_is_not_an_existing_one() -> None:
    settings = EncryptionSettings(kms_key_arn=f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/0a1b2c3d")
    with pytest.raises(ValueError, match=r"shop/key: .* use Encryption\.from_arn"):
        Encryption(stack(), "key", name="clicks", settings=settings)


def test_collected_problems_explain_what_stops_a_construct() -> None:
    settings = NetworkSettings(cidr_block="10.0.0.1/16", availability_zones=["eu-west-1a"])
    scope = stack()
    encryption = key(scope)
    with pytest.raises(ConfigurationError, match="is not an IPv4 address range"), problems_collected():
        Network(scope, "network", name="clicks", encryption=encryption, settings=settings)
