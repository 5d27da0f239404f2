"""Bots are known by their user agents, and every lookup gives what the libraries give."""

from __future__ import annotations

import pytest
import ua_parser
from crawleruseragents import CRAWLER_USER_AGENTS_DATA, is_crawler

from constructs_lib.transform.runtime import literals, user_agent
from constructs_lib.transform.runtime.settings import Settings
from tests import inputs
from tests.transform.batches import document, reason

LINE = '198.51.100.7 - - [12/Mar/2025:08:00:01 +0000] "GET {path} HTTP/1.1" 200 5 "-" "{agent}"'
HUMANS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/604.1",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
)
BOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "curl/8.5.0",
    "python-requests/2.32.3",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
)


def user_agents() -> list[str]:
    """A fifth of the access log's user agents, and some of the known crawlers'."""
    seen = {line.rsplit(b'"', 2)[1].decode("latin-1") for line in inputs.lines("apache_access.log.gz")}
    crawlers = [entry["instances"][0] for entry in CRAWLER_USER_AGENTS_DATA[::25] if entry["instances"]]
    return sorted(seen - {"", "-"})[::5] + crawlers


@pytest.mark.parametrize("agent", BOTS)
def test_bots_are_tagged_with_reasons(agent: str) -> None:
    found = document(LINE.format(path="/", agent=agent))
    assert found["is_bot"] is True
    assert set(found["bot_reasons"]) & {"crawler_user_agents", "ua_parser"}
    assert found["device"]["type"] == "bot"


@pytest.mark.parametrize("agent", HUMANS)
def test_people_are_not_bots(agent: str) -> None:
    found = document(LINE.format(path="/", agent=agent))
    assert found["is_bot"] is False
    assert "bot_reasons" not in found


def test_asking_for_robots_txt_is_a_sign() -> None:
    assert document(LINE.format(path="/robots.txt", agent=HUMANS[0]))["bot_reasons"] == ["robots_txt"]


def test_a_missing_user_agent_is_a_sign() -> None:
    assert document(LINE.format(path="/", agent="-"))["bot_reasons"] == ["no_user_agent"]


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert "is_bot" not in document({"action_name": "click"})


def test_bots_are_dropped_where_so_set() -> None:
    assert reason(LINE.format(path="/", agent=BOTS[0]), settings=Settings(drop_bots=True)) == "Dropped_bot"


def test_lookups_give_what_the_libraries_give() -> None:
    differing = []
    for agent in user_agents():
        parsed = ua_parser.parse(agent)
        spider = parsed.device is not None and parsed.device.family == "Spider"
        reasons = (*(["ua_parser"] * spider), *(["crawler_user_agents"] * is_crawler(agent)))
        wanted = {"browser": user_agent._name(parsed.user_agent), "os": user_agent._name(parsed.os)}
        found = user_agent.read(agent)
        given = {"browser": found.device.get("browser", ""), "os": found.device.get("os", "")}
        if (found.bot_reasons, given) != (reasons, wanted):
            differing.append(agent)
    assert differing == []


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        (r"Googlebot\/", ("Googlebot/",)),
        (r"(Firefox)/(\d+)\.(\d+)", ("Firefox",)),
        (r"(?:Chrome|Chromium)/x", ("Chrome", "Chromium")),
        (r"colou?r", ("colo",)),
        (r"ab+c", ("a",)),
        (r"a{0,3}bcd", ("bcd",)),
        (r"(abc)?d", ("d",)),
        (r"abc|d", ("abc", "d")),
        (r"abc|d?", literals.NOTHING),
        (r"[Bb]ot", ("ot",)),
        (r"^curl", ("curl",)),
        (r"(a(bcd)e|f)g", ("g",)),
        (r"; *(HTC|LG[ -])x", ("HTC", "LG")),
        (r"(?=abc)d", literals.NOTHING),
        (r"a\x20b", literals.NOTHING),
    ],
)
def test_every_match_contains_one_of_the_literals(pattern: str, texts: tuple[str, ...]) -> None:
    assert literals.required(pattern) == texts
