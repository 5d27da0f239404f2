"""Everything a report says, in the order in which it says it; the two writers only choose the words' dress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from constructs_lib.plans.differences import Difference, differences, public
from constructs_lib.plans.document import Plan, ResourceChange
from constructs_lib.plans.judge import judge
from constructs_lib.review import flow
from constructs_lib.review.capacity import Measure, measures
from constructs_lib.review.policies import Verdicts, evaluate
from constructs_lib.review.risk import Effect, Risk, effects
from constructs_lib.rules.finding import UNKNOWN, Finding

Clean = Callable[[str], str]
"""Takes the values that must not be shown out of a text."""

SECTIONS = (
    ("replace", "Replaced"),
    ("destroy", "Destroyed"),
    ("forget", "Forgotten"),
    ("update", "Changed in place or by a deployment"),
    ("import", "Imported"),
    ("move", "Moved"),
    ("create", "Created"),
)


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

    @property
    def risk(self) -> Risk:
        return max((effect.risk for effect in self.effects), default=Risk.NONE)


@dataclass(frozen=True)
class Refusal:
    """What AWS or its provider would refuse (error) or what is unwise (warning) about one resource."""

    finding: Finding
    where: str
    """Address and path, as they may be shown."""
    text: str


@dataclass(frozen=True)
class Report:
    """A plan, read for a reviewer."""

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
    counts: Mapping[str, Counter[str]]

    @property
    def risk(self) -> Risk:
        """The worst of all: of the changes, of the policies, of what AWS would refuse."""
        worst = max((entry.risk for entry in self.entries), default=Risk.NONE)
        refused = self.verdicts.failures or any(refusal.finding.severity == "error" for refusal in self.refusals)
        return max(worst, Risk.REFUSED) if refused else worst

    def section(self, action: str) -> list[Entry]:
        """The entries of one action, riskiest first."""
        return sorted((e for e in self.entries if e.action == action), key=lambda e: (-e.risk, e.address))

    @property
    def headline(self) -> str:
        """One sentence with the counts: ``2 created, 1 replaced``."""
        words = {
            "replace": "replaced",
            "destroy": "destroyed",
            "forget": "forgotten",
            "update": "changed",
            "import": "imported",
            "move": "moved",
            "create": "created",
        }
        counts = Counter(entry.action for entry in self.entries)
        text = ", ".join(f"{counts[action]} {words[action]}" for action, _ in SECTIONS if counts[action])
        return f"{text or 'nothing changes'}; {self.unchanged} unchanged"

    @property
    def worst(self) -> str:
        """The headline of the risk, in words."""
        return {
            Risk.NONE: "no interruption: additions and changes in place",
            Risk.HOURS: "hours of work or an interruption: a blue/green deployment, or a part of the data path goes",
            Risk.REFUSED: "refused: a policy fails, or AWS would not accept the configuration",
            Risk.LOSS: "data loss",
        }[self.risk]


def build(plan: Plan, *, title: str, policies: Path | None, checkov: Path | None = None) -> Report:
    """Read a plan for a reviewer.

    Args:
        plan: what ``plan.read`` gave.
        title: the report's heading, usually the plan's file name.
        policies: folder of the Rego pack; None leaves the policies out.
        checkov: checkov's JSON results for the same plan, as ``make policy`` leaves them.
    """
    managed, clean = plan.managed, plan.redactor().clean
    shown = [item for item in managed if item.action in dict(SECTIONS)]
    return Report(
        title=title,
        terraform_version=clean(plan.terraform_version),
        entries=[_entry(item, clean) for item in shown],
        unchanged=sum(item.action == "no-op" for item in managed),
        drift=[_entry(item, clean) for item in plan.resource_drift if item.mode == "managed"],
        outputs={
            clean(name): clean(change.actions[0])
            for name, change in sorted(plan.output_changes.items())
            if change.actions and change.actions != ["no-op"]
        },
        refusals=_refusals(plan, clean),
        verdicts=_cleaned(evaluate(plan.raw, policies, checkov), clean),
        capacity=[replace(m, address=clean(m.address)) for m in measures(_planned(managed))],
        notes=[clean(note) for note in _notes(plan)],
        counts=flow.tally(managed),
    )


def _entry(item: ResourceChange, clean: Clean) -> Entry:
    changed = differences(item.change)
    origin = ""
    if item.change.importing is not None:
        identity = item.change.importing.get("id")
        origin = f"imported as {identity}" if isinstance(identity, str) else "imported"
    elif item.previous_address not in (None, item.address):
        origin = f"was {item.previous_address}"
    if item.deposed is not None:
        origin = f"deposed object {item.deposed}"
    return Entry(
        clean(item.address),
        item.type,
        item.action,
        [replace(e, text=clean(e.text), trigger=clean(e.trigger)) for e in effects(item, changed)],
        [_shown(difference, clean) for difference in changed],
        clean(origin),
    )


def _shown(difference: Difference, clean: Clean) -> Difference:
    """A difference with nothing in it but what may be shown."""
    return Difference(
        tuple(clean(part) if isinstance(part, str) else part for part in difference.path),
        None if difference.before is None else clean(difference.before),
        None if difference.after is None else clean(difference.after),
        unknown=difference.unknown,
    )


def _cleaned(verdicts: Verdicts, clean: Clean) -> Verdicts:
    return replace(verdicts, failures=[clean(failure) for failure in verdicts.failures])


def _planned(managed: Sequence[ResourceChange]) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """What will exist, by type: the values after, secrets and unknown values marked, single blocks as mappings."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for item in managed:
        values = public(item.change.after, item.change.after_sensitive, item.change.after_unknown, UNKNOWN)
        if isinstance(values, dict) and item.deposed is None:
            found.setdefault(item.type, []).append((item.address, values))
    return found


def _refusals(plan: Plan, clean: Clean) -> list[Refusal]:
    """What the rules say about what the plan changes, each resource and how they fit (``constructs_lib check``)."""
    changing = {item.address for item in plan.managed if item.action not in ("no-op", "move")}
    found = [
        Refusal(finding, clean(f"{address}: {finding.path}"), clean(str(finding)))
        for address, finding in judge(plan.raw)
        if address in changing
    ]
    return sorted(found, key=lambda refusal: (refusal.finding.severity, refusal.where))


def _notes(plan: Plan) -> list[str]:
    notes = []
    if plan.errored:
        notes.append("The plan failed half-way (errored): it does not show everything and cannot be applied.")
    if not plan.complete:
        notes.append("The plan is not complete: some changes are put off to a later run.")
    if plan.timestamp:
        notes.append(f"Planned at {plan.timestamp} with Terraform {plan.terraform_version}.")
    notes.extend(
        f"Check {check.address.get('to_display', 'without a name')}: {check.status}."
        for check in plan.checks
        if check.status in ("fail", "error")
    )
    return notes
