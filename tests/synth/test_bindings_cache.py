"""The slim copy of the bindings: made once, exact, with a fallback to the ordinary load."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import cdktf_cdktf_provider_aws
import pytest

from constructs_lib.aws.bindings import BINDINGS, PACKAGE
from constructs_lib.synth import bindings_cache, jsii_kernel
from constructs_lib.synth.jsii_kernel import UnexpectedPackageError
from tests.programs import run_python

COPY = Path(cdktf_cdktf_provider_aws.__path__[0])
"""The copy this test run works with. Being a package of the same form, it also serves as a small one to copy from."""


def quiet(message: str) -> None:
    """Say nothing."""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(bindings_cache.CACHE, str(tmp_path))
    # The other one is large, and compiling it again and again takes long.
    monkeypatch.setattr(bindings_cache, "_frameworks", lambda _: ["constructs"])
    return tmp_path


def assembly_of(copy: Path) -> dict[str, object]:
    with tarfile.open(next((copy / PACKAGE / "_jsii").glob("*.tgz"))) as archive:
        content = archive.extractfile("package/.jsii")
        assert content is not None
        return dict(json.load(content))


def test_the_tests_run_on_the_slim_copy() -> None:
    assert (COPY.parent / "manifest.json").is_file()


def test_a_copy_holds_the_listed_submodules_and_no_others(root: Path) -> None:
    copy = bindings_cache._copy(COPY, ["kinesis_stream", "kms_key"], quiet)
    assert {path.name for path in (copy / PACKAGE).iterdir()} == {"_jsii", "kinesis_stream", "kms_key"}


def test_a_copy_has_the_types_of_the_listed_submodules_and_no_others(root: Path) -> None:
    types = assembly_of(bindings_cache._copy(COPY, ["kinesis_stream", "kms_key"], quiet))["types"]
    assert isinstance(types, dict)
    assert {name.split(".")[1] for name in types} == {"kinesisStream", "kmsKey"}


def test_a_copy_keeps_name_and_version_of_the_assembly(root: Path) -> None:
    small = assembly_of(bindings_cache._copy(COPY, ["kms_key"], quiet))
    assert (small["name"], small["version"]) == ("@cdktf/provider-aws", "21.22.1")


def test_copies_of_one_content_are_one_archive(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = set()
    for name in ("one", "two"):
        monkeypatch.setenv(bindings_cache.CACHE, str(root / name))
        monkeypatch.setattr(time, "time", lambda name=name: len(name) * 1e9 + ord(name[0]))
        copy = bindings_cache._copy(COPY, ["kms_key"], quiet)
        contents.add(next((copy / PACKAGE / "_jsii").glob("*.tgz")).read_bytes())
    assert len(contents) == 1


def test_modules_of_a_copy_are_compiled(root: Path) -> None:
    copy = bindings_cache._copy(COPY, ["kms_key"], quiet)
    compiled = importlib.util.cache_from_source(str(copy / PACKAGE / "kms_key" / "__init__.py"))
    assert Path(compiled).is_file()


def test_the_same_list_reuses_the_copy(root: Path) -> None:
    first = bindings_cache._copy(COPY, ["kms_key"], quiet)
    made = first.stat().st_ctime_ns
    assert (bindings_cache._copy(COPY, ["kms_key"], quiet), first.stat().st_ctime_ns) == (first, made)


def test_another_list_makes_another_copy(root: Path) -> None:
    assert bindings_cache._copy(COPY, ["kms_key"], quiet) != bindings_cache._copy(COPY, ["kms_key", "kms_alias"], quiet)


def test_another_provider_version_makes_another_copy(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / PACKAGE
    shutil.copytree(COPY, other, ignore=shutil.ignore_patterns("kinesis_*", "s3_*", "__pycache__"))
    assembly = next((other / "_jsii").glob("*.tgz"))
    assembly.rename(assembly.with_name("provider-aws@21.22.2.jsii.tgz"))
    assert bindings_cache._copy(other, ["kms_key"], quiet).name.startswith("provider-aws@21.22.2-")


def test_a_damaged_copy_is_replaced(root: Path) -> None:
    copy = bindings_cache._copy(COPY, ["kms_key"], quiet)
    lost = copy / PACKAGE / "kms_key" / "__init__.py"
    lost.unlink()
    assert bindings_cache._copy(COPY, ["kms_key"], quiet) == copy
    assert lost.is_file()


def test_two_concurrent_first_runs_leave_one_complete_copy(root: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from constructs_lib.synth import bindings_cache; "
        "print(bindings_cache._copy(Path(sys.argv[1]), ['kms_key', 'kinesis_stream'], lambda message: None))"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", script, str(COPY)], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    answers = {run.communicate(timeout=60)[0].strip() for run in runs}
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert [str(path) for path in root.iterdir()] == list(answers)
    assert bindings_cache._whole(Path(answers.pop()))


def test_a_concurrent_runs_copy_is_kept(root: Path) -> None:
    copy = bindings_cache._copy(COPY, ["kms_key"], quiet)
    late = root / "late"
    shutil.copytree(copy, late)
    bindings_cache._put(late, copy, root / "old")
    assert bindings_cache._whole(copy)


@pytest.mark.parametrize("damage", ["none", "two", "no tar", "no types", "odd types"])
def test_an_unexpected_package_falls_back_to_the_ordinary_load(
    damage: str, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    odd = tmp_path_factory.mktemp("odd") / PACKAGE
    for name in ("_jsii", "kms_key"):
        shutil.copytree(COPY / name, odd / name)
    assembly = next((odd / "_jsii").glob("*.tgz"))
    if damage == "none":
        assembly.unlink()
    elif damage == "two":
        shutil.copyfile(assembly, assembly.with_name("other.jsii.tgz"))
    elif damage == "no tar":
        assembly.write_bytes(b"not an archive")
    else:
        with tarfile.open(assembly, "w:gz") as archive:
            for member, text in {"package/.jsii": "[]", "package/package.json": "{}"}.items():
                if damage == "odd types" or member != "package/.jsii":
                    (odd / "member").write_text(text, encoding="utf-8")
                    archive.add(odd / "member", member)
    with pytest.raises(UnexpectedPackageError):
        bindings_cache._copy(odd, ["kms_key"], quiet)
    assert list(root.iterdir()) == []


def test_another_jsii_kernel_falls_back_to_the_ordinary_load(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsii_kernel, "CHANNEL", b"readFD:4,writeFD:4")
    with pytest.raises(UnexpectedPackageError, match="another channel"):
        bindings_cache._copy(COPY, ["kms_key"], quiet)


def test_an_unreadable_module_falls_back_to_the_ordinary_load(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    odd = tmp_path_factory.mktemp("odd") / PACKAGE
    for name in ("_jsii", "kms_key"):
        shutil.copytree(COPY / name, odd / name)
    (odd / "kms_key" / "__init__.py").write_text("def later[T]() ->:\n", encoding="utf-8")
    with pytest.raises(UnexpectedPackageError, match="not a module of the known form"):
        bindings_cache._copy(odd, ["kms_key"], quiet)


def test_a_missing_submodule_falls_back_to_the_ordinary_load(root: Path) -> None:
    with pytest.raises(UnexpectedPackageError, match="no submodule xray_group"):
        bindings_cache._copy(COPY, ["xray_group"], quiet)


def test_an_unwritable_cache_falls_back_to_the_ordinary_load(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(bindings_cache.CACHE, str(tmp_path / "file"))
    monkeypatch.delitem(sys.modules, PACKAGE)
    assert bindings_cache.use() is False
    assert "loading the whole AWS bindings, which is slow: " in capsys.readouterr().err


def test_the_copy_depends_only_on_the_list() -> None:
    assert {path.name for path in COPY.iterdir()} == {"_jsii", *BINDINGS.values()}


EVALUATIONS = """
import jsii, sys
from tempfile import TemporaryDirectory
from constructs_lib.synth import bindings_cache
bindings_cache.use()
import cdktf_cdktf_provider_aws._jsii
from cdktf import App, IAnyProducer, Lazy, TerraformOutput, TerraformStack

@jsii.implements(IAnyProducer)
class Counted:
    count = 0
    def produce(self, context):
        Counted.count += 1
        return Counted.count

with TemporaryDirectory() as outdir:
    app = App(outdir=outdir)
    stacks = [TerraformStack(app, f"stack-{number}") for number in range(int(sys.argv[1]))]
    TerraformOutput(stacks[0], "counted", value=Lazy.any_value(Counted()))
    app.synth()
print(Counted.count)
"""


@pytest.mark.parametrize(("stacks", "evaluations"), [(1, 1), (2, 2)])
def test_values_are_evaluated_twice_only_where_stacks_can_refer_to_each_other(stacks: int, evaluations: int) -> None:
    assert run_python("-c", EVALUATIONS, str(stacks)).stdout == f"{evaluations}\n"
