"""The official CLI and ``main.py`` write the same bytes: ``make cli-check``.

``cdktf synth`` is run on the packaged Node. The CLI and all that it needs are installed from a lock file with a hash of
each package (``requirements/cli``), and no package's scripts are run: nothing that was published since gets in, and
nothing of what is installed runs before it is asked to. The CLI's one compiled module, which opens terminals, is then
not there; a synth opens none (``no_terminal.cjs``).

To renew the lock: ``npm install --package-lock-only --ignore-scripts`` in ``requirements/cli``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from constructs_lib.synth.node import packaged_node

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "cli"
BUILD = ROOT / "build" / "cli-check"


def main() -> int:
    """Synthesize twice and compare; 0 if every file is the same, else 1."""
    node = packaged_node()
    if node is None:
        sys.stderr.write("the packaged Node is missing: make .venv/.synth\n")
        return 1
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(node.parent), os.environ.get("PATH", "")]),
        "CHECKPOINT_DISABLE": "1",
        "DISABLE_VERSION_CHECK": "1",
        "CI": "1",
    }
    program = installed(node, environment)
    outputs = {"the official CLI": BUILD / "theirs", "main.py": BUILD / "ours"}
    for output in outputs.values():
        shutil.rmtree(output, ignore_errors=True)
    theirs, ours = outputs.values()
    preload = ROOT / "tests" / "no_terminal.cjs"
    command: list[str | Path] = [node, "--require", preload, program, "synth", "--output", theirs]
    subprocess.run(command, check=True, env=environment, cwd=ROOT)
    ours_environment = {**environment, "CDKTF_OUTDIR": str(ours)}
    subprocess.run([sys.executable, "main.py"], check=True, env=ours_environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    found = {name: files(output / "stacks") for name, output in outputs.items()}
    first, second = found.values()
    different = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    for name in different:
        sys.stderr.write(f"stacks/{name}: the official CLI and main.py differ\n")
    if not different:
        sys.stdout.write(
            f"{len(first)} files, {sum(map(len, first.values()))} bytes: the official CLI and main.py agree\n"
        )
    return 1 if different or not first else 0


def installed(node: Path, environment: dict[str, str]) -> Path:
    """The CLI's program, from what the lock names; installed anew when that changes."""
    lock = (LOCK / "package-lock.json").read_bytes()
    packages = BUILD / hashlib.sha256(lock).hexdigest()[:12]
    program = packages / "node_modules" / "cdktf-cli" / "bundle" / "bin" / "cdktf"
    if not program.is_file():
        sys.stdout.write("installing the official CLI (requirements/cli/package-lock.json) ...\n")
        npm = next(node.parent.parent.rglob("npm/bin/npm-cli.js"))
        packages.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(LOCK / name, packages / name)
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run([node, npm, "ci", *options], check=True, env=environment, cwd=packages)
    return program


def files(folder: Path) -> dict[str, bytes]:
    """Content by relative path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


if __name__ == "__main__":
    sys.exit(main())
