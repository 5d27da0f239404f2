"""Access log lines of Apache, nginx and servers with the same formats: common, combined, ``vhost_combined``, nginx's
``main`` with ``X-Forwarded-For`` at either end, Traefik's, API Gateway's and HAProxy's common form.

https://httpd.apache.org/docs/2.4/logs.html, https://nginx.org/en/docs/http/ngx_http_log_module.html
"""

from __future__ import annotations

import re

from .. import address, clock
from ..reasons import Broken
from ..settings import Settings
from . import request
from .draft import Draft
from .format import Format

_QUOTED = r'"([^"\\]*(?:\\.[^"\\]*)*)"'
_LINE = re.compile(
    r'([^ ]{1,255}) ([^ ]{1,255}) ([^ "]{1,255}|"[^"]{0,255}") \[([^\]]{20,32})\] '
    rf"{_QUOTED} ([0-9]{{3}}) ([0-9]{{1,15}}|-)(?: {_QUOTED} {_QUOTED})?( .*)?",
    re.ASCII | re.DOTALL,
)
"""The usual line."""
_TIME = (
    r"[0-9]{1,2}/[A-Z][a-z]{2}/[0-9]{4}[: ][^\]]{8,24}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][^\]\[]{8,24}(?:\[[A-Za-z_/]{1,40}\])?"
)
_OTHER = re.compile(
    rf"\[({_TIME})\] ?{_QUOTED} ([0-9]{{3}}|-) ([0-9]{{1,15}}|-)"
    rf"(?: (?:{_QUOTED}|-) (?:{_QUOTED}|-))?(?= |$)",
    re.ASCII | re.DOTALL,
)
"""The same with anything in front."""
_TLS = re.compile(
    rf"\[([0-9]{{1,2}}/[A-Z][a-z]{{2}}/[0-9]{{4}}:[^\]]{{8,24}})\] ([^ ]{{1,255}}) [^ ]{{1,32}} [^ ]{{1,64}} {_QUOTED} "
    r"([0-9]{1,15}|-)",
    re.ASCII,
)
"""Apache's ``ssl_request_log``, which has no status."""
_AGAIN = re.compile(rf'\[(?:{_TIME})\] ?"', re.ASCII)
_WORD = re.compile(r'"[^"]{0,500}"|[^ ]+')
_TAIL = re.compile(rf"{_QUOTED}|^ ([0-9A-Fa-f.:]{{7,45}}(?:, ?[0-9A-Fa-f.:]{{7,45}}){{0,10}})(?= |$)", re.ASCII)
_SITE = re.compile(r"(?=[^ ]{4,253}(?::|$))(?:[A-Za-z0-9_-]{1,63}\.){1,8}[A-Za-z]{2,24}\.?(?::[0-9]{1,5})?", re.ASCII)
_VHOST = re.compile(r"[A-Za-z0-9_.*-]{1,253}(?::[0-9]{1,5})?", re.ASCII)
_LOGGER = re.compile(r"[A-Z]{4,8}:[A-Za-z_.]{1,64}:(?=[0-9A-Fa-f.:]{3,45}$)", re.ASCII)
"""What Python's logging writes in front of a line that has no format of its own: ``INFO:werkzeug:``."""
_UNTOLD = frozenset({"unknown", "-", "_hidden"})
_LONGEST = 65_536
_LONGEST_FRONT = 1024
_MOST_IN_FRONT = 4
"""Words of a site, a client, its identity and its user."""


def line(given: str, settings: Settings) -> Draft | None:
    """A line's draft."""
    if len(given) > _LONGEST:
        return None
    match = _LINE.fullmatch(given)
    if match is None:
        return _other(given, settings) if "[" in given else None
    host, identity, user, time, asked, status, size, referrer, agent, tail = match.groups()
    timestamp = clock.parse_access_log(time) or clock.parse(time)
    if timestamp is None:
        raise Broken("invalid_timestamp")
    draft = request.of_line(settings, asked, status, size)
    draft["timestamp"] = timestamp
    draft["ip"] = _LOGGER.sub("", host) if host[0].isupper() else host
    if user != "-" and (name := user.strip('"')):
        draft["user_id"] = name
    if referrer is not None and referrer not in {"-", ""}:
        draft["referrer_url"] = referrer
    if agent is not None:
        draft["user_agent"] = agent
    if identity != "-" and _SITE.fullmatch(identity):  # lighttpd has the site there
        request.on_site(draft, identity)
    if tail is not None and len(tail) > 3:
        _read_tail(draft, tail)
    return draft


