"""Levels of log lines: words as libraries write them, numbers on each library's own scale."""

from __future__ import annotations

from typing import Any

from .draft import text_of

_WORDS = {
    "verbose": "trace", "vrb": "trace", "v": "trace", "finest": "trace", "finer": "trace", "trc": "trace", "t": "trace",
    "dbg": "debug", "debg": "debug", "d": "debug", "fine": "debug", "config": "debug",
    "inf": "info", "log": "info", "information": "info", "informational": "info", "i": "info",
    "wrn": "warn", "w": "warn", "err": "error", "e": "error", "eror": "error", "severe": "error",
    "crit": "critical", "c": "critical", "ftl": "fatal", "f": "fatal", "emerg": "emergency",
}  # fmt: skip
KNOWN = frozenset(
    {"trace", "debug", "info", "notice", "warn", "warning", "error", "critical", "fatal", "alert", "emergency", "panic"}
    | {"dpanic", "off"}
) | frozenset(word for word in _WORDS if len(word) > 1)
"""Words that are levels wherever they stand."""
SYSLOG = ("emergency", "alert", "critical", "error", "warning", "notice", "info", "debug")
"""0 to 7: GELF, journald, RFC 5424."""
_NODE = {10: "trace", 20: "debug", 30: "info", 40: "warn", 50: "error", 60: "fatal"}
"""pino and bunyan."""
_PYTHON = {5: "trace", 10: "debug", 20: "info", 30: "warning", 40: "error", 50: "critical"}
"""Python's ``levelno``."""
_MONOLOG = {
    100: "debug", 200: "info", 250: "notice", 300: "warning", 400: "error", 500: "critical", 550: "alert",
    600: "emergency",
}  # fmt: skip
_LOGBACK = {5000: "trace", 10000: "debug", 20000: "info", 30000: "warn", 40000: "error"}
_OPEN_TELEMETRY = ("trace", "debug", "info", "warn", "error", "fatal")
_NEXTCLOUD = ("debug", "info", "warning", "error", "fatal")


def of(given: Any) -> str:
    """A level in lower case: a word, short ones written out, or a number of pino's, Monolog's or Logback's scale."""
    text = text_of(given).strip().lower()[:32].removesuffix(".0")
    if text.lstrip("-").isdecimal():
        number = int(text)
        return (
            _NODE.get(number)
            or _MONOLOG.get(number)
            or _LOGBACK.get(number)
            or (SYSLOG[number] if 0 <= number < len(SYSLOG) else "")
        )
    # slog writes INFO+2, Log::Any (info), some libraries brackets.
    text = text.strip("[]()<>: ").partition("+")[0]
    return _WORDS.get(text, text)


def of_python(given: Any) -> str:
    """A level of Python's logging module by its number."""
    return _PYTHON.get(given, "") if given.__class__ is int else ""


def of_open_telemetry(given: Any) -> str:
    """A level by OpenTelemetry's severity number: four for each word, from 1."""
    text = text_of(given)
    return _OPEN_TELEMETRY[(int(text) - 1) // 4] if text.isdecimal() and 1 <= int(text[:3]) <= 24 else ""


def of_nextcloud(given: Any) -> str:
    """A level of Nextcloud's log."""
    return _NEXTCLOUD[given] if given.__class__ is int and 0 <= given < len(_NEXTCLOUD) else ""


def is_word(given: Any) -> bool:
    """Whether a value is a level and can be nothing else."""
    return given.__class__ is str and given[:32].strip().lower() in KNOWN
