"""``python -m rehearsal``: real input through the whole data path on this machine (``make rehearse``),
or a demo page that sends events (``make rehearse COLLECTOR=1``)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rehearsal.definition import DefinitionError
from rehearsal.inputs import InputError, find
from rehearsal.rehearse import Options, rehearse
from rehearsal.templates import TemplatesError


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns 0 if every record is accounted for, 1 if not, 2 for wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m rehearsal",
        description="Put records on an emulated stream and follow them into a real search engine.",
        epilog="SEARCH_URL names a running engine; without any, documents go to a file.",
    )
    parser.add_argument(
        "input", nargs="*", type=Path, help="files of records in any of the transform's formats, plain or gzip"
    )
    parser.add_argument("--environment", "-e", default="dev", help="whose stream and delivery stream (default: dev)")
    parser.add_argument("--documents", type=Path, metavar="FILE", help="write documents to a file, with no engine")
    parser.add_argument("--mistakes", type=int, default=5, metavar="N", help="how many mistakes to show (default: 5)")
    parser.add_argument(
        "--collector", action="store_true", help="serve the collector and a page to click on, until Ctrl-C"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="lines of each input at most")
    given = parser.parse_args(argv)
    try:
        if given.collector:
            if given.input:
                parser.error("--collector takes no input: the page sends")
            from rehearsal.collecting import collect  # noqa: PLC0415 - loads the constructs

            return collect(Options([], given.environment, given.documents))
        inputs = find(given.input)
        return rehearse(Options(inputs, given.environment, given.documents, given.mistakes, given.limit))
    except (InputError, DefinitionError, TemplatesError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
