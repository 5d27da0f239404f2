"""The process of an uploaded function: reads events from standard input, answers on standard output.

Started by `functions` with `python -I -S`, so it sees only the standard library, the archive and the packages of AWS's
runtime. It imports nothing from this project. The function's output goes to standard error, which is its log.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
import traceback
from typing import Any


class Context:
    """Lambda's context object (https://docs.aws.amazon.com/lambda/latest/dg/python-context.html)."""

    def __init__(self, message: dict[str, Any]) -> None:
        self._deadline = time.monotonic() + float(message["timeout"])
        self.aws_request_id = message["request_id"]
        self.invoked_function_arn = message["arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function's time is up."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def _error(error: BaseException) -> dict[str, Any]:
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }


def main() -> None:
    """Serve events until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.path[:0] = [os.environ["LAMBDA_TASK_ROOT"]]
    sys.path.append(os.environ["LAMBDA_RUNTIME_DIR"])
    handler, problem = None, None
    try:
        module, _, name = os.environ["_HANDLER"].rpartition(".")
        handler = getattr(importlib.import_module(module.replace("/", ".")), name)
    except Exception as error:  # noqa: BLE001 - any exception of the function's code is its answer
        problem = {**_error(error), "errorType": f"Runtime.{type(error).__name__}"}
        traceback.print_exc()
    for line in sys.stdin.buffer:
        message = json.loads(line)
        try:
            answer = {"error": problem} if handler is None else {"value": handler(message["event"], Context(message))}
            encoded = json.dumps(answer)
        except Exception as error:  # noqa: BLE001 - as above
            traceback.print_exc()
            encoded = json.dumps({"error": _error(error)})
        sys.stdout.flush()
        sys.stderr.flush()
        answers.write(encoded.encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
