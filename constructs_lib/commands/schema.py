"""Print the JSON Schema of an environment file.

`make schema` keeps the published copy, schema/environment.schema.json, which editors read by the comment in the first
line of an environment file.
"""

from __future__ import annotations

import argparse
import json
import sys

from constructs_lib.configuration.schema import environment_schema


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments."""
    parser.set_defaults()


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - every command has the argument
    """Write the schema to standard output."""
    json.dump(environment_schema(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
    return 0
