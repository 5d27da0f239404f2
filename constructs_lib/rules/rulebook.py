"""The rules of a resource type: limits of single arguments from the tables, everything else a small named function."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from constructs_lib import limits
from constructs_lib.rules import arns
from constructs_lib.rules.finding import Finding, Severity
from constructs_lib.rules.plan_values import Arguments, Context, is_number


class Problem(NamedTuple):
    """What a rule function yields; severity and source are the rule's."""

    path: str
    message: str
    given: object
    allowed: str


Judge = Callable[[Arguments], Iterable[Problem]]


@dataclass(frozen=True)
class Rule:
    """One rule. Its function's docstring is the text of docs/rules.md."""

    name: str
    severity: Severity
    source: str
    summary: str
    judge: Judge


class Rulebook:
    """The rules of one resource type, or between resources (no resource type)."""

    def __init__(self, resource_type: str | None = None) -> None:
        self.resource_type = resource_type
        self.rules: list[Rule] = []
        self._single = [(path, each) for (type_, path), each in limits.ARGUMENTS.items() if type_ == resource_type]

    def error(self, source: str) -> Callable[[Judge], Judge]:
        """Add a function as a rule about what AWS or its provider refuses."""
        return self._enter("error", source)

    def warning(self, source: str) -> Callable[[Judge], Judge]:
        """Add a function as a rule about what is accepted and causes trouble."""
        return self._enter("warning", source)

    def include(self, other: Rulebook) -> None:
        """Add the rules of a book about one side of the same resource."""
        self.rules.extend(other.rules)

    def check(self, arguments: object, context: Context | None = None) -> list[Finding]:
        """All findings about one resource's arguments, sorted by path; never raises.

        Args:
            arguments: in the provider's shape; anything but a mapping has no findings.
            context: region, account and other facts besides the arguments.
        """
        read = Arguments(arguments, context)
        findings = [*self._limits(read), *self._arns(read), *self._required(read)]
        findings += [
            Finding(problem.path, rule.severity, problem.message, problem.given, problem.allowed, rule.source)
            for rule in self.rules
            for problem in rule.judge(read)
        ]
        return sorted(findings, key=lambda finding: (finding.path, finding.severity, finding.message))

    def _enter(self, severity: Severity, source: str) -> Callable[[Judge], Judge]:
        def enter(judge: Judge) -> Judge:
            summary = (judge.__doc__ or "").partition("\n")[0]
            self.rules.append(Rule(judge.__name__, severity, source, summary, judge))
            return judge

        return enter

    def _limits(self, arguments: Arguments) -> Iterable[Finding]:
        for pattern, applying in self._single:
            for path, value in arguments.each(pattern):
                for limit in applying:
                    message = _breach(limit, value)
                    if message:
                        yield Finding(path, "error", message, value, str(limit), limit.source)

    def _arns(self, arguments: Arguments) -> Iterable[Finding]:
        context = None
        for path, value, kind in arns.written(arguments, self.resource_type or ""):
            context = context or arns.context_of(arguments)
            said = arns.complaint(value, kind, context)
            if said is not None:
                yield Finding(path, "error", said[0], value, said[1], kind.source)

    def _required(self, arguments: Arguments) -> Iterable[Finding]:
        for block, names in limits.REQUIRED.get(self.resource_type or "", {}).items():
            for path in _blocks(arguments, block):
                for name in names:
                    key = f"{path}.{name}" if path else name
                    if arguments.present(key) is False:
                        yield Finding(key, "error", "is required", None, "", SCHEMAS[self.resource_type or ""])


SCHEMAS: Final = {
    limits.DOMAIN: limits.sources.DOMAIN_PROVIDER,
    limits.STREAM: limits.sources.STREAM_PROVIDER,
    limits.DELIVERY: limits.sources.DELIVERY_PROVIDER,
}
"""Where the provider says what a resource requires."""


def _blocks(arguments: Arguments, pattern: str) -> Iterable[str]:
    """Paths of the blocks that a pattern names and that are written."""
    if not pattern:
        return [""] if arguments.values else []
    if "[]" in pattern:
        return [path for path, value in arguments.each(pattern) if isinstance(value, Mapping)]
    return [pattern] if arguments.present(pattern) else []


def _breach(limit: limits.Limit, value: Any) -> str | None:
    """What is wrong with a known value; None if nothing is, or if the limit is about another type."""
    if isinstance(limit, limits.Length):
        broken = isinstance(value, str) and not limit.accepts(len(value))
        return f"has {counted(len(value), 'character')}" if broken else None
    if isinstance(limit, limits.Count):
        broken = isinstance(value, (list, tuple)) and not limit.accepts(len(value))
        return f"has {counted(len(value), 'item')}" if broken else None
    if isinstance(limit, limits.Range):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return "is out of range" if number and not limit.accepts(value) else None
    if isinstance(limit, limits.Choice):
        broken = (isinstance(value, str) or is_number(value)) and not limit.accepts(value)
        return f"is not an allowed value{did_you_mean(value, limit.values)}" if broken else None
    return "has the wrong form" if isinstance(value, str) and not limit.accepts(value) else None


def did_you_mean(given: object, known: Iterable[object]) -> str:
    """``; did you mean X?`` with the most similar known text; empty where none is similar."""
    if not isinstance(given, str) or len(given) > _LONGEST_NAME:
        return ""
    near = difflib.get_close_matches(given, [str(value) for value in known], n=1, cutoff=0.7)
    return f"; did you mean {near[0]}?" if near else ""


_LONGEST_NAME = 64
"""Longer texts are not compared with names: that would take long and find nothing."""


def counted(number: float, noun: str) -> str:
    """``1 item``, ``2 items``."""
    return f"{number:g} {noun}" if number == 1 else f"{number:g} {noun}s"
