"""Compares the archived framework with its successor: ``make cdktn-check`` synthesizes with CDK Terrain.

A copy of the sources gets its imports renamed (``RENAMES``, nothing else), runs in an environment of its own, locked in
``requirements/cdktn.lock``, and every environment's stack must say the same as before: same resources, same ids, same
values. What may differ is listed in ``EXPECTED``. The rewritten copy is left in ``build/cdktn`` to look at.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.official_cli import ROOT, files

BUILD = ROOT / "build" / "cdktn"

SOURCES = ("main.py", "constructs_lib", "environments", "requirements")

RENAMES = (
    (re.compile(r"\bcdktf_cdktf_provider_aws\b"), "cdktn_provider_aws"),
    (re.compile(r"^(\s*(?:from|import) )cdktf\b", re.MULTILINE), r"\1cdktn"),
    (re.compile(r'"cdktf/lib/'), '"cdktn/lib/'),
)
"""The bindings' package, the framework's imports, and the framework's name in Node."""

EXPECTED = {
    ("//", "metadata", "version"),
    ("terraform", "required_providers", "aws", "source"),
}
"""What may differ: the framework's own version, which it writes into every stack's comment, and the spelling of one and
the same provider, ``aws`` before and ``hashicorp/aws`` after."""


def main(successor: str) -> int:
    """Synthesize both ways, with this Python and with ``successor``'s; 0 if the stacks say the same, else 1."""
    rewritten = rewrite(BUILD / "checkout")
    ours = synthesize(sys.executable, ROOT, BUILD / "cdktf.out")
    theirs = synthesize(successor, rewritten, BUILD / "cdktn.out")
    differences = list(compare(ours, theirs))
    for difference in differences:
        sys.stderr.write(f"{difference}\n")
    if differences or not ours:
        return 1
    stacks = [json.loads(content) for name, content in ours.items() if name.endswith("cdk.tf.json")]
    count = sum(len(named) for stack in stacks for part in ("resource", "data") for named in stack[part].values())
    sys.stdout.write(f"{len(stacks)} stacks, {count} resources and data sources: CDK Terrain writes the same\n")
    return 0


def rewrite(folder: Path) -> Path:
    """Copy the sources to ``folder`` with their imports renamed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in SOURCES:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for module in sorted(folder.rglob("*.py")):
        text = module.read_text(encoding="utf-8")
        for pattern, replacement in RENAMES:
            text = pattern.sub(replacement, text)
        module.write_text(text, encoding="utf-8")
    return folder


def synthesize(python: str, checkout: Path, output: Path) -> dict[str, bytes]:
    """What ``main.py`` of a checkout writes for the stacks, by relative path."""
    shutil.rmtree(output, ignore_errors=True)
    environment = {**os.environ, "CDKTF_OUTDIR": str(output)}
    for inherited in ("JSII_NODE", "VIRTUAL_ENV", "PYTHONPATH"):
        environment.pop(inherited, None)
    run = subprocess.run(
        [python, "main.py"], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    if run.returncode != 0:
        sys.exit(f"{python} main.py in {checkout}:\n{run.stderr}")
    if "whole AWS bindings" in run.stderr:
        sys.exit(f"{python} main.py in {checkout} is slow:\n{run.stderr}")
    return files(output / "stacks")


def compare(ours: dict[str, bytes], theirs: dict[str, bytes]) -> Iterator[str]:
    """One line for each value that differs and may not."""
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in ours or name not in theirs:
            yield f"{name}: only {'CDK Terrain' if name in theirs else 'CDKTF'} writes it"
        elif name.endswith(".json"):
            for path, before, after in _values(json.loads(ours[name]), json.loads(theirs[name]), ()):
                if path not in EXPECTED:
                    yield f"{name}: {'.'.join(path)}: {before!r} became {after!r}"
        elif ours[name] != theirs[name]:
            yield f"{name}: has other bytes"


def _values(before: Any, after: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            yield from _values(before.get(key), after.get(key), (*path, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _values(one, other, (*path, str(number)))
    elif before != after:
        yield path, before, after


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))  # noqa: PTH100 - a virtual environment is known by its link
