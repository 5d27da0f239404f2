"""Fine-grained access control: installs roles and their mappings.

Roles are the files under ``roles/``, named after the index (``events-delivery`` ...), and overwritten if they differ.
The domain's administrators change mappings too, so entries are only added, never removed. The plugin has no
compare-and-set, so mappings are read again after a change.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from . import catalogue
from .client import Client, Refused
from .dialect import Dialect
from .outcome import Report
from .settings import Settings

ADMINISTRATOR_ROLES = ("all_access", "security_manager")
"""The two roles of a master user; the second exists only on AWS."""
READER_ROLES = ("opensearch_dashboards_user", "kibana_user")
"""Roles that let a person open Dashboards; the engine determines which of them exists."""
TRIES = 4


def install(client: Client, settings: Settings, dialect: Dialect, report: Report) -> None:
    """Roles, then mappings; Firehose's first."""
    if not settings.fine_grained:
        report.add("role", settings.index_name, "skipped", "the domain has no fine-grained access control")
        return
    api = f"{dialect.plugins}/_security/api"
    delivery = (settings.delivery_role,) if settings.delivery_role else ()
    recommending = (
        ("recommender", (settings.recommender_role,) if settings.recommender_role else ()),
        ("fold", (settings.fold_role,) if settings.fold_role else ()),
    )
    for kind, callers in (
        ("delivery", delivery),
        ("analyst", settings.analysts),
        ("personalization", settings.personalization),
        *(recommending if settings.recommender else ()),
    ):
        role = f"{settings.index_name}-{kind}"
        report.attempt(
            "role", role, partial(_role, client, api, role, catalogue.filled("roles", kind, settings.names), report)
        )
        report.attempt(
            "role mapping",
            role,
            partial(_map, client, api, role, callers, report),
        )
    built_in = (
        *((role, settings.analysts) for role in READER_ROLES),
        *((role, settings.administrators) for role in ADMINISTRATOR_ROLES),
    )
    for role, callers in built_in:
        if callers:
            report.attempt(
                "role mapping",
                role,
                partial(_map, client, api, role, callers, report, built_in=True),
            )


def _role(client: Client, api: str, role: str, ours: dict[str, Any], report: Report) -> None:
    found = client.find(f"{api}/roles/{role}")
    current = found.get(role) if found else None
    if current is not None and _same_role(ours, current):
        report.add("role", role, "unchanged")
        return
    client.ask("PUT", f"{api}/roles/{role}", ours)
    report.add("role", role, "created" if current is None else "updated")


def _same_role(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Whether all lists and texts of a role are equal; parts that the file leaves out must be empty."""

    def part(role: dict[str, Any]) -> dict[str, Any]:
        return {
            "cluster_permissions": sorted(role.get("cluster_permissions") or []),
            "index_permissions": [
                {
                    "index_patterns": sorted(each.get("index_patterns") or []),
                    "dls": each.get("dls") or "",
                    "fls": sorted(each.get("fls") or []),
                    "masked_fields": sorted(each.get("masked_fields") or []),
                    "allowed_actions": sorted(each.get("allowed_actions") or []),
                }
                for each in role.get("index_permissions") or []
            ],
            "tenant_permissions": [
                {name: sorted(each.get(name) or []) for name in ("tenant_patterns", "allowed_actions")}
                for each in role.get("tenant_permissions") or []
            ],
        }

    return part(ours) == part(theirs)


def _map(
    client: Client, api: str, role: str, callers: tuple[str, ...], report: Report, *, built_in: bool = False
) -> None:
    if not callers:
        report.add("role mapping", role, "skipped", "the settings name no one for it")
        return
    path = f"{api}/rolesmapping/{role}"
    outcome = ""
    for _ in range(TRIES):
        found = client.find(path)
        if found is None and built_in and client.find(f"{api}/roles/{role}") is None:
            report.add("role mapping", role, "skipped", "this engine has no such role")
            return
        present = (found or {}).get(role, {}).get("backend_roles", [])
        absent = [caller for caller in callers if caller not in present]
        if not absent:
            report.add(
                "role mapping", role, "updated" if outcome == "updated" else "created" if outcome else "unchanged"
            )
            return
        if found is None:
            # No entries can be lost, since there are none; a mapping created meanwhile is read again.
            outcome = "created"
            answer = client.request("PUT", path, {"backend_roles": absent})
        else:
            outcome = outcome or "updated"
            added = [{"op": "add", "path": "/backend_roles/-", "value": caller} for caller in absent]
            answer = client.request("PATCH", path, added)
        if not answer.ok and answer.status not in {404, 409}:
            raise Refused(f"{path}: {answer.reason}", answer.status, answer.body)
    raise Refused(
        f"{path}: the mapping did not keep our entries in {TRIES} tries because of other changes; run it again"
    )
