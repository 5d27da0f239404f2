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

import gzip
import hashlib
import importlib.util
import io
import json
import os
import re
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from constructs_lib.aws import lazy_package
from constructs_lib.aws.bindings import BINDINGS, PACKAGE
from constructs_lib.synth import jsii_kernel
from constructs_lib.synth.compiled_modules import CompiledPackages, compile_module
from constructs_lib.synth.jsii_kernel import UnexpectedPackageError

SWITCH = "BEHAVIOUR_BINDINGS"
"""Environment variable: ``whole`` switches the slim copy off, for comparison or debugging."""

CACHE = "BEHAVIOUR_BINDINGS_CACHE"
"""Environment variable: a folder to keep slim copies in, instead of the one in the virtual environment."""

KERNEL = "kernel"
"""Folder of the scripts of jsii's kernel in a copy."""

_LAYOUT = 8
"""Format version of copies; increase it when the format changes, so that older copies are not used."""

_MANIFEST = "manifest.json"


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
        new = Path(made, "new")
        _make(new, source, assembly, submodules)
        _put(new, folder, Path(made, "old"))
    return folder


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
        sizes = json.loads((folder / _MANIFEST).read_bytes())
        return all(os.stat(f"{folder}/{name}").st_size == size for name, size in sizes.items())  # noqa: PTH116 - thrice as fast
    except (OSError, ValueError, AttributeError):
        return False


def _make(folder: Path, source: Path, assembly: Path, submodules: list[str]) -> None:
    package = folder / PACKAGE
    for name in ("_jsii", *submodules):
        if not (source / name / "__init__.py").is_file():
            raise UnexpectedPackageError(f"the bindings have no submodule {name}")
        module = package / name / "__init__.py"
        module.parent.mkdir(parents=True)
        shutil.copyfile(source / name / "__init__.py", module)
        # Compile now, because a machine may be configured to write no bytecode.
        _compile(module, Path(importlib.util.cache_from_source(str(module))))
    for name in _packages(_frameworks(source)):
        framework, _, part = name.partition(".")
        _compile(_source(framework) / part / "__init__.py", _compiled(folder, name))
    (folder / KERNEL).mkdir()
    for name, wanted in jsii_kernel.FILES.items():
        (folder / KERNEL / wanted).write_bytes(_without_source_map(_script(name).read_bytes()))
    if jsii_kernel.CHANNEL not in (folder / KERNEL / "program.js").read_bytes():
        raise UnexpectedPackageError("jsii's kernel talks over another channel")
    slim_assembly(assembly, package / "_jsii" / assembly.name, submodules)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    (folder / _MANIFEST).write_text(json.dumps(sizes), encoding="utf-8")


def _compile(module: Path, compiled: Path) -> None:
    try:
        compile_module(module, compiled)
    except (SyntaxError, ValueError) as error:
        raise UnexpectedPackageError(f"{module} is not a module of the known form ({error!r})") from error


def slim_assembly(whole: Path, slim: Path, submodules: Iterable[str]) -> None:
    """Write the part of a jsii assembly that belongs to these submodules, named as in Python (``kinesis_stream``)."""
    folders = {name.replace("_", "-") for name in submodules}
    try:
        kept = _members(whole, folders)
        # In most versions of the bindings folders are independent; in some the provider needs another one.
        while needed := _required(kept) - folders:
            folders |= needed
            kept = _members(whole, folders)
        types = json.loads(kept["package/.jsii"])
        exported = _keep(types, folders)
    except (tarfile.TarError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise UnexpectedPackageError(f"{whole.name} is not an assembly of the known form ({error!r})") from error
    kept["package/.jsii"] = json.dumps(types, separators=(",", ":")).encode()
    kept["package/lib/index.js"] = _index(exported).encode()
    # No time in the archive, so that jsii unpacks equal content only once on a machine.
    with (
        gzip.GzipFile(slim, "wb", compresslevel=6, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for name in sorted(kept):
            content = _without_source_map(kept[name]) if name.endswith(".js") else kept[name]
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o644
            archive.addfile(member, io.BytesIO(content))


def _members(whole: Path, folders: set[str]) -> dict[str, bytes]:
    """The files of an assembly that belong to some folders, and its description."""
    members = {}
    with tarfile.open(whole) as archive:
        for member in archive:
            package, _, name = member.name.partition("/")
            inside = name.split("/")
            script = inside[0] == "lib" and len(inside) > 2 and inside[1] in folders and name.endswith(".js")
            if package == "package" and member.isfile() and (script or name in (".jsii", "package.json")):
                members[member.name] = (archive.extractfile(member) or io.BytesIO()).read()
    return members


def _required(scripts: dict[str, bytes]) -> set[str]:
    """Other folders that scripts load."""
    found = {name for script in scripts.values() for name in re.findall(rb"""require\(["']\.\./([\w-]+)""", script)}
    return {name.decode() for name in found}


def _keep(assembly: dict[str, Any], folders: set[str]) -> dict[str, str]:
    """Drop the types and submodules of other folders from an assembly; the exported names of those kept, by folder."""
    source = f"{assembly['metadata']['tscRootDir']}/"
    exported = {}
    submodules = {}
    for name, submodule in assembly["submodules"].items():
        folder = submodule["symbolId"].removeprefix(source).partition("/")[0]
        if folder in folders:
            exported[folder] = name.removeprefix(f"{assembly['name']}.")
            submodules[name] = submodule
    if missing := sorted(folders - set(exported)):
        raise UnexpectedPackageError(f"the assembly has no {', '.join(missing)}")
    names = set(exported.values())
    assembly["types"] = {
        name: _undocumented(kept) for name, kept in assembly["types"].items() if kept.get("namespace") in names
    }
    assembly["submodules"] = submodules
    assembly.pop("readme", None)
    return exported


def _undocumented(value: Any) -> Any:
    """A type's description without texts and source positions, which only editors need."""
    if isinstance(value, dict):
        return {key: _undocumented(item) for key, item in value.items() if key not in ("docs", "locationInModule")}
    if isinstance(value, list):
        return [_undocumented(item) for item in value]
    return value


_INDEX = """"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
// cdktf notes for every token where it was made. Called from Python, that is the same place in the kernel for all of
// them, and the notes take a fifth of Node's time.
try {
  require("cdktf/lib/tokens/private/stack-trace").captureStackTrace = () => [];
} catch {}
"""


def _index(exported: dict[str, str]) -> str:
    return _INDEX + "".join(f"exports.{name} = require('./{folder}');\n" for folder, name in sorted(exported.items()))


def _without_source_map(script: bytes) -> bytes:
    return re.sub(rb"^//# sourceMappingURL=.*$", b"", script, flags=re.MULTILINE)
