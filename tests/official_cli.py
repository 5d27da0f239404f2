"""The official CLI and ``main.py`` write the same bytes: ``make cli-check``.

``cdktf synth`` is run as ``npx cdktf-cli@0.21.0 synth`` runs it, on the packaged Node. The CLI holds a compiled module;
where no ready one can be had for that Node it is compiled against the headers that come with the package, not against
those of another Node on the machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from constructs_lib.synth.node import packaged_node

ROOT = Path(__file__).resolve().parent.parent
CLI = "cdktf-cli@0.21.0"
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
        "npm_config_nodedir": str(node.parent.parent),
        "CHECKPOINT_DISABLE": "1",
        "DISABLE_VERSION_CHECK": "1",
        "CI": "1",
    }
    packages = BUILD / CLI
    program = packages / "node_modules" / "cdktf-cli" / "bundle" / "bin" / "cdktf"
    if not program.is_file():
        sys.stdout.write(f"installing {CLI} ...\n")
        npm = next(node.parent.parent.rglob("npm/bin/npm-cli.js"))
        packages.mkdir(parents=True, exist_ok=True)
        options = ["--no-audit", "--no-fund", "--no-save", "--loglevel=error", "--prefix", str(packages)]
        subprocess.run([node, npm, "install", *options, CLI], check=True, env=environment, cwd=packages)
    outputs = {"the official CLI": BUILD / "theirs", "main.py": BUILD / "ours"}
    for output in outputs.values():
        shutil.rmtree(output, ignore_errors=True)
    theirs, ours = outputs.values()
    subprocess.run([node, program, "synth", "--output", theirs], check=True, env=environment, cwd=ROOT)
    ours_environment = {**environment, "CDKTF_OUTDIR": str(ours)}
    subprocess.run([sys.executable, "main.py"], check=True, env=ours_environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    found = {name: files(output / "stacks") for name, output in outputs.items()}
    first, second = found.values()
    different = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    for name in different:
        sys.stderr.write(f"stacks/{name}: {CLI} and main.py differ\n")
    if not different:
        sys.stdout.write(f"{len(first)} files, {sum(map(len, first.values()))} bytes: {CLI} and main.py agree\n")
    return 1 if different or not first else 0


def files(folder: Path) -> dict[str, bytes]:
    """Content by relative path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


if __name__ == "__main__":
    sys.exit(main())
