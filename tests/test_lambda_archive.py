"""Function archives: reproducible, and made only of packages that the lock pins."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import PathDistribution, distribution
from pathlib import Path

import pytest

from constructs_lib import lambda_archive
from constructs_lib.lambda_archive import LOCK, Package, PackagingError, archive_bytes, function_archive
from constructs_lib.transform.package import FOLDER, PACKAGES, RUNTIME, transform_archive

OWN = Package("crawler-user-agents", ("crawleruseragents/__init__.py",))


@pytest.fixture(scope="module")
def archive() -> zipfile.ZipFile:
    return zipfile.ZipFile(transform_archive().path)


def test_hash_is_the_files_own(archive: zipfile.ZipFile) -> None:
    content = Path(str(archive.filename)).read_bytes()
    assert transform_archive().source_code_hash == base64.b64encode(hashlib.sha256(content).digest()).decode()


def test_archive_is_small(archive: zipfile.ZipFile) -> None:
    assert Path(str(archive.filename)).stat().st_size < 5_000_000


def test_entries_have_one_time_mode_and_order_and_are_not_compressed(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    marks = {(entry.date_time, entry.external_attr, entry.compress_type, entry.create_system) for entry in entries}
    assert marks == {((1980, 1, 1, 0, 0, 0), 0o100644 << 16, zipfile.ZIP_STORED, 3)}


def test_no_compiled_or_native_files_are_included(archive: zipfile.ZipFile) -> None:
    assert not [name for name in archive.namelist() if "__pycache__" in name or name.endswith((".pyc", ".so", ".pyd"))]


def test_licences_and_metadata_of_every_package_are_included(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    for package in PACKAGES:
        prefix = f"{package.name.replace('-', '_')}-"
        assert [name for name in names if name.startswith(prefix) and name.endswith("METADATA")]
    assert sum("LICENSE" in name for name in names) >= 2


def test_other_times_line_ends_and_cache_files_give_the_same_bytes(tmp_path: Path) -> None:
    copy = shutil.copytree(RUNTIME, tmp_path / "runtime")
    (copy / "__pycache__").mkdir(exist_ok=True)
    (copy / "__pycache__" / "handler.pyc").write_bytes(b"compiled")
    (copy / "handler.py~").write_bytes(b"an editor's")
    for file in copy.glob("*.py"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
        os.utime(file, (0, 0))
        file.chmod(0o600)
    assert archive_bytes(copy, folder=FOLDER, packages=PACKAGES) == archive_bytes(
        RUNTIME, folder=FOLDER, packages=PACKAGES
    )


def test_a_change_of_the_code_changes_the_archive(tmp_path: Path) -> None:
    copy = shutil.copytree(RUNTIME, tmp_path / "runtime")
    (copy / "handler.py").write_text("changed", encoding="utf-8")
    changed = function_archive(copy, folder=FOLDER)
    assert changed.path != function_archive(RUNTIME, folder=FOLDER).path


def test_a_damaged_file_in_the_cache_is_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(lambda_archive.CACHE, str(tmp_path))
    first = function_archive(RUNTIME, folder=FOLDER)
    content = first.path.read_bytes()
    first.path.write_bytes(b"damaged")
    assert function_archive(RUNTIME, folder=FOLDER).path.read_bytes() == content
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [first.path]


def test_package_that_the_lock_does_not_pin_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "synth.lock"
    lock.write_text("ua-parser==1.0.2\n", encoding="utf-8")
    with pytest.raises(PackagingError, match=r"synth\.lock does not pin it"):
        archive_bytes(RUNTIME, folder=FOLDER, packages=[OWN], lock=lock)


def test_package_of_another_version_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "synth.lock"
    lock.write_text("crawler-user-agents==0.1 \\\n    --hash=sha256:0\n", encoding="utf-8")
    with pytest.raises(PackagingError, match=r"is installed as .*, but the lock pins 0\.1; run make synth again"):
        archive_bytes(RUNTIME, folder=FOLDER, packages=[OWN], lock=lock)


def test_package_that_is_not_installed_is_reported(tmp_path: Path) -> None:
    lock = tmp_path / "synth.lock"
    lock.write_text("no-such-package==1\n", encoding="utf-8")
    with pytest.raises(PackagingError, match="no-such-package 1 is not installed"):
        archive_bytes(RUNTIME, folder=FOLDER, packages=[Package("no-such-package", ("a",))], lock=lock)


def test_missing_lock_is_reported(tmp_path: Path) -> None:
    with pytest.raises(PackagingError, match=r"gone\.lock is needed"):
        archive_bytes(RUNTIME, folder=FOLDER, packages=[OWN], lock=tmp_path / "gone.lock")


def test_file_missing_in_the_package_is_reported() -> None:
    with pytest.raises(PackagingError, match=r"has no crawleruseragents/gone\.py"):
        archive_bytes(RUNTIME, folder=FOLDER, packages=[Package(OWN.name, ("crawleruseragents/gone.py",))])


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("crawleruseragents/__init__.py", "tampered", "was changed after crawler-user-agents was installed"),
        ("{dist}/WHEEL", "Root-Is-Purelib: false", "is not pure Python"),
    ],
)
def test_installed_files_that_changed_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str, content: str, message: str
) -> None:
    installed = distribution(OWN.name)
    site = Path(str(installed.locate_file("")))
    dist = f"crawler_user_agents-{installed.version}.dist-info"
    for folder in ("crawleruseragents", dist):
        shutil.copytree(site / folder, tmp_path / folder)
    (tmp_path / file.format(dist=dist)).write_text(content, encoding="utf-8")
    monkeypatch.setattr(lambda_archive, "distribution", lambda _: PathDistribution(tmp_path / dist))
    with pytest.raises(PackagingError, match=message):
        archive_bytes(RUNTIME, folder=FOLDER, packages=[OWN])


def test_archive_needs_only_the_standard_library(archive: zipfile.ZipFile, tmp_path: Path) -> None:
    archive.extractall(tmp_path)
    line = base64.b64encode(b'{"action_name": "click", "user_agent": "curl/8.5.0"}').decode()
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from transform.handler import handler; "
        f"print(handler({{'records': [{{'recordId': '1', 'data': {line!r}}}]}}, None)['records'][0]['result'])"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["Ok"], done.stderr


def test_lock_names_every_package_of_the_archive() -> None:
    assert {package.name for package in PACKAGES} <= set(lambda_archive.pinned_versions(LOCK))
