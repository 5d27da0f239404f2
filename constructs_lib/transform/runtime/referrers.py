"""What a site or an app that sends visitors is known as: its medium and its name.

None as the medium says that a subdomain is an ordinary site.
"""

from __future__ import annotations

from typing import NamedTuple

from .referring_sites import AI, EMAIL, ORDINARY, SEARCH, SOCIAL


class Origin(NamedTuple):
    """Where visitors come from."""

    medium: str
    """``search``, ``social``, ``email`` or ``ai``."""
    source: str
    """Its name, as reports show it."""


_APPS = {
    "com.google.android.googlequicksearchbox": Origin("search", "Google"),
    "com.google.android.gm": Origin("email", "Gmail"),
    "com.google.android.gm.lite": Origin("email", "Gmail"),
    "com.google.android.youtube": Origin("social", "YouTube"),
    "com.google.android.apps.bard": Origin("ai", "Gemini"),
    "com.google.android.apps.magazines": Origin("search", "Google News"),
    "com.google.android.apps.searchlite": Origin("search", "Google"),
    "com.microsoft.bing": Origin("search", "Bing"),
    "com.microsoft.copilot": Origin("ai", "Copilot"),
    "com.microsoft.office.outlook": Origin("email", "Outlook"),
    "com.duckduckgo.mobile.android": Origin("search", "DuckDuckGo"),
    "com.ecosia.android": Origin("search", "Ecosia"),
    "com.qwant.liberty": Origin("search", "Qwant"),
    "com.yandex.searchapp": Origin("search", "Yandex"),
    "ru.yandex.searchplugin": Origin("search", "Yandex"),
    "com.baidu.searchbox": Origin("search", "Baidu"),
    "com.nhn.android.search": Origin("search", "Naver"),
    "com.yahoo.mobile.client.android.search": Origin("search", "Yahoo"),
    "com.yahoo.mobile.client.android.mail": Origin("email", "Yahoo Mail"),
    "com.openai.chatgpt": Origin("ai", "ChatGPT"),
    "ai.perplexity.app.android": Origin("ai", "Perplexity"),
    "com.anthropic.claude": Origin("ai", "Claude"),
    "com.deepseek.chat": Origin("ai", "DeepSeek"),
    "ai.x.grok": Origin("ai", "Grok"),
    "ai.mistral.chat": Origin("ai", "Mistral"),
    "com.poe.android": Origin("ai", "Poe"),
    "com.facebook.katana": Origin("social", "Facebook"),
    "com.facebook.lite": Origin("social", "Facebook"),
    "com.facebook.orca": Origin("social", "Messenger"),
    "com.instagram.android": Origin("social", "Instagram"),
    "com.instagram.lite": Origin("social", "Instagram"),
    "com.instagram.barcelona": Origin("social", "Threads"),
    "com.whatsapp": Origin("social", "WhatsApp"),
    "com.whatsapp.w4b": Origin("social", "WhatsApp"),
    "com.twitter.android": Origin("social", "Twitter"),
    "com.linkedin.android": Origin("social", "LinkedIn"),
    "com.reddit.frontpage": Origin("social", "Reddit"),
    "com.pinterest": Origin("social", "Pinterest"),
    "com.zhiliaoapp.musically": Origin("social", "TikTok"),
    "com.ss.android.ugc.trill": Origin("social", "TikTok"),
    "com.ss.android.ugc.aweme": Origin("social", "Douyin"),
    "com.snapchat.android": Origin("social", "Snapchat"),
    "org.telegram.messenger": Origin("social", "Telegram"),
    "org.telegram.plus": Origin("social", "Telegram"),
    "org.thunderdog.challegram": Origin("social", "Telegram"),
    "com.discord": Origin("social", "Discord"),
    "com.vkontakte.android": Origin("social", "VK"),
    "ru.ok.android": Origin("social", "Odnoklassniki"),
    "com.tumblr": Origin("social", "Tumblr"),
    "com.quora.android": Origin("social", "Quora"),
    "com.tencent.mm": Origin("social", "WeChat"),
    "com.sina.weibo": Origin("social", "Weibo"),
    "com.zhihu.android": Origin("social", "Zhihu"),
    "com.xingin.xhs": Origin("social", "Xiaohongshu"),
    "jp.naver.line.android": Origin("social", "LINE"),
    "com.viber.voip": Origin("social", "Viber"),
    "com.xing.android": Origin("social", "XING"),
    "xyz.blueskyweb.app": Origin("social", "Bluesky"),
    "org.joinmastodon.android": Origin("social", "Mastodon"),
    "tv.twitch.android.app": Origin("social", "Twitch"),
    "com.nextdoor": Origin("social", "Nextdoor"),
    "ch.protonmail.android": Origin("email", "Proton Mail"),
    "de.gmx.mobile.android.mail": Origin("email", "GMX"),
    "de.web.mobile.android.mail": Origin("email", "WEB.DE"),
    "ru.mail.mailapp": Origin("email", "Mail.ru"),
    "ru.yandex.mail": Origin("email", "Yandex Mail"),
    "com.samsung.android.email.provider": Origin("email", "Samsung Email"),
    "com.fsck.k9": Origin("email", "K-9 Mail"),
    "net.thunderbird.android": Origin("email", "Thunderbird"),
    "eu.faircode.email": Origin("email", "FairEmail"),
    "me.bluemail.mail": Origin("email", "BlueMail"),
}
"""Apps by their package, as ``android-app://`` referrers name them: the packages' pages in Google Play."""
_ENGINES_BY_COUNTRY = {"google": Origin("search", "Google"), "yandex": Origin("search", "Yandex")}
"""Engines with a domain in each country: ``google.de``, ``google.co.uk``, ``google.com.br``."""


def _table() -> dict[str, Origin | None]:
    table: dict[str, Origin | None] = dict.fromkeys(ORDINARY.split())
    for medium, sources in (("search", SEARCH), ("social", SOCIAL), ("email", EMAIL), ("ai", AI)):
        for source, hosts in sources.items():
            table.update(dict.fromkeys(hosts.split(), Origin(medium, source)))
    return {**table, **_APPS}


_ORIGINS = _table()


def origin(host: str) -> Origin | None:
    """What a host or an app's package is known as, None for an ordinary site.

    Args:
        host: in lower case, without a port.
    """
    if host in _APPS:
        return _APPS[host]
    labels = host.split(".")[-8:]
    for first in range(len(labels) - 1):
        name = ".".join(labels[first:])
        if name in _ORIGINS:
            return _ORIGINS[name]
    if labels[0] in {"mail", "webmail", "email", "outlook", "owa", "zimbra", "roundcube"} and len(labels) > 2:
        return Origin("email", ".".join(labels))
    return _by_country(labels)


def _by_country(labels: list[str]) -> Origin | None:
    """An engine's domain in a country. What stands before it is a service of its own, but for a few that search."""
    for place, label in enumerate(labels[:-1]):
        country = labels[place + 1 :]
        if label not in _ENGINES_BY_COUNTRY or len(country) > 2:
            continue
        if len(country[-1]) != 2 or (len(country) == 2 and country[0] not in {"co", "com"}):
            continue
        return _ENGINES_BY_COUNTRY[label] if set(labels[:place]) <= {"www", "m", "images", "encrypted"} else None
    return None
