"""Serilog's compact log events (CLEF).

https://github.com/serilog/serilog-formatting-compact
"""

from __future__ import annotations

import re
from typing import Any

from ..settings import Settings
from . import application_log
from .draft import Draft, first_of, text_of
from .format import Format

_HOLE = re.compile(r"\{[@$]?([A-Za-z0-9_]{1,64})(?:,[0-9-]{1,4})?(?::[^{}]{0,32})?\}")


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of an event; a template's holes are filled from its properties."""
    message = first_of(value, "@m")
    template = value.get("@mt")
    if message is None and isinstance(template, str):
        message = _HOLE.sub(lambda hole: text_of(value.get(hole.group(1))) or hole.group(), template[:2048])
    line = {name: item for name, item in value.items() if not name.startswith("@")}
    line |= {"time": value["@t"], "level": value.get("@l") or "Information", "message": message}
    return application_log.read(line, settings)


FORMAT = Format("serilog", fields, signs=frozenset({"@t"}))
