"""The only access to the AWS provider's bindings.

Constructs import resource classes and their structs from here, by name::

    from constructs_lib.aws import KinesisStream, KinesisStreamTimeouts, arguments

The names are those in ``bindings.BINDINGS``; each loads only its own submodule, at first use. Importing the bindings in
the documented way takes ten seconds and a gigabyte for every synth.

The program that owns the process may also load them from a small copy, before it imports any construct: see
``constructs_lib.synth.bindings_cache``.
"""

from __future__ import annotations

import importlib
from typing import Any

from constructs_lib.aws import lazy_package
from constructs_lib.aws.bindings import BINDINGS, PACKAGE, submodules_of
from constructs_lib.aws.block_arguments import ArgumentError, argument_names, arguments, wrong_type

__all__ = ["ArgumentError", "argument_names", "arguments", "load_assembly", "wrong_type"]


def load_assembly() -> None:
    """Have Node load the bindings' assembly now, before the first class is used."""
    importlib.import_module(f"{PACKAGE}._jsii")


def __getattr__(name: str) -> Any:
    """A class of the bindings, by its name."""
    if candidates := submodules_of(name):
        lazy_package.install()
        for submodule in candidates:
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
