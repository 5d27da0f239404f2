"""Evaluates the Rego pack for one plan or stack with regopy.

``python -m constructs_lib.review.rego FOLDER`` reads a document from its standard input and writes the answer, so that
`policies.rego_apart` can give the interpreter a process with limits.
"""

from __future__ import annotations

import base64
import json
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

QUERY = "data.main.deny"
"""The rule with all failures of the pack, in conftest's default namespace."""
NOT_JUDGED = "data.main.warn"
"""The rule with the policies that a plan gives too little to judge; conftest prints them as warnings."""
BEFORE_EXCEPTIONS = "data.main.found"
"""The failures before exceptions are taken out."""
STACK = 512 * 1024 * 1024
"""Bytes of stack for the interpreter: it walks policies and plans recursively and crashes with the default size."""


class PolicyError(Exception):
    """The pack or a results file cannot be used; the text is one line."""


@dataclass(frozen=True)
class Answer:
    """The pack's messages for one document."""

    failures: Sequence[str]
    not_judged: Sequence[str]
    """Policies that could not be judged, because the plan hides a value."""
    files: int
    """Number of policy files that were evaluated."""


def rego(document: Mapping[str, Any], folder: Path, *, apply_exceptions: bool = True) -> Answer:
    """The pack's sorted messages for one plan or stack.

    Raises:
        PolicyError: the folder holds no policy, or a policy does not compile.
    """
    done: Future[Answer] = Future()

    def ask() -> None:
        try:
            done.set_result(_asked(document, folder, QUERY if apply_exceptions else BEFORE_EXCEPTIONS))
        except BaseException as error:  # noqa: BLE001  # raised again by the caller
            done.set_exception(error)

    usual = threading.stack_size(STACK)
    try:
        thread = threading.Thread(target=ask, name="rego")
        thread.start()
    finally:
        threading.stack_size(usual)
    thread.join()
    return done.result()


def _asked(document: Mapping[str, Any], folder: Path, query: str) -> Answer:
    from regopy import RegoError  # noqa: PLC0415  # a test tool: the synth environment lacks it

    files = sorted(path for path in folder.rglob("*.rego") if not path.stem.endswith("_test"))
    if not files:
        raise PolicyError(f"{folder}: has no policy (*.rego)")
    encoded = (f"[base64.encode(message) | some message in {rule}]" for rule in (query, NOT_JUDGED))
    try:
        modules = tuple((path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")) for path in files)
        with _ONE_AT_A_TIME:
            interpreter, bundle = _compiled(modules, f"[{', '.join(encoded)}]")
            interpreter.set_input(document)
            answer = json.loads(str(interpreter.query_bundle(bundle)))
    except (RegoError, OSError, ValueError) as error:
        raise PolicyError(f"{folder}: the policies cannot be evaluated: {' '.join(str(error).split())[:300]}") from None
    if not isinstance(answer, dict) or not answer.get("expressions"):
        raise PolicyError(f"{folder}: {query} is not defined")
    failures, not_judged = (sorted(map(_decoded, messages)) for messages in answer["expressions"][0])
    return Answer(failures, not_judged, len(files))


_ONE_AT_A_TIME = threading.Lock()


@lru_cache(maxsize=8)
def _compiled(modules: tuple[tuple[str, str], ...], query: str) -> tuple[Any, Any]:
    """An interpreter with these policies and the compiled query; compiling takes longer than most evaluations."""
    from regopy import Interpreter  # noqa: PLC0415

    interpreter = Interpreter()
    for name, text in modules:
        interpreter.add_module(name, text)
    return interpreter, interpreter.build(query)


def _decoded(message: str) -> str:
    return base64.b64decode(message).decode()


def main() -> None:
    """Evaluate the document on standard input."""
    try:
        said = rego(json.load(sys.stdin), Path(sys.argv[1]), apply_exceptions=False)
        answer = {"failures": said.failures, "not_judged": said.not_judged, "files": said.files}
    except PolicyError as error:
        answer = {"error": str(error)}
    print()
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
