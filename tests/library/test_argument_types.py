"""Arguments of another type than a construct takes are refused by name, all at once, at the construct's path."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, cast

import pytest
from cdktf import Fn, TerraformStack, Token

import constructs_lib
from constructs_lib import (
    Archive,
    Bootstrap,
    ConfigurationError,
    Encryption,
    EventStream,
    Monitoring,
    Pipeline,
    Recommender,
    SearchDomain,
    ServiceConstruct,
    Stack,
    StreamSettings,
    Transform,
)
from constructs_lib.configuration.errors import ArgumentTypeError
from tests.library.apps import stack

ANY: Any = object()
NOTHING: Any = None
PLACE = ("self", "scope", "id_")


def made_by(class_: Any) -> list[tuple[str, tuple[Callable[..., Any], list[str]]]]:
    """The ways to make a construct (its own initializer and class methods), each with its arguments."""
    found = {name: getattr(class_, name) for name in vars(class_) if name.startswith("from_")}
    ways = [(name, way, way) for name, way in found.items()]
    ways += [("__init__", class_, class_.__init__)] if "__init__" in vars(class_) else []
    return [
        (f"{class_.__name__}.{name}", (make, [each for each in inspect.signature(of).parameters if each not in PLACE]))
        for name, make, of in ways
    ]


WAYS = dict(
    way
    for name in sorted(constructs_lib.EXPORTS)
    if isinstance(class_ := getattr(constructs_lib, name), type)
    and issubclass(class_, (ServiceConstruct, Stack))
    and class_ is not ServiceConstruct
    for way in made_by(class_)
)


def refused(make: Callable[[], object]) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        make()
    assert isinstance(caught.value, TypeError)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("way", WAYS)
def test_every_argument_has_a_type_that_is_checked(way: str) -> None:
    make, taken = WAYS[way]
    lines = refused(lambda: make(stack(), NOTHING, **dict.fromkeys(taken, ANY)))
    assert {line.split(": ")[1] for line in lines} == {"id_", *taken}


def existing_domain(scope: TerraformStack, **changes: Any) -> object:
    known: dict[str, Any] = {"domain_arn": "x", "endpoint": "search.example", "engine_version": "OpenSearch_3.3"}
    return SearchDomain.from_attributes(scope, "domain", **known | changes)


CASES: dict[str, tuple[Callable[[TerraformStack], object], list[str]]] = {
    "a number as a name": (
        lambda scope: EventStream(scope, "stream", name=5),  # type: ignore[arg-type]
        ["shop/stream: name: has the wrong type (given 5; allowed: text)"],
    ),
    "no name, and an alias as a key": (
        lambda scope: EventStream(scope, "stream", name=NOTHING, encryption="alias/clicks"),  # type: ignore[arg-type]
        [
            "shop/stream: name: has the wrong type (given None; allowed: text)",
            'shop/stream: encryption: has the wrong type (given "alias/clicks"; allowed: EncryptionKey, or None)',
        ],
    ),
    "another section": (
        lambda scope: Encryption(scope, "key", name="clicks", settings=StreamSettings()),  # type: ignore[arg-type]
        ["shop/key: settings: has the wrong type (given StreamSettings; allowed: EncryptionSettings, or None)"],
    ),
    "no engine version": (
        lambda scope: existing_domain(scope, engine_version=NOTHING),
        ["shop/domain: engine_version: has the wrong type (given None; allowed: text)"],
    ),
    "a text in place of a list": (
        lambda scope: existing_domain(scope, security_group_ids="sg-0a1b2c3d"),
        ['shop/domain: security_group_ids: has the wrong type (given "sg-0a1b2c3d"; allowed: a list of text)'],
    ),
    "an item of another type": (
        lambda scope: existing_domain(scope, security_group_ids=["sg-0a1b2c3d", 5]),
        ["shop/domain: security_group_ids[1]: has the wrong type (given 5; allowed: text)"],
    ),
    "no bucket": (
        lambda scope: Archive.from_bucket(scope, "archive", NOTHING),
        ["shop/archive: bucket: has the wrong type (given None; allowed: text)"],
    ),
    "a scope that is none": (
        lambda _: EventStream("shop", "stream", name="clicks"),  # type: ignore[arg-type]
        ['stream: scope: has the wrong type (given "shop"; allowed: Construct)'],
    ),
    "a method's arguments": (
        lambda scope: monitoring(scope).watch_stream(5, "settings"),  # type: ignore[arg-type]
        [
            "shop/monitoring: stream_name: has the wrong type (given 5; allowed: text)",
            'shop/monitoring: settings: has the wrong type (given "settings"; allowed: StreamSettings)',
        ],
    ),
    "no shards": (
        lambda scope: Transform(scope, "transform", name="clicks", encryption=key(scope), shard_count=0),
        ["shop/transform: shard_count: is out of range (given 0; allowed: 1 or more shards, or None)"],
    ),
    "a negative wait": (
        lambda scope: recommender(scope, -1),
        ["shop/recommender: buffering_seconds: is out of range (given -1; allowed: 0 or more seconds)"],
    ),
    "true in place of a number": (
        lambda scope: recommender(scope, buffering_seconds=True),
        ["shop/recommender: buffering_seconds: has the wrong type (given true; allowed: 0 or more seconds)"],
    ),
    "no timeout": (
        lambda scope: monitoring(scope).watch_function("fn", function_name="fn", timeout_seconds=0),
        ["shop/monitoring: timeout_seconds: is out of range (given 0; allowed: 1 to 900 seconds)"],
    ),
}


def key(scope: TerraformStack) -> Encryption:
    return Encryption(scope, "key", name="clicks")


def monitoring(scope: TerraformStack) -> Monitoring:
    return Monitoring(scope, "monitoring", name="clicks", encryption=key(scope))


def recommender(scope: TerraformStack, buffering_seconds: int) -> Recommender:
    encryption = key(scope)
    domain = SearchDomain(scope, "domain", name="clicks", encryption=encryption)
    return Recommender(
        scope,
        "recommender",
        name="clicks",
        domain=domain,
        index_name="events",
        encryption=encryption,
        buffering_seconds=buffering_seconds,
    )


@pytest.mark.parametrize("case", CASES)
def test_an_argument_of_another_type_is_named(case: str) -> None:
    make, expected = CASES[case]
    assert refused(lambda: make(stack())) == expected


FINE: dict[str, Callable[[TerraformStack], object]] = {
    "one shard": lambda scope: Transform(scope, "transform", name="clicks", encryption=key(scope), shard_count=1),
    "no wait": lambda scope: recommender(scope, 0),
    "a number that is known later": lambda scope: recommender(scope, cast("int", Token.as_number(Fn.length_of(["a"])))),
    "the longest timeout": lambda scope: monitoring(scope).watch_function(
        "fn", function_name="fn", timeout_seconds=900
    ),
    "a tuple in place of a list": lambda scope: SearchDomain.from_attributes(
        scope,
        "domain",
        domain_arn="arn:aws:es:eu-west-1:111122223333:domain/search",
        endpoint="search.example",
        engine_version="OpenSearch_2.19",
        security_group_ids=("sg-0a1b2c3d",),
    ),
    "an object with the members of a protocol": lambda scope: Bootstrap(
        scope, "bootstrap", name="clicks", encryption=key(scope)
    ),
}


@pytest.mark.parametrize("case", FINE)
def test_what_a_construct_takes_is_accepted(case: str) -> None:
    FINE[case](stack())


def test_problems_that_were_collected_before_are_kept() -> None:
    def make(scope: TerraformStack) -> None:
        with constructs_lib.problems_collected():
            EventStream(scope, "other", name="a b")
            EventStream(scope, "stream", name=NOTHING)

    with pytest.raises(ArgumentTypeError) as caught:
        make(stack())
    assert {problem.file for problem in caught.value.problems} == {"shop/other", "shop/stream"}


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
