"""Lines of text that begin with a time and a level: what logging libraries write where nobody chose JSON, and the error
logs of Apache and nginx.
"""

from __future__ import annotations

import re

from ..reasons import Unwanted
from ..settings import Settings
from . import levels
from .draft import Draft
from .format import Format

_LINE = re.compile(
    r"\[?([0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
    r"(?: ?(?:Z|[+-][0-9]{2}:?[0-9]{2}))?)\]?"
    r"[ \t:|-]{1,8}(?:[A-Za-z0-9_.\[\]-]{1,64}[ .:|-]{1,3})?[\[(<]?"
    r"(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL|ALERT|EMERGENCY|"
    r"trace|debug|info|notice|warn|warning|error|crit|alert|emerg)[\])>]?(?=[ \t:|-])[ \t:|-]{1,8}(.+)",
    re.DOTALL,
)
"""Log4j, Logback, Spring, Python, Monolog, winston, nginx's error log."""
_APACHE = re.compile(
    r"\[([A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-3][0-9] [0-9:.]{8,15} [0-9]{4})\] \[(?:[a-z0-9_-]{1,32}:)?([a-z0-9]{1,10})\] "
    r"(?:\[pid [0-9]{1,10}(?::tid [0-9]{1,20})?\] )?(.+)",
    re.DOTALL,
)
_CLIENT = re.compile(r"\[client ([0-9A-Fa-f.:]{3,45}):[0-9]{1,5}\] |, client: ([0-9A-Fa-f.:]{3,45})(?:,|$)", re.ASCII)
_LONGEST = 65_536


def line(given: str, settings: Settings) -> Draft | None:
    """A line's draft: action ``log``, with the text as its message."""
    if len(given) > _LONGEST:
        return None
    match = _LINE.fullmatch(given) or (_APACHE.fullmatch(given) if given.startswith("[") else None)
    if match is None:
        return None
    time, word, message = match.groups()
    level = levels.of(word)
    if level in settings.drop_levels:
        raise Unwanted("log_level")
    draft: Draft = {"action_name": "log", "timestamp": time, "message_type": level.upper()}
    if client := _CLIENT.search(message[:4096]):
        draft["ip"] = client.group(1) or client.group(2)
        message = _CLIENT.sub("", message[:8192])
    draft["message"] = message.strip()
    draft["application"] = settings.application
    return draft


FORMAT = Format("text_log", line=line)