def _other(given: str, settings: Settings) -> Draft | None:
    begins = _AGAIN.search(given[:_LONGEST_FRONT])
    match = _OTHER.match(given, begins.start()) if begins else None
    if match is None:
        draft = _tls(given, settings) if given[0] == "[" else None
        if draft is None and begins and (front := _front(given[: begins.start()])) is not None and front[0]:
            raise Broken("unrecognised")  # cut off: another format would keep the user's name in a message
        return draft
    time, asked, status, size, referrer, agent = match.groups()
    front = _front(given[: match.start()])
    if front is None:
        return None
    hops, site, user = front
    draft = request.described(
        request.of_line(settings, asked, status, size),
        time=_moment(time),
        hops=hops,
        host=site,
        referrer=referrer,
        user_agent=agent,
        user=user,
    )
    _read_tail(draft, given[match.end() :])
    return draft


def _tls(given: str, settings: Settings) -> Draft | None:
    match = _TLS.fullmatch(given)
    if match is None:
        return None
    time, host, asked, size = match.groups()
    return request.described(request.of_line(settings, asked, None, size), time=_moment(time), hops=[host])


def _moment(time: str) -> int:
    moment = clock.parse(time)
    if moment is None:
        raise Broken("invalid_timestamp")
    return moment


def _front(front: str) -> tuple[list[str], str | None, str | None] | None:
    """Hops, site and user of what stands before the time: addresses and names in any order, then who was identified."""
    words = _of_request(_WORD.findall(front))
    hops: list[str] = []
    site: str | None = None
    at = 0
    for word in words:
        plain = word.strip('",')
        if _are_addresses(plain):
            hops.append(plain)
        elif site is None and plain != "-" and at + 2 < len(words) and _VHOST.fullmatch(plain) and (at == 0 or hops):
            site = plain
        elif not (plain == "-" and at == 0 and len(words) > 3):
            break
        at += 1
    who = words[at:]
    if not (hops or (site and who)):
        return None
    if not hops:  # the client's name, where a server looks names up
        site = None
    user = " ".join(word for word in who[1:] if word != "-" and not _is_hop_in_brackets(word)).strip('"')
    return hops, site, user or None


def _of_request(words: list[str]) -> list[str]:
    """The words from the client's address on, where a logging library has written others in front of it."""
    if len(words) <= _MOST_IN_FRONT:
        return words
    last = len(words) - 1
    for at in range(last - 2, max(0, last - 5), -1):
        if _are_addresses(words[at].strip('",')):
            return words if _are_addresses(words[0].strip('",')) else words[at:]
    return words


def _is_hop_in_brackets(word: str) -> bool:
    """Whether it is the real address as older versions of ingress-nginx write it: ``- [198.51.100.7] - -``."""
    return word.startswith("[") and _are_addresses(word.strip("[]"))


def _are_addresses(text: str) -> bool:
    """Whether a text is a chain of hops, some of which a proxy may not have told."""
    hops = [hop.strip() for hop in text.split(",")[:12]]
    known = [address.read(hop) is not None for hop in hops]
    return any(known) and all(one or hop.lower() in _UNTOLD for one, hop in zip(known, hops, strict=True))


def _read_tail(draft: Draft, tail: str) -> None:
    """What stands behind the user agent: a chain of hops, the site's name."""
    if _AGAIN.search(tail):
        raise Broken("several_events")
    forwarded = site = None
    for match in _TAIL.finditer(tail[:2048]):
        found = (match.group(1) or match.group(2) or "").strip()
        if forwarded is None and _are_addresses(found):
            forwarded = found
        elif site is None and match.group(1) and _SITE.fullmatch(found):
            site = found
    if forwarded is not None:
        draft["ip"] = f"{forwarded}, {draft.get('ip', '')}".strip(", ")
    if site is not None:
        request.on_site(draft, site)


FORMAT = Format("access_log", line=line)
