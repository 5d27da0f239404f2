"""API Gateway's access log as CSV and as XML; its JSON and its common log format are read as anybody's.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
"""

from __future__ import annotations

import re

from ..settings import Settings
from . import request
from .draft import Draft
from .format import Format

_CSV = re.compile(
    r"([0-9A-Fa-f.:]{3,45}),([^,]{1,255}),([^,]{1,255}),([0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:]{8} [+-][0-9]{4}),"
    r"([A-Z]{3,10}),([^,]{1,8192}),(HTTP/[0-9.]{1,3}),([0-9]{3}|-),([0-9]{1,15}|-)(?:,[^,]{0,255}){0,8}",
    re.ASCII,
)
_XML = re.compile(r'<request id="[^"<>]{1,64}">.{1,16384}</request>', re.DOTALL)
_ELEMENT = re.compile(r"<([A-Za-z]{2,32})>([^<>]{0,8192})</\1>")


def line(given: str, settings: Settings) -> Draft | None:
    """A line's draft, in the forms that the documentation shows."""
    if match := _CSV.fullmatch(given):
        client, _, user, time, method, path, _, status, size = match.groups()
    elif given.startswith("<request id=") and _XML.fullmatch(given):
        found = dict(_ELEMENT.findall(given))
        client, user, time, method = (found.get(name) for name in ("ip", "user", "requestTime", "httpMethod"))
        path, status, size = (found.get(name) for name in ("resourcePath", "status", "responseLength"))
    else:
        return None
    draft = request.of_parts(settings, method, path, status, size=size)
    return request.described(draft, time=time, hops=[client], user=user)


FORMAT = Format("api_gateway", line=line)
