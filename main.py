"""Environment files in, Terraform JSON out: ``python main.py [ENVIRONMENT ...]``."""

from __future__ import annotations

import sys
from pathlib import Path

from constructs_lib.synth.exit import run


def synthesize() -> int:
    """Node starts to load the framework before anything else is imported."""
    from constructs_lib.synth.startup import start_framework  # noqa: PLC0415

    start_framework()
    from constructs_lib.synth.cli import main  # noqa: PLC0415

    return main(sys.argv[1:], root=Path(__file__).resolve().parent)


if __name__ == "__main__":
    run(synthesize)
