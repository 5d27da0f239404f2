"""URLs: the page, the referrer and the campaign, read once per URL; short ones are kept."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from constructs_lib.privacy.characters import visible

from . import campaigns, redact, referrers, urls
from .cache import remembered

_NO_HOST = re.compile(r"[\x00-\x20\x7f#%/<>?@\\^|]")
"""Characters that no host's name has (https://url.spec.whatwg.org/#forbidden-domain-code-point)."""
LONGEST_URL = 2048
LONGEST_PATH = 1024
LONGEST_HOST = 253


class Page(NamedTuple):
    """A URL without what identifies or unlocks."""

    fields: dict[str, str]
    """``url``, ``host`` and ``path`` as the document has them."""
    campaign: dict[str, str]
    host: str
    path: str
    extension: str


_NOWHERE = Page({}, {}, "", "", "")


@remembered(4096, longest=384, cut=redact.WINDOW)
def read(given: str) -> Page:
    """A page's URL, or the path of one; never with user names, passwords or a fragment that is no route."""
    given = visible(given).strip()
    try:
        parts = urlsplit(given)
        host = (parts.hostname or "").strip().rstrip(".")[:LONGEST_HOST]
        port = parts.port
    except ValueError:
        return _NOWHERE
    path = urls.path(parts.path)
    host = redact.text(host)
    url = path
    if host:
        scheme = parts.scheme or "https"
        url = f"{scheme}://{host}{f':{port}' if port else ''}{path}"
    elif parts.scheme:
        # about:blank, mailto:, data: - an address of no site
        return Page({"url": f"{parts.scheme[:32]}:"}, {}, "", "", "")
    if parts.query and (query := urls.query(parts.query)):
        url = f"{url}?{query}"
    if parts.fragment.startswith(("/", "!/")):
        url = f"{url}#{urls.fragment_of(parts.fragment)}"
    fields = {"url": url[:LONGEST_URL], "host": host, "path": path[:LONGEST_PATH]}
    name = path.rpartition("/")[2]
    extension = name.rpartition(".")[2].lower()[:16] if "." in name else ""
    campaign = campaigns.read(parts.query, parts.fragment)
    return Page({key: value for key, value in fields.items() if value}, campaign, host, path, extension)


def referrer(given: str, page_host: str, own_hosts: tuple[str, ...] = ()) -> dict[str, str]:
    """Where a visit came from: the referrer's host and its kind (search, social, email, ai, internal or referral).

    Args:
        given: the referrer's URL, also an ``android-app://`` one.
        page_host: the host of the page that was visited, which makes its own subdomains internal.
        own_hosts: further hosts of one's own, which make their subdomains internal too.
    """
    host = read(given).host
    return _referrer(host, page_host, own_hosts) if host and not _NO_HOST.search(host) else {}


@lru_cache(maxsize=4096)
def _referrer(host: str, page_host: str, own_hosts: tuple[str, ...]) -> dict[str, str]:
    bare = host.removeprefix("www.")
    for own in (page_host.removeprefix("www."), *own_hosts):
        if own and (bare == own or bare.endswith(f".{own}")):
            return {"host": host, "medium": "internal"}
    if (known := referrers.origin(host)) is not None:
        return {"host": host, "medium": known.medium, "source": known.source}
    return {"host": host, "medium": "referral", "source": bare[: campaigns.LONGEST]}
