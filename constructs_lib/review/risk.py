"""What a change does to the running service, in five levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from constructs_lib.plans.differences import Difference, differences
from constructs_lib.plans.document import ResourceChange
from constructs_lib.plans.resources import DOMAINS
from constructs_lib.review import domain_changes
from constructs_lib.review.consequences import DATA_PATH, HARMLESS, HOLDS_DATA, SHORTER, SWITCHED_OFF


class Risk(IntEnum):
    """How bad it may get; the value is the exit code of ``review`` (2 is left to unreadable input).

    NONE: nothing, or only additions and changes in place. HOURS: a blue/green deployment, or an interruption. REFUSED:
    the plan failed, a policy fails, or AWS would refuse the configuration. LOSS: data is lost.
    """

    NONE = 0
    HOURS = 3
    REFUSED = 4
    LOSS = 5


@dataclass(frozen=True)
class Effect:
    """One consequence of a change: its risk, its description, its trigger, its source."""

    risk: Risk
    text: str
    trigger: str = ""
    source: str = ""


def effects(item: ResourceChange, changed: Sequence[Difference] | None = None) -> list[Effect]:
    """Effects of one resource's change, worst first. Data sources and no-ops have none."""
    if item.mode != "managed":
        return []
    changed = differences(item.change) if changed is None else changed
    action = item.action
    found: list[Effect] = []
    if action in ("replace", "destroy"):
        found.append(_gone(item, action))
    elif action == "forget":
        found.append(
            Effect(
                Risk.HOURS,
                "no longer managed: Terraform removes it from the state, AWS keeps it (and bills it)",
                "removed block",
            )
        )
    elif action == "other":
        found.append(Effect(Risk.HOURS, "an action unknown to this review", ", ".join(item.change.actions)))
    elif action in ("update", "import") and changed:
        if item.type in DOMAINS:
            found.extend(_domain(item, changed))
        found.extend(_shortened(item, changed))
        found.extend(_switched_off(item, changed))
    return sorted(found, key=lambda effect: (-effect.risk, effect.trigger))


def _gone(item: ResourceChange, action: str) -> Effect:
    word = "replacement" if action == "replace" else "destruction"
    trigger = ", ".join(_trigger(path) for path in item.change.replace_paths) or _reason(item.action_reason)
    if item.deposed is not None:
        trigger = "a deposed object of an earlier replacement"
    if item.type in HOLDS_DATA:
        return Effect(Risk.LOSS, f"{word} (data loss): {HOLDS_DATA[item.type]}", trigger)
    if item.type in DATA_PATH:
        return Effect(Risk.HOURS, f"{word}: {DATA_PATH[item.type]}", trigger)
    if item.type in HARMLESS:
        return Effect(Risk.NONE, f"{word}: {HARMLESS[item.type]}", trigger)
    return Effect(Risk.HOURS, f"{word} of {item.type}: the effect of this type is unknown to the review", trigger)


def _trigger(path: list[object]) -> str:
    return ".".join(str(part) for part in path if isinstance(part, str)) or "the whole resource"


def _reason(reason: str | None) -> str:
    return {
        "replace_because_tainted": "marked as tainted",
        "replace_by_request": "requested with -replace",
        "replace_by_triggers": "replace_triggered_by",
        "replace_because_cannot_update": "an attribute that cannot change in place",
        "delete_because_no_resource_config": "no longer in the configuration",
        "delete_because_no_module": "its module is no longer in the configuration",
        "delete_because_count_index": "count is smaller",
        "delete_because_each_key": "its key is no longer in for_each",
        "delete_because_wrong_repetition": "count or for_each was added or removed",
        "delete_because_no_move_target": "its move target is not in the configuration",
    }.get(reason or "", "")


def _domain(item: ResourceChange, changed: Sequence[Difference]) -> list[Effect]:
    found = domain_changes.verdicts(item.change.before, item.change.after, changed)
    levels = {domain_changes.IN_PLACE: Risk.NONE, domain_changes.REFUSED: Risk.REFUSED}
    return [Effect(levels.get(each.kind, Risk.HOURS), each.text, each.trigger, each.source) for each in found]


def _shortened(item: ResourceChange, changed: Sequence[Difference]) -> Iterator[Effect]:
    for difference in changed:
        text, source = SHORTER.get((item.type, difference.attribute), ("", ""))
        if text and _less(difference):
            yield Effect(Risk.LOSS, f"data loss: {text}", _both(difference), source)


def _less(difference: Difference) -> bool:
    """Whether a number decreases. For these arguments zero and absent mean "keep for ever"."""
    old, new = difference.old, difference.new
    if isinstance(new, bool) or not isinstance(new, (int, float)) or new <= 0:
        return False
    return old in (None, 0) or (isinstance(old, (int, float)) and new < old)


def _switched_off(item: ResourceChange, changed: Sequence[Difference]) -> Iterator[Effect]:
    for difference in changed:
        known = SWITCHED_OFF.get((item.type, difference.attribute))
        if known is not None and not difference.unknown:
            off, text, source = known
            if any(difference.new is value or difference.new == value != difference.old for value in off):
                yield Effect(Risk.HOURS, text, _both(difference), source)


def _both(difference: Difference) -> str:
    return f"{difference.attribute}: {difference.before} -> {difference.after}"
