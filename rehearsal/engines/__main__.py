"""Start one search engine for interactive use: ``python -m rehearsal.engines NAME [--security] [--port 9200]``."""

from __future__ import annotations

import argparse
import signal
import sys

from rehearsal.engines.artifacts import ENGINES, EngineUnavailableError
from rehearsal.engines.server import ADMINISTRATOR, running


def main(argv: list[str] | None = None) -> int:
    """Run until interrupted; returns 1 if the engine is not available."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal.engines", description=__doc__)
    parser.add_argument("name", choices=ENGINES, metavar="NAME", help=", ".join(ENGINES))
    parser.add_argument("--security", action="store_true", help="with the security plugin, over TLS")
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; any free one unless given")
    parser.add_argument("--heap", default="512m", help="Java's notation (default: 512m)")
    arguments = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with running(
            ENGINES[arguments.name], security=arguments.security, heap=arguments.heap, port=arguments.port
        ) as server:
            print(f"{server.name} answers at {server.url} (stop with Ctrl-C)", flush=True)
            if server.security:
                print(f"user {ADMINISTRATOR[0]}, password {ADMINISTRATOR[1]}, authority {server.authority}", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except EngineUnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
