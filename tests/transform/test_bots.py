"""Bots are recognised by their user agents, and every lookup gives the libraries' results."""

from __future__ import annotations

import gzip
import json
import sys
from importlib import resources

import pytest
import ua_parser
from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from constructs_lib.transform.runtime import bots, literals, user_agent
from constructs_lib.transform.runtime.expressions import Allowance, Expressions, subject
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
    assert set(found["bot_reasons"]) & {"crawler_user_agents", "ua_parser", "bot_words"}
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


HEALTH_CHECKERS = (
    "ELB-HealthChecker/2.0",
    "kube-probe/1.31",
    "GoogleHC/1.0",
    "Prometheus/2.53.0",
    "Amazon-Route53-Health-Check-Service (ref b0eb04d5; report http://amzn.to/1vsZADi)",
    "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "Pingdom.com_bot_version_1.4",
)
PROGRAMS = (
    "undici",
    "GuzzleHttp/7",
    "PostmanRuntime/7.39.0",
    "k6/0.52.0 (https://k6.io/)",
    "gobuster/3.6",
    "axios/1.7.2",
    "Go-http-client/2.0",
    "Mozilla/5.0 (compatible; Nuclei - Open-source project (github.com/projectdiscovery/nuclei))",
)
ANDROID = "Mozilla/5.0 (Linux; Android {}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 {}"
FALSE_ALARMS = (
    "okhttp/4.12.0",
    "shop-android/2.1 okhttp/4.12.0",
    "shop/3 (Android 14) okhttp/4.9.2",
    "WhatsApp/2.11.186 Android/4.2.2 Device/samsung-GT-S7580",
    ANDROID.format("15; CPH2557 Build/AP3A.240617.008; wv", "Mobile Safari/537.36"),
    ANDROID.format("9; CUBOT_X18_Plus", "Mobile Safari/537.36"),
    ANDROID.format("4.2.2; HTC Butterfly s Build/JDQ39", "Mobile Safari/537.36"),
    ANDROID.format("7.1.2; G011A", "Safari/537.36 Viber/11.9.5.8"),
    ANDROID.format("10; M40SE", "Safari/537.36 SogouMSE,SogouMobileBrowser/5.2"),
    f"{HUMANS[0].replace('Chrome', 'Slack/4.4.2 Chrome')} WindowsStore/10.0.18362 Sonic Slack_SSB/4.4.2",
)


@pytest.mark.parametrize("agent", HEALTH_CHECKERS)
def test_health_checkers_are_health_checks_on_any_path(agent: str) -> None:
    assert reason(LINE.format(path="/shop", agent=agent)) == "Dropped_health_check"
    assert reason({"action_name": "view", "user_agent": agent}) == "Dropped_health_check"


@pytest.mark.parametrize("agent", PROGRAMS)
def test_clients_of_programs_and_scanners_are_bots(agent: str) -> None:
    assert user_agent.read(agent).bot_reasons


@pytest.mark.parametrize("agent", FALSE_ALARMS)
def test_known_false_alarms_are_people(agent: str) -> None:
    assert user_agent.read(agent).bot_reasons == ()


def test_every_exception_has_a_reason() -> None:
    assert all(pattern and len(why) > 15 for pattern, why in bots.EXCEPTIONS)


def test_the_user_agent_of_a_cdn_is_ignored() -> None:
    found = document(LINE.format(path="/", agent="Amazon CloudFront"))
    assert found["is_bot"] is False
    assert "device" not in found


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("Mozilla/5.0 (Linux; Android 13; Pixel 8) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36", "mobile"),
        ("Mozilla/5.0 (Linux; Android 13; Pixel 8) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36", "mobile"),
        ("Dalvik/2.1.0 (Linux; U; Android 13; SM-G991B Build/TP1A.220624.014)", "mobile"),
        ("MyShop/5.1 (Android 14; SM-A546B)", "mobile"),
        ("Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36", "tablet"),
        ("Mozilla/5.0 (Linux; Android 9; XYZ10) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36", "tablet"),
        ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1", "tablet"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1", "mobile"),
        ("Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 Version/6.0 TV Safari/537.36", "tv"),
        ("Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 Chrome/94.0.4606.128 Safari/537.36", "tv"),
        (ANDROID.format("9; AFTMM Build/PS7242", "Mobile Safari/537.36"), "tv"),
        ("Roku/DVP-9.10 (519.10E04111A)", "tv"),
        ("Mozilla/5.0 (PlayStation 5 3.11) AppleWebKit/605.1.15 (KHTML, like Gecko)", "console"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) AppleWebKit/537.36 Edge/44.18363", "console"),
        ("Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/609.4", "console"),
        ("Nokia6230/2.0 (04.44) Profile/MIDP-2.0 Configuration/CLDC-1.1", "mobile"),
        ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Tablet PC 2.0)", "desktop"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36", "desktop"),
    ],
)  # fmt: skip
def test_devices_are_recognised(agent: str, kind: str) -> None:
    assert user_agent.read(agent).device["type"] == kind


