"""Simulates the state after an apply from plans, to plan a change without AWS.

Terraform decides what a change does (in place, or a replacement) from the state and the provider's schema. Without AWS
there is no state, but a plan of the earlier configuration has most of its values. This module invents the values that
AWS would return (ids, ARNs, defaults), with the types of the provider's schema. It plans the earlier configuration on
that state again until no change remains, usually a few times; then the later configuration can be planned on it.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from constructs_lib.plans.differences import differences
from constructs_lib.plans.document import Change
from constructs_lib.plans.terraform import Terraform

ROUNDS = 6
"""Most plans of the earlier configuration until no change remains."""
STATE = "terraform.tfstate"
_ACCOUNT = "111122223333"
_IDENTITY = re.compile(r"(\w+_)?(id|name|bucket|endpoint|url|version|address)")
"""Names of attributes that other resources refer to; other unknown values are defaults that were not set."""
_ANSWERS = {("aws_lambda_invocation", "result"): '{"counts":{},"objects":[]}'}
"""What expressions take apart: an output decodes the bootstrap's answer."""
_PROVIDER = re.compile(r"registry\.terraform\.io/[\w-]+/[\w-]+")


def plan_since(terraform: Terraform, before: Path | None, after: Path, folder: Path) -> dict[str, Any]:
    """The plan from one synthesized stack, as if it were applied, to another; without AWS.

    Args:
        terraform: the Terraform to use.
        before: the earlier stack's folder; None if there was none.
        after: the later stack's folder.
        folder: the working folder; its content is deleted.

    Raises:
        TerraformError: one of them cannot be planned.
    """
    state, still = None, set[str]()
    if before is not None:
        terraform.prepare(before, folder)
        _let_go(folder)
        terraform.init(folder)
        still = set(_settle(terraform, folder))
        state = (folder / STATE).read_bytes()
    terraform.prepare(after, folder)
    _let_go(folder)
    if state is not None:
        (folder / STATE).write_bytes(state)
    terraform.init(folder)
    document = terraform.plan(folder, "-refresh=false", strict=False)
    for change in _changing(document):
        if change["address"] in still and change["change"]["actions"] == ["update"] and not _differs(change):
            change["change"]["actions"] = ["no-op"]
    return document


def _let_go(folder: Path) -> None:
    """Remove ``prevent_destroy`` from a copy, so that Terraform plans the destruction for the report instead of
    failing."""
    file = folder / "cdk.tf.json"
    document = json.loads(file.read_bytes())
    for resources in document.get("resource", {}).values():
        for resource in resources.values():
            resource.get("lifecycle", {}).pop("prevent_destroy", None)
    file.write_text(json.dumps(document, indent=2), encoding="utf-8")


def _differs(change: dict[str, Any]) -> bool:
    return bool(differences(msgspec.json.decode(json.dumps(change["change"]), type=Change)))


def _settle(terraform: Terraform, folder: Path) -> list[str]:
    """Leave a state in a prepared and initialized folder as if its configuration had been applied.

    Returns:
        Addresses that Terraform would still change on that state.
    """
    schema = terraform.provider_schema(folder)["resource_schemas"]
    document = terraform.plan(folder, "-refresh=false", strict=False)
    still: list[str] = []
    for _ in range(ROUNDS):
        (folder / STATE).write_text(json.dumps(state_of(document, schema)), encoding="utf-8")
        document = terraform.plan(folder, "-refresh=false", strict=False)
        last, still = still, [change["address"] for change in _changing(document)]
        if not still or still == last:
            break
    return still


