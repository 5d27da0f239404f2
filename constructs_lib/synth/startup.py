"""Starts slow steps of a synth in the background.

Node needs some hundred milliseconds to start and to load the framework. Meanwhile Python reads and checks the
environment files.
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

    For a program that owns the process and ends when its stacks are written: it uses the slim bindings and switches
    garbage collection off. Errors here occur again at the later import, which reports them.
    """
    # Nearly all objects of a synth live to its end. Garbage collection would take a tenth of its time, and as much
    # again when the process ends.
    gc.disable()
    atexit.register(gc.freeze)
    use_packaged_node()
    bindings_cache.use()
    # Import jsii in this thread, so that its global state is not created in another thread.
    import jsii  # noqa: F401, PLC0415 - what is done here is importing

    # The thread mostly waits for Node; a short switch interval lets it continue at once.
    sys.setswitchinterval(0.0005)
    _loading.append(threading.Thread(target=_load, name="framework"))
    _loading[-1].start()


def await_framework() -> None:
    """Wait for the background import, whether it succeeds or fails; importing a half-loaded module would hide the
    cause."""
    while _loading:
        _loading.pop().join()


def _load() -> None:
    with contextlib.suppress(Exception):
        import cdktf  # noqa: F401, PLC0415

        load_assembly()
