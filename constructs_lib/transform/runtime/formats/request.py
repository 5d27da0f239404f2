"""A request and its answer, from any log: drops requests that are not behaviour, and gives the others their action.

The rules are the same for a web server's line, a load balancer's and an application's own log.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote

from .. import address, page, redact
from ..cache import remembered
from ..reasons import Unwanted
from ..settings import Settings
from .draft import Draft, text_of, without_placeholder

METHODS = frozenset(
    """
    GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT COPY LABEL LINK LOCK
    MERGE MKACTIVITY MKCALENDAR MKCOL MKREDIRECTREF MKWORKSPACE MOVE ORDERPATCH PROPFIND PROPPATCH PURGE QUERY REBIND
    REPORT SEARCH UNBIND UNCHECKOUT UNLINK UNLOCK UPDATE UPDATEREDIRECTREF VERSION-CONTROL
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
"""The methods that IANA registers (https://www.iana.org/assignments/http-methods), and caches' ``PURGE``. A
request with any other word in their place is not HTTP."""
DOWNLOADS = frozenset(
    """
    7z apk bz2 deb dmg doc docx exe gz iso jar msi pdf pkg ppt pptx rar rpm tar tgz war xls xlsx xz zip
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
_STATUS = re.compile(r"[1-5][0-9]{2}", re.ASCII)
_PROTOCOL = re.compile(r" (?:HTTP/[0-9.]{1,4}|1\.[01]|[23])$", re.IGNORECASE | re.ASCII)
"""The protocol behind the target; Hypercorn writes the version alone."""
_PORTS = {"443": "https:", "80": "http:"}
_USUAL_PORT = re.compile(r"^(?:(https://[^/:?#]{1,253}):443|(http://[^/:?#]{1,253}):80)(?=[/?#]|$)")
_ESCAPED = re.compile(r"\\x([0-9A-Fa-f]{2})", re.ASCII)
"""A byte as Apache and nginx write one that is not ASCII, or is a quote."""
_NO_QUERY = frozenset({"", "-"})


class _Request(NamedTuple):
    """A request line taken apart."""

    method: str
    target: str
    path: str
    extension: str


@remembered(4096, longest=384)
def _request(given: str) -> _Request:
    method, _, target = given.partition(" ")
    if method not in METHODS:
        if not target.startswith(("/", "http://", "https://")):
            return _Request("", "", "", "")
        method = ""
    if match := _PROTOCOL.search(target):
        target = target[: match.start()]
    if method == "CONNECT":  # names a server for a tunnel, no page
        return _Request(method, "", "", "")
    target = _USUAL_PORT.sub(r"\1\2", target.strip())
    if "\\x" in target:
        target = _ESCAPED.sub(r"%\1", target)
    if target.startswith("//"):  # a path with a slash too many, not a host
        target = "/" + target.lstrip("/")
    read = page.read(target)
    return _Request(method, target, read.path, read.extension)


@lru_cache(maxsize=1024)
def _is_listed(path: str, listed: tuple[str, ...]) -> bool:
    return any(path.startswith(one[:-1]) if one.endswith("*") else path == one for one in listed)


def of_line(settings: Settings, request: str, status: Any, size: Any = None) -> Draft:
    """The draft of a request line (``GET /lamp HTTP/1.1``); one that is no HTTP is an error without a method.

    Raises:
        Unwanted: by its method, extension or path it is no behaviour.
    """
    method, target, path, extension = _request(request[: redact.WINDOW])
    if method in settings.drop_methods:
        raise Unwanted("method")
    if extension in settings.drop_extensions:
        raise Unwanted("static_asset")
    if _is_listed(path, settings.drop_paths):
        raise Unwanted("health_check")
    code = status_of(status)
    http: dict[str, Any] = {}
    if method:
        http["method"] = method
    if code is not None:
        http["status"] = code
    length = text_of(size)
    if length.isdecimal() and len(length) < 16:
        http["bytes"] = int(length)
    draft: Draft = {"action_name": _action(method, code, extension), "platform": "web"}
    if target:
        draft["url"] = target
    if http:
        draft["http"] = http
    if path == "/robots.txt":
        draft["bot_reasons"] = ["robots_txt"]
    return draft


def of_parts(settings: Settings, method: Any, path: Any, status: Any, *, size: Any = None, query: Any = None) -> Draft:
    """The same of a method and a path, or a whole URL, that came apart."""
    target = text_of(path)
    if (rest := text_of(query).lstrip("?")) not in _NO_QUERY and "?" not in target:
        target = f"{target}?{rest}"
    return of_line(settings, f"{text_of(method).upper()} {target}", status, size)


def described(
    draft: Draft,
    *,
    time: Any,
    hops: Any = (),
    host: Any = None,
    scheme: Any = None,
    referrer: Any = None,
    user_agent: Any = None,
    user: Any = None,
) -> Draft:
    """A request's draft with what a log says besides.

    Args:
        draft: of :func:`of_line` or :func:`of_parts`.
        time: of the request, in any form.
        hops: addresses from the client to the server's own peer, each perhaps a list (``X-Forwarded-For``).
        host: the site's name; a path becomes its page.
        scheme: ``http`` or ``https``, where it is known.
        referrer, user_agent, user: ``-`` where the client sent none; None where nothing is known.
    """
    draft["timestamp"] = time
    chain = [text for hop in hops if without_placeholder(text := _single(hop)) is not None]
    if chain:
        draft["ip"] = ", ".join(chain)
    site = without_placeholder(_single(host))
    if site is not None:
        on_site(draft, site, _scheme(scheme))
    if (value := without_placeholder(_single(referrer).strip('"'))) is not None:
        draft["referrer_url"] = value
    if (value := without_placeholder(_single(user))) is not None:
        draft["user_id"] = value
    if user_agent is not None:
        agent = _single(user_agent).strip('"')
        draft["user_agent"] = unquote(agent[: redact.WINDOW]) if "%20" in agent and " " not in agent else agent
    return draft


def on_site(draft: Draft, site: str, scheme: str = "") -> None:
    """Make a path the page of a site, whose name may have a port behind it."""
    url = draft.get("url", "")
    if not url.startswith("/") or url.startswith("//"):  # it has its site
        return
    if address.read(site) is not None:  # who asks for an address names no site
        return
    name, _, port = site.rpartition(":")
    if name and port in _PORTS:
        site, scheme = name, scheme or _PORTS[port]
    draft["url"] = f"{scheme}//{site}{url}"


def status_of(value: Any) -> int | None:
    """A status from 100 to 599, or None."""
    text = text_of(value)
    return int(text) if _STATUS.fullmatch(text) else None


def is_method(value: Any) -> bool:
    """Whether a value is a request's method, in whatever case."""
    return value.__class__ is str and value[:32].upper() in METHODS


def _single(value: Any) -> str:
    """One text: headers come as lists in some logs."""
    if isinstance(value, list):
        return ", ".join(text_of(one) for one in value[:8])
    return text_of(value)


def _scheme(given: Any) -> str:
    text = text_of(given).lower()
    return f"{text}:" if text in {"http", "https"} else ""


def _action(method: str, status: int | None, extension: str) -> str:
    """What was done, in User Behavior Insights' words where it has one."""
    if not method or (status is not None and status >= 400):
        return "error"
    if status is not None and 300 <= status < 400 and status != 304:
        return "redirect"
    if method != "GET":
        return "submit"
    return "download" if extension in DOWNLOADS else "view"
