"""jsii's kernel as one Node process that need not be waited for.

jsii starts a Node process that only starts a second one and forwards every message. That adds two wake-ups to each of a
synth's hundreds of calls, and one more process in memory. This module starts the second process directly, with its
channel on descriptor 3.

jsii also waits for the answer to every request. Node answers in the order of the requests, so an answer that says only
that nothing went wrong is read before the next answer that matters. While Node starts and loads the framework, Python
thus reads and judges the environment files.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import platform
import shutil
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

from constructs_lib.synth.node import NodeError

FILES = {"lib__program.js": "program.js", "lib__runtime-index-worker.js": "runtime-index-worker.js"}
"""File names of the kernel's scripts in jsii's Python package."""

CHANNEL = b"readFD:3,writeFD:3"
"""Text that the program must contain for this to work."""


FLAGS = ("--max-old-space-size=4069", "--preserve-symlinks")
"""Node's flags, as jsii gives them."""

PRIVATE_NAMES = ("start", "handshake", "stop", "send", "_next_message")
"""Methods of jsii's ``_NodeProcess`` that this module replaces or calls."""

WITHOUT_RESULT = frozenset({"overrideLogicalId"})
"""Methods of cdktf that return nothing and call nothing back. An error is raised at the next request with a result."""

MOST_UNREAD = 100
"""Answers that wait at most, so that the channel's buffers are never full."""


class UnexpectedPackageError(Exception):
    """A package differs from the form this project knows; the ordinary import still works."""


def install(program: Path) -> None:
    """Have jsii start this program as its Node process, unless ``JSII_RUNTIME`` is set.

    The first import of cdktf then raises `NodeError` if there is no Node, and the first object of cdktf if the program
    is another one.

    Raises:
        UnexpectedPackageError: jsii lacks one of the private names that this needs.
    """
    if os.name != "posix" or "JSII_RUNTIME" in os.environ:
        return
    try:
        # Imported here, since jsii's import takes long and `startup` schedules it.
        from jsii._kernel.providers import process  # noqa: PLC0415

        ordinary: Any = process._NodeProcess  # noqa: SLF001 - jsii has no other way
        missing = [name for name in PRIVATE_NAMES if not callable(getattr(ordinary, name, None))]
    except (ImportError, AttributeError) as error:
        raise UnexpectedPackageError(f"jsii is not of the known form ({error})") from None
    if missing:
        raise UnexpectedPackageError(f"jsii's process of Node has no {', '.join(missing)}")
    one_process: Any = type("_NodeProcess", (_OneProcess, ordinary), {"program": program})
    process._NodeProcess = one_process  # type: ignore[misc] # noqa: SLF001


class _OneProcess:
    """What replaces methods of jsii's ``_NodeProcess``."""

    program: Path
    _reading = False
    _greeted = False
    """Whether Node has shown that it runs jsii's kernel."""
    _can_wait = False
    """Whether nothing depends on the answer to the request that is being sent."""
    _unread = 0
    """How many answers wait to be read."""

    def start(self: Any) -> None:
        """Start Node, without waiting until it is ready."""
        node = os.environ.get("JSII_NODE", "node")
        if shutil.which(node) is None:
            self.stop = _nothing
            raise NodeError(f"there is no program {node}; set JSII_NODE to the Node program")
        ours, theirs = socket.socketpair()
        with ours, theirs:
            self._process = subprocess.Popen(
                # Only a shell can give the program a certain descriptor number.
                ["/bin/sh", "-c", 'exec "$@" 3<&0 </dev/null', "sh", node, *FLAGS, str(self.program)],
                stdin=theirs.fileno(),
                env={**os.environ, "JSII_AGENT": f"Python/{platform.python_version()}"},
                # This process handles keyboard interrupts; Node ends when the channel closes.
                start_new_session=True,
            )
            self._process.stdin, self._process.stdout = ours.makefile("wb"), ours.makefile("rb")
        # Node writes to this process's stderr, so there is nothing to forward.
        self._process.stderr, self.sink_thread = io.BytesIO(), threading.Thread()
        atexit.register(self._let_go)

    def send(self: Any, request: Any, response_type: Any) -> Any:
        """Send a request; return its answer, or an empty one if nothing depends on it."""
        if self._process.stdin.closed:
            raise self._ended()
        without_result = hasattr(request, "tarball") or getattr(request, "method", None) in WITHOUT_RESULT
        self._can_wait = without_result and self._unread < MOST_UNREAD
        try:
            return super().send(request, response_type)  # type: ignore[misc]
        except OSError:
            raise self._ended() from None

    def _next_message(self: Any) -> Any:
        if self._can_wait:
            self._can_wait = False
            self._unread += 1
            # Has the fields of the answer to a tarball's load, which jsii ignores.
            return {"ok": {"assembly": "", "types": 0}}
        before = self._left()
        answer = self._read()
        # jsii raises an error that it is given as the answer.
        return next((each for each in before if "ok" not in each), answer)

    def _left(self: Any) -> list[Any]:
        """Read the answers that wait; the greeting is the first of all."""
        left, self._unread = self._unread, 0
        if not self._reading:
            self._reading = True
            self.handshake()
            self._greeted = True
        return [self._read() for _ in range(left)]

    def _read(self: Any) -> Any:
        try:
            return super()._next_message()  # type: ignore[misc]
        except ValueError:
            raise self._ended() from None

    def _let_go(self: Any) -> None:
        """Stop Node without waiting, unless it still has answers: Node would print an error if they were not read."""
        if self._unread or not self._greeted:
            self.stop()
            return
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(b'{"exit":0}\n')
            self._process.stdin.close()

    def _ended(self: Any) -> NodeError:
        self.stop = _nothing
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        node = os.environ.get("JSII_NODE", "node")
        if self._greeted:
            return NodeError(f"{node} ended before the stacks were written; has the machine enough memory?")
        return NodeError(f"{node} does not run jsii's kernel; set JSII_NODE to the Node program")


def stop() -> None:
    """End Node after its current request, for an interrupted synth. It cannot be started again.

    If jsii has changed its private names, Node ends with this process anyway.
    """
    with contextlib.suppress(ImportError, AttributeError):
        from jsii._kernel import Kernel  # noqa: PLC0415 - as above

        provider: Any = Kernel().provider
        provider._process.stop()  # noqa: SLF001 - jsii has no other way


def _nothing() -> None:
    """No-op: the process never started."""
