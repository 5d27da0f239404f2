"""Sources of visits, and their campaigns."""

from __future__ import annotations

import pytest

from constructs_lib.transform.runtime import campaigns, page, referrers
from tests.transform.batches import document


@pytest.mark.parametrize(
    ("url", "medium", "source"),
    [
        ("https://www.google.com/", "search", "Google"),
        ("https://www.google.co.uk/search?q=lamp", "search", "Google"),
        ("https://google.de/", "search", "Google"),
        ("https://www.google.com.br/", "search", "Google"),
        ("https://uk.search.yahoo.com/", "search", "Yahoo"),
        ("https://yandex.ru/clck/", "search", "Yandex"),
        ("https://ya.ru/", "search", "Yandex"),
        ("https://search.brave.com/", "search", "Brave"),
        ("https://suche.t-online.de/", "search", "T-Online"),
        ("https://docs.google.com/document/d/1", "referral", "docs.google.com"),
        ("https://drive.google.com/", "referral", "drive.google.com"),
        ("https://blog.google.example/", "referral", "blog.google.example"),
        ("https://ask.example.com/", "referral", "ask.example.com"),
        ("https://mail.google.com/mail/u/0/", "email", "Gmail"),
        ("https://outlook.live.com/", "email", "Outlook"),
        ("https://webmail.university.example/", "email", "webmail.university.example"),
        ("https://navigator.gmx.net/", "email", "GMX"),
        ("https://l.facebook.com/l.php?u=x", "social", "Facebook"),
        ("https://t.co/abc", "social", "Twitter"),
        ("https://old.reddit.com/", "social", "Reddit"),
        ("https://notfacebook.com/", "referral", "notfacebook.com"),
        ("https://chatgpt.com/", "ai", "ChatGPT"),
        ("https://chat.openai.com/", "ai", "ChatGPT"),
        ("https://www.perplexity.ai/search/x", "ai", "Perplexity"),
        ("https://gemini.google.com/app", "ai", "Gemini"),
        ("https://copilot.microsoft.com/", "ai", "Copilot"),
        ("https://claude.ai/chat/x", "ai", "Claude"),
        ("android-app://com.google.android.gm/", "email", "Gmail"),
        ("android-app://com.google.android.googlequicksearchbox/https/www.google.com", "search", "Google"),
        ("android-app://com.linkedin.android/", "social", "LinkedIn"),
        ("android-app://com.openai.chatgpt/", "ai", "ChatGPT"),
        ("android-app://com.example.unknown/", "referral", "com.example.unknown"),
    ],
)
def test_referrers_have_medium_and_source(url: str, medium: str, source: str) -> None:
    found = page.referrer(url, "shop.example")
    assert (found["medium"], found["source"]) == (medium, source)


@pytest.mark.parametrize(
    ("referrer", "own", "internal"),
    [
        ("https://shop.example/", (), True),
        ("https://www.shop.example/", (), True),
        ("https://blog.shop.example/", (), True),
        ("https://notshop.example/", (), False),
        ("https://pay.example/", ("pay.example",), True),
        ("https://eu.pay.example/", ("pay.example",), True),
    ],
)
def test_the_own_site_is_internal(referrer: str, own: tuple[str, ...], *, internal: bool) -> None:
    assert (page.referrer(referrer, "www.shop.example", own)["medium"] == "internal") is internal


def test_a_few_hundred_sites_are_known() -> None:
    assert len(referrers._ORIGINS) > 400


@pytest.mark.parametrize(
    ("url", "campaign"),
    [
        ("/?utm_source=mail&utm_medium=email&utm_campaign=june", {"source": "mail", "medium": "email", "name": "june"}),
        ("/?UTM_SOURCE=mail&Utm_Medium=email", {"source": "mail", "medium": "email"}),
        ("/?utm_source=a&utm_id=17&utm_source_platform=DV360", {"source": "a", "id": "17", "source_platform": "DV360"}),
        ("/?mtm_source=a&mtm_campaign=b&mtm_kwd=c", {"source": "a", "name": "b", "term": "c"}),
        ("/?pk_campaign=b&pk_kwd=c", {"name": "b", "term": "c"}),
        ("/#utm_source=a&utm_medium=b", {"source": "a", "medium": "b"}),
        ("/#/route?utm_source=a", {"source": "a"}),
        ("/?gclid=abc", {"source": "google", "medium": "paid"}),
        ("/?msclkid=abc", {"source": "bing", "medium": "paid"}),
        ("/?fbclid=abc", {"source": "facebook", "medium": "paid"}),
        ("/?ttclid=abc", {"source": "tiktok", "medium": "paid"}),
        ("/?gclid=abc&utm_source=newsletter", {"source": "newsletter"}),
        ("/?utm_source=jane%40shop.example", {"source": "[email]"}),
        ("/?utm_source=", {}),
        ("/?x=1", {}),
    ],
)
def test_campaigns_are_read(url: str, campaign: dict[str, str]) -> None:
    assert page.read(f"https://shop.example{url}").campaign == campaign


def test_a_click_id_is_removed_with_its_name() -> None:
    assert page.read("https://shop.example/a?gclid=abc&page=2").fields["url"] == "https://shop.example/a?page=2"
    assert page.read("https://shop.example/a?fbclid=abc").fields["url"] == "https://shop.example/a"


def test_a_campaign_has_its_fields_in_one_order() -> None:
    found = document({"action_name": "view", "page": {"url": "/?utm_id=1&utm_term=t&utm_source=s"}})
    assert list(found["campaign"]) == [field for field in campaigns.FIELDS if field in found["campaign"]]


@pytest.mark.parametrize("host", ["\\xe4\\xe5\\xec.ru", "a b.example", "a%20b.example", "<b>.example", "a|b"])
def test_an_invalid_host_is_not_a_referrer(host: str) -> None:
    assert page.referrer(f"http://{host}/", "shop.example") == {}


@pytest.mark.parametrize("host", ["192.0.2.1", "xn--e1aybc.example", "тест.example", "a_b.example"])
def test_unusual_hosts_are_referrers(host: str) -> None:
    assert page.referrer(f"http://{host}/", "shop.example")["medium"] == "referral"
