"""Environment files in, Terraform JSON out: ``python main.py [ENVIRONMENT ...]``."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    try:
        from constructs_lib.early import start_framework

        start_framework()
        from constructs_lib.synthesis import main

        sys.exit(main(sys.argv[1:], root=Path(__file__).resolve().parent))
    except KeyboardInterrupt:
        sys.exit(130)
