"""Campaigns: the source of a visit, from the parameters of its link.

Read are Google's ``utm_``, Matomo's ``mtm_`` and ``pk_`` in any case, in the query or behind the ``#``, and without
those the click ids of advertising networks, which say source and medium and are then left out (`urls`).

https://support.google.com/analytics/answer/10917952
https://matomo.org/faq/reports/what-is-campaign-tracking-and-why-it-is-important/
"""

from __future__ import annotations

from urllib.parse import unquote, unquote_plus

from . import redact

LONGEST = 100
FIELDS = ("source", "medium", "name", "term", "content", "id", "source_platform")
MOST_PARAMETERS = 200

_PARAMETERS = {
    "utm_source": "source",
    "utm_medium": "medium",
    "utm_campaign": "name",
    "utm_term": "term",
    "utm_content": "content",
    "utm_id": "id",
    "utm_source_platform": "source_platform",
    **{
        f"{prefix}_{name}": field
        for prefix in ("mtm", "pk", "piwik", "matomo")
        for name, field in {
            "source": "source",
            "medium": "medium",
            "campaign": "name",
            "kwd": "term",
            "keyword": "term",
            "content": "content",
            "cid": "id",
        }.items()
    },
}
_CLICKS = {
    "gclid": "google",
    "gbraid": "google",
    "wbraid": "google",
    "dclid": "google",
    "msclkid": "bing",
    "fbclid": "facebook",
    "ttclid": "tiktok",
    "twclid": "twitter",
    "li_fat_id": "linkedin",
    "epik": "pinterest",
    "rdt_cid": "reddit",
    "sccid": "snapchat",
    "yclid": "yandex",
    "qclid": "quora",
    "tblci": "taboola",
    "obclid": "outbrain",
    "dicbo": "outbrain",
}
"""Click ids of advertising networks, and the source that each is of."""
_PAID = "paid"
_SIGNS = ("utm_", "mtm_", "pk_", "piwik_", "matomo_", *_CLICKS)


def read(query: str, fragment: str) -> dict[str, str]:
    """Campaign fields of a URL's query and fragment, in the document's order; empty where there are none."""
    if fragment and "=" in fragment:
        query = f"{query}&{fragment.rpartition('?')[2].lstrip('/!')}"
    lower = query.lower()
    if not any(sign in lower for sign in _SIGNS):
        return {}
    found: dict[str, str] = {}
    click = ""
    for pair in query.split("&", MOST_PARAMETERS)[:MOST_PARAMETERS]:
        name, _, value = pair.partition("=")
        if not value:
            continue
        name = (unquote(name) if "%" in name else name).lower()
        field = _PARAMETERS.get(name)
        if field:
            if clean := redact.text(unquote_plus(value[:1024]).strip())[:LONGEST].strip():
                found.setdefault(field, clean)
        elif not click:
            click = _CLICKS.get(name, "")
    if click and not found:
        found = {"source": click, "medium": _PAID}
    return {field: found[field] for field in FIELDS if field in found}
