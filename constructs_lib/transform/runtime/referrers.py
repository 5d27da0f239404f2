"""Sites and apps that send visitors, with the medium and the name that analytics know them by.

One reviewed table: the sites that matter, not every one that ever was. Checked against the lists that web analytics
share (Matomo's searchengine-and-social-list, Snowplow's referer-parser) and the services' own documentation; no package
of them is kept up for Python. A site stands for its subdomains, unless one of them is listed for itself; None as the
medium says that a subdomain is an ordinary site.
"""

from __future__ import annotations

from typing import NamedTuple


class Origin(NamedTuple):
    """Where visitors come from."""

    medium: str
    """``search``, ``social``, ``email`` or ``ai``."""
    source: str
    """Its name, as reports show it."""


_AI = {
    "ChatGPT": "chatgpt.com chat.openai.com labs.openai.com",
    "Perplexity": "perplexity.ai",
    "Gemini": "gemini.google.com bard.google.com aistudio.google.com",
    "NotebookLM": "notebooklm.google.com notebooklm.google",
    "Copilot": "copilot.microsoft.com copilot.cloud.microsoft m365.cloud.microsoft edgeservices.bing.com copilot.com",
    "Claude": "claude.ai claude.com",
    "Mistral": "chat.mistral.ai",
    "DeepSeek": "chat.deepseek.com deepseek.com",
    "Grok": "grok.com grok.x.ai x.ai",
    "Meta AI": "meta.ai",
    "Poe": "poe.com",
    "You": "you.com",
    "Phind": "phind.com",
    "Pi": "pi.ai",
    "Character.AI": "character.ai",
    "Duck.ai": "duck.ai",
    "Qwen": "chat.qwen.ai qwen.ai tongyi.aliyun.com tongyi.com qianwen.com",
    "Kimi": "kimi.com kimi.moonshot.cn kimi.ai",
    "Doubao": "doubao.com",
    "Ernie": "yiyan.baidu.com chat.baidu.com ai.baidu.com",
    "Yuanbao": "yuanbao.tencent.com",
    "ChatGLM": "chatglm.cn chat.z.ai z.ai",
    "MiniMax": "chat.minimax.io agent.minimax.io",
    "Hunyuan": "hunyuan.tencent.com",
    "HuggingChat": "hf.co",
    "Genspark": "genspark.ai",
    "Felo": "felo.ai",
    "iAsk": "iask.ai",
    "Andi": "andisearch.com",
    "Komo": "komo.ai",
    "Liner": "liner.com getliner.com",
    "Consensus": "consensus.app",
    "Elicit": "elicit.com",
    "Jasper": "app.jasper.ai",
    "Manus": "manus.im",
    "Lumo": "lumo.proton.me",
    "Alice": "alice.yandex.ru",
    "GigaChat": "giga.chat",
    "OpenRouter": "openrouter.ai",
    "T3 Chat": "t3.chat",
    "Merlin": "getmerlin.in",
    "Monica": "monica.im",
    "Arena": "lmarena.ai",
}
_SEARCH = {
    "Google": "google.com google.cat googleadservices.com googlesyndication.com syndicatedsearch.goog",
    "Google News": "news.google.com",
    "Bing": "bing.com",
    "DuckDuckGo": "duckduckgo.com ddg.gg",
    "Yahoo": "search.yahoo.com search.yahoo.co.jp yahoo.com yahoo.co.jp",
    "Yandex": "yandex.ru yandex.com yandex.by yandex.kz yandex.ua yandex.uz yandex.com.tr yandex.eu ya.ru",
    "Baidu": "baidu.com",
    "Ecosia": "ecosia.org",
    "Qwant": "qwant.com",
    "Startpage": "startpage.com ixquick.com",
    "Brave": "search.brave.com",
    "Kagi": "kagi.com",
    "Ask": "ask.com search.ask.com",
    "AOL": "aol.com search.aol.com search.aol.co.uk",
    "Naver": "naver.com",
    "Daum": "daum.net",
    "Nate": "nate.com",
    "Zum": "zum.com",
    "Seznam": "seznam.cz",
    "Sogou": "sogou.com",
    "360 Search": "so.com",
    "Shenma": "sm.cn",
    "Toutiao": "so.toutiao.com",
    "Haosou": "haosou.com",
    "Petal": "petalsearch.com",
    "Coc Coc": "coccoc.com",
    "Mojeek": "mojeek.com",
    "Swisscows": "swisscows.com",
    "MetaGer": "metager.de metager.org",
    "Presearch": "presearch.com presearch.io presearch.org",
    "Mail.ru": "go.mail.ru",
    "Rambler": "nova.rambler.ru",
    "Goo": "search.goo.ne.jp",
    "Excite": "search.excite.com excite.co.jp",
    "Lycos": "search.lycos.com lycos.com",
    "Dogpile": "dogpile.com",
    "WebCrawler": "webcrawler.com",
    "MetaCrawler": "metacrawler.com",
    "Info.com": "info.com",
    "InfoSpace": "infospace.com",
    "Yep": "yep.com",
    "Lilo": "lilo.org",
    "Ekoru": "ekoru.org",
    "OceanHero": "oceanhero.today",
    "Karma": "karmasearch.org",
    "Gibiru": "gibiru.com",
    "Search Encrypt": "searchencrypt.com",
    "Disconnect": "search.disconnect.me",
    "Marginalia": "search.marginalia.nu marginalia-search.com",
    "Stract": "stract.com",
    "WEB.DE": "suche.web.de",
    "GMX": "suche.gmx.net suche.gmx.at suche.gmx.ch",
    "T-Online": "suche.t-online.de",
    "freenet": "suche.freenet.de",
    "1&1": "search.1und1.de suche.1und1.de",
    "Fireball": "fireball.com fireball.de",
    "search.ch": "search.ch",
    "Bluewin": "search.bluewin.ch",
    "Virgilio": "ricerca.virgilio.it",
    "Libero": "ricerca.libero.it",
    "Orange": "lemoteur.orange.fr lemoteur.fr",
    "SAPO": "pesquisa.sapo.pt",
    "Onet": "szukaj.onet.pl",
    "Wirtualna Polska": "szukaj.wp.pl",
    "Interia": "szukaj.interia.pl",
    "UOL": "busca.uol.com.br",
    "Walla": "search.walla.co.il",
    "Eniro": "eniro.se",
    "Kvasir": "kvasir.no",
    "Search.com": "search.com",
    "StartMe": "start.me",
    "Avira": "search.avira.com",
    "AVG": "search.avg.com",
    "Norton": "nortonsafe.search.ask.com search.norton.com",
    "Comcast": "search.comcast.net search.xfinity.com",
    "Wolfram Alpha": "wolframalpha.com",
    "TinEye": "tineye.com",
}
_SOCIAL = {
    "Facebook": "facebook.com fb.com fb.me fb.watch",
    "Messenger": "messenger.com m.me",
    "Instagram": "instagram.com instagr.am ig.me",
    "Threads": "threads.net threads.com",
    "WhatsApp": "whatsapp.com wa.me",
    "Twitter": "twitter.com x.com t.co",
    "LinkedIn": "linkedin.com lnkd.in",
    "Reddit": "reddit.com redd.it",
    "Pinterest": "pinterest.com pin.it pinterest.de pinterest.fr pinterest.co.uk pinterest.ca pinterest.es pinterest.it"
    " pinterest.at pinterest.ch pinterest.jp pinterest.com.au pinterest.com.mx pinterest.pt pinterest.se pinterest.nz",
    "YouTube": "youtube.com youtu.be youtube-nocookie.com",
    "TikTok": "tiktok.com",
    "Snapchat": "snapchat.com",
    "Telegram": "t.me telegram.org telegram.me",
    "Discord": "discord.com discordapp.com discord.gg",
    "Mastodon": "mastodon.social mastodon.online mstdn.social mstdn.jp mas.to mastodon.world mastodon.cloud"
    " fosstodon.org hachyderm.io infosec.exchange techhub.social chaos.social troet.cafe social.tchncs.de pawoo.net",
    "Bluesky": "bsky.app bsky.social",
    "VK": "vk.com vk.ru vkontakte.ru",
    "Odnoklassniki": "ok.ru odnoklassniki.ru",
    "My World": "my.mail.ru",
    "Dzen": "dzen.ru zen.yandex.ru",
    "LiveJournal": "livejournal.com",
    "Tumblr": "tumblr.com umblr.com",
    "Flickr": "flickr.com flic.kr",
    "Vimeo": "vimeo.com",
    "Dailymotion": "dailymotion.com dai.ly",
    "Twitch": "twitch.tv",
    "Quora": "quora.com",
    "Hacker News": "news.ycombinator.com",
    "Stack Overflow": "stackoverflow.com",
    "Stack Exchange": "stackexchange.com superuser.com serverfault.com askubuntu.com",
    "Lobsters": "lobste.rs",
    "Slashdot": "slashdot.org",
    "Product Hunt": "producthunt.com",
    "Digg": "digg.com",
    "Imgur": "imgur.com",
    "9GAG": "9gag.com",
    "Lemmy": "lemmy.world lemmy.ml lemm.ee feddit.org feddit.de sh.itjust.works programming.dev",
    "XING": "xing.com",
    "Viadeo": "viadeo.com",
    "Nextdoor": "nextdoor.com nextdoor.de nextdoor.co.uk",
    "Meetup": "meetup.com",
    "Goodreads": "goodreads.com",
    "Strava": "strava.com",
    "Behance": "behance.net",
    "Dribbble": "dribbble.com",
    "DeviantArt": "deviantart.com",
    "Foursquare": "foursquare.com",
    "Last.fm": "last.fm",
    "Myspace": "myspace.com",
    "Weibo": "weibo.com weibo.cn t.cn",
    "WeChat": "weixin.qq.com wechat.com",
    "Qzone": "qzone.qq.com",
    "Douban": "douban.com",
    "Zhihu": "zhihu.com",
    "Douyin": "douyin.com",
    "Xiaohongshu": "xiaohongshu.com xhslink.com",
    "Bilibili": "bilibili.com b23.tv",
    "Renren": "renren.com",
    "V2EX": "v2ex.com",
    "LINE": "line.me",
    "KakaoStory": "story.kakao.com",
    "Mixi": "mixi.jp",
    "Ameba": "ameblo.jp",
    "Note": "note.com",
    "Plurk": "plurk.com",
    "Taringa": "taringa.net",
    "Badoo": "badoo.com",
    "Tagged": "tagged.com",
    "hi5": "hi5.com",
    "Skyrock": "skyrock.com",
    "Truth Social": "truthsocial.com",
    "Gab": "gab.com",
    "Gettr": "gettr.com",
    "MeWe": "mewe.com",
    "Minds": "minds.com",
    "Rumble": "rumble.com",
    "BitChute": "bitchute.com",
    "Viber": "viber.com",
    "Google+": "plus.google.com plus.url.google.com",
}
_EMAIL = {
    "Gmail": "mail.google.com inbox.google.com",
    "Outlook": "outlook.live.com outlook.office.com outlook.office365.com outlook.cloud.microsoft outlook.com"
    " hotmail.com mail.live.com",
    "Yahoo Mail": "mail.yahoo.com mail.yahoo.co.jp mail.yahoo.net",
    "AOL Mail": "mail.aol.com",
    "Proton Mail": "mail.proton.me mail.protonmail.com",
    "Tuta": "mail.tutanota.com app.tuta.com",
    "Zoho Mail": "mail.zoho.com mail.zoho.eu mail.zoho.in",
    "Fastmail": "fastmail.com",
    "HEY": "app.hey.com",
    "Superhuman": "mail.superhuman.com",
    "GMX": "navigator.gmx.net 3c.gmx.net deref-gmx.net deref-gmx.com navigator.gmx.com bap.navigator.gmx.net",
    "WEB.DE": "navigator.web.de 3c.web.de deref-web.de deref-web-02.de bap.navigator.web.de",
    "T-Online": "email.t-online.de",
    "freenet": "email.freenet.de",
    "mailbox.org": "office.mailbox.org",
    "Yandex Mail": "mail.yandex.ru mail.yandex.com mail.yandex.by mail.yandex.kz",
    "Mail.ru": "e.mail.ru touch.mail.ru light.mail.ru",
    "Rambler": "mail.rambler.ru",
    "QQ Mail": "mail.qq.com exmail.qq.com",
    "NetEase Mail": "mail.163.com mail.126.com mail.yeah.net",
    "Naver Mail": "mail.naver.com",
    "Daum Mail": "mail.daum.net",
    "Seznam Email": "email.seznam.cz",
    "Orange": "mail.orange.fr mail01.orange.fr mail02.orange.fr messageriepro3.orange.fr",
    "SFR": "webmail.sfr.fr",
    "Free": "zimbra.free.fr webmail.free.fr",
    "La Poste": "webmail.laposte.net",
    "Libero": "mail.libero.it mail1.libero.it",
    "Virgilio": "mail.virgilio.it",
    "Wirtualna Polska": "poczta.wp.pl",
    "Onet": "poczta.onet.pl",
    "o2": "poczta.o2.pl",
    "Interia": "poczta.interia.pl",
    "Rediffmail": "mail.rediff.com",
    "Comcast": "connect.xfinity.com",
    "Telenet": "mail.telenet.be",
    "BT": "email.bt.com",
}
_ORDINARY = """
    docs.google.com drive.google.com sites.google.com calendar.google.com meet.google.com classroom.google.com
    chat.google.com groups.google.com translate.google.com maps.google.com accounts.google.com play.google.com
    support.google.com developers.google.com cloud.google.com console.cloud.google.com store.google.com
    workspace.google.com photos.google.com keep.google.com contacts.google.com earth.google.com books.google.com
    scholar.google.com trends.google.com analytics.google.com tagmanager.google.com ads.google.com search.google.com
    pay.google.com myaccount.google.com translate.goog lookerstudio.google.com colab.research.google.com
    finance.yahoo.com news.yahoo.com sports.yahoo.com shopping.yahoo.com login.yahoo.com auctions.yahoo.co.jp
    news.yahoo.co.jp shopping.yahoo.co.jp store.shopping.yahoo.co.jp chiebukuro.yahoo.co.jp translate.yandex.ru
    maps.yandex.ru market.yandex.ru disk.yandex.ru metrika.yandex.ru music.yandex.ru passport.yandex.ru pan.baidu.com
    tieba.baidu.com baike.baidu.com zhidao.baidu.com wenku.baidu.com map.baidu.com fanyi.baidu.com blog.naver.com
    m.blog.naver.com cafe.naver.com shopping.naver.com smartstore.naver.com map.naver.com news.naver.com blog.daum.net
    cafe.daum.net news.daum.net developer.linkedin.com business.facebook.com developers.facebook.com ads.tiktok.com
    help.instagram.com webmaster.bing.com help.kagi.com community.brave.com novinky.seznam.cz mapy.seznam.cz
"""
"""Sites under the same names that neither search nor share."""
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
    table: dict[str, Origin | None] = dict.fromkeys(_ORDINARY.split())
    for medium, sources in (("search", _SEARCH), ("social", _SOCIAL), ("email", _EMAIL), ("ai", _AI)):
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
