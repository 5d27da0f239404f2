"""jsii's kernel as one Node process.

jsii starts a Node process that only starts a second one and forwards every message. That adds two wake-ups to each of a
synth's hundreds of calls, and one more process in memory. This module starts the second process directly, with its
channel on descriptor 3.
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


PRIVATE_NAMES = ("start", "handshake", "stop", "send")
"""Methods of jsii's ``_NodeProcess`` that this module replaces or calls."""


class UnexpectedPackageError(Exception):
    """A package differs from the form this project knows; the ordinary import still works."""


def install(program: Path) -> None:
    """Have jsii start this program as its Node process, unless ``JSII_RUNTIME`` is set.

    The first import of cdktf then raises `NodeError` if there is no Node.

    Raises:
        UnexpectedPackageError: jsii lacks one of the private names that this needs.
    """
    if os.name != "posix" or "JSII_RUNTIME" in os.environ:
        return
    try:
        # Imported here, since jsii's import takes long and `startup` schedules it.
        from jsii._kernel.providers import process  # noqa: PLC0415

        node_process: Any = process._NodeProcess  # noqa: SLF001 - jsii has no other way
        missing = [name for name in PRIVATE_NAMES if not callable(getattr(node_process, name, None))]
    except (ImportError, AttributeError) as error:
        raise UnexpectedPackageError(f"jsii is not of the known form ({error})") from None
    if missing:
        raise UnexpectedPackageError(f"jsii's process of Node has no {', '.join(missing)}")

    def start(self: Any) -> None:
        node = os.environ.get("JSII_NODE", "node")
        if shutil.which(node) is None:
            self.stop = _nothing
            raise NodeError(f"there is no program {node}; set JSII_NODE to the Node program")
        ours, theirs = socket.socketpair()
        flags = ["--max-old-space-size=4069", "--preserve-symlinks"]
        with ours, theirs:
            self._process = subprocess.Popen(
                # Only a shell can give the program a certain descriptor number.
                ["/bin/sh", "-c", 'exec "$@" 3<&0 </dev/null', "sh", node, *flags, str(program)],
                stdin=theirs.fileno(),
                env={**os.environ, "JSII_AGENT": f"Python/{platform.python_version()}"},
                # This process handles keyboard interrupts; Node ends when the channel closes.
                start_new_session=True,
            )
            self._process.stdin, self._process.stdout = ours.makefile("wb"), ours.makefile("rb")
        # Node writes to this process's stderr, so there is nothing to forward.
        self._process.stderr, self.sink_thread = io.BytesIO(), threading.Thread()
        try:
            self.handshake()
        except ValueError:
            self.stop = _nothing
            with contextlib.suppress(OSError):
                self._process.stdin.close()
            raise NodeError(f"{node} does not run jsii's kernel; set JSII_NODE to the Node program") from None
        atexit.register(self.stop)

    node_process.start = start


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
