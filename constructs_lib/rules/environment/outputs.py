"""``outputs``: further outputs of the stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from constructs_lib.limits.environment import operations
from constructs_lib.rules.environment.book import DERIVED, has_network, new_book
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem

BOOK = new_book()

_TAKEN = ("aws", "context", "pipeline")
"""Names beside the outputs in a stack's tree."""


@BOOK.error(operations.OUTPUTS)
def output_names_are_identifiers(environment: Arguments) -> Iterator[Problem]:
    """An output's name has letters, digits, `_` and `-`, and begins with a letter or `_`."""
    for name in _outputs(environment):
        if not operations.OUTPUT_NAME.accepts(name):
            yield Problem("outputs", "have a name that Terraform refuses", name, str(operations.OUTPUT_NAME))


@BOOK.error(operations.OUTPUTS)
def output_names_are_free(environment: Arguments) -> Iterator[Problem]:
    """An output's name is not that of a standard output with another value."""
    standard = environment.items(f"{DERIVED}.outputs") or []
    for name, source in _outputs(environment).items():
        if name in _TAKEN or (name in standard and name != source.replace(".", "_")):
            yield Problem(f"outputs.{name}", "has the name of another output", source, "another name")


@BOOK.error(operations.OUTPUTS)
def outputs_about_the_collector_have_a_value(environment: Arguments) -> Iterator[Problem]:
    """Outputs about the collector need a collector section, that about its name a name."""
    about_collector = environment.items(f"{DERIVED}.collector_outputs") or []
    for name, source in _outputs(environment).items():
        if source not in about_collector:
            continue
        if not environment.present("collector"):
            message = "is about the collector, but there is no collector section"
            yield Problem(f"outputs.{name}", message, source, "a collector section, or another source")
        elif source == "collector.domain_target" and environment.present("collector.domain_name") is False:
            message = "is about the collector's own name, but it has none"
            yield Problem(f"outputs.{name}", message, source, "collector.domain_name, or another source")


@BOOK.error(operations.OUTPUTS)
def outputs_have_a_value(environment: Arguments) -> Iterator[Problem]:
    """Outputs about the network need a network section."""
    if has_network(environment):
        return
    about_networks = environment.items(f"{DERIVED}.network_outputs") or []
    for name, source in _outputs(environment).items():
        if source in about_networks:
            message = "is about the network, but there is no network section"
            yield Problem(f"outputs.{name}", message, source, "a network section, or another source")


def _outputs(environment: Arguments) -> Mapping[str, str]:
    outputs = environment.get("outputs")
    given = outputs.items() if isinstance(outputs, Mapping) else ()
    return {name: source for name, source in given if isinstance(name, str) and isinstance(source, str)}
