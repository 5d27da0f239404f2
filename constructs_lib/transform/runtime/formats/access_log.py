"""Web server access logs: NCSA combined and common lines, bare, in an agent's JSON envelope, or taken apart by the
agent.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from .. import clock, page, redact, values
from ..reasons import Broken, Unwanted
from ..settings import Settings
from .draft import Draft, first_of, shape, text_of

_LINE = re.compile(
    r'([^ ]{1,255}) [^ ]{1,255} ([^ "]{1,255}|"[^"]{0,255}") \[([^\]]{20,32})\] '
    r'"([^"\\]*(?:\\.[^"\\]*)*)" ([0-9]{3}) ([0-9]{1,15}|-)'
    r'(?: "([^"\\]*(?:\\.[^"\\]*)*)" "([^"\\]*(?:\\.[^"\\]*)*)")?(?: .*)?',
    re.ASCII | re.DOTALL,
)
_LONGEST = 65_536
_DOWNLOADS = frozenset(
    """
    7z apk bz2 deb dmg doc docx exe gz iso jar msi pdf pkg ppt pptx rar rpm tar tgz war xls xlsx xz zip
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
_SIZES = ("bytes", "body_bytes_sent", "bytes_sent")
_USERS = ("authuser", "remote_user", "auth")
_ENVELOPES = ("message", "log", "line", "msg", "data")


def line(given: str, settings: Settings) -> Draft | None:
    """A line's draft, or None if it is no access log line."""
    match = _LINE.fullmatch(given) if len(given) <= _LONGEST else None
    if match is None:
        return None
    host, user, time, request, status, size, referrer, agent = match.groups()
    timestamp = clock.parse_access_log(time)
    if timestamp is None:
        raise Broken("invalid_timestamp")
    draft = _draft(settings, request, int(status), size)
    draft["timestamp"] = timestamp
    draft["ip"] = host
    if user != "-":
        draft["user_id"] = user.strip('"')
    if referrer is not None and referrer != "-":
        draft["referrer_url"] = referrer
    if agent is not None:
        draft["user_agent"] = agent
    return draft


@shape("access_log")
def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """An agent's envelope around a line, or the line taken apart (Kinesis agent, nginx JSON formats)."""
    for name in _ENVELOPES:
        wrapped = value.get(name)
        if wrapped.__class__ is str and '] "' in wrapped and (draft := line(wrapped.strip(), settings)) is not None:
            return draft
    request = value.get("request")
    status = first_of(value, "response", "status", "code")
    if not isinstance(request, str) or status is None or not text_of(status).isdecimal():
        return None
    time = first_of(value, "datetime", "time_iso8601", "time_local", "@timestamp", "timestamp", "time")
    timestamp = clock.parse(time)
    if timestamp is None and isinstance(time, str):
        timestamp = clock.parse_access_log(time)
    if timestamp is None and time is not None:
        raise Broken("invalid_timestamp")
    draft = _draft(settings, request, int(text_of(status)[:3]), text_of(first_of(value, *_SIZES)))
    draft["timestamp"] = timestamp
    draft["ip"] = first_of(value, "host", "remote_addr", "clientip", "client")
    user, referrer = first_of(value, *_USERS), first_of(value, "referer", "referrer", "http_referer")
    if user != "-":
        draft["user_id"] = user
    if referrer != "-":
        draft["referrer_url"] = referrer
    draft["user_agent"] = first_of(value, "agent", "user_agent", "http_user_agent")
    return draft


class _Request(NamedTuple):
    """A request line taken apart."""

    method: str
    target: str
    path: str
    extension: str


@lru_cache(maxsize=8192)
def _request(given: str) -> _Request:
    method, _, rest = given.partition(" ")
    target = rest.rpartition(" ")[0] if " HTTP/" in rest else rest
    if target.startswith("//"):  # a path with a slash too many, not a host
        target = "/" + target.lstrip("/")
    read = page.read(target)
    return _Request(values.name(method[:16]), target, read.path, read.extension)


@lru_cache(maxsize=8192)
def _is_listed(path: str, listed: tuple[str, ...]) -> bool:
    return any(path.startswith(one[:-1]) if one.endswith("*") else path == one for one in listed)


def _draft(settings: Settings, request: str, status: int, size: str) -> Draft:
    """What the request itself says; refuses what is no behaviour."""
    method, target, path, extension = _request(request[: redact.WINDOW])
    if method in settings.drop_methods:
        raise Unwanted("method")
    if extension in settings.drop_extensions:
        raise Unwanted("static_asset")
    if _is_listed(path, settings.drop_paths):
        raise Unwanted("health_check")
    http: dict[str, Any] = {"method": method, "status": status}
    if size.isdecimal() and len(size) < 16:
        http["bytes"] = int(size)
    draft: Draft = {
        "action_name": _action(method, status, extension),
        "platform": "web",
        "url": target,
        "http": http,
    }
    if path == "/robots.txt":
        draft["bot_reasons"] = ["robots_txt"]
    return draft


def _action(method: str, status: int, extension: str) -> str:
    """What was done, in User Behavior Insights' words where it has one."""
    if status >= 400:
        return "error"
    if 300 <= status < 400 and status != 304:
        return "redirect"
    if method != "GET":
        return "submit"
    return "download" if extension in _DOWNLOADS else "view"
