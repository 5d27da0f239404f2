"""``python -m constructs_lib COMMAND``: the commands, one module each."""

from __future__ import annotations

import argparse
import ast
import importlib
import pkgutil
import sys
from pathlib import Path

from constructs_lib import commands
from constructs_lib.synth.exit import run


def _summary(name: str) -> str:
    """First line of a command's docstring, read without importing what the command needs."""
    source = Path(commands.__path__[0], f"{name}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


def main(argv: list[str] | None = None) -> int:
    """Run one command; its exit code is 0 (fine), 1 (mistakes found) or 2 (usage)."""
    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    parser = argparse.ArgumentParser(prog="python -m constructs_lib", description=__doc__)
    choices = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    given = sys.argv[1:] if argv is None else argv
    chosen = next((word for word in given if not word.startswith("-")), None)
    modules = {}
    for name in names:
        subparser = choices.add_parser(name.replace("_", "-"), help=_summary(name).replace("%", "%%"))
        if name.replace("_", "-") == chosen:
            modules[chosen] = importlib.import_module(f"{commands.__name__}.{name}")
            subparser.description = modules[chosen].__doc__
            subparser.formatter_class = argparse.RawDescriptionHelpFormatter
            modules[chosen].configure(subparser)
    arguments = parser.parse_args(given)
    status: int = modules[arguments.command].run(arguments)
    return status


if __name__ == "__main__":
    run(main)
