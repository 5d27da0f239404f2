"""Audit logging: a domain that publishes audit logs has nothing to publish until it is switched on inside, too.

Switched on, it tells of failed sign-ins, of requests that were refused (which show on the transport layer only), and of
indices that were made or changed. Left out are requests that succeed, as AWS highly recommends, and bodies, which hold
documents and searches: no person's data lands in the log.
Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/audit-logs.html

There is one such configuration for the whole domain. Whoever switched it on already decided what it tells; it is left
as it is.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from .client import Client, Refused
from .dialect import Dialect
from .outcome import Report
from .settings import Settings

KIND, NAME = "audit log", "config"
_SUCCESSES = ["AUTHENTICATED", "GRANTED_PRIVILEGES"]
WANTED: dict[str, dict[str, Any]] = {
    "audit": {
        "enable_rest": True,
        "disabled_rest_categories": _SUCCESSES,
        "enable_transport": True,
        "disabled_transport_categories": _SUCCESSES,
        "resolve_bulk_requests": False,
        "log_request_body": False,
    },
    "compliance": {"enabled": False},
}


def install(client: Client, settings: Settings, dialect: Dialect, report: Report) -> None:
    """Switch audit logging on where its logs are published."""
    if not settings.audit_logs:
        report.add(KIND, NAME, "skipped", "the domain publishes no audit logs")
        return
    report.attempt(KIND, NAME, partial(_switch_on, client, f"{dialect.plugins}/_security/api/audit", report))


def _switch_on(client: Client, path: str, report: Report) -> None:
    answer = client.request("GET", path)
    # The plugin answers 501 where its index holds no such configuration (its AuditApiAction.java).
    if answer.unknown_path or answer.status in {404, 501}:
        report.add(KIND, NAME, "skipped", "this domain's audit logging cannot be configured from inside")
        return
    if not answer.ok:
        raise Refused(f"GET {path}: {answer.reason}", answer.status, answer.body)
    current = answer.body["config"]
    if not current["enabled"]:
        # All that is there goes along: AWS refuses changes of some of it, such as the headers that are left out.
        parts = {name: {**current.get(name, {}), **part} for name, part in WANTED.items()}
        client.ask("PUT", f"{path}/config", {**current, "enabled": True, **parts})
        report.add(KIND, NAME, "updated")
    elif current["audit"]["log_request_body"]:
        report.add(KIND, NAME, "conflict", "tells of request bodies, which hold documents and searches; left as it is")
    else:
        report.add(KIND, NAME, "unchanged")
