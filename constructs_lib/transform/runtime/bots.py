"""Robots that the packaged lists do not know, people whom those take for robots, and health checkers.

Words are looked for without case, in what a user agent says besides the name of an Android device (a *CUBOT* is a
telephone). They are common to a kind of client, so that the next of its kind is known as well.

Some words are telling in any user agent. Others are ordinary in those of people's devices, and count only where
nothing in a user agent is of a device or a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for line in text.strip().splitlines() for word in line.strip().split("|") if word)


_HEALTH_CHECKERS = _words(
    """
    elb-healthchecker|amazon-route53-health|kube-probe|googlehc/|google-hc|prometheus/|blackbox exporter
    blackbox-exporter|healthcheck|health-check|health check|healthchecker|applicationhealth|uptimerobot|uptime-kuma
    uptime kuma|uptime.com|better uptime|betterstack|better stack|pingdom|statuscake|site24x7|updown.io|freshping
    hetrixtools|node ping|nodeping|checkly|nagios|check_http|zabbix|icinga|sensu-|sensu/|consul health|haproxy
    envoy/hc|traefik health|azure traffic manager|azure-load-balancer|load balancer agent|cloudflare-healthchecks
    cloudflare-traffic-manager|cloudflare-prefetch|digitalocean uptime|oracle-health|ltx71-health|alibabacloud-slb
    stackdriver|google-stackdriver|googlestackdriver|datadog/synthetics|datadogsynthetics|newrelicpinger
    new relic synthetics|dynatrace|catchpoint|thousandeyes|monit/|monitis|hobbit bbtest|xymon|wormly|montastic
    host-tracker|hosttracker|monitor.us|oh dear|ohdear.app|cronitor|healthchecks.io|panopta|logicmonitor|solarwinds
    phpservermon|statping|gatus|grafana synthetic|k8s-health|readiness|liveness|alwayson
    """
)
"""User agents of health checks, on any path: they are not behaviour."""
_ANYWHERE = _words(
    """
    crawl|spider|slurp|gomezagent|daum 4|daumoa|linkexpander|heritrix|xenu|htdig|nutch|larbin|teoma|netvibes
    findlinks|scooter/|thumbnail|scraper|scrapy|indexer|archiver|grabber|harvest|fetcher|directfetch|linkcheck
    link check|link validator|linkvalidator|prerender|browsershots|analyzer|analyser|classifier|leadgen|dataprovider
    pageburst|netlyzer|compatible; ort/|rebelmouse|ezooms|mixnode|mnogosearch|jobhunter|trance/|sparkler|wappalyzer
    googleweblight|mediapartners|adwords|google_partner|google page speed|search console|duplexweb|transcoder
    -google;|-google/|google-|googleads|dyatel|whatcms|exchange check|seo |seo/|seobility|screaming frog|sitebulb
    taginspector|morningscore|webmoney advisor|thumbor|imageproxy|emailproxy|mail.ukr.net|optimizer|verifier
    diagnostics|measurement|reputation|aggregator|robot|bitlybot|compatible; bot|favicon|screenshot
    site-verification|netcraft|survey|page-preview|preview|cardyb|facebookplatform|facebookcatalog|facebookexternal
    externalhit|googlemessages|monitor|uptime|healthcheck|health-check|health check|probe|pingdom|site24x7|synthetic
    observatory|pagespeed|lighthouse|statuscake|checkly|dejaclick|yottaa|webgazer|catchpoint|dynatrace|datadog
    hexometer|phpservermon|cloudflare-|thousandeyes|scanner|scanning|nuclei|nikto|sqlmap|acunetix|nessus|openvas
    netsparker|qualys|masscan|zgrab|nmap |jorgee|burpcollaborator|interactsh|leakix|censys|shodan|projectdiscovery
    load_file|<script|${jndi|../..|xtate/|(hydra|watchtowr|headless|phantomjs|slimerjs|playwright|puppeteer|selenium
    webdriver|cypress/|electron-fetch|cursor/|powershell|python|wget|google-http|splunk|rss/|rssowl|quiterss
    feedparser|feedfetch|spinn3r|feeder.co|gptbot|claudebot|oai-search
    """
)
_WITHOUT_DEVICE = _words(
    """
    bot|exractor|extractor|explorador|semantic|parser|fetch|collector|gezgin|sluzeb|validator|proxy|lookingsimilar
    roi hunter|domain|archive|research|catalog|webcollage|sistrix|purify|scan|marketplace|newsgathering|webhook|camo
    imagecache|robozilla|adreview|cms|sentinel|copilot|internetsearch|internetxsearch|gitops|webmon|matomo|google-
    speakr|bidtellect|sprinklr|cortex/|patchwatch|discourse|xenforo|invision|yourls|resolver|whatsapp-|telegram
    placid|ifttt|zapier|logic-apps|slack|disqus|embed|health|check|monit|munin|nagios|zabbix|xymon|hobbit|bbtest
    prometheus|blackbox|kube-|updown|hetrix|cron service|cronjob|scheduler|cloud-tasks|cloud-scheduler
    hostname verification| dcv|acme|ssllabs|ssl labs|swcd|early hints|agentslug|perimeterx|collectd|ping|elb-
    route53|gobuster|dirbuster|feroxbuster|fuzz|ffuf|arachni|burp|zmap|nmap|l9tcpid|l9explore|katana|httpx|clamav
    kaspersky|reanimator|owasp|zap/|wpscan|whatweb|testssl|nibbler|hydra|curl|libwww|winhttp|libcurl|subscribers
    downloader/|request-|requests/|httpclient|http-client|http client|lwp/|lwp::|lwp-|lwp network|aiohttp|urllib
    go 1.|resty|jakarta|unirest|retrofit|feign|ktor|php|guzzle|symfony|wordpress|drupal|magento|ruby|faraday
    mechanize|perl|restsharp|cryptoapi|dotnet|.net/|node|undici|axios|got/|got (|superagent|needle|postman|insomnia
    rapidapi|soapui|jmeter|k6/|locust|gatling|artillery|apachebench|siege|wrk|vegeta|hey/|autocannon|bombardier
    loadtest|load test|grpc|deno/|bun/|rust/|reqwest|lua|erlang|elixir|hackney|colly|openai|anthropic|claude
    langchain|okhttp-|aria2|axel|transmission|torrent|igetter|user_agent|useragent|user agent|robotframework
    cloudfront-|hwcdn|cf-uc|rest-|paw/|xml|json|soap|emclient|feedreader|rss reader|rssreader|silverreader
    newsreader|rss|feed|akregator|liferea|newsblur|newsbeuter|newsboat|netnewswire|readkit|reeder|bloglovin|breaker/
    pulp/|omea|podlove|gpodder|pubsub
    """
)
_DEVICE = re.compile(
    r"mozilla/|opera/|opera |dalvik|android|iphone|ipad|ipod|cfnetwork|darwin|midp|cldc|symbian|series ?60"
    r"|s60version|windows phone|windows ce|wp7|blackberry|up\.browser|up\.link|brew|smart-?tv|hbbtv|apple ?tv|tvos"
    r"|playstation|nintendo|xbox|webos|bada|ucweb|ucbrowser|netfront|obigo|teleca|openwave|okhttp|dart/|expo"
    r"|whatsapp|profile/|samsung|nokia|sonyericsson|motorola|huawei|lg-|htc|alcatel|zte|lenovo|-gt-|mre/|maui|mocor"
    r"|j2me|palm|konqueror|lynx|mosaic|amaya|hotjava|links |w3m|elinks|amiga|viber|fban|instagram|facebook|build/"
    r"|xbmc|kodi|macbook|roku"
)
"""Words of devices and browsers: what has one may well be a person's."""
_BOT = re.compile(r"(?<!cu)(?<!cu[ _-])bots?(?![a-z])")
_ADDRESS = re.compile(r"https?://|www\.")
_COMPATIBLE = re.compile(
    r"\(compatible[;,](?! ?\+?(?:msie|konqueror|u;|u\)|windows|linux|x11|mac|nokia|icab|opera|netscape|gecko|amiga"
    r"|netpositive|antgalio|ms-office|webtv|yahoo! slurp\)|polaris|teleca|brew|oss/|lucidworks))[^;()]{2,60}[;)]"
)
"""What calls itself compatible and is no browser of those that did."""
_BARE = frozenset(
    """
    android apache browser chrome crawler curl desktop edge firefox go google internet-explorer iphone ipad java linux
    mac mozilla msie nmap node opera perl php python ruby rust safari scanner spider test testing user-agent windows
    hello world bot robot agent app client web http https ie macos ios webkit applewebkit gecko random string 123 1234
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
"""Words that alone are no user agent that a browser sends."""
_MAIL = re.compile(r"@[a-z0-9-]+\.[a-z]")
_LIBRARY = re.compile(r"(?<![a-z])(?:http(?!s?://)|java/)")
_ANDROID_DEVICE = re.compile(r"\([^()]{0,100}android[^()]{0,200}(?:\([^()]{0,60}\)[^()]{0,100}){0,3}\)")
"""The brackets in which an Android browser names its device, after its maker's fancy."""

EXCEPTIONS: tuple[tuple[str, str], ...] = (
    (r"WhatsApp.{0,40} Device/", "the app on a telephone; previews of links name no device"),
    (r"Sogou(?:MSE|Mobile|Search)|SGInfo", "a browser for telephones; the robot is Sogou web spider"),
    (r"\bViber\b", "the app's own browser, and the app"),
    (
        (
            r"^(?:(?!\S*(?i:bot|crawl|spider|scan|monitor|check|fetch|probe|proxy|feed|curl))"
            r"[\w.-]{2,40}/[\w.+-]{1,30} (?:\([^()]{0,120}\) )?)?okhttp/[0-9.]+$"
        ),
        "the HTTP library of most Android apps: an app's events come with it, alone or behind the app's name",
    ),
    (r"MetaIAB |\[FB(?:AN|_IAB)/|FB(?:AN|AV)/", "the browser within Facebook's apps"),
    (r"Slack(?:_SSB)?/[0-9.]+ .{0,80}(?:Chrome|Electron|Sonic|Safari)", "Slack's desktop app; its robots say Slackbot"),
    (r"\bFluid\b|FLUID\)", "a Mac app that makes apps of sites, and a telephone"),
    (r"MozacFetch/", "Firefox for Android"),
    (r"\b(?:Code|Trae)/1\.[0-9]+\.[0-9]+ Chrome/", "editors on a desktop, in which people read pages"),
    (r"CamScanner", "an app that photographs papers"),
    (r"HTC[_ ;]", "telephones named Butterfly and Speedy"),
    (r"baiduboxapp|[A-Z]{1,3}008/", "telephones whose name ends in 008, as a robot's does"),
    (r"Banca Caboto", "a bank's Internet Explorer, whose name holds boto"),
    (r"turbotabbee|(?i:amiga)", "an Opera and a browser of the Amiga, in whose names robots are found"),
    (r"\bPodimo/", "an app for listening"),
    (r"bsalsa\.com", "an address that a part of old Internet Explorers put there"),
    (
        r"Miniature\.io/|YLT Chrome/|TSM-turingos|Amzn-User/|GTmetrix$",
        "tools that load a page when a person asks them to",
    ),
    (r"^Mozilla/5\.0 \(compatible; Yahoo! Slurp\)$", "seen of people; the robot gives its address behind its name"),
)
"""People whom a list or a word takes for robots, each with the reason; what is found here is asked no further."""
_EXCEPTED = re.compile("|".join(f"(?:{pattern})" for pattern, _ in EXCEPTIONS))
SAYING_NOTHING = frozenset(
    {"amazon cloudfront", "mozilla/5.0", "mozilla/4.0", "unknown", "null", "undefined", "none", "n/a"}
)
"""User agents of proxies, or empty ones: neither a device nor a sign of a bot."""


def is_health_checker(lower: str) -> bool:
    """Whether this asks whether a service is up.

    Args:
        lower: a user agent in lower case.
    """
    return any(word in lower for word in _HEALTH_CHECKERS)


def is_excepted(agent: str) -> bool:
    """Whether this is known as a person's, whatever lists say."""
    return _EXCEPTED.search(agent) is not None


def without_android_device(lower: str) -> str:
    """A user agent without the brackets in which Android names a device, where nothing there claims to be a robot."""
    if "android" not in lower or "compatible" in lower or "-google" in lower:
        return lower
    return _ANDROID_DEVICE.sub("(android)", lower, count=1)


def sign(lower: str) -> str:
    """The word that makes a robot of a user agent in lower case, without an Android device; empty where none does."""
    for word in _ANYWHERE:
        if word in lower:
            return word
    if match := _BOT.search(lower):
        return match.group()
    device = _DEVICE.search(lower) is not None
    if lower in _BARE:
        return lower
    if lower.startswith("mozilla/5.0") and (match := _COMPATIBLE.search(lower)):
        return match.group()
    if (not device or lower.startswith("mozilla/")) and (match := _ADDRESS.search(lower)):
        return match.group()
    return "" if device else next(_libraries(lower), "")


def _libraries(lower: str) -> Iterator[str]:
    for pattern in (_MAIL, _LIBRARY):
        if match := pattern.search(lower):
            yield match.group()
    yield from (word for word in _WITHOUT_DEVICE if word in lower)
