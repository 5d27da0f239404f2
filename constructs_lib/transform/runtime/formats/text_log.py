"""Lines of text that logging libraries write without a JSON setting, and the error logs of Apache, nginx and PHP.

Read are Log4j, Logback and Spring, Tomcat and java.util.logging, Python (also Django's and gunicorn's), Ruby, Monolog,
winston, pino, zap, zerolog, logrus, Go's own and klog, Serilog and NLog, ASP.NET, and what Lambda makes of them.
"""

from __future__ import annotations

import re

from .. import json_text
from ..reasons import Unwanted
from ..settings import Settings
from . import application_log
from .draft import Draft
from .format import Format

_WORDS = (
    r"TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL|ALERT|EMERGENCY|PANIC"
    r"|trace|debug|info|notice|warn|warning|error|crit|critical|alert|emerg|fatal|panic|fail"
)
_SHORT_WORDS = r"TRC|VRB|DBG|INF|WRN|ERR|FTL|PNC|CRT|Trace|Debug|Info|Information|Warn|Warning|Error|Critical|Fatal"
_LEVEL = rf"(?P<level>{_WORDS})"
_ANY_LEVEL = rf"(?P<level>{_WORDS}|{_SHORT_WORDS})"
"""Short words and such with a capital stand in prose too, so they are levels only behind a time."""
_TIME = (
    r"(?P<time>[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
    r"(?: ?(?:Z|[+-][0-9]{2}:?[0-9]{2}))?)"
)
_DAY_FIRST = r"[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
_TWO_DIGITS = r"[0-9]{2}/[01][0-9]/[0-3][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}"
"""Spark's year, month and day."""
_OF_DAY = r"(?:[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,6})?|[0-9]{1,2}:[0-9]{2}[AP]M)"
"""A time without its day, which is no time."""
_BRACKETS = r"(?:\[[^\[\]\n]{0,100}\][ \t:|]{0,4}){0,3}"
"""Threads, process ids, labels."""
_PAIRS = r"(?:[a-z_]{1,24}=[^\s]{0,100} ){0,8}"
_LOGGER = r"(?:(?P<logger>[A-Za-z_$][\w$]{0,63}(?:\.[\w$\[\]/-]{1,64}){1,12}) {0,40}(?: : |: | - ))?"
_ID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_LINES = tuple(
    re.compile(pattern, re.DOTALL | re.ASCII)
    for pattern in (
        # Rust's env_logger, and actix'
        rf"\[{_TIME} {_ANY_LEVEL} {{1,2}}(?P<logger>[\w:]{{1,100}})\] (?P<message>.+)",
        # Most of them: a time, perhaps a thread and a name, a level, perhaps a logger
        (
            rf"\[?(?:{_TIME}|(?P<day_first>{_DAY_FIRST})|(?P<short>{_TWO_DIGITS})|{_OF_DAY})\]?"
            rf"[ \t:|,-]{{1,8}}{_PAIRS}{_BRACKETS}(?:{_ID}[ \t])?"
            rf"(?:(?P<name>[A-Za-z0-9_.-]{{1,64}})[ .:|-]{{1,3}})?{_BRACKETS}"
            rf"[\[(<]?{_ANY_LEVEL} {{0,4}}[\])>]?(?=[ \t:|\[-])[ \t:|-]{{0,8}}"
            rf"(?:[0-9]{{1,10}} --- {_BRACKETS}|\([0-9]{{1,10}}\): )?{_LOGGER}(?P<message>.+)"
        ),
        # NestJS
        (
            r"\[Nest\] [0-9]{1,10} {1,3}- (?P<american>[01][0-9]/[0-3][0-9]/[0-9]{4}), "
            r"(?P<half>[0-9]{1,2}:[0-9]{2}:[0-9]{2}[ \u202f][AP]M) {1,8}(?P<level>LOG|ERROR|WARN|DEBUG|VERBOSE|FATAL) "
            r"(?:\[(?P<logger>[^\[\]]{1,100})\] )?(?P<message>.+)"
        ),
        # Serilog's console: [08:00:01 INF] message
        rf"\[(?:{_TIME}|{_OF_DAY}) {_ANY_LEVEL}\] {_LOGGER}(?P<message>.+)",
        # The level first: Lambda for Python, Django's verbose form
        (
            rf"(?:\[{_LEVEL}\]|(?P<first_level>{_WORDS}))[ \t]{{1,8}}\[?{_TIME}\]?[ \t:|-]{{1,4}}(?:{_ID}[ \t])?"
            rf"{_LOGGER}(?P<message>.+)"
        ),
        # Apache's error log
        (
            r"\[(?P<time>[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-3][0-9] [0-9:.]{8,15} [0-9]{4})\] "
            r"\[(?:[a-z0-9_-]{1,32}:)?(?P<level>[a-z0-9]{1,10})\] "
            r"(?:\[pid [0-9]{1,10}(?::tid [0-9]{1,20})?\] )?(?P<message>.+)"
        ),
        # PHP's error log
        (
            rf"\[(?P<time>{_DAY_FIRST}) (?P<zone>[A-Za-z_/+-]{{1,40}})\] "
            r"(?:PHP (?P<level>Notice|Warning|Deprecated|Fatal error|Parse error|Recoverable fatal error): {1,2})?"
            r"(?P<message>.+)"
        ),
        # Ruby
        rf"[A-Z], \[{_TIME} #[0-9]{{1,10}}\] {{1,2}}{_LEVEL} -- (?P<name>[^ :]{{0,64}}): (?P<message>.+)",
        # java.util.logging, on two lines
        (
            r"(?P<time>[A-Z][a-z]{2} [0-9]{1,2}, [0-9]{4},? [0-9]{1,2}:[0-9]{2}:[0-9]{2}[ \u202f][AP]M) "
            rf"(?P<logger>[\w.$]{{1,200}}) [^\s]{{1,200}}\s{{1,8}}{_LEVEL}: (?P<message>.+)"
        ),
        # klog and glog: I0312 08:00:01.123456      17 cart.go:12] message
        (
            r"(?P<letter>[IWEF])(?P<month>[01][0-9])(?P<day>[0-3][0-9]) (?P<clock>[0-9]{2}:[0-9]{2}:[0-9]{2})\.[0-9]{6}"
            r" {1,8}[0-9]{1,10} [\w./-]{1,100}:[0-9]{1,6}\] (?P<message>.+)"
        ),
        # logrus in a terminal
        rf"{_LEVEL}\[[0-9]{{4,8}}\] (?P<message>.+)",
        # winston's simple format, ASP.NET's console
        rf"{_LEVEL}: (?P<message>.+)",
        # Python without a format
        rf"{_LEVEL}:(?P<name>[A-Za-z_][A-Za-z0-9_.]{{0,63}}):(?P<message>.+)",
        # Go's own, which has no level
        (
            r"(?P<time>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{6})?) "
            r"(?:[\w./-]{1,100}\.go:[0-9]{1,6}: )?(?P<message>.+)"
        ),
    )
)
_PLATFORM = re.compile(
    r"(?:START RequestId: |END RequestId: |REPORT RequestId: |INIT_START Runtime Version: |INIT_REPORT Init Duration: "
    r"|RESTORE_START |RESTORE_REPORT |EXTENSION\t|TELEMETRY\t|LOGS\t|XRAY TraceId: )"
)
"""What Lambda says of an invocation."""
_CLIENT = re.compile(r"\[client ([0-9A-Fa-f.:]{3,45}):[0-9]{1,5}\] |, client: ([0-9A-Fa-f.:]{3,45})(?=,|$)", re.ASCII)
_COLOURS = re.compile(r"\x1b\[[0-9;]{0,16}m")
_CONTEXT = re.compile(r"[ \t](\{.{1,16000}\})(?: (?:\[\]|\{\}))?$", re.DOTALL)
_LONGEST = 65_536
_ZONE = re.compile(
    r"UTC|GMT|WES?T|CES?T|EES?T|MSK|IST|[ECMPA][SD]T|AK[SD]T|HST|JST|KST|SGT|HKT|A[CEW][SD]T|NZ[SD]T|BST"
)
"""Names of zones that PostgreSQL and others write behind a time."""
_LETTERS = {"I": "info", "W": "warning", "E": "error", "F": "fatal"}
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905
_OTHER_WORDS = {
    "Deprecated": "warning",
    "Recoverable fatal error": "error",
    "Fatal error": "fatal",
    "Parse error": "fatal",
    "fail": "error",
}
"""PHP's levels, and ASP.NET's."""


