"""Enables audit logging: a domain publishes audit logs only if they are enabled inside the domain, too.

It logs failed sign-ins, refused requests (on the transport layer only), and created or changed indices. It does not log
successful requests, as AWS highly recommends, or bodies, which contain documents and searches: the log has no personal
data.
Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/audit-logs.html

The domain has one audit configuration. If audit logging is already enabled, the configuration is not changed.
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
    """Enable audit logging if the domain publishes its logs."""
    if not settings.audit_logs:
        report.add(KIND, NAME, "skipped", "the domain publishes no audit logs")
        return
    report.attempt(KIND, NAME, partial(_switch_on, client, f"{dialect.plugins}/_security/api/audit", report))


def _switch_on(client: Client, path: str, report: Report) -> None:
    answer = client.request("GET", path)
    # The plugin answers 501 where its index holds no such configuration (its AuditApiAction.java).
    if answer.unknown_path or answer.status in {404, 501}:
        report.add(KIND, NAME, "skipped", "this domain's audit logging cannot be configured by API")
        return
    if not answer.ok:
        raise Refused(f"GET {path}: {answer.reason}", answer.status, answer.body)
    current = answer.body["config"]
    if not current["enabled"]:
        # Send all existing settings: AWS refuses changes of some, such as the excluded headers.
        parts = {name: {**current.get(name, {}), **part} for name, part in WANTED.items()}
        client.ask("PUT", f"{path}/config", {**current, "enabled": True, **parts})
        report.add(KIND, NAME, "updated")
    elif current["audit"]["log_request_body"]:
        report.add(KIND, NAME, "conflict", "logs request bodies, which contain documents and searches; not changed")
    else:
        report.add(KIND, NAME, "unchanged")
