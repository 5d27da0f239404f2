"""uWSGI's request log lines.

https://uwsgi-docs.readthedocs.io/en/latest/LogFormat.html
"""

from __future__ import annotations

import re

from ..settings import Settings
from . import request
from .draft import Draft
from .format import Format

_LINE = re.compile(
    r"\[pid: [0-9]{1,10}\|app: [^|\]]{1,16}\|req: [^\]]{1,32}\] ([^ ]{1,64}) \(([^)]{0,255})\) \{[^}]{1,64}\} "
    r"\[([^\]]{20,32})\] ([A-Z-]{3,20}) (.{1,8192}) => generated ([0-9]{1,15}) bytes in [0-9]{1,12} [a-z]{4,6} "
    r"\(HTTP/[0-9.]{1,4} ([0-9]{3})\).{0,255}",
    re.ASCII | re.DOTALL,
)


def line(given: str, settings: Settings) -> Draft | None:
    """A line's draft."""
    match = _LINE.fullmatch(given) if given.startswith("[pid: ") else None
    if match is None:
        return None
    client, user, time, method, path, size, status = match.groups()
    draft = request.of_parts(settings, method, path, status, size=size)
    return request.described(draft, time=time, hops=[client], user=user)


FORMAT = Format("uwsgi", line=line)
