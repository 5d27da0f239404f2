"""Report the capacity of environment files and what their traffic needs, with a block to paste.

    python -m constructs_lib size environments/prod.yaml
    python -m constructs_lib size environments/prod.yaml --simulate --chart build/size/prod.html

The section ``traffic`` of a file describes the load: events a second, bytes, days. For every hop of the data path the
report shows the load, the capacity, and when it is full. Then it shows which hop fails first, the largest traffic that
the file carries, a YAML block to paste, and the formulas with their sources. Warnings about the file come first, as
``check`` prints them; the command changes no file.

``--simulate`` simulates days of the file and of the proposal: bursts, a hot shard, a lost zone, outages.
``--prices FILE`` computes costs from your own price file (docs/scaling.md describes its format).

Exit code 0: the report is complete; 1: a file has mistakes or cannot be read, or its traffic exceeds what one account
carries; 2: the page cannot be written.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from constructs_lib.configuration.errors import ConfigurationError, Problem
from constructs_lib.configuration.load import load_environment
from constructs_lib.sizing import chart, text
from constructs_lib.sizing.cost import Prices, read_prices
from constructs_lib.sizing.deployment import deployment_of
from constructs_lib.sizing.report import Report, as_data, build
from constructs_lib.terminal import one_line


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="environment file (YAML)")
    parser.add_argument("--simulate", action="store_true", help="simulate days of traffic")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="format of the report (default %(default)s)"
    )
    parser.add_argument("--chart", type=Path, metavar="HTML", help="write the report as a page with charts, too")
    parser.add_argument("--prices", type=Path, metavar="YAML", help="price file for the costs")


def run(arguments: argparse.Namespace) -> int:
    """Size every file and return the worst exit code."""
    worst, reports = 0, []
    try:
        prices = None if arguments.prices is None else read_prices(arguments.prices)
    except ConfigurationError as error:
        return _refused(error)
    for file in arguments.files:
        try:
            report, warnings = _sized(file, prices, simulated=arguments.simulate)
        except ConfigurationError as error:
            worst = max(worst, _refused(error))
            continue
        reports.append(report)
        worst = max(worst, int(report.refused is not None))
        for warning in warnings:
            print(warning, file=sys.stderr)
    if arguments.format == "json":
        print(json.dumps([as_data(report) for report in reports], indent=2))
    else:
        print("\n".join(text.render(report) for report in reports), end="")
    if arguments.chart is not None and reports:
        try:
            arguments.chart.parent.mkdir(parents=True, exist_ok=True)
            arguments.chart.write_text(chart.render(reports), encoding="utf-8")
        except OSError as error:
            print(one_line(f"{error.filename}: {error.strerror}"), file=sys.stderr)
            return 2
        print(f"written: {arguments.chart}", file=sys.stderr)
    return worst


def _sized(file: Path, prices: Prices | None, *, simulated: bool) -> tuple[Report, list[Problem]]:
    environment, warnings = load_environment(file)
    return build(file.as_posix(), deployment_of(environment), prices=prices, simulated=simulated), warnings


def _refused(error: ConfigurationError) -> int:
    for problem in error.problems:
        print(problem, file=sys.stderr)
    return 1