def test_an_error_of_the_library_only_loses_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_agent: str) -> None:
        raise IndexError("no such group")

    broken_list = Expressions([("Firefox", broken)])
    monkeypatch.setattr(user_agent, "_SYSTEMS", broken_list)
    found = document(LINE.format(path="/", agent=f"{HUMANS[2]} x"))
    assert found["device"] == {"type": "desktop", "browser": "Firefox 132"}


def test_the_number_of_expressions_is_limited() -> None:
    lists = Expressions([("first", lambda _: None), ("second", lambda _: "found")])
    both = subject("the first and the second")
    assert lists.first(both, Allowance(2)) == "found"
    assert lists.first(both, Allowance(1)) is None


def test_device_names_contain_no_personal_data() -> None:
    found = user_agent.read("jane@shop.example/1.0 (Linux; Android 14; jane@shop.example Build/X) 198.51.100.7")
    assert "jane" not in str(found.device)


def lists_of(*names: str) -> list[str]:
    """User agents of lists that stand beside the project, or a skip."""
    found: list[str] = []
    for name in names:
        path = inputs.beside(f"user_agents/{name}")
        if path is None:
            pytest.skip(f"{name} is not there")
        found += gzip.decompress(path.read_bytes()).decode().splitlines()
    return found


def test_browsers_of_public_lists_are_people(capsys: pytest.CaptureFixture[str]) -> None:
    people = lists_of("isbot_browsers.txt.gz", "uap_people.txt.gz")
    wrong = [agent for agent in people if user_agent.read(agent).bot_reasons]
    with capsys.disabled():
        sys.stdout.write(f"\n  bots: {len(wrong)} of {len(people)} people's are called a bot (at most 0.05 %)\n")
    assert len(wrong) <= len(people) * 0.0005


def test_browsers_of_the_packaged_list_are_people_with_their_device() -> None:
    listed = (resources.files("fake_useragent") / "data" / "browsers.jsonl").read_text(encoding="utf-8")
    people = [json.loads(line) for line in listed.splitlines()]
    read = [user_agent.read(one["useragent"]) for one in people]
    assert sum(bool(agent.bot_reasons) for agent in read) <= len(people) * 0.0005
    kinds = [agent.device.get("type") for agent in read]
    assert sum(kind != one["type"] for kind, one in zip(kinds, people, strict=True)) <= len(people) * 0.001


def test_robots_of_public_lists_are_bots(capsys: pytest.CaptureFixture[str]) -> None:
    robots = lists_of("isbot_crawlers.txt.gz")
    missed = [agent for agent in robots if not user_agent.read(agent).bot_reasons]
    with capsys.disabled():
        sys.stdout.write(
            f"\n  bots: {len(missed) / len(robots):.1%} of {len(robots)} robots' are missed (at most 8 %)\n"
        )
    assert len(missed) <= len(robots) * 0.08


def test_robots_of_the_packaged_list_are_bots() -> None:
    robots = [agent for entry in CRAWLER_USER_AGENTS_DATA for agent in entry["instances"]]
    missed = [agent for agent in robots if not user_agent.read(agent).bot_reasons]
    assert len(missed) <= len(robots) * 0.08


def test_without_a_user_agent_there_is_no_verdict_on_bots() -> None:
    assert "is_bot" not in document({"action_name": "click"})


def test_bots_are_dropped_if_configured() -> None:
    assert reason(LINE.format(path="/", agent=BOTS[0]), settings=Settings(drop_bots=True)) == "Dropped_bot"


def test_lookups_give_what_ua_parser_gives() -> None:
    differing = []
    for agent in user_agents():
        parsed = ua_parser.parse(agent)
        wanted = {"browser": user_agent._name(parsed.user_agent), "os": user_agent._name(parsed.os)}
        found = user_agent.read(agent)
        given = {"browser": found.device.get("browser", ""), "os": found.device.get("os", "")}
        if given != wanted and not is_named_by_a_costly_expression(agent):
            differing.append((agent, given, wanted))
    assert differing == []


def is_named_by_a_costly_expression(agent: str) -> bool:
    """Whether ua-parser takes the browser's name from one of the expressions that are left out."""
    first = next((matcher for matcher in user_agent._user_agents if matcher(agent) is not None), None)
    return first is not None and first.regex.startswith(user_agent._COSTLY)


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        (r"Googlebot\/", ("Googlebot/",)),
        (r"(Firefox)/(\d+)\.(\d+)", ("Firefox",)),
        (r"(?:Chromey|Chromium)/x", ("Chromey", "Chromium")),
        (r"(?:Foo|Bar)[^;]* Build", ("Foo", "Bar")),
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
