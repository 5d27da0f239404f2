"""Plans of a few resources, and the pack's results for them.

The pack is evaluated once for many resources, each a separate case, because an evaluation takes a quarter of a second.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from constructs_lib.review.rego import Answer, rego
from tests.stacks import ROOT

PACK = ROOT / "policies" / "aws"
"""What holds for anybody's plan."""
ACCOUNT = "111122223333"
OTHER = "999988887777"


def resource(
    address: str,
    values: Mapping[str, Any] | None = None,
    unknown: Any = None,
    *,
    mode: str = "managed",
    actions: Iterable[str] = ("create",),
) -> dict[str, Any]:
    """One change of a plan: ``aws_s3_bucket.logs``, in a module or not."""
    type_ = address.rpartition("data.")[2].split(".")[-2].split("[")[0]
    change = {
        "actions": list(actions),
        "after": dict(values or {}),
        "after_unknown": {} if unknown is None else unknown,
    }
    return {"address": address, "mode": mode, "type": type_, "change": change}


def data(address: str, values: Mapping[str, Any], unknown: Any = None) -> dict[str, Any]:
    """A data source that is read during the apply."""
    return resource(f"data.{address}", values, unknown, mode="data", actions=["read"])


def configured(address: str, **expressions: Any) -> dict[str, Any]:
    """A resource as a configuration writes it; a text refers to what it says, anything else is a value or a block."""
    kind = "data" if address.startswith("data.") else "managed"
    type_, name = address.removeprefix("data.").split(".")
    written = {key: reference(value) if isinstance(value, str) else value for key, value in expressions.items()}
    return {"address": address, "mode": kind, "type": type_, "name": name, "expressions": written}


def reference(*texts: str) -> dict[str, Any]:
    """An expression that refers to something, as Terraform lists it: with the attribute and without."""
    found: list[str] = []
    for text in texts:
        found += [text, text.rpartition(".")[0]]
    return {"references": [each for each in found if "." in each]}


def plan(*changes: Mapping[str, Any], configuration: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A plan's JSON; ``configuration`` is the root module."""
    document: dict[str, Any] = {"format_version": "1.2", "resource_changes": list(changes)}
    if configuration is not None:
        document["configuration"] = {"root_module": configuration}
    return document


def module(*resources: Mapping[str, Any], **calls: Any) -> dict[str, Any]:
    """A module's configuration, with the modules that it calls."""
    return {"resources": list(resources), "module_calls": calls}


def judged(document: Mapping[str, Any]) -> Answer:
    """What the pack says of a plan."""
    return rego(document, PACK, apply_exceptions=False)


class Judged:
    """What the pack says of each of many resources, which have nothing to do with each other."""

    def __init__(self, cases: Mapping[str, Mapping[str, Any]]) -> None:
        """``cases``: by address, what `resource` takes besides."""
        answer = judged(plan(*(resource(address, **case) for address, case in cases.items())))
        self.failures = _by_address(answer.failures)
        self.not_judged = _by_address(answer.not_judged)

    def controls(self, address: str) -> set[str]:
        """The controls that fail."""
        return {control for control, _ in self.failures.get(address, [])}

    def texts(self, address: str) -> str:
        """All failures in one text."""
        return "\n".join(text for _, text in self.failures.get(address, []))


def _by_address(messages: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for message in messages:
        control, _, rest = message.partition(" ")
        address, _, text = rest.partition(": ")
        found.setdefault(address, []).append((control, text))
    return found


def statements(*given: Mapping[str, Any]) -> str:
    """A policy document of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(given)})


def allow(action: Any, on: Any = "arn:aws:sqs:eu-west-1:111122223333:queue", **more: Any) -> str:
    """A document with one statement that allows something; ``on=None`` names no resource."""
    return statements({"Effect": "Allow", "Action": action, **({} if on is None else {"Resource": on}), **more})