def _changing(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for change in document.get("resource_changes", []):
        if change.get("mode") == "managed" and change["change"]["actions"] not in (["no-op"], ["read"]):
            yield change


def state_of(document: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The state after applying a plan, format version 4.

    Args:
        document: the plan's JSON.
        schemas: the provider's ``resource_schemas``.
    """
    versions = {item["address"]: item for item in _planned(document.get("planned_values", {}).get("root_module", {}))}
    resources: dict[tuple[str, str, str], dict[str, Any]] = {}
    for change in document.get("resource_changes", []):
        after = change["change"].get("after")
        if change.get("mode") != "managed" or not isinstance(after, dict):
            continue
        schema = schemas.get(change["type"], {"block": {}, "version": 0})
        module = change.get("module_address", "")
        entry = resources.setdefault(
            (module, change["type"], change["name"]),
            {
                **({"module": module} if module else {}),
                "mode": "managed",
                "type": change["type"],
                "name": change["name"],
                "provider": f'provider["{_source(change)}"]',
                "instances": [],
            },
        )
        unknown = change["change"].get("after_unknown") or {}
        values = _filled(after, unknown, schema["block"], change)
        planned = versions.get(change["address"], {})
        entry["instances"].append(
            {
                **({"index_key": change["index"]} if "index" in change else {}),
                "schema_version": planned.get("schema_version", schema.get("version", 0)),
                "attributes": values,
            }
        )
    return {
        "version": 4,
        "terraform_version": document.get("terraform_version", "1.5.0"),
        "serial": 1,
        "lineage": str(uuid.UUID(int=1)),
        "outputs": {},
        "resources": list(resources.values()),
    }


def _source(change: Mapping[str, Any]) -> str:
    found = _PROVIDER.search(str(change.get("provider_name", "")))
    return found[0] if found else "registry.terraform.io/hashicorp/aws"


def _planned(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from _planned(child)


def _filled(
    values: Mapping[str, Any], unknown: Any, block: Mapping[str, Any], change: Mapping[str, Any]
) -> dict[str, Any]:
    """A block's values, with unknown ones invented by type."""
    filled = dict(values)
    marks = unknown if isinstance(unknown, dict) else {}
    for name, attribute in block.get("attributes", {}).items():
        mark = marks.get(name)
        if mark is True:
            filled[name] = _made_up(name, attribute.get("type"), change)
        elif isinstance(mark, (list, dict)) and mark:
            filled[name] = _inner(filled.get(name), mark, attribute.get("type"), name, change)
    for name, nested in block.get("block_types", {}).items():
        mark, inner = marks.get(name), filled.get(name)
        if mark is True:
            filled[name] = []
        elif isinstance(inner, list):
            known = mark if isinstance(mark, list) else []
            filled[name] = [
                _filled(item or {}, known[number] if number < len(known) else {}, nested["block"], change)
                for number, item in enumerate(inner)
            ]
    return filled


def _inner(value: Any, marks: Any, type_: Any, name: str, change: Mapping[str, Any]) -> Any:
    """A list or mapping with unknown parts."""
    element = type_[1] if isinstance(type_, list) and len(type_) > 1 else "string"
    if isinstance(marks, list):
        known = value if isinstance(value, list) else []
        return [
            _inner_one(known[number] if number < len(known) else None, mark, element, name, change)
            for number, mark in enumerate(marks)
        ]
    known_members = value if isinstance(value, dict) else {}
    of = element if isinstance(element, dict) else {}
    return {
        key: _inner_one(known_members.get(key), marks.get(key), of.get(key, element), key, change)
        for key in {**known_members, **marks}
    }


def _inner_one(value: Any, mark: Any, type_: Any, name: str, change: Mapping[str, Any]) -> Any:
    if mark is True:
        return _made_up(name, type_, change)
    return _inner(value, mark, type_, name, change) if isinstance(mark, (list, dict)) and mark else value


def _made_up(name: str, type_: Any, change: Mapping[str, Any]) -> Any:
    """An invented value of a type, reproducible: an ARN, an id or a name that contains the resource's."""
    if type_ != "string":
        kind = type_[0] if isinstance(type_, list) else type_
        return {"bool": False, "number": 0, "map": {}, "object": {}}.get(kind, [])
    if (change["type"], name) in _ANSWERS:
        return _ANSWERS[change["type"], name]
    owner = f"{change['type']}-{change['name']}"
    if name in ("key_id", "id") and change["type"] in ("aws_kms_key", "aws_kms_replica_key"):
        return str(uuid.uuid5(uuid.NAMESPACE_URL, owner))
    if name == "arn" or name.endswith("_arn"):
        return f"arn:aws:simulated:eu-west-1:{_ACCOUNT}:{owner}"
    if "policy" in name:
        return '{"Statement":[],"Version":"2012-10-17"}'
    return f"simulated-{owner}-{name}".replace("_", "-").lower()[:60] if _IDENTITY.fullmatch(name) else ""
