"""A slim copy of the bindings: the submodules this library uses, for Python (compiled for speed) and for Node.

The bindings' assembly is 131 MB of JSON, which Node parses at every start (a second, 1.2 GB). The copy holds the same
package under the same name and version with only the types, folders and exports of the listed submodules, one megabyte
in all; the Terraform JSON is identical. The copy is made at first use (some seconds) and kept in a folder whose name is
a digest of its inputs, so another provider version or list makes another copy. The folder is created by an atomic
rename, so concurrent first runs are safe.

A process can load only one assembly of a name, so only the program that owns the process (``main.py``) calls ``use``,
before any import of the bindings. Other apps do not, and Node loads the whole assembly.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from constructs_lib.aws import lazy_package
from constructs_lib.aws.bindings import BINDINGS, PACKAGE
from constructs_lib.synth import jsii_kernel
from constructs_lib.synth.compiled_modules import CompiledPackages
from constructs_lib.synth.jsii_kernel import UnexpectedPackageError

SWITCH = "BEHAVIOUR_BINDINGS"
"""Environment variable: ``whole`` switches the slim copy off, for comparison or debugging."""

CACHE = "BEHAVIOUR_BINDINGS_CACHE"
"""Environment variable: a folder to keep slim copies in, instead of the one in the virtual environment."""

_LAYOUT = 9
"""Format version of copies; increase it when the format changes, so that older copies are not used."""

KERNEL = "kernel"
"""Folder of the scripts of jsii's kernel in a copy."""

MANIFEST = "manifest.json"
"""File in a copy with the sizes of all others."""


def use(say: Callable[[str], None] = lambda message: print(message, file=sys.stderr)) -> bool:
    """Load the bindings from a slim copy in this process, creating it if needed. Returns whether it is used.

    False means that the bindings load the ordinary way (still lazily on the Python side): the switch is off, they were
    imported already, or something is unexpected, which ``say`` reports.
    """
    if os.environ.get(SWITCH) == "whole" or PACKAGE in sys.modules:
        return False
    try:
        source = _source()
        frameworks = _frameworks(source)
        copy = _copy(source, sorted(set(BINDINGS.values())), say)
        jsii_kernel.install(copy / KERNEL / "program.js")
    except (UnexpectedPackageError, OSError) as reason:
        say(f"loading the whole AWS bindings, which is slow: {reason}")
        return False
    lazy_package.install(copy / PACKAGE)
    sys.meta_path.insert(0, CompiledPackages({name: _compiled(copy, name) for name in _packages(frameworks)}))
    return True


def _source(package: str = PACKAGE) -> Path:
    """The folder of an installed package."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise UnexpectedPackageError(f"the package {package} is not installed as a folder")
    return Path(next(iter(spec.submodule_search_locations)))


def _frameworks(source: Path) -> list[str]:
    """The packages that the bindings build on. They are used whole; their Python side is kept compiled for speed."""
    found = re.findall(r"^import (\w+)\._jsii$", (source / "_jsii" / "__init__.py").read_text("utf-8"), re.MULTILINE)
    if not found:
        raise UnexpectedPackageError("the bindings build on no package")
    return found


def _packages(frameworks: Iterable[str]) -> Iterator[str]:
    """The packages to compile: each framework, and the packages in it."""
    for name in frameworks:
        yield name
        for part in sorted(_source(name).glob("*/__init__.py")):
            yield f"{name}.{part.parent.name}"


def _script(name: str) -> Path:
    """One of the scripts of jsii's kernel."""
    return _source("jsii") / "_embedded" / "jsii" / name


def _compiled(copy: Path, framework: str) -> Path:
    return copy / f"{framework}.pyc"


def _copy(source: Path, submodules: list[str], say: Callable[[str], None]) -> Path:
    """The folder of the slim copy, created now if it is missing or incomplete."""
    assembly = _assembly(source)
    parts = [_LAYOUT, sys.implementation.cache_tag, *submodules]
    for package in (source, *map(_source, _frameworks(source))):
        described = _assembly(package)
        parts += [str(package), described.name, described.stat().st_size]
    parts += [_script(name).stat().st_size for name in jsii_kernel.FILES]
    key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
    folder = _root() / f"{assembly.name.removesuffix('.jsii.tgz')}-{key}"
    if _whole(folder):
        return folder
    say("preparing the AWS bindings (once; some seconds) ...")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as made:
        # Imported here, since most synths find a copy.
        from constructs_lib.synth import slim_bindings  # noqa: PLC0415

        new = Path(made, "new")
        slim_bindings.copy_package(source, new / PACKAGE, assembly, submodules)
        for name in _packages(_frameworks(source)):
            framework, _, part = name.partition(".")
            slim_bindings.compile_package(_source(framework) / part, _compiled(new, name))
        scripts = {new / KERNEL / wanted: _script(name) for name, wanted in jsii_kernel.FILES.items()}
        slim_bindings.copy_kernel(scripts)
        _list_files(new)
        _put(new, folder, Path(made, "old"))
    return folder


def _list_files(folder: Path) -> None:
    """Write the manifest of a copy."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    (folder / MANIFEST).write_text(json.dumps(sizes), encoding="utf-8")


def _put(new: Path, folder: Path, old: Path) -> None:
    """Rename a finished copy into place, unless another process has put a complete one there."""
    if folder.exists() and not _whole(folder):
        folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        if not _whole(folder):
            raise


def _assembly(source: Path) -> Path:
    found = sorted(source.glob("_jsii/*.jsii.tgz"))
    if len(found) != 1:
        raise UnexpectedPackageError(f"{source / '_jsii'} holds {len(found)} assemblies, not one")
    return found[0]


def _root() -> Path:
    """Folder of the copies: in the virtual environment, or else in the user's cache."""
    if given := os.environ.get(CACHE):
        return Path(given)
    if sys.prefix != sys.base_prefix and os.access(sys.prefix, os.W_OK):
        return Path(sys.prefix, "slim-bindings")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "behaviour-analytics-cdktf")


def _whole(folder: Path) -> bool:
    """Whether every file of a copy exists with its original size; cache folders may be partly cleaned."""
    try:
        sizes = json.loads((folder / MANIFEST).read_bytes())
        return all(os.stat(f"{folder}/{name}").st_size == size for name, size in sizes.items())  # noqa: PTH116 - thrice as fast
    except (OSError, ValueError, AttributeError):
        return False
