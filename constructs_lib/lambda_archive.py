"""Function archives: reproducible bytes, built at synth from installed packages, without network.

An archive holds a function's own modules and, of the packages it needs, exactly the files named here. Each package
must be installed in the version that ``function_packages.lock`` pins (whose hashes pip checked), be pure Python, and
every file of it must still have the hash that its installation recorded. Files are stored uncompressed, sorted,
with fixed time and mode, so the bytes do not depend on zlib, clock or umask."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from constructs_lib.atomic_file import replacing

LOCK = Path(__file__).with_name("function_packages.lock")
"""The part of ``requirements/synth.lock`` that archives are built from; ``make lock`` writes both."""
CACHE = "BEHAVIOUR_ARCHIVES"
"""Environment variable: a folder to keep archives in, instead of the one in the virtual environment."""

_LIBRARY = Path(__file__).resolve().parent
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can write."""
_SOURCES = frozenset({".json", ".ndjson", ".py"})
"""File types taken from a function's own folder, without leftovers of editors and interpreters."""


class PackagingError(Exception):
    """An archive cannot be built; the message has the package and the remedy."""


@dataclass(frozen=True)
class Package:
    """Files of an installed distribution to include in an archive.

    Attributes:
        name: the distribution's name, as the lock has it.
        files: patterns of paths from ``site-packages``; the licence and the metadata are added.
    """

    name: str
    files: Sequence[str]


@dataclass(frozen=True)
class FunctionArchive:
    """A function's archive.

    Attributes:
        path: the zip file, named by its content.
        source_code_hash: base64 of its SHA-256, as ``aws_lambda_function`` takes it.
        version: the first 12 digits of its SHA-256, which identify the code that wrote a document.
    """

    path: Path
    source_code_hash: str
    version: str


def function_archive(
    runtime: Path, *, folder: str, shared: Sequence[str] = (), packages: Sequence[Package] = (), lock: Path = LOCK
) -> FunctionArchive:
    """Build the archive of a function: its own modules in ``folder``, shared modules and packages.

    Args:
        runtime: the folder with the function's modules.
        folder: that folder's name in the archive; the handler is ``FOLDER.module.function``.
        shared: names of packages within ``constructs_lib`` that the function imports as such (``privacy``); they import
            nothing but themselves and the standard library.
        packages: packages that the function imports besides the standard library and Lambda's runtime.
        lock: the file that pins the packages' versions.

    Raises:
        PackagingError: a package is missing, of another version than pinned, changed since its installation, or not
        pure Python.
    """
    content = archive_bytes(runtime, folder=folder, shared=shared, packages=packages, lock=lock)
    digest = hashlib.sha256(content)
    path = _kept(content, digest.hexdigest(), folder)
    return FunctionArchive(path, base64.b64encode(digest.digest()).decode("ascii"), digest.hexdigest()[:12])


def archive_bytes(
    runtime: Path, *, folder: str, shared: Sequence[str] = (), packages: Sequence[Package] = (), lock: Path = LOCK
) -> bytes:
    """The bytes of the archive; see `function_archive`."""
    files = dict(_own_files(runtime, folder))
    for name in shared:
        # Without an __init__.py, constructs_lib is a namespace package there; nothing else of it is included.
        files.update(_own_files(_LIBRARY / name, f"{_LIBRARY.name}/{name}"))
    if packages:
        pins = pinned_versions(lock)
        for package in packages:
            files.update(_package_files(package, pins, lock))
    return _zip(files)


def pinned_versions(lock: Path) -> dict[str, str]:
    """Versions by distribution name, as a lock file pins them."""
    try:
        text = lock.read_text(encoding="utf-8")
    except OSError as error:
        raise PackagingError(f"{lock.name} is needed to build the functions' archives: {error.strerror}") from error
    return {_plain(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE)}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _own_files(runtime: Path, folder: str) -> Iterator[tuple[str, bytes]]:
    for path in sorted(runtime.rglob("*")):
        if path.suffix in _SOURCES and "__pycache__" not in path.parts and path.is_file():
            # A checkout with Windows line endings must give the same archive.
            yield f"{folder}/{path.relative_to(runtime).as_posix()}", path.read_bytes().replace(b"\r\n", b"\n")


def _package_files(package: Package, pins: dict[str, str], lock: Path) -> Iterator[tuple[str, bytes]]:
    wanted = pins.get(_plain(package.name))
    if wanted is None:
        raise PackagingError(f"{package.name} is part of a function's archive, but {lock.name} does not pin it")
    installed = _installed(package.name, wanted)
    metadata = f"{package.name.replace('-', '_')}-*.dist-info/"
    patterns = [*package.files, f"{metadata}METADATA", f"{metadata}licenses/*", f"{metadata}LICENSE*"]
    unused = set(package.files)
    for file in installed.files or ():
        name = file.as_posix()
        matched = [pattern for pattern in patterns if fnmatchcase(name, pattern)]
        if not matched or name.startswith("..") or "__pycache__" in name:
            continue
        unused.difference_update(matched)
        content = Path(str(file.locate())).read_bytes()
        recorded = file.hash
        if recorded is None or recorded.mode != "sha256" or recorded.value != _record_hash(content):
            raise PackagingError(
                f"{name} was changed after {package.name} was installed; reinstall it (make clean, then make synth)"
            )
        yield name, content
    if unused:
        raise PackagingError(f"{package.name} {wanted} has no {', '.join(sorted(unused))}")


def _installed(name: str, wanted: str) -> Distribution:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        raise PackagingError(f"{name} {wanted} is not installed; run make synth, which installs it") from None
    if found.version != wanted:
        raise PackagingError(
            f"{name} is installed as {found.version}, but the lock pins {wanted}; run make synth again"
        )
    if "Root-Is-Purelib: true" not in (found.read_text("WHEEL") or ""):
        raise PackagingError(f"{name} {wanted} is not pure Python, so it may not run in Lambda")
    return found


def _record_hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode("ascii").rstrip("=")


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3  # Unix, on whatever system this runs
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def _kept(content: bytes, digest: str, folder: str) -> Path:
    """The archive as a file: an existing one with the same bytes, or a new one, written atomically."""
    path = _cache() / digest[:16] / f"{folder}.zip"
    try:
        if path.read_bytes() == content:
            return path
    except OSError:
        pass
    with replacing(path) as made:
        made.write_bytes(content)
    return path


def _cache() -> Path:
    if given := os.environ.get(CACHE):
        return Path(given)
    if sys.prefix != sys.base_prefix and os.access(sys.prefix, os.W_OK):
        return Path(sys.prefix, "function-archives")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "behaviour-analytics-cdktf", "archives")
