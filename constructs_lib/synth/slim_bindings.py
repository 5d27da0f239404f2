"""Makes what a slim copy of the bindings consists of: Python modules, the assembly for Node, and jsii's kernel.

`bindings_cache` says what a copy is for and when one is made.
"""

from __future__ import annotations

import gzip
import importlib.util
import io
import json
import re
import shutil
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from constructs_lib.synth import jsii_kernel
from constructs_lib.synth.compiled_modules import compile_module
from constructs_lib.synth.jsii_kernel import UnexpectedPackageError


def copy_package(source: Path, package: Path, assembly: Path, submodules: Iterable[str]) -> None:
    """Copy the bindings' package with these submodules only, compiled, and the part of its assembly for them.

    Raises:
        UnexpectedPackageError: the bindings are not of the known form, or lack a submodule.
    """
    for name in ("_jsii", *submodules):
        if not (source / name / "__init__.py").is_file():
            raise UnexpectedPackageError(f"the bindings have no submodule {name}")
        module = package / name / "__init__.py"
        module.parent.mkdir(parents=True)
        shutil.copyfile(source / name / "__init__.py", module)
        # Compile now, because a machine may be configured to write no bytecode.
        _compile(module, Path(importlib.util.cache_from_source(str(module))))
    slim_assembly(assembly, package / "_jsii" / assembly.name, submodules)


def compile_package(package: Path, compiled: Path) -> None:
    """Compile the first module of a generated package."""
    _compile(package / "__init__.py", compiled)


def copy_kernel(scripts: Mapping[Path, Path]) -> None:
    """Copy the scripts of jsii's kernel without their source maps, each to its key.

    Raises:
        UnexpectedPackageError: the kernel's program is not one that `jsii_kernel` can start.
    """
    for copy, script in scripts.items():
        content = _without_source_map(script.read_bytes())
        if copy.name == "program.js" and jsii_kernel.CHANNEL not in content:
            raise UnexpectedPackageError("jsii's kernel talks over another channel")
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(content)


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


_HEAD = """"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
"""

NO_TRACES = """
// cdktf notes for every token where it was made. Called from Python, that is the same place in the kernel for all of
// them, and the notes take a fifth of Node's time.
try {
  require("cdktf/lib/tokens/private/stack-trace").captureStackTrace = () => [];
} catch {}
"""

EVALUATED_ONCE = """
// cdktf evaluates every value twice: the first time it looks for references between stacks. A stack that is alone in
// its app has none.
try {
  const { TerraformStack } = require("cdktf/lib/terraform-stack");
  const { prepareStack, ensureBackendExists } = TerraformStack.prototype;
  if (prepareStack && ensureBackendExists) {
    TerraformStack.prototype.prepareStack = function () {
      const stacks = this.node.root.node.findAll().filter(TerraformStack.isStack);
      return (stacks.length === 1 ? ensureBackendExists : prepareStack).call(this);
    };
  }
} catch {}
"""


def _index(exported: dict[str, str]) -> str:
    exports = "".join(f"exports.{name} = require('./{folder}');\n" for folder, name in sorted(exported.items()))
    return _HEAD + NO_TRACES + EVALUATED_ONCE + exports


def _without_source_map(script: bytes) -> bytes:
    return re.sub(rb"^//# sourceMappingURL=.*$", b"", script, flags=re.MULTILINE)
