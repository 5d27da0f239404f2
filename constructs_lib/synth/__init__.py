"""The synth, from the command line to Terraform JSON, in about a second. `cli` reads the environments and writes the
stacks, `startup` and `exit` start and end the process, `node`, `jsii_kernel` and `bindings_cache` load the framework.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from constructs_lib.synth.exit import run


def synthesize(program: str | Path, arguments: Sequence[str] | None = None) -> NoReturn:
    """Synthesize the environment files of a project and end the process, with exit code 0, 1 (mistakes) or 2 (usage).

    The whole of a project's ``main.py``::

        from constructs_lib.synth import synthesize
        synthesize(__file__)

    Args:
        program: a file in the project's folder, or the folder: its ``environments/*.yaml`` are read, and the Terraform
            JSON goes to ``cdktf.out`` in it.
        arguments: names or paths of environment files; default: those of the command line, or all files.
    """
    place = Path(program).resolve()
    root = place if place.is_dir() else place.parent

    def write() -> int:
        # Node starts to load the framework before anything else is imported.
        from constructs_lib.synth.startup import start_framework  # noqa: PLC0415

        start_framework()
        from constructs_lib.synth.cli import main  # noqa: PLC0415

        return main(sys.argv[1:] if arguments is None else arguments, root=root)

    run(write)
