"""jsii's kernel as one Node process.

jsii starts a Node process whose one task is to start another and to hand every message on to it and back. That makes
two more wake-ups of every call, of which a synth makes hundreds, and one more process in memory. Here the second one is
started directly: it talks over descriptor 3, whoever holds the other end.
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
"""The kernel's scripts as jsii's Python package names them, and as they look for each other."""

CHANNEL = b"readFD:3,writeFD:3"
"""What the program must say for this to work."""


PRIVATE_NAMES = ("start", "handshake", "stop", "send")
"""Methods of jsii's ``_NodeProcess`` that this module takes the place of, or calls."""


class UnexpectedPackageError(Exception):
    """A package does not look as this version of the project knows it; the ordinary load works all the same."""


def install(program: Path) -> None:
    """Have jsii start this program when it first needs Node; what ``JSII_RUNTIME`` names is left to jsii.

    The first import of cdktf then raises a `NodeError` where there is no Node.

    Raises:
        UnexpectedPackageError: jsii lacks one of the private names that this hangs on.
    """
    if os.name != "posix" or "JSII_RUNTIME" in os.environ:
        return
    try:
        # Imported here, since jsii's import takes long and `startup` has its own moment for it.
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
            raise NodeError(f"there is no program {node} (JSII_NODE names Node's)")
        ours, theirs = socket.socketpair()
        flags = ["--max-old-space-size=4069", "--preserve-symlinks"]
        with ours, theirs:
            self._process = subprocess.Popen(
                # Only a shell can place a descriptor where another program wants it.
                ["/bin/sh", "-c", 'exec "$@" 3<&0 </dev/null', "sh", node, *flags, str(program)],
                stdin=theirs.fileno(),
                env={**os.environ, "JSII_AGENT": f"Python/{platform.python_version()}"},
                # An interrupt from the keyboard is this process's to handle; Node ends when the channel does.
                start_new_session=True,
            )
            self._process.stdin, self._process.stdout = ours.makefile("wb"), ours.makefile("rb")
        # Node's own words go where this process's go, so there is nothing to pass on.
        self._process.stderr, self.sink_thread = io.BytesIO(), threading.Thread()
        try:
            self.handshake()
        except ValueError:
            self.stop = _nothing
            with contextlib.suppress(OSError):
                self._process.stdin.close()
            raise NodeError(f"{node} does not run jsii's kernel (JSII_NODE names Node's program)") from None
        atexit.register(self.stop)

    node_process.start = start


def stop() -> None:
    """End Node once it has done what it was last told; for a synth that is broken off. It cannot be started again.

    Where jsii has another way to hold Node, Node ends with this process, as it does by itself.
    """
    with contextlib.suppress(ImportError, AttributeError):
        from jsii._kernel import Kernel  # noqa: PLC0415 - as above

        provider: Any = Kernel().provider
        provider._process.stop()  # noqa: SLF001 - jsii has no other way


def _nothing() -> None:
    """Nothing to stop: the process never started."""
