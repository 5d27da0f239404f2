"""Real Terraform accepts every environment file that the rules accept; the rules refuse others with the project's own
errors.

Changes are drawn from the sections' own fields and applied to environments that are right. Many accepted environments
are validated in one run of Terraform, each as a module.
"""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st

from constructs_lib import limits
from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.errors import ConfigurationError
from constructs_lib.configuration.load import parse_environment
from constructs_lib.configuration.section import Section, section_of
from constructs_lib.plans.terraform import Terraform
from tests.rules.cases import changed
from tests.stacks import stack_of
from tests.terraform.test_completeness import KEY, LARGE, OLD, ROLE, SECTIONS

BATCH = 8
"""Environments in a run of Terraform."""

RIGHT: list[dict[str, Any]] = [
    {"name": "small", "region": "eu-west-1"},
    {"name": "north", "region": "cn-north-1", "domain": {"cluster_config": {"instance_type": "t3.small.search"}}},
    changed(OLD, ("stream.warm_throughput_mib_ps", None)),
    changed(
        LARGE,
        ("stream.max_record_size_in_kib", None),
        ("domain.aiml_options", None),
        ("domain.identity_center_options", None),
        ("domain.advanced_security_options.jwt_options", None),
    ),
]
"""Environments that the oldest supported provider accepts."""

TEXTS = st.sampled_from(
    [
        "",
        "a",
        "events",
        "Clicks and views",
        "x" * 65,
        "été",
        "line\nbreak",
        'quo"te',
        "$x %y",
        "${x}",
        "%{ if",
        "$${x}",
        ROLE,
        KEY,
        "arn:aws:s3:::bucket",
        "vpc-1",
        "subnet-9",
        "sg-9",
        "10.0.0.0/16",
        "eu-west-1a",
        "m5.large.search",
        "r6gd.large.search",
        "t3.medium.search",
        "or1.large.search",
        "OpenSearch_1.3",
        "OpenSearch_3.5",
        "Elasticsearch_7.10",
        "2h",
        "search.example.com",
        "Policy-Min-TLS-1-2-2019-07",
        "ultrawarm1.large.search",
        "failed/!{firehose:error-output-type}/",
        "BufferSizeInMBs",
        "2.5",
        "cron(0 3 ? * 1 *)",
        "2027-01-31T03:00:00Z",
    ]
)
NUMBERS = st.sampled_from([-1, 0, 1, 2, 3, 5, 10, 24, 60, 64, 100, 128, 150, 168, 250, 900, 1024, 3000, 7200, 8760])


def leaves(section: type[Section], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted paths of an environment's fields, with their types; fields of listed sections come with the list."""
    for name, field in section.model_fields.items():
        yield f"{prefix}{name}", field.annotation
        inner = section_of(field.annotation)
        if inner is not None and not _listed(field.annotation):
            yield from leaves(inner, f"{prefix}{name}.")


def _listed(annotation: Any) -> bool:
    return get_origin(annotation) is list or any(_listed(argument) for argument in get_args(annotation))


def bounds(path: str) -> list[int]:
    """The limits of a number in the table, and one past each."""
    section, _, rest = path.partition(".")
    resource_type = next((type_ for type_, name in SECTIONS.items() if name == section), "")
    applying = [limit for limit in limits.ARGUMENTS.get((resource_type, rest), ()) if isinstance(limit, limits.Range)]
    ends = [int(end) for limit in applying for end in (limit.minimum, limit.maximum) if end is not None]
    return sorted({end + step for end in ends for step in (-1, 0, 1)})


def values(annotation: Any, path: str) -> st.SearchStrategy[Any]:  # noqa: PLR0911
    """What a field might be given; most of it is of the right type."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return st.one_of([values(argument, path) for argument in arguments])
    if annotation is type(None):
        return st.none()
    if origin is Literal:
        return st.sampled_from(arguments)
    if annotation is bool:
        return st.booleans()
    if annotation in (int, float):
        own = bounds(path)
        return st.sampled_from(own) | NUMBERS if own else NUMBERS
    if annotation is str:
        return TEXTS
    if origin is list:
        return st.lists(values(arguments[0], path), max_size=3)
    if origin is dict:
        return st.dictionaries(TEXTS, TEXTS, max_size=2)
    if isinstance(annotation, type) and issubclass(annotation, Section):
        fields = {name: values(field.annotation, f"{path}.{name}") for name, field in annotation.model_fields.items()}
        required = {name: fields.pop(name) for name, field in annotation.model_fields.items() if field.is_required()}
        return st.fixed_dictionaries(required, optional=fields)
    return st.none()


# What names a backend, existing things or outputs belongs to a root module and is planned by tests of its own.
LEFT_OUT = ("adopt", "backend", "outputs", "name", "region", "provider", "account_id")
CHANGES = st.sampled_from([item for item in leaves(Environment) if item[0].partition(".")[0] not in LEFT_OUT]).flatmap(
    lambda item: st.tuples(st.just(item[0]), values(item[1], item[0]))
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """An environment that is right, with up to four changes."""
    document: dict[str, Any] = draw(st.sampled_from(RIGHT))
    for path, value in draw(st.lists(CHANGES, min_size=1, max_size=4)):
        # An earlier change may have put something else where the path leads.
        with suppress(AttributeError, TypeError):
            document = changed(document, (path, value))
    return document


def accepted(document: dict[str, Any]) -> Environment | None:
    """The environment if nothing is refused; anything but the project's own error fails the test."""
    try:
        environment, _ = parse_environment(document, "drawn.yaml")
    except ConfigurationError as error:
        assert error.problems  # noqa: PT017
        return None
    return environment


@pytest.mark.terraform
@settings(
    max_examples=1,
    deadline=None,
    verbosity=Verbosity.quiet,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(drawn=st.lists(documents(), min_size=BATCH, max_size=BATCH))
def test_what_is_accepted_is_valid_terraform(
    drawn: list[dict[str, Any]], terraform: Terraform, tmp_path_factory: Any
) -> None:
    folder: Path = tmp_path_factory.mktemp("accepted")
    kept: dict[str, dict[str, Any]] = {}
    root: dict[str, Any] = {"terraform": {"required_providers": {}}, "module": {}}
    for number, document in enumerate(drawn):
        if accepted(document) is None:
            continue
        stack = dict(stack_of(document).json)
        requirements = stack["terraform"].pop("required_providers")
        if f">= {limits.provider.LOWEST}" not in requirements["aws"]["version"]:
            continue
        stack["terraform"] = {"required_providers": requirements}
        stack.pop("provider", None)
        module = folder / f"m{number}"
        module.mkdir()
        (module / "main.tf.json").write_text(json.dumps(stack), encoding="utf-8")
        root["module"][module.name] = {"source": f"./{module.name}"}
        root["terraform"]["required_providers"] |= requirements
        kept[module.name] = document
    (folder / "main.tf.json").write_text(json.dumps(root), encoding="utf-8")
    terraform.init(folder, backend=False)
    said = [str(message) for message in terraform.validate(folder)]
    wrong = {name: document for name, document in kept.items() if any(f"module.{name}." in text for text in said)}
    assert not said, "\n".join([*said, *(f"{name}: {document}" for name, document in wrong.items())])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents())
def test_what_is_refused_is_refused_by_the_projects_own_error(document: dict[str, Any]) -> None:
    accepted(document)
