"""The bindings' Python package without its eager imports.

Its own ``__init__`` imports every submodule, which takes ten seconds. Here the package is put into ``sys.modules``
without running that file; a submodule is loaded at first use, in any of these ways:
``from cdktf_cdktf_provider_aws.kinesis_stream import KinesisStream``, ``from cdktf_cdktf_provider_aws import
kinesis_stream``, or ``cdktf_cdktf_provider_aws.kinesis_stream``. Apps can use all other AWS modules as before.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from pathlib import Path
from types import ModuleType

from constructs_lib.aws.bindings import PACKAGE


def install(folder: Path | None = None) -> None:
    """Install the lazy package, unless the process has already imported the bindings.

    ``folder`` contains the submodules; default: the installed package's folder. If the package is not installed, this
    does nothing, and the following import raises Python's own error.
    """
    if PACKAGE in sys.modules:
        return
    if folder is None:
        spec = importlib.util.find_spec(PACKAGE)
    else:
        spec = importlib.util.spec_from_file_location(
            PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
    if spec is None or not spec.submodule_search_locations:
        return
    package = importlib.util.module_from_spec(spec)
    locations = list(spec.submodule_search_locations)

    def names() -> list[str]:
        return sorted(found.name for found in pkgutil.iter_modules(locations) if not found.name.startswith("_"))

    def load(name: str) -> ModuleType | list[str]:
        if name == "__all__":
            return names()
        if name.startswith("__"):
            raise AttributeError(f"module {PACKAGE!r} has no attribute {name!r}")
        try:
            return importlib.import_module(f"{PACKAGE}.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"{PACKAGE}.{name}":
                raise
            raise AttributeError(f"module {PACKAGE!r} has no attribute {name!r}") from None

    package.__dict__["__getattr__"] = load
    package.__dict__["__dir__"] = lambda: sorted({*package.__dict__, *names()})
    sys.modules[PACKAGE] = package
