"""Packages from npm as a lock file pins them: with hashes, without running anything of theirs, never committed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from constructs_lib.synth.node import packaged_node

KEPT = Path(__file__).resolve().parents[1] / "build" / "npm"
"""Where installed packages are kept, by what their lock file says."""
PATIENCE = 120
"""Seconds that an installation may take."""


class NpmUnavailableError(Exception):
    """The packages cannot be had: no Node, or no way to the registry."""


def node() -> Path:
    """Node as it is installed with the project; raises `NpmUnavailableError` where it is not."""
    found = packaged_node()
    if found is None:
        raise NpmUnavailableError("the packaged Node is missing: make .venv/.synth")
    return found


def installed(project: Path) -> Path:
    """The ``node_modules`` of a folder with ``package.json`` and ``package-lock.json``, installed on first use.

    Raises:
        NpmUnavailableError: with npm's last words.
    """
    lock = project / "package-lock.json"
    target = KEPT / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    if target.is_dir():
        return target / "node_modules"
    program = node()
    npm = next(program.parent.parent.rglob("npm/bin/npm-cli.js"))
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    fresh.mkdir(parents=True)
    try:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(project / name, fresh)
        options = [
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--fetch-retries=1",
            "--fetch-timeout=20000",
        ]
        environment = {**os.environ, "PATH": os.pathsep.join([str(program.parent), os.environ.get("PATH", "")])}
        done = subprocess.run(
            [program, npm, "ci", *options],
            cwd=fresh,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode != 0:
            raise NpmUnavailableError(f"npm ci: {done.stderr.strip()[-500:]}")
        try:
            fresh.rename(target)
        except OSError:  # another process was faster
            if not target.is_dir():
                raise
    except subprocess.TimeoutExpired:
        raise NpmUnavailableError(f"npm ci took more than {PATIENCE} s") from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return target / "node_modules"
