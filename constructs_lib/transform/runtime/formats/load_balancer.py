"""Access log lines of Application Load Balancers and Classic Load Balancers.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html,
https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
"""

from __future__ import annotations

import re

from ..reasons import Broken
from ..settings import Settings
from . import request, words
from .draft import Draft
from .format import Format

_APPLICATION = re.compile(r"(?:https?|h2|grpcs?|wss?) [0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20}Z app/", re.ASCII)
_NETWORK = re.compile(r"tls [0-9.]{1,5} [0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20}Z? net/", re.ASCII)
_CONNECTION = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20}Z [0-9A-Fa-f.:]{3,45} [0-9]{1,5} [0-9]{1,5} (?:TLSv[0-9.]{1,3}|-) ",
    re.ASCII,
)
"""Of an Application Load Balancer's connection log."""
_CLASSIC = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20}Z [A-Za-z0-9-]{1,32} [0-9A-Fa-f.:]{3,45}:[0-9]{1,5} "
    r"(?:[0-9A-Fa-f.:]{3,45}:[0-9]{1,5}|-) (?:-?[0-9.]{1,12} ){3}(?:[0-9]{3}|-) (?:[0-9]{3}|-) [0-9]+ [0-9]+ \"",
    re.ASCII,
)


def line(given: str, settings: Settings) -> Draft | None:
    """A line's draft."""
    if _APPLICATION.match(given):
        return _read(given, settings, first=1)
    if _CLASSIC.match(given):
        return _read(given, settings, first=0)
    if _NETWORK.match(given) or _CONNECTION.match(given):  # connections, not requests
        raise Broken("unsupported_shape")
    return None


def _read(given: str, settings: Settings, first: int) -> Draft | None:
    """Fields are the same in both, one word later in an Application Load Balancer's."""
    found = [word.text for word in words.of(given, first + 14)]
    if len(found) < first + 13:
        return None
    time, client, status = found[first], found[first + 2], found[first + 7]
    size, asked, agent = found[first + 10], found[first + 11], found[first + 12]
    if asked.startswith("- "):  # a connection that ended before its request, or one of a TCP listener
        if status == "-" and first == 0:
            raise Broken("unsupported_shape")
        asked = ""
    return request.described(request.of_line(settings, asked, status, size), time=time, hops=[client], user_agent=agent)


FORMAT = Format("load_balancer", line=line)
