"""Consent as people really write it: yes and no in many words, by purpose or by the categories of consent platforms.

Read are, wherever a format found them: one word for everything; purposes by name (``analytics``, ``statistics``,
``marketing`` ...), also as Google's consent mode names them (``analytics_storage``); ``{"granted": false}`` for a
purpose; Segment's ``categoryPreferences`` and RudderStack's ``allowedConsentIds`` and ``deniedConsentIds``; and lists
of what was granted, as OneTrust writes them (``,C0001,C0002,``).

What is said and not understood counts as denied.

https://segment.com/docs/privacy/consent-management/consent-in-segment-connections/
https://www.rudderstack.com/docs/data-governance/consent-management/
https://support.google.com/tagmanager/answer/10718549
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

PURPOSES = ("analytics", "personalization")
NECESSARY = "necessary"
"""A category that no purpose of ours depends on."""
USUAL_CATEGORIES: Mapping[str, str] = {
    "C0001": NECESSARY,
    "C0002": "analytics",
    "C0003": "personalization",
    "C0004": "personalization",
}
"""OneTrust's own: strictly necessary, performance, functional, targeting."""
MOST = 100
"""Categories of an event that are looked at."""

_NAMED = {
    **dict.fromkeys(
        """
        analytics analytic analyticsstorage analyticscookies analyticsconsent statistics statistic statisticscookies
        performance performancecookies measurement tracking statistik statistiken
        """.split(),  # noqa: SIM905 - a list of words reads better as one
        "analytics",
    ),
    **dict.fromkeys(
        """
        personalization personalisation personalizationstorage adpersonalization adstorage aduserdata advertising
        advertisement ads marketing marketingcookies targeting targetingcookies functional functionality
        functionalcookies functionalitystorage preferences preference
        """.split(),  # noqa: SIM905
        "personalization",
    ),
    **dict.fromkeys(
        "necessary strictlynecessary essential essentials required security securitystorage".split(),  # noqa: SIM905
        NECESSARY,
    ),
}
"""Purposes and categories by their usual names, without punctuation."""
_EVERYTHING = frozenset(
    {"all", "consent", "given", "granted", "accepted", "allowed", "optin", "status", "state", "value"}
    | {"optedin", "consented", "agreed", "decision", "choice"}
)
"""Names under which a word is about everything, or about the purpose around it."""
_YES = frozenset(
    """
    true yes y 1 1.0 on ok granted grant given give allow allowed accept accepted acceptall agree agreed approve
    approved optin optedin enabled enable active consented confirmed all acceptall allowall ja oui si sí
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
_NO = frozenset(
    """
    false no n 0 0.0 off denied deny disallow disallowed refuse refused decline declined reject rejected rejectall
    optout optedout revoke revoked withdraw withdrawn disabled disable inactive notgranted notallowed notaccepted
    notgiven never blocked block none objected objection necessary essential onlynecessary necessaryonly onlyessential
    essentialonly strictlynecessary requiredonly minimal nein non
    """.split()  # noqa: SIM905
)
_NOTHING = frozenset({"", "null", "undefined"})


_LISTS_OF_CHOICES = frozenset({"categorypreferences", "categories", "purposes", "preferences", "consents"})
_GRANTED = frozenset(
    """
    granted allowed accepted enabled acceptedcategories allowedcategories enabledcategories grantedcategories
    acceptedpurposes allowedpurposes enabledpurposes grantedpurposes categories purposes consents
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
"""Names of lists of what was granted; what they do not name was not."""
_DENIED = frozenset(
    """
    denied refused rejected declined disabled deniedcategories rejectedcategories disabledcategories deniedpurposes
    rejectedpurposes disabledpurposes
    """.split()  # noqa: SIM905
)
"""Names of lists of what was denied."""
_ACTIONS = frozenset({"action", "event"})
"""Names of a choice in a banner, which may be consent or denial."""
_OPT_OUTS = frozenset({"optout", "optedout", "donottrack", "withdrawn", "revoked"})
_LISTS_OF_IDS = {"allowedconsentids": True, "grantedconsentids": True, "deniedconsentids": False}
_ABOUT = frozenset(
    """
    version timestamp time date updatedat createdat source provider cmp id resolutionstrategy policy region country
    language lang method type gpp tcstring tcf expires expiry domain url banner bannerversion waitforupdate
    consentid
    """.split()  # noqa: SIM905
)
"""Names that say something about a consent, not what it is."""
_SIGNAL = re.compile(r"G1([01-])([01-])")
"""Google's ``gcs``: advertising and analytics."""


class Consent(NamedTuple):
    """What an event says."""

    purposes: dict[str, bool]
    """Yes or no by purpose; a purpose that nothing is said about is absent."""
    understood: bool
    """Whether everything that was said was understood."""


def read(given: Any, categories: Mapping[str, str] = USUAL_CATEGORIES) -> Consent:
    """What an event says about consent, in any of the forms above; several may stand in one mapping.

    Args:
        given: as the event has it: a word, a truth value, a number, a list or a mapping.
        categories: the consent platform's categories with the purpose that each stands for.
    """
    reading = _Reading(categories)
    if isinstance(given, Mapping):
        reading.mapping(given)
    elif isinstance(given, list) or (isinstance(given, str) and "," in given):
        reading.granted(given)
    elif isinstance(given, str) and (signal := _SIGNAL.fullmatch(given.strip())):
        reading.said = {"personalization": signal[1] == "1", "analytics": signal[2] == "1"}
    elif not _is_nothing(given):
        reading.everything(_word(given))
    if reading.accepted and not reading.said:
        reading.everything(True)
    said = reading.said
    if reading.unknown and "analytics" not in said:
        said["analytics"] = False
    return Consent({purpose: said[purpose] for purpose in PURPOSES if purpose in said}, not reading.unknown)


class _Reading:
    """What has been read so far."""

    def __init__(self, categories: Mapping[str, str]) -> None:
        self.categories = categories
        self.said: dict[str, bool] = {}
        self.unknown = 0
        self.accepted = False
        """Whether a choice is consent, to the purposes beside it or else to all."""

    def say(self, purpose: str, answer: bool | None) -> None:
        """One no outweighs every yes, and what is neither is a no."""
        if purpose != NECESSARY:
            self.unknown += answer is None
            self.said[purpose] = answer is True and self.said.get(purpose, True)

    def everything(self, answer: bool | None) -> None:
        """A word about all purposes."""
        for purpose in PURPOSES:
            self.say(purpose, answer)

    def mapping(self, given: Mapping[Any, Any], depth: int = 3) -> None:
        """Purposes, categories or lists of them by name."""
        for name, item in list(given.items())[:MOST]:
            plain = _plain(name)
            if _is_nothing(item):
                continue
            if plain in _LISTS_OF_CHOICES and isinstance(item, Mapping) and depth:
                self.mapping(item, depth - 1)
            elif plain in _LISTS_OF_IDS:
                self.listed(item, granted=_LISTS_OF_IDS[plain])
            elif self.chosen(plain, item):
                continue
            elif plain in _EVERYTHING:
                self.everything(_word(item))
            elif (purpose := _purpose(name, self.categories)) is not None:
                self.say(purpose, _answer(item))
            elif plain not in _ABOUT:
                self.unknown += 1

    def chosen(self, plain: str, item: Any) -> bool:
        """Read a list of granted or denied purposes, or a choice; returns whether it was one of these."""
        if isinstance(item, list):
            if plain in _GRANTED:
                self.only(item)
            elif plain in _DENIED:
                self.listed(item, granted=False)
            return plain in _GRANTED or plain in _DENIED
        answer = _word(item) if plain in _OPT_OUTS or plain in _ACTIONS else None
        if answer is None:
            return False
        if answer is (plain in _OPT_OUTS):  # opted out, or refused
            self.everything(False)
        elif plain in _ACTIONS:
            self.accepted = True
        return True

    def only(self, given: list[Any]) -> None:
        """A list of what was granted, beside whatever else is said."""
        found = {_purpose(item, self.categories) for item in given[:MOST]}
        self.unknown += None in found
        for purpose in PURPOSES:
            self.say(purpose, purpose in found)

    def granted(self, given: Any) -> None:
        """A list of what was granted, with ``:0`` behind what was not; what it does not name was not granted."""
        self.said.update(dict.fromkeys(PURPOSES, False))
        for item in (given.split(",") if isinstance(given, str) else given)[:MOST]:
            if not isinstance(item, str) or not item.strip():
                continue
            name, colon, value = item.partition(":")
            purpose = _purpose(name, self.categories)
            if purpose is None:
                self.unknown += 1
            elif purpose != NECESSARY:
                self.said[purpose] = _word(value) is True if colon else True

    def listed(self, given: Any, *, granted: bool) -> None:
        """One of two lists: what was granted, what was denied."""
        for item in (given if isinstance(given, list) else [given])[:MOST]:
            purpose = _purpose(item, self.categories)
            if purpose is None:
                self.unknown += 1
            else:
                self.say(purpose, granted)


def _purpose(name: Any, categories: Mapping[str, str]) -> str | None:
    if not isinstance(name, str):
        return None
    given = name.strip()[:100]
    if known := categories.get(given) or categories.get(given.upper()):
        return known
    return _NAMED.get(_plain(given))


def _answer(item: Any) -> bool | None:
    """Yes or no for one purpose, also one level down: ``{"granted": false}``."""
    if isinstance(item, Mapping):
        for name, inner in list(item.items())[:MOST]:
            if _plain(name) in _EVERYTHING | {"enabled", "consented", "agreed", "permission", "decision"}:
                return _word(inner)
        return None
    return _word(item)


def _word(item: Any) -> bool | None:
    """Yes or no, or None for what is neither."""
    if isinstance(item, bool):
        return item
    if isinstance(item, (int, float)):
        return item == 1 if item in {0, 1} else None
    if not isinstance(item, str):
        return None
    if item.strip() == "-1":
        return False
    word = "".join(item[:40].lower().split()).strip("\"'.!").replace("-", "").replace("_", "")
    if word in _YES:
        return True
    return False if word in _NO else None


def _is_nothing(item: Any) -> bool:
    return item is None or item in ({}, []) or (isinstance(item, str) and item.strip().lower() in _NOTHING)


def _plain(name: Any) -> str:
    return "".join(char for char in str(name)[:100].lower() if char.isalnum())
