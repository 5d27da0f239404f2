"""The one door to the AWS provider's bindings.

Constructs import resource classes and their structs from here, by name::

    from constructs_lib.aws import KinesisStream, KinesisStreamTimeouts, arguments

What ``bindings.BINDINGS`` names is what can be had; each name loads just the submodule that holds it, when first asked
for. Importing the bindings the documented way costs ten seconds and a gigabyte for every synth.
"""

from __future__ import annotations

import importlib
from typing import Any

from constructs_lib.aws import lazy
from constructs_lib.aws.bindings import BINDINGS, PACKAGE, submodules_of
from constructs_lib.aws.shape import ArgumentError, arguments

__all__ = ["ArgumentError", "arguments"]


def __getattr__(name: str) -> Any:
    """A class of the bindings, by its name."""
    if not name.startswith("_"):
        lazy.install()
        for submodule in submodules_of(name):
            found = getattr(importlib.import_module(f"{PACKAGE}.{submodule}"), name, None)
            if found is not None:
                globals()[name] = found
                return found
    raise AttributeError(
        f"module {__name__!r} has no attribute {name!r}: constructs_lib/aws/bindings.py lists resources"
    )


def __dir__() -> list[str]:
    """The names that can be imported."""
    return sorted({*globals(), *BINDINGS})
