"""User agents: which browser, system and kind of device, and whether a bot or a health checker.

Of ua-parser and crawler-user-agents, with what `bots` knows besides. Nothing that a user agent says costs more than a
bounded number of expressions, and an expression that raises costs its sender the name of the device and nothing else.
"""

from __future__ import annotations

from itertools import takewhile
from typing import Any, NamedTuple

from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from ua_parser.loaders import load_lazy_builtins

from constructs_lib.privacy.characters import visible

from . import bots, devices, redact
from .cache import remembered
from .expressions import Allowance, Expressions, searcher, subject

LONGEST = 400
"""Characters of a user agent that are looked at: of 60,000 of people's none is longer."""
MOST_RUNS = 96
"""Expressions that may be run for one user agent; people's need 54 at most."""
LONGEST_NAME = 100
SPIDER = "Spider"
"""What ua-parser calls a robot's device: its first expressions. The names of devices are not asked for, as `devices`
tells their kinds, and so neither are its last robots, which would take a telephone for one (*CUBOT*).
"""
_COSTLY = ("^.{0,200}?", ".{0,200}(Teams)")
"""Beginnings of expressions that cost a millisecond and more and only name robots that lists name already."""


class Agent(NamedTuple):
    """What a user agent says about itself."""

    device: dict[str, str]
    bot_reasons: tuple[str, ...]
    health_checker: bool = False


_user_agents, _systems, _devices = load_lazy_builtins()
_BROWSERS = Expressions((matcher.regex, matcher) for matcher in _user_agents if not matcher.regex.startswith(_COSTLY))
_SYSTEMS = Expressions((matcher.regex, matcher) for matcher in _systems)
_SPIDERS = Expressions(
    (matcher.regex, matcher) for matcher in takewhile(lambda one: getattr(one, "family", "") == SPIDER, _devices)
)
_CRAWLERS = Expressions((entry["pattern"], searcher(entry["pattern"])) for entry in CRAWLER_USER_AGENTS_DATA)


@remembered(4096, longest=LONGEST, cut=LONGEST)
def read(agent: str) -> Agent:
    """Device and signs of a bot; a user agent that is empty or ``-`` is itself a sign."""
    agent = visible(agent).strip()
    if agent in {"", "-"}:
        return Agent({}, ("no_user_agent",))
    lower = agent.lower()
    if lower in bots.SAYING_NOTHING:
        return Agent({}, ())
    if bots.is_health_checker(lower):
        return Agent({"type": "bot"}, ("health_checker",), health_checker=True)
    given = subject(agent)
    allowance = Allowance(MOST_RUNS)
    browser = _BROWSERS.first(given, allowance)
    system = _SYSTEMS.first(given, allowance)
    spider = _SPIDERS.first(given, allowance) is not None
    reasons = () if bots.is_excepted(agent) else _reasons(lower, spider, allowance)
    named = {
        "type": "bot" if reasons else devices.kind(lower, _family(system), known=browser is not None),
        "browser": _name(browser),
        "os": _name(system),
    }
    return Agent({key: value for key, value in named.items() if value}, reasons)


def _reasons(lower: str, spider: bool, allowance: Allowance) -> tuple[str, ...]:
    """Which lists know a robot."""
    reasons = []
    if spider:
        reasons.append("ua_parser")
    bare = bots.without_android_device(lower)
    if _CRAWLERS.first(subject(bare), allowance) is not None:
        reasons.append("crawler_user_agents")
    if bots.sign(bare):
        reasons.append("bot_words")
    return tuple(reasons)


def _family(found: Any) -> str:
    return "" if found is None or found.family == "Other" else str(found.family)


def _name(found: Any) -> str:
    """A family and its major version, which may hold whatever stood in the user agent."""
    family = _family(found)
    return redact.text(f"{family} {found.major}" if family and found.major else family)[:LONGEST_NAME].strip()
