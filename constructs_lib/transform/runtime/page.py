"""URLs: the page, the referrer and the campaign, read once per URL and kept."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_plus, urlsplit

from . import redact

LONGEST_URL = 2048
LONGEST_PATH = 1024
LONGEST_HOST = 253
LONGEST_CAMPAIGN = 100

_CAMPAIGN = {
    "utm_source": "source",
    "utm_medium": "medium",
    "utm_campaign": "name",
    "utm_term": "term",
    "utm_content": "content",
}
_SEARCH = {
    "google": "Google", "bing": "Bing", "duckduckgo": "DuckDuckGo", "yahoo": "Yahoo", "baidu": "Baidu",
    "yandex": "Yandex", "ecosia": "Ecosia", "qwant": "Qwant", "startpage": "Startpage", "ask": "Ask", "aol": "AOL",
    "naver": "Naver", "seznam": "Seznam", "kagi": "Kagi",
}  # fmt: skip
_SOCIAL = {
    "facebook.com": "Facebook", "instagram.com": "Instagram", "twitter.com": "Twitter", "t.co": "Twitter",
    "x.com": "Twitter", "linkedin.com": "LinkedIn", "lnkd.in": "LinkedIn", "reddit.com": "Reddit",
    "pinterest.com": "Pinterest", "youtube.com": "YouTube", "tiktok.com": "TikTok", "vk.com": "VK",
    "news.ycombinator.com": "Hacker News", "stackoverflow.com": "Stack Overflow", "plus.google.com": "Google+",
    "mastodon.social": "Mastodon", "bsky.app": "Bluesky",
}  # fmt: skip
_MAIL = frozenset(
    {
        "mail.google.com",
        "mail.yahoo.com",
        "outlook.live.com",
        "outlook.office.com",
        "com.google.android.gm",
    }
)


class Page(NamedTuple):
    """A URL without what identifies or unlocks."""

    fields: dict[str, str]
    """``url``, ``host`` and ``path`` as the document has them."""
    campaign: dict[str, str]
    host: str
    path: str
    extension: str


@lru_cache(maxsize=8192)
def read(given: str) -> Page:
    """A page's URL, or the path of one; never with user names, passwords or a fragment that is no route."""
    given = given[: redact.WINDOW].strip()
    try:
        parts = urlsplit(given)
        host = (parts.hostname or "").rstrip(".")[:LONGEST_HOST]
        port = parts.port
    except ValueError:
        return Page({}, {}, "", "", "")
    path = redact.path(parts.path)
    host = redact.text(host)
    url = path
    if host:
        scheme = parts.scheme or "https"
        url = f"{scheme}://{host}{f':{port}' if port else ''}{path}"
    elif parts.scheme:
        # about:blank, mailto:, data:, android-app: - an address of no site
        return Page({"url": f"{parts.scheme[:32]}:"}, {}, "", "", "")
    if parts.query:
        url = f"{url}?{redact.query(parts.query)}"
    if parts.fragment.startswith(("/", "!/")):
        route, mark, rest = parts.fragment.partition("?")
        url = f"{url}#{redact.path(route)}{mark}{redact.query(rest)}"
    fields = {"url": url[:LONGEST_URL], "host": host, "path": path[:LONGEST_PATH]}
    name = path.rpartition("/")[2]
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    return Page({key: value for key, value in fields.items() if value}, _campaign(parts.query), host, path, extension)


def _campaign(query: str) -> dict[str, str]:
    if "utm_" not in query:
        return {}
    found: dict[str, str] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        field = _CAMPAIGN.get(name)
        if field and value and (clean := redact.text(unquote_plus(value).strip())[:LONGEST_CAMPAIGN]):
            found.setdefault(field, clean)
    return {field: found[field] for field in _CAMPAIGN.values() if field in found}


@lru_cache(maxsize=8192)
def referrer(given: str, page_host: str) -> dict[str, str]:
    """Where a visit came from: the referrer's host and its kind (search, social, email, internal or referral)."""
    host = read(given).host
    if not host:
        return {}
    bare, bare_page = host.removeprefix("www."), page_host.removeprefix("www.")
    if bare == bare_page:
        return {"host": host, "medium": "internal"}
    if host in _MAIL or host.startswith(("mail.", "webmail.")):
        return {"host": host, "medium": "email"}
    for site, source in _SOCIAL.items():
        if bare == site or bare.endswith("." + site):
            return {"host": host, "medium": "social", "source": source}
    labels = bare.split(".")
    # google.co.uk, uk.search.yahoo.com: the engine's name is one of the labels before the top-level domain
    for label in labels[:-1]:
        if label in _SEARCH:
            return {"host": host, "medium": "search", "source": _SEARCH[label]}
    return {"host": host, "medium": "referral", "source": bare[:LONGEST_CAMPAIGN]}
