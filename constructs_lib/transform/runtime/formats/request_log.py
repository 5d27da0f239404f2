"""A request that a server, an agent or a content delivery network logged as JSON, whatever it calls its parts.

What is read: a method and a path, or a request line, with a status. Known are the names of Fluent Bit's, Fluentd's and
Logstash's parsers, of nginx's JSON formats, API Gateway, Cloudflare's Logpush, Traefik, Google's and Azure's load
balancers, Akamai, Fastly (names.py). A request in an application's log, which says more than that, is its own
(application_log.py).
"""

from __future__ import annotations

from typing import Any

from .. import address
from ..settings import Settings
from . import request
from .draft import Draft, text_of
from .format import Format
from .names import (
    AGENTS,
    FORWARDED,
    METHODS,
    PEERS,
    QUERIES,
    REFERRERS,
    REQUEST_LINES,
    REQUEST_USERS,
    SCHEMES,
    SITES,
    SIZES,
    STATUSES,
    TARGETS,
    Fields,
    fields_of,
)

SAYS_MORE = frozenset(
    """
    msg message level severity loglevel levelname event eventname eventaction action sessionid clientid anonymousid
    logger loglogger usrid controller
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
"""Names, without punctuation, of what an application says besides a request."""
_ROUTE = "routekey"
_NO_SITES = frozenset({"_", "localhost", "default_server"})
"""What nginx calls a server that answers for every name."""
_OF_AN_AGENT = frozenset({"ident", "version", "sourcetype", "ecs", "containerid", "kubernetes"})
"""Names, without punctuation, beside which ``host`` is the machine that an agent runs on."""


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """A request and nothing else."""
    found = fields_of(value)
    more = (found.values[name] for name in SAYS_MORE.intersection(found.values))
    return None if any(text_of(item) for item in more) else read(found, settings)


def read(found: Fields, settings: Settings) -> Draft | None:
    """The draft of the request among some fields, or None where there is none."""
    status = status_among(found)
    if status is None:
        return None
    draft = _asked(found, settings, status)
    if draft is None:
        return None
    hops, site = _hops(found)
    return request.described(
        draft,
        time=found.time(),
        hops=hops,
        host=site,
        scheme=found.text(SCHEMES),
        referrer=found.text(REFERRERS),
        user_agent=_agent(found),
        user=found.text(REQUEST_USERS),
    )


def status_among(found: Fields) -> int | None:
    """A request's status among some fields."""
    return next((code for name in STATUSES if (code := request.status_of(found.values.get(name))) is not None), None)


def _asked(found: Fields, settings: Settings, status: int) -> Draft | None:
    size = found.first(SIZES)
    for name in REQUEST_LINES:
        line = found.values.get(name)
        if line.__class__ is str and request.is_method(line.partition(" ")[0]) and " " in line:
            return request.of_line(settings, line, status, size)
    method = next((one for name in METHODS if request.is_method(one := found.values.get(name))), None)
    line = found.values.get("request")
    # Logstash has the file that it reads in path, and the path in request.
    target = line if line.__class__ is str and line.startswith("/") else found.text(TARGETS)
    if target is not None and target == found.values.get("reqpath"):  # Akamai's has no slash in front
        target = f"/{target.lstrip('/')}"
    route = text_of(found.values.get(_ROUTE))
    if target is None and request.is_method(route.partition(" ")[0]):  # API Gateway
        return request.of_line(settings, route, status, size)
    if method is None:
        if line.__class__ is str and "bodybytessent" in found.values:
            return request.of_line(settings, line, status, size)
        return _without_method(found, settings, status, target)
    if target is None or not target.startswith(("/", "http://", "https://", "*")):
        return None
    return request.of_parts(settings, method, target, status, size=size, query=found.text(QUERIES))


def _without_method(found: Fields, settings: Settings, status: int, target: str | None) -> Draft | None:
    """A request without a method: TLS garbage where a server has a place for it, else one for a page, as most are, of a
    log that writes none, such as Matomo's for nginx.
    """
    if status >= 400 and not found.values.keys().isdisjoint(METHODS) and found.name_of(PEERS) is not None:
        return request.of_parts(settings, "", target if target and target.startswith("/") else "", status)
    if target is None or not target.startswith("/") or found.text(AGENTS) is None or found.name_of(PEERS) is None:
        return None
    draft = request.of_parts(settings, "GET", target, status, size=found.first(SIZES))
    draft["http"].pop("method")
    return draft


def _hops(found: Fields) -> tuple[list[Any], str | None]:
    """The chain of hops and the site. ``host`` is the site where the client has a name of its own, else the client."""
    peer = next((one for name in PEERS if (one := _address(found.values.get(name))) is not None), None)
    host = found.values.get("host")
    site = found.text(SITES)
    if site in _NO_SITES:
        site = None
    if host.__class__ is str and host:
        if address.read(host) is not None:
            peer = peer or host
        elif site is None and peer is not None and "." in host and _OF_AN_AGENT.isdisjoint(found.values):
            site = host
        elif peer is None and site is None:
            peer = host
    return [found.text(FORWARDED), peer], site


def _address(value: Any) -> str | None:
    """An address, or a list of them in one text."""
    text = text_of(value)
    first = text.partition(",")[0]
    return text if first and address.read(first) is not None else None


def _agent(found: Fields) -> str | None:
    """The user agent; ``-`` where a request has a place for one and nothing in it."""
    agent = found.text(AGENTS)
    if agent is not None:
        return agent
    values = found.values
    return "-" if any(values[name].__class__ is str for name in AGENTS if name in values) else None


FORMAT = Format("access_log", fields)
