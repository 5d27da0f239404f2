"""The Rego pack asked about one plan or stack, by regopy.

``python -m constructs_lib.review.rego FOLDER`` reads a document from its standard input and writes the answer, so that
`policies.rego_apart` can give the interpreter a process with limits.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

QUERY = "data.main.deny"
"""The rule that holds every failure of the pack; conftest's default namespace."""
BEFORE_EXCEPTIONS = "data.main.found"
"""The same before exceptions are taken out."""


class PolicyError(Exception):
    """The pack or a results file cannot be used; one line."""


def rego(document: Mapping[str, Any], folder: Path, *, apply_exceptions: bool = True) -> tuple[list[str], int]:
    """The pack's messages for one plan or stack, sorted, and the number of files that were asked.

    Raises:
        PolicyError: the folder holds no policy, or a policy does not compile.
    """
    query = QUERY if apply_exceptions else BEFORE_EXCEPTIONS
    from regopy import Interpreter, RegoError  # noqa: PLC0415  # a test tool: the synth environment lacks it

    files = sorted(path for path in folder.glob("*.rego") if not path.stem.endswith("_test"))
    if not files:
        raise PolicyError(f"{folder}: has no policy (*.rego)")
    try:
        interpreter = Interpreter()
        for path in files:
            interpreter.add_module(path.stem, path.read_text(encoding="utf-8"))
        interpreter.set_input(document)
        answer = json.loads(str(interpreter.query(f"[base64.encode(message) | some message in {query}]")))
    except (RegoError, OSError, ValueError) as error:
        raise PolicyError(f"{folder}: the policies cannot be evaluated: {' '.join(str(error).split())[:300]}") from None
    if not isinstance(answer, dict) or not answer.get("expressions"):
        raise PolicyError(f"{folder}: {query} is not defined")
    messages = [base64.b64decode(message).decode() for message in answer["expressions"][0]]
    return sorted(messages), len(files)


def main() -> None:
    """Answer one question."""
    try:
        messages, files = rego(json.load(sys.stdin), Path(sys.argv[1]), apply_exceptions=False)
        answer: dict[str, Any] = {"messages": messages, "files": files}
    except PolicyError as error:
        answer = {"error": str(error)}
    print()
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
