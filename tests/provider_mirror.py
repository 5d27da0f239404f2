"""Finds this machine's copy of the AWS provider, for tests: ``python -m tests.provider_mirror`` prints it.

The product asks Terraform's own configuration and ``TF_PLUGIN_DIR``. Tests run on machines that have a provider
somewhere and no way to the public registry: here it is looked for where Terraform itself keeps providers (its data
folders and its plugin cache) and where system images put them, some levels deep.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from constructs_lib.plans.terraform import is_mirror

DEPTH = 2
ENTRIES = 200
"""How far a search goes: levels below a place, and entries of a folder."""


def use() -> None:
    """Let ``TF_PLUGIN_DIR`` name the mirror that is found, unless it names one already."""
    if not os.environ.get("TF_PLUGIN_DIR") and (found := find()) is not None:
        os.environ["TF_PLUGIN_DIR"] = str(found)


def find() -> Path | None:
    """A folder that holds the AWS provider for this machine in the layout of a local mirror, or None."""
    return next((folder for place in _places() for folder in _below(place, DEPTH) if is_mirror(folder)), None)


def _places() -> Iterator[Path]:
    """Where a mirror may be: https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories."""
    home = Path.home()
    if cache := os.environ.get("TF_PLUGIN_CACHE_DIR"):
        yield Path(cache)
    yield from (home / ".terraform.d", home / ".local/share/terraform")
    for shared in [os.environ.get("XDG_DATA_HOME"), *os.environ.get("XDG_DATA_DIRS", "").split(os.pathsep)]:
        if shared:
            yield Path(shared, "terraform")
    if appdata := os.environ.get("APPDATA"):
        yield Path(appdata, "terraform.d")
    yield from map(Path, ("/usr/local/share", "/usr/share/terraform", "/usr/local/lib", "/usr/lib/terraform"))
    yield from map(Path, ("/opt", "/srv", "/var/lib"))


def _below(place: Path, depth: int) -> Iterator[Path]:
    """A folder and the folders below it, the nearest first."""
    level = [place] if place.is_dir() else []
    for remaining in range(depth, -1, -1):
        yield from level
        if remaining:
            level = [child for folder in level for child in _folders(folder)]


def _folders(folder: Path) -> list[Path]:
    try:
        children = sorted(child for child in folder.iterdir() if child.is_dir() and not child.is_symlink())
    except OSError:
        return []
    return children[:ENTRIES]


if __name__ == "__main__":
    print(find() or "")