def line(given: str, settings: Settings) -> Draft | None:
    """A line's draft: action ``log``, with the text as its message and the fields of a JSON object behind it.

    Raises:
        Unwanted: Lambda says it of itself, or by its level it is unwanted.
    """
    if len(given) > _LONGEST:
        return None
    plain = _COLOURS.sub("", given) if "\x1b" in given else given
    match = next((match for pattern in _LINES if (match := pattern.fullmatch(plain))), None)
    if match is None:
        if _PLATFORM.match(plain):
            raise Unwanted("no_behaviour")
        return None
    found = _named({name: text for name, text in match.groupdict().items() if text})
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


def _named(found: dict[str, str]) -> dict[str, str]:
    """What a pattern found, under the names of a log line's fields."""
    if "first_level" in found:
        found["level"] = found.pop("first_level")
    if "day_first" in found:
        found["time"] = found.pop("day_first")
    if "letter" in found:
        month = _MONTHS[max(0, min(int(found.pop("month")), 12) - 1)]
        found["time"] = f"{month} {found.pop('day')} {found.pop('clock')}"
        found["level"] = _LETTERS[found.pop("letter")]
    if "american" in found:
        month, day, year = found.pop("american").split("/")
        found["time"] = f"{_MONTHS[max(0, min(int(month), 12) - 1)]} {day}, {year} {found.pop('half')}"
    if "short" in found:
        found["time"] = f"20{found.pop('short')}"
    name = found.pop("name", "")
    if _ZONE.fullmatch(name):
        found["zone"] = name
    elif name and not name.isdecimal():  # a process's
        found["logger_name"] = name
    if found.pop("zone", "UTC") not in {"UTC", "GMT", "Z"}:  # a local time zone, whose offset is unknown here
        found.pop("time", None)
    found["level"] = _OTHER_WORDS.get(found.get("level", ""), found.get("level", ""))
    return found


def is_of_two_lines(text: str) -> bool:
    """Whether a text is one message of java.util.logging, which is on two lines and may go on."""
    return _JAVA.match(text) is not None


_JAVA = re.compile(
    rf"[A-Z][a-z]{{2}} [0-9]{{1,2}}, [0-9]{{4}},? [0-9]{{1,2}}:[0-9]{{2}}:[0-9]{{2}}[ \u202f][AP]M [\w.$]{{1,200}} "
    rf"[^\s]{{1,200}}\r?\n(?:{_WORDS}): ",
    re.ASCII,
)

FORMAT = Format("text_log", line=line)
