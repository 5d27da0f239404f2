"""The function's handler. Terraform calls it to install; operators call it to erase a person's documents.

``{"action": "install"}`` (the default) waits for the domain, installs everything and answers with an outcome for each
object. ``{"action": "erase", "user_ids": [...], "client_ids": [...], "session_ids": [...], "pseudonyms": [...],
"dry_run": false}`` deletes one person's documents and reports what was searched and what remains. After a failure it
completes the other steps and then raises, so that the invocation, and with it the apply, fails with the reason.

Erasing needs the function's alias ``erase``, which allows nothing else, so installing and erasing are separate
permissions.
"""

from __future__ import annotations

import json
import time
from typing import Any

from constructs_lib.privacy import identity

from . import audit, dialect, erasure, erasure_request, insight, lifecycle, recommender, security, settings, templates
from .client import Client, Refused, signature
from .outcome import Report

MARGIN_SECONDS = 15
"""Seconds reserved for the answer before the function's timeout."""
USUAL_SECONDS = 600


class BootstrapError(Exception):
    """A failed action; Terraform shows the text."""


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """AWS Lambda's entry point."""
    left = context.get_remaining_time_in_millis() / 1000 if context is not None else USUAL_SECONDS
    if context is not None:
        _refuse_another_action(event, context.invoked_function_arn)
    given = settings.from_environment()
    client = Client(given.endpoint, signature(given.region), deadline=time.monotonic() + left - MARGIN_SECONDS)
    return run(event, given, client)


def _refuse_another_action(event: dict[str, Any], invoked_arn: str) -> None:
    """Refuse to erase without the alias ``erase``, and to install through it.

    Args:
        invoked_arn: ``arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME``, then the alias or version that was called.
    """
    erases = event.get("action", "install") == "erase"
    by_alias = invoked_arn.split(":")[7:] == [settings.ERASE_ALIAS]
    if erases and not by_alias:
        raise BootstrapError(
            f"erase: call the function's alias {settings.ERASE_ALIAS!r}; erasing needs a permission for it"
        )
    if by_alias and not erases:
        raise BootstrapError(f"action: the alias {settings.ERASE_ALIAS!r} allows only the action erase")


def run(event: dict[str, Any], given: settings.Settings, client: Client) -> dict[str, Any]:
    """Run the action of an event.

    Raises:
        BootstrapError: something failed; the text begins with what and why, the whole answer follows.
    """
    action = event.get("action", "install")
    if action not in {"install", "erase"}:
        raise BootstrapError(f"action: {action!r} is unknown (allowed: 'install', 'erase')")
    report = Report()
    try:
        spoken = dialect.detect(client, client.wait(given.wait_seconds))
        if action == "install":
            further = _install(client, given, spoken, report)
        else:
            further = _erase(event, client, given, report)
    except Refused as error:
        report.add("domain", given.endpoint, "failed", str(error))
        further = {}
    answer = report.answer(action, **further)
    print(json.dumps(answer))
    if report.failures:
        shown = "; ".join(report.failures)
        raise BootstrapError(f"{action}: {len(report.failures)} failed: {shown}. Everything: {json.dumps(answer)}")
    return answer


def _install(client: Client, given: settings.Settings, spoken: dialect.Dialect, report: Report) -> dict[str, Any]:
    """Install everything. Firehose's permissions and templates come first, because delivery needs them."""
    for part in (security, templates, recommender, lifecycle, insight, audit):
        part.install(client, given, spoken, report)
    return {"engine": spoken.name}


def _erase(event: dict[str, Any], client: Client, given: settings.Settings, report: Report) -> dict[str, Any]:
    key_id = given.pseudonym_key_id
    key = None if key_id is None else lambda: identity.working_key(key_id, given.pseudonym_label)
    try:
        request = erasure_request.read(event, key)
    except erasure_request.RequestError as error:
        raise BootstrapError(f"erase: {error}") from error
    try:
        found = erasure.erase(client, given, request, report, dry_run=event.get("dry_run") is True)
    except Refused as error:
        # The domain's errors may quote ids.
        raise Refused(request.without_ids(str(error)), error.status) from None
    if request.unsearched:
        report.add("ids", "pseudonyms", "failed", request.unsearched)
    return found
