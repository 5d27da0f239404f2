"""Write Terraform JSON for environment files, as ``make synth`` does in this project.

Each FILE is the path of an environment file, or the name of one in ``environments/`` of the working folder; without
FILE, the command takes all of those. It writes to ``cdktf.out`` in the working folder, or to the folder that
``CDKTF_OUTDIR`` names. Exit code 0: written; 1: a file has mistakes, and nothing is written; 2: usage.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="environment file (YAML), or name of one")


def run(arguments: argparse.Namespace) -> int:
    """Synthesize."""
    from constructs_lib.synth.startup import start_framework  # noqa: PLC0415 - Node starts before the rest is imported

    start_framework()
    from constructs_lib.synth.cli import main  # noqa: PLC0415

    return main(arguments.files, root=Path.cwd())
