"""The schemas that documents are checked against."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

import constructs_lib.transform

DOCUMENT: dict[str, Any] = json.loads(
    Path(constructs_lib.transform.__path__[0], "document.schema.json").read_text(encoding="utf-8")
)
"""The canonical document, as published."""
UBI_EVENT: dict[str, Any] = json.loads(Path(__file__).with_name("ubi_event.schema.json").read_text(encoding="utf-8"))
"""OpenSearch User Behavior Insights 1.3.0, with ``anyOf`` where its ``oneOf`` refuses its own standard names."""
VALIDATORS = [Draft202012Validator(schema) for schema in (DOCUMENT, UBI_EVENT)]
"""What every document must pass."""
