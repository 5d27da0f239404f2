"""Starts Node early.

Node needs some hundred milliseconds to start and to load the framework. Meanwhile Python reads and checks the
environment files, and imports the constructs.
"""

from __future__ import annotations

import contextlib
import gc

from constructs_lib.aws import load_assembly
from constructs_lib.synth import bindings_cache
from constructs_lib.synth.node import use_packaged_node


def start_framework() -> None:
    """Start Node and have it load cdktf and the AWS bindings, without waiting for it.

    For a program that owns the process and ends when its stacks are written: it uses the slim bindings and switches
    garbage collection off. Errors here occur again at the later import, which reports them. Where the slim bindings
    cannot be used, the later import also starts Node.
    """
    # Nearly all objects of a synth live to its end. Garbage collection would take a twelfth of its time.
    gc.disable()
    use_packaged_node()
    if bindings_cache.use():
        with contextlib.suppress(Exception):
            load_assembly()
