"""Lines of text with a level: what logging libraries write where nobody chose JSON, and the error logs of Apache and
nginx.
"""

from __future__ import annotations

import re

from .. import json_text
from ..settings import Settings
from . import application_log
from .draft import Draft
from .format import Format

_LEVEL = (
    r"(?P<level>TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL|ALERT|EMERGENCY|PANIC"
    r"|trace|debug|info|notice|warn|warning|error|crit|critical|alert|emerg|fatal|panic)"
)
_TIME = (
    r"(?P<time>[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
    r"(?: ?(?:Z|[+-][0-9]{2}:?[0-9]{2}))?)"
)
_LINES = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        # Log4j, Logback, Spring, Python, Monolog, winston, zap, nginx's error log: a time, perhaps a name, a level
        (
            rf"\[?{_TIME}\]?[ \t:|-]{{0,8}}(?:(?P<name>[A-Za-z0-9_.-]{{1,64}})[ .:|-]{{1,3}})?"
            rf"[\[(<]?{_LEVEL} {{0,4}}[\])>]?(?=[ \t:|\[-])[ \t:|-]{{0,8}}(?P<message>.+)"
        ),
        # Apache's error log
        (
            r"\[(?P<time>[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-3][0-9] [0-9:.]{8,15} [0-9]{4})\] "
            r"\[(?:[a-z0-9_-]{1,32}:)?(?P<level>[a-z0-9]{1,10})\] "
            r"(?:\[pid [0-9]{1,10}(?::tid [0-9]{1,20})?\] )?(?P<message>.+)"
        ),
        # Ruby
        rf"[A-Z], \[{_TIME} #[0-9]{{1,10}}\] {{1,2}}{_LEVEL} -- (?P<name>[^ :]{{0,64}}): (?P<message>.+)",
        # winston's simple format
        rf"{_LEVEL}: (?P<message>.+)",
        # Python without a format
        rf"{_LEVEL}:(?P<name>[A-Za-z_][A-Za-z0-9_.]{{0,63}}):(?P<message>.+)",
    )
)
_CLIENT = re.compile(r"\[client ([0-9A-Fa-f.:]{3,45}):[0-9]{1,5}\] |, client: ([0-9A-Fa-f.:]{3,45})(?=,|$)", re.ASCII)
_COLOURS = re.compile(r"\x1b\[[0-9;]{0,16}m")
_CONTEXT = re.compile(r"[ \t](\{.{1,16000}\})(?: (?:\[\]|\{\}))?$", re.DOTALL)
_LONGEST = 65_536


def line(given: str, settings: Settings) -> Draft | None:
    """A line's draft: action ``log``, with the text as its message and the fields of a JSON object behind it."""
    if len(given) > _LONGEST:
        return None
    plain = _COLOURS.sub("", given) if "\x1b" in given else given
    match = next((match for pattern in _LINES if (match := pattern.fullmatch(plain))), None)
    if match is None:
        return None
    found = {name: text for name, text in match.groupdict().items() if text}
    message = found["message"]
    if client := _CLIENT.search(message[:4096]):
        found["client_ip"] = client.group(1) or client.group(2)
        message = _CLIENT.sub("", message[:8192])
    fields = {}
    if (
        "{" in message
        and (context := _CONTEXT.search(message))
        and isinstance(inner := json_text.inner(context.group(1)), dict)
    ):
        fields, message = inner, message[: context.start()]
    return application_log.read({**fields, **found, "message": message.strip()}, settings)


FORMAT = Format("text_log", line=line)
