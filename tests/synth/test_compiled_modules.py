"""Generated modules compiled for speed: the same behaviour, without type checks at run time."""

from __future__ import annotations

import importlib.util
import marshal
import sys
from pathlib import Path

import cdktf
import pytest

from constructs_lib.synth.compiled_modules import CompiledLoader, CompiledPackages, compile_module
from tests.programs import run_python

GENERATED = '''"""A generated module."""
import typing

checked = []

class Key:
    def __init__(self, scope: missing_type, *, name: typing.Optional[str] = None) -> None:
        if __debug__:
            checked.append(name)
        self.name = name

    @property
    def alias(self) -> "typing.Optional[missing_type]":
        return typing.cast(typing.Optional[str], typing.cast(str, self.name))

def cast(kind, value):
    return (kind, value)

own = cast(str, 1)
'''


def compiled(tmp_path: Path) -> dict[str, object]:
    source = tmp_path / "generated.py"
    source.write_text(GENERATED, encoding="utf-8")
    compile_module(source, tmp_path / "made" / "generated.pyc")
    found: dict[str, object] = {}
    exec(marshal.loads((tmp_path / "made" / "generated.pyc").read_bytes()[16:]), found)  # noqa: S102, S302 - our own
    return found


def test_a_compiled_module_behaves_the_same(tmp_path: Path) -> None:
    found = compiled(tmp_path)
    key = found["Key"](None, name="a")  # type: ignore[operator]
    assert (key.alias, found["own"]) == ("a", (str, 1))


HEAD = """import typeguard
from importlib.metadata import version as _metadata_package_version
TYPEGUARD_MAJOR_VERSION = int(_metadata_package_version('typeguard').split('.')[0])

def check_type(argname, value, expected_type):
    typeguard.check_type(argname=argname, value=value, expected_type=expected_type)

def made(name):
    if __debug__:
        check_type("name", name, str)
    return name
"""


@pytest.mark.parametrize(
    ("more", "there"), [("", False), ("def asked(value):\n    check_type('value', value, str)\n", True)]
)
def test_the_type_checker_is_removed_with_its_last_check(tmp_path: Path, more: str, *, there: bool) -> None:
    (tmp_path / "generated.py").write_text(HEAD + more, encoding="utf-8")
    compile_module(tmp_path / "generated.py", tmp_path / "generated.pyc")
    found: dict[str, object] = {}
    exec(marshal.loads((tmp_path / "generated.pyc").read_bytes()[16:]), found)  # noqa: S102, S302 - our own
    assert found["made"](1) == 1  # type: ignore[operator]
    assert ("typeguard" in found, "check_type" in found) == (there, there)


def test_a_synth_loads_no_type_checker() -> None:
    script = "import sys\nfrom constructs_lib.synth import bindings_cache\nbindings_cache.use()\nimport cdktf\n"
    assert run_python("-c", script + "print('typeguard' in sys.modules)").stdout == "False\n"


def test_types_are_neither_computed_nor_checked(tmp_path: Path) -> None:
    found = compiled(tmp_path)
    found["Key"](None, name="a")  # type: ignore[operator]
    assert found["checked"] == []
    code = marshal.loads((tmp_path / "made" / "generated.pyc").read_bytes()[16:])  # noqa: S302 - our own
    names = {name for part in code.co_consts if hasattr(part, "co_consts") for name in _names(part)}
    assert "cast" not in names


def _names(code: object) -> set[str]:
    inner = [part for part in getattr(code, "co_consts", ()) if hasattr(part, "co_names")]
    return {*getattr(code, "co_names", ()), *(name for part in inner for name in _names(part))}


def test_an_unreadable_module_is_reported(tmp_path: Path) -> None:
    source = tmp_path / "generated.py"
    source.write_text("def (:\n", encoding="utf-8")
    with pytest.raises(SyntaxError):
        compile_module(source, tmp_path / "generated.pyc")


def test_a_compiled_package_keeps_its_path() -> None:
    """These tests run on the compiled framework: its file and its submodules are the installed ones."""
    installed = importlib.util.find_spec("jsii")
    assert installed is not None
    assert installed.origin is not None
    assert cdktf.__file__ == str(Path(installed.origin).parents[1] / cdktf.__name__ / "__init__.py")
    assert Path(str(sys.modules[f"{cdktf.__name__}._jsii"].__file__)).parents[1] == Path(cdktf.__file__).parent
    assert isinstance(getattr(cdktf.__spec__, "loader", None), CompiledLoader)


def test_other_packages_are_not_changed(tmp_path: Path) -> None:
    finder = CompiledPackages({cdktf.__name__: tmp_path / "framework.pyc"})
    assert finder.find_spec("json") is None
    assert finder.find_spec(f"{cdktf.__name__}.testing_matchers", list(cdktf.__path__)) is None
