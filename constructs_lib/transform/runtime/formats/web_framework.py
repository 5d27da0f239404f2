"""Request lines that web frameworks and their servers write: uvicorn, morgan, Koa and Hono, Rails, Gin, chi, Fiber,
Django, PHP.

Most have no time and no user agent: those are their envelope's, or nobody's.
"""

from __future__ import annotations

import re

from ..settings import Settings
from . import request
from .draft import Draft
from .format import Format

_METHOD = r"(?P<method>[A-Z][A-Z-]{2,19})"
_CLIENT = r"(?P<client>[0-9A-Fa-f.:\[\]]{2,48}?)"
_LINES = tuple(
    re.compile(pattern, re.ASCII | re.DOTALL)
    for pattern in (
        # uvicorn: INFO:  203.0.113.9:5000 - "GET /lamp HTTP/1.1" 200 OK
        (
            rf'(?:INFO:? {{1,8}})?{_CLIENT}(?::[0-9]{{1,5}})? - "{_METHOD} (?P<path>[^"]{{1,8192}}) '
            r'HTTP/[0-9.]{1,3}" (?P<status>[0-9]{3})(?: [A-Za-z -]{0,40})?'
        ),
        # Django: [12/Mar/2025 08:00:01] "GET /lamp HTTP/1.1" 200 512
        (
            rf'\[(?P<time>[0-9]{{2}}/[A-Z][a-z]{{2}}/[0-9]{{4}} [0-9:]{{8}})\] "{_METHOD} (?P<path>[^"]{{1,8192}}) '
            r'HTTP/[0-9.]{1,3}" (?P<status>[0-9]{3}) (?P<size>[0-9]{1,15}|-)'
        ),
        # Django's logging: "GET /lamp/ HTTP/1.1" 200 512
        (
            rf'(?:INFO |WARNING |ERROR )?"{_METHOD} (?P<path>[^"]{{1,8192}}) HTTP/[0-9.]{{1,3}}" '
            r"(?P<status>[0-9]{3}) (?P<size>[0-9]{1,15}|-)"
        ),
        # Koa's and Hono's: --> GET /lamp 200 3ms 512b
        (
            rf"--> {_METHOD} (?P<path>/[^ ]{{0,8192}}) (?P<status>[0-9]{{3}})(?: [0-9.]{{1,16}}m?s)?"
            r"(?: [0-9.]{1,16}k?m?b)?"
        ),
        # actix: 203.0.113.9 "GET /lamp HTTP/1.1" 200 512 "-" "Mozilla/5.0 ..." 0.003
        (
            rf'{_CLIENT} "{_METHOD} (?P<path>[^"]{{1,8192}}) HTTP/[0-9.]{{1,3}}" (?P<status>[0-9]{{3}}) '
            r'(?P<size>[0-9]{1,15}) "(?P<referrer>[^"]{0,4096})" "(?P<agent>[^"]{0,4096})" [0-9.]{1,16}'
        ),
        # chi: "GET http://shop.example/lamp HTTP/1.1" from 203.0.113.9:5000 - 200 512B in 1.2ms
        (
            rf'"{_METHOD} (?P<path>[^"]{{1,8192}}) HTTP/[0-9.]{{1,3}}" from {_CLIENT}(?::[0-9]{{1,5}})? - '
            r"(?P<status>[0-9]{3}) (?P<size>[0-9]{1,15})B in [^ ]{1,24}"
        ),
        # Fiber: 08:00:01 | 200 |  1.2ms | 203.0.113.9 | GET | /lamp | -
        (
            rf"[0-9:]{{8}} \| (?P<status>[0-9]{{3}}) \| {{1,16}}[^ |]{{1,24}} \| {{1,40}}{_CLIENT} \| "
            rf"{{0,8}}{_METHOD} {{1,8}}\| (?P<path>/[^ |]{{0,8192}})(?: \| .{{0,1024}})?"
        ),
        # PHP-FPM: 203.0.113.9 -  12/Mar/2025:08:00:01 +0000 "GET /index.php" 200
        (
            rf"{_CLIENT} - (?P<user>[^ ]{{0,255}}) (?P<time>[0-9]{{2}}/[A-Z][a-z]{{2}}/[0-9]{{4}}:[0-9:]{{8}} "
            rf'[+-][0-9]{{4}}) "{_METHOD} (?P<path>[^"]{{1,8192}})" (?P<status>[0-9]{{3}})(?: .{{0,200}})?'
        ),
        # morgan's short and tiny: 203.0.113.9 - GET /lamp HTTP/1.1 200 512 - 3.2 ms
        (
            rf"(?:{_CLIENT} (?P<user>[^ ]{{1,255}}) )?{_METHOD} (?P<path>/[^ ]{{0,8192}})(?: HTTP/[0-9.]{{1,3}})? "
            r"(?P<status>[0-9]{3}) (?P<size>[0-9]{1,15}|-) - [0-9.-]{1,16} ms"
        ),
        # morgan's dev: GET /lamp 200 3.2 ms - 512
        rf"{_METHOD} (?P<path>/[^ ]{{0,8192}}) (?P<status>[0-9]{{3}}) [0-9.-]{{1,16}} ms - (?P<size>[0-9]{{1,15}}|-)",
        # Gin: [GIN] 2025/03/12 - 08:00:01 | 200 |     1.2ms |     203.0.113.9 | GET      "/lamp"
        (
            r"\[GIN\] (?P<day>[0-9]{4}/[0-9]{2}/[0-9]{2}) - (?P<clock>[0-9:]{8}) \| (?P<status>[0-9]{3}) \|"
            r" {1,16}[^ |]{1,24} \| "
            rf'{{0,40}}{_CLIENT} \| {_METHOD} {{1,12}}"(?P<path>[^"]{{1,8192}})".{{0,1024}}'
        ),
        # Rails: Started GET "/lamp" for 203.0.113.9 at 2025-03-12 08:00:01 +0000
        rf'Started {_METHOD} "(?P<path>[^"]{{1,8192}})" for {_CLIENT} at (?P<time>[0-9 :+-]{{19,25}})',
        # PHP: [Wed Mar 12 08:00:01 2025] 203.0.113.9:5000 [200]: GET /lamp
        (
            rf"\[(?P<time>[A-Z][a-z]{{2}} [A-Z][a-z]{{2}} [ 0-3][0-9] [0-9:]{{8}} [0-9]{{4}})\] {_CLIENT}:[0-9]{{1,5}} "
            rf"\[(?P<status>[0-9]{{3}})\]: {_METHOD} (?P<path>[^ ]{{1,8192}})"
        ),
    )
)
_COLOURS = re.compile(r"\x1b\[[0-9;]{0,16}m")
_HINT = re.compile(r"\b[A-Z]{3,8}[ |]{1,12}\"?(?:/|https?://)", re.ASCII)
_LONGEST = 16_384


def line(given: str, settings: Settings) -> Draft | None:
    """A line's draft."""
    if len(given) > _LONGEST:
        return None
    plain = _COLOURS.sub("", given) if "\x1b" in given else given
    if not _HINT.search(plain, 0, 512):
        return None
    for pattern in _LINES:
        if match := pattern.fullmatch(plain):
            found = match.groupdict()
            if not request.is_method(found["method"]):
                return None
            time = found.get("time") or (f"{found['day']} {found['clock']}" if "day" in found else None)
            draft = request.of_parts(
                settings, found["method"], found["path"], found.get("status"), size=found.get("size")
            )
            return request.described(
                draft,
                time=time,
                hops=[found.get("client")],
                referrer=found.get("referrer"),
                user_agent=found.get("agent"),
                user=found.get("user"),
            )
    return None


FORMAT = Format("web_framework", line=line)
