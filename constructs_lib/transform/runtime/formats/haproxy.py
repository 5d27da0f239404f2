"""HAProxy's HTTP and HTTPS log lines.

https://docs.haproxy.org/3.0/configuration.html#8.2.3
"""

from __future__ import annotations

import re

from ..reasons import Broken, Unwanted
from ..settings import Settings
from . import request
from .draft import Draft
from .format import Format

_LINE = re.compile(
    r"(?:[^ ]{1,64} )?(?:haproxy\[[0-9]{1,10}\]: )?([0-9A-Fa-f.:\[\]]{2,48}):[0-9]{1,5} "
    r"\[([0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:.]{8,12}(?: [+-][0-9]{4})?)\] "
    r"[^ ]{1,255} [^ ]{1,255} [0-9/+-]{5,60} ([0-9]{3}|-1) \+?([0-9]{1,15}) [^ ]{1,255} [^ ]{1,255} [^ ]{4} "
    r"[0-9/+]{5,60} [0-9/]{3,30} ?(.{0,8192}?)\"([^\"]{0,8192})(?:\"[^\"]{0,1024})?",
    re.ASCII | re.DOTALL,
)
_NOTICE = re.compile(
    r"haproxy\[[0-9]{1,10}\]: (?:(?:Proxy|Server|Health|backend|Stopping|Pausing) ?[^\"]*"
    r"|[0-9A-Fa-f.:]{3,45}:[0-9]{1,5} \[[^\]]{20,32}\] [^ /]{1,255}/[^ :]{1,255}: [^\"]*)",
    re.ASCII,
)
"""What HAProxy says of itself, and of connections that came to no request."""
_TCP = re.compile(
    r"(?:haproxy\[[0-9]{1,10}\]: )?[0-9A-Fa-f.:\[\]]{2,48}:[0-9]{1,5} \[[^\]]{20,32}\] [^ ]{1,255} [^ ]{1,255} "
    r"[0-9/+-]{3,40} \+?[0-9]{1,15} [A-Za-z-]{2} [0-9/+]{5,60} [0-9/]{3,30}(?: .{0,1024})?",
    re.ASCII,
)
"""A connection of TCP, which is no request."""
_CAPTURED = re.compile(r"\{([^{}]{0,4096})\}", re.ASCII)
_SITE = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?::[0-9]{1,5})?", re.ASCII)


def line(given: str, settings: Settings) -> Draft | None:
    """A line's draft; of the headers that a configuration captures, those that can be told by their look."""
    at = given.find(" haproxy[", 0, 256)
    text = given[at + 1 :] if at >= 0 else given
    match = _LINE.fullmatch(text)
    if match is None:
        if at >= 0 and _NOTICE.fullmatch(text):
            raise Unwanted("no_behaviour")
        if at >= 0 and _TCP.fullmatch(text):
            raise Broken("unsupported_shape")
        return None
    client, time, status, size, captured, asked = match.groups()
    site = referrer = agent = None
    first = _CAPTURED.search(captured)
    for header in first.group(1).split("|") if first else ():
        if header.startswith(("http://", "https://")):
            referrer = header
        elif _SITE.fullmatch(header):
            site = header
        elif "/" in header and agent is None:
            agent = header
    return request.described(
        request.of_line(settings, "" if asked == "<BADREQ>" else asked, status, size),
        time=time,
        hops=[client],
        host=site,
        referrer=referrer,
        user_agent=agent,
    )


FORMAT = Format("haproxy", line=line)
