"""Start what takes long while something else can be done.

Node needs some hundred milliseconds to start and to load the framework, in which Python only waits. The environment
files are read and judged meanwhile.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import sys
import threading

from constructs_lib.aws import load_assembly
from constructs_lib.synth import bindings_cache
from constructs_lib.synth.node import use_packaged_node

_loading: list[threading.Thread] = []


def start_framework() -> None:
    """Begin to load cdktf and the AWS bindings in the background; `await_framework` before importing them.

    For the program that owns the process and ends when its stacks are written: it gets the slim bindings and a
    collector of garbage that stays out of the way. Whatever goes wrong here goes wrong again where the import is
    needed, and is told there.
    """
    # Nearly all that a synth makes is kept to its end. Looking for garbage costs a tenth of its time, and as much again
    # when the process ends, unless nothing is left to look at.
    gc.disable()
    atexit.register(gc.freeze)
    use_packaged_node()
    bindings_cache.use()
    # In this thread: what jsii shares with the rest of the program is then no matter of two threads.
    import jsii  # noqa: F401, PLC0415 - what is done here is importing

    # The thread mostly waits for Node; when Node answers, it should not wait for its turn as well.
    sys.setswitchinterval(0.0005)
    _loading.append(threading.Thread(target=_load, name="framework"))
    _loading[-1].start()


def await_framework() -> None:
    """Wait until what was begun is done, well or not; an import of half a module would not tell why it failed."""
    while _loading:
        _loading.pop().join()


def _load() -> None:
    with contextlib.suppress(Exception):
        import cdktf  # noqa: F401, PLC0415

        load_assembly()
