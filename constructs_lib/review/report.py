"""The content of a report, in its order; ``markdown`` and ``html`` only format it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from constructs_lib.plans.differences import Difference, differences
from constructs_lib.plans.document import Plan, ResourceChange
from constructs_lib.plans.drift import drift
from constructs_lib.plans.judge import judge
from constructs_lib.plans.redaction import Redactor
from constructs_lib.plans.resources import planned_resources
from constructs_lib.review import capacity, flow
from constructs_lib.review.capacity import Measure
from constructs_lib.review.exceptions import Exceptions
from constructs_lib.review.policies import Verdicts, evaluate
from constructs_lib.review.risk import Effect, Risk, effects
from constructs_lib.review.text import cut
from constructs_lib.rules.finding import Finding
from constructs_lib.sizing.hops import Hop
from constructs_lib.terminal import one_line

Clean = Callable[[str], str]
"""Removes secrets, line breaks and control characters from a text."""

MOST_SHOWN = 100_000
"""Most attributes that a report shows; further resources are listed by address only."""
MOST_OF_ONE = 1000
"""Most attributes of one resource that a report shows."""

SECTIONS = (
    ("replace", "Replaced"),
    ("destroy", "Destroyed"),
    ("forget", "Forgotten"),
    ("other", "Unknown actions"),
    ("update", "Changed in place or by a deployment"),
    ("import", "Imported"),
    ("move", "Moved"),
    ("create", "Created"),
)
_WORDS = {
    "replace": "replaced",
    "destroy": "destroyed",
    "forget": "forgotten",
    "other": "with an unknown action",
    "update": "changed",
    "import": "imported",
    "move": "moved",
    "create": "created",
}


@dataclass(frozen=True)
class Entry:
    """One resource of the plan that changes."""

    address: str
    type: str
    action: str
    effects: Sequence[Effect]
    differences: Sequence[Difference]
    origin: str = ""
    """Where it comes from: the identity that is imported, or the address that it had."""
    waived: str = ""
    """Who approved the change, until when and why; empty without a waiver."""
    more: int = 0
    """Number of changed attributes that are not in `differences`."""

    @property
    def risk(self) -> Risk:
        return max((effect.risk for effect in self.effects), default=Risk.NONE)


@dataclass(frozen=True)
class Refusal:
    """A finding about one resource: AWS or its provider would refuse it (error), or it is risky (warning)."""

    finding: Finding
    where: str
    """Address and path, redacted."""
    text: str


@dataclass(frozen=True)
class Report:
    """The review of one plan."""

    title: str
    terraform_version: str
    entries: Sequence[Entry]
    unchanged: int
    drift: Sequence[Entry]
    outputs: Mapping[str, str]
    refusals: Sequence[Refusal]
    verdicts: Verdicts
    capacity: Sequence[Measure]
    notes: Sequence[str]
    counts: flow.Tally
    errored: bool = False
    """Whether the plan failed (errored)."""

    @property
    def risk(self) -> Risk:
        """The worst risk of the changes, the policies, the findings, and a failed plan."""
        worst = max((entry.risk for entry in self.entries), default=Risk.NONE)
        errors = any(refusal.finding.severity == "error" for refusal in self.refusals)
        return max(worst, Risk.REFUSED) if self.errored or self.verdicts.failures or errors else worst

    def section(self, action: str) -> list[Entry]:
        """The entries of one action, riskiest first."""
        return sorted((e for e in self.entries if e.action == action), key=lambda e: (-e.risk, e.address))

    @property
    def attention(self) -> list[tuple[Effect, Entry]]:
        """Effects for the reviewer, worst first: those with a risk, and those that an AWS page documents."""
        found = [(effect, entry) for entry in self.entries for effect in entry.effects]
        found = [pair for pair in found if pair[0].risk > Risk.NONE or pair[0].source]
        return sorted(found, key=lambda pair: (-pair[0].risk, pair[1].address, pair[0].trigger))

    @property
    def waived(self) -> list[Entry]:
        """Entries whose effects a waiver approves."""
        return [entry for entry in self.entries if entry.waived]

    @property
    def headline(self) -> str:
        """One sentence with the counts: ``2 created, 1 replaced``."""
        counts = Counter(entry.action for entry in self.entries)
        text = ", ".join(f"{counts[action]} {_WORDS[action]}" for action, _ in SECTIONS if counts[action])
        return f"{text or 'nothing changes'}; {self.unchanged} unchanged"

    @property
    def worst(self) -> str:
        """The headline of the risk, in words."""
        if self.errored and self.risk == Risk.REFUSED:
            return "refused: the plan failed and cannot be applied"
        return {
            Risk.NONE: "no interruption: additions and changes in place",
            Risk.HOURS: "hours of work or an interruption",
            Risk.REFUSED: "refused: a policy fails, or AWS would not accept the configuration",
            Risk.LOSS: "data loss",
        }[self.risk]


def build(
    plan: Plan,
    *,
    title: str,
    policies: Path | None,
    checkov: Path | None = None,
    exceptions: Exceptions | None = None,
    stack: str = "",
    today: date | None = None,
    notes: Sequence[str] = (),
    traffic: Sequence[Hop] = (),
) -> Report:
    """Read a plan for a reviewer.

    Args:
        plan: from `constructs_lib.plans.reading.read`.
        title: the report's heading.
        policies: folder of the Rego pack; None leaves the policies out.
        checkov: checkov's JSON results for the same plan, from ``make policy``.
        exceptions: failures that are allowed, and changes that are approved.
        stack: the plan's stack, as the exceptions name it.
        today: the date that expiry is compared with; default: today.
        notes: further sentences for the report.
        traffic: hops of the data path under the expected traffic.

    Raises:
        PlanError: a value of the plan is too large or nested too deeply.
        PolicyError: the policies cannot be evaluated.
    """
    today = today or date.today()
    redactor = Redactor.of(plan)

    def clean(text: str) -> str:
        return one_line(redactor.clean(text))

    writer = _Writer(clean, exceptions, stack, today)
    managed = plan.managed
    verdicts = evaluate(plan, policies, checkov, exceptions=exceptions, stack=stack, today=today)
    return Report(
        title=clean(title),
        terraform_version=clean(plan.terraform_version),
        entries=writer.entries((item, differences(item.change)) for item in managed if item.action in _WORDS),
        unchanged=sum(item.action == "no-op" for item in managed),
        drift=writer.entries(drift(plan)),
        outputs={
            clean(name): clean(change.actions[0])
            for name, change in sorted((plan.output_changes or {}).items())
            if change.actions and change.actions != ["no-op"]
        },
        refusals=_refusals(plan, clean),
        verdicts=replace(
            verdicts,
            failures=[clean(failure) for failure in verdicts.failures],
            excepted=[clean(failure) for failure in verdicts.excepted],
            not_judged=[clean(message) for message in verdicts.not_judged],
        ),
        capacity=[
            *(
                replace(measure, address=clean(measure.address))
                for measure in capacity.measures(list(planned_resources(plan, capacity.TYPES)))
            ),
            *capacity.traffic_measures(traffic),
        ],
        notes=[clean(note) for note in (*notes, *_notes(plan))],
        counts=flow.tally(managed),
        errored=plan.errored,
    )


class _Writer:
    """Makes redacted entries of resources, within the limits of attributes shown."""

    def __init__(self, clean: Clean, exceptions: Exceptions | None, stack: str, today: date) -> None:
        self._clean, self._exceptions, self._stack, self._today = clean, exceptions, stack, today
        self._left = MOST_SHOWN

    def entries(self, changes: Iterable[tuple[ResourceChange, list[Difference]]]) -> list[Entry]:
        return [self._entry(item, changed) for item, changed in changes]

    def _entry(self, item: ResourceChange, changed: list[Difference]) -> Entry:
        clean = self._clean
        shown = changed[: min(MOST_OF_ONE, self._left)]
        self._left -= len(shown)
        consequences = [
            replace(each, text=clean(each.text), trigger=cut(clean(each.trigger))) for each in effects(item, changed)
        ]
        waiver = None if self._exceptions is None else self._exceptions.waived(item.address, self._stack, self._today)
        if waiver is not None:
            consequences = [
                each if each.risk == Risk.REFUSED else replace(each, risk=Risk.NONE) for each in consequences
            ]
        return Entry(
            clean(item.address),
            clean(item.type),
            item.action,
            consequences,
            [_shown(difference, clean) for difference in shown],
            clean(_origin(item)),
            "" if waiver is None else clean(f"waived by {waiver.approved_by} until {waiver.expires}: {waiver.reason}"),
            len(changed) - len(shown),
        )


def _origin(item: ResourceChange) -> str:
    if item.deposed is not None:
        return f"deposed object {item.deposed}"
    importing = item.change.importing
    if importing is not None:
        identity = importing.get("id")
        return f"imported as {identity}" if isinstance(identity, str) else "imported"
    return f"was {item.previous_address}" if item.previous_address not in (None, item.address) else ""


def _shown(difference: Difference, clean: Clean) -> Difference:
    """A redacted difference."""
    return Difference(
        tuple(cut(clean(part)) if isinstance(part, str) else part for part in difference.path),
        None if difference.before is None else cut(clean(difference.before)),
        None if difference.after is None else cut(clean(difference.after)),
        unknown=difference.unknown,
    )


def _refusals(plan: Plan, clean: Clean) -> list[Refusal]:
    """Findings about what the plan changes, as ``constructs_lib check`` reports them."""
    changing = {item.address for item in plan.managed if item.action not in ("no-op", "move")}
    found = [
        Refusal(finding, clean(f"{address}: {finding.path}"), clean(str(finding)))
        for address, finding in judge(plan)
        if address in changing
    ]
    return sorted(found, key=lambda refusal: (refusal.finding.severity, refusal.where))


def _notes(plan: Plan) -> list[str]:
    notes = []
    if plan.errored:
        notes.append("The plan failed (errored): it is incomplete and cannot be applied.")
    if not plan.complete:
        notes.append("The plan is not complete: Terraform deferred some changes to a later run.")
    if plan.timestamp:
        notes.append(f"Planned at {plan.timestamp} with Terraform {plan.terraform_version}.")
    notes.extend(
        f"Check {check.address.to_display}: {check.status}."
        for check in plan.checks or ()
        if check.status in ("fail", "error")
    )
    return notes
