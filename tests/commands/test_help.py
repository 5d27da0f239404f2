"""Each command has help, in the list of commands and with ``--help``."""

from __future__ import annotations

import pkgutil

import pytest

from constructs_lib import commands
from constructs_lib.__main__ import main

NAMES = sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(commands.__path__))


def test_the_list_has_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    lines = capsys.readouterr().out.splitlines()
    assert ended.value.code == 0
    assert [name for name in NAMES if not any(line.strip().split()[:1] == [name] for line in lines)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_command_has_its_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: python -m constructs_lib {name}")
