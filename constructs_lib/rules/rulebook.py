"""A resource type's rules: single arguments from the table of limits, everything else a small named function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from constructs_lib import limits
from constructs_lib.rules.finding import Finding, Severity
from constructs_lib.rules.plan_values import Arguments, is_number


class Problem(NamedTuple):
    """What a rule function yields; the rule knows its severity and source."""

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
    """The rules of one resource type, or of what lies between resources (no resource type)."""

    def __init__(self, resource_type: str | None = None) -> None:
        self.resource_type = resource_type
        self.rules: list[Rule] = []

    def error(self, source: str) -> Callable[[Judge], Judge]:
        """Enter a function as a rule about what AWS or its provider refuses."""
        return self._enter("error", source)

    def warning(self, source: str) -> Callable[[Judge], Judge]:
        """Enter a function as a rule about what is accepted and hurts."""
        return self._enter("warning", source)

    def include(self, other: Rulebook) -> None:
        """Take over the rules of a book that covers one side of the same resource."""
        self.rules.extend(other.rules)

    def check(self, arguments: object) -> list[Finding]:
        """All findings about one resource's arguments, by path; never raises, whatever it is given."""
        read = Arguments(arguments)
        findings = list(self._limits(read))
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
        for (resource_type, pattern), applying in limits.ARGUMENTS.items():
            if resource_type != self.resource_type:
                continue
            for path, value in arguments.each(pattern):
                for limit in applying:
                    message = _breach(limit, value)
                    if message:
                        yield Finding(path, "error", message, value, str(limit), limit.source)


def _breach(limit: limits.Limit, value: Any) -> str | None:
    """What is wrong with a known value, None if nothing is, or if it is of a type that the limit is not about."""
    if isinstance(limit, limits.Length):
        broken = isinstance(value, str) and not limit.accepts(len(value))
        return f"has {len(value)} characters" if broken else None
    if isinstance(limit, limits.Count):
        broken = isinstance(value, (list, tuple)) and not limit.accepts(len(value))
        return f"has {len(value)} items" if broken else None
    if isinstance(limit, limits.Range):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return "is out of range" if number and not limit.accepts(value) else None
    if isinstance(limit, limits.Choice):
        judged = isinstance(value, str) or is_number(value)
        return "is not a value it takes" if judged and not limit.accepts(value) else None
    return "is not of the form it must have" if isinstance(value, str) and not limit.accepts(value) else None
