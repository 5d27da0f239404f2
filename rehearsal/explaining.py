"""Runs the deployed handler in this process, and explains single records with it."""

from __future__ import annotations

import contextlib
import io
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from rehearsal.delivery import Record

SHAPE = "Shape_"
"""Prefix of the transform's metrics for recognised formats."""


class Handler:
    """The transform's handler, called like Firehose does through Lambda: an event in JSON, an answer in JSON.

    Its metrics lines are not printed. Set the function's environment variables before the import.
    """

    def __init__(self) -> None:
        from constructs_lib.transform.runtime import handler, reasons, settings  # noqa: PLC0415 - reads its settings when called

        self._module, self._reasons = handler, reasons
        self._explaining = handler.Transform(settings.from_environment())
        self.invocations = 0

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """One invocation."""
        self.invocations += 1
        call: Callable[..., Any] = self._module.handler
        with contextlib.redirect_stdout(io.StringIO()):
            answer = call(json.loads(json.dumps(event)), None)
        result: dict[str, Any] = json.loads(json.dumps(answer))
        return result

    def explain(self, record: Record) -> tuple[str, str]:
        """The kind of a record, and why it becomes no document (empty if it becomes one)."""
        counts: Counter[str] = Counter()
        kind, reason = "JSON" if record.data.lstrip()[:1] in {b"{", b"["} else "text", ""
        event = record.event()
        try:
            self._explaining.document(event["data"], event, counts)
        except self._reasons.Unwanted as unwanted:
            reason = self._reasons.DROPPED.get(unwanted.args[0], unwanted.args[0])
            kind = unwanted.format or kind
        except self._reasons.Broken as broken:
            reason = self._reasons.FAILED.get(broken.args[0], broken.args[0])
            kind = broken.format or kind
        except Exception as error:  # noqa: BLE001 - an error in the transform is a finding and must not end the rehearsal
            reason = f"an error in the transform: {type(error).__name__}"
        shape = next((name.removeprefix(SHAPE) for name in counts if name.startswith(SHAPE)), "")
        return shape or kind, reason
