"""User agents: which browser, system and kind of device, and whether a bot (ua-parser, crawler-user-agents)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from ua_parser.loaders import load_lazy_builtins

from . import literals

LONGEST = 1024
"""Characters of a user agent that are looked at."""


class Agent(NamedTuple):
    """What a user agent says about itself."""

    device: dict[str, str]
    bot_reasons: tuple[str, ...]


class _Matchers:
    """Expressions in order, each behind the texts that it cannot match without."""

    def __init__(self, matchers: Iterable[tuple[str, bool, Callable[[str], Any]]]) -> None:
        self._entries = []
        for pattern, ignore_case, matcher in matchers:
            texts = literals.required(pattern)
            self._entries.append((tuple(map(str.lower, texts)) if ignore_case else texts, ignore_case, matcher))

    def first(self, agent: str) -> Any:
        """What the first expression that matches makes of the user agent, or None."""
        lower = agent.lower()
        for texts, ignore_case, matcher in self._entries:
            searched = lower if ignore_case else agent
            for text in texts:
                if text in searched:
                    if (found := matcher(agent)) is not None:
                        return found
                    break
        return None


def _searcher(pattern: str) -> Callable[[str], Any]:
    return lambda agent: re.search(pattern, agent)


_user_agents, _systems, _devices = load_lazy_builtins()
_BROWSERS = _Matchers((matcher.regex, False, matcher) for matcher in _user_agents)
_SYSTEMS = _Matchers((matcher.regex, False, matcher) for matcher in _systems)
_DEVICES = _Matchers((matcher.regex, getattr(matcher, "regex_flag", None) == "i", matcher) for matcher in _devices)
_CRAWLERS = _Matchers((entry["pattern"], False, _searcher(entry["pattern"])) for entry in CRAWLER_USER_AGENTS_DATA)
_TABLETS: Sequence[str] = (
    "iPad",
    "Tablet",
    "Kindle",
    "PlayBook",
    "Silk/",
    "Nexus 7",
    "Nexus 9",
    "Nexus 10",
    "SM-T",
    "GT-P",
)
_TELEVISIONS: Sequence[str] = (
    "SmartTV",
    "SMART-TV",
    "AppleTV",
    "GoogleTV",
    "BRAVIA",
    "Roku",
    "HbbTV",
    "Web0S",
    "CrKey",
    "AFTT",
)
_DESKTOPS = frozenset(
    {"Windows", "Mac OS X", "Linux", "Ubuntu", "Chrome OS", "Fedora", "Debian", "FreeBSD", "OpenBSD", "NetBSD"}
)


@lru_cache(maxsize=4096)
def read(agent: str) -> Agent:
    """Device and signs of a bot; a user agent that is empty or ``-`` is itself a sign."""
    agent = agent[:LONGEST].strip()
    if agent in {"", "-"}:
        return Agent({}, ("no_user_agent",))
    browser = _BROWSERS.first(agent)
    system = _SYSTEMS.first(agent)
    device = _DEVICES.first(agent)
    reasons = []
    if device is not None and device.family == "Spider":
        reasons.append("ua_parser")
    if _CRAWLERS.first(agent) is not None:
        reasons.append("crawler_user_agents")
    named = {
        "type": "bot" if reasons else _kind(agent, system.family if system else "", device is not None),
        "browser": _name(browser),
        "os": _name(system),
    }
    return Agent({key: value for key, value in named.items() if value}, tuple(reasons))


def _name(found: Any) -> str:
    if found is None or found.family == "Other":
        return ""
    return f"{found.family} {found.major}"[:100] if found.major else str(found.family)[:100]


def _kind(agent: str, system: str, known_device: bool) -> str:
    if any(sign in agent for sign in _TELEVISIONS):
        return "tv"
    if any(sign in agent for sign in _TABLETS) or (system == "Android" and "Mobile" not in agent):
        return "tablet"
    if "Mobi" in agent or system in {"iOS", "Android"}:
        return "mobile"
    if system.startswith("Windows") or system in _DESKTOPS:
        return "desktop"
    return "other" if known_device else ""
