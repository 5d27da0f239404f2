"""The kind of device that a user agent is of: ``tv``, ``console``, ``tablet``, ``mobile``, ``desktop`` or ``other``."""

from __future__ import annotations

import re

_TELEVISION = re.compile(
    r"smart-?_? ?tv|google ?tv|android ?tv|apple ?tv|tvos|hbbtv|web0s|webos\.tv|webostv|netcast|bravia|\broku|crkey"
    r"|\baft[a-z]{1,5}[0-9]{0,2}\b|\btv safari|\btizen\b.{0,80}\btv\b|viera|aquos-?(?:tv|dmp)|philips ?tv|\bnettv"
    r"|inettvbrowser|large screen|vidaa|\bopera tv|mi ?tv|mi ?box|media ?box|\bstb|[a-z]stb(?![a-z])|\biptv|set-?top"
    r"|\bott\b|\bce-html\b|maple[_ 0-9]|\bespial|boxee|tv ?box|\btv[_ -]?(?:stick|bro)|\bshield(?: android tv|\))"
    r"|chromecast|fire ?tv|[_ -]tv\b.{0,24}(?:build/|\))|\btv[_ -][a-z0-9]{1,12}(?: build/|\))|_(?:fhd|uhd|4k)\b"
    r"|[a-z0-9]led[0-9]{2}|\bled[0-9]{2}|olabrowser|freebox|\bbbtv|sky_stb|\(sky, |\bkdl-|\bdmr-"
    r"|(?:toshiba|sharp|panasonic|sony|hisense|tcl|philco|skyworth|haier) ?tv|\bomi/[0-9]|kreatv|brightsign|youview"
    r"|vizio|, wire(?:d|less)\)|sagemcom"
    r"|\b(?:x96|h96(?:\b|[ _-]?max)|hk1|a95x|mxq|t95|tx[3-9]\b|vim[0-9]|evpad|mecool|zidoo|minix|tanix)"
)
_CONSOLE = re.compile(
    r"playstation|\bps[345]\b|\bnintendo|\bxbox|\bwii\b|\bpsp\b|valve steam|steam deck|\bouya|retroid"
    r"|\brg(?:cube|[0-9]{3})|segasaturn|dreamcast"
)
_WATCH = re.compile(r"\bwatch|wearable|\bglass \d|smartwatch")
_NOT_PORTABLE = re.compile(
    r"chromebook|\bcros\b|thinkpad|ideapad|probook|elitebook|inspiron|vostro|latitude|aspire|lifebook|zenbook"
    r"|vivobook"
)
_TABLET = re.compile(
    r"ipad|tablet(?! pc)|kindle|playbook|\bsilk/|nexus (?:7|9|10)\b|pixel (?:c\b|tablet)|\bsm-?[tpx]\d"
    r"|\bgt-?(?:p\d|n8|n51)\d{2}|\bxoom\b|/apad\b|transformer|mediapad|matepad"
    r"|\b(?:mi|redmi|poco|oneplus|oppo|vivo|realme|honor|huawei|blade|idea|smart|opad|learn|view"
    r"|life|multi|surf) ?-?pad\b"
    r"|\bpad ?\d|\btab(?:let)?[ _-]?[a-z]?\d|\btab\b|[a-z]tab\b|lenovo ?(?:tb|yt)-?|\btb-?[x0-9]|\byt[0-9]?-"
    r"|\bkf[a-z]{2,5}\b|\blg-?v\d{3}|touchpad|hp slate|\bbnt?v\d|\bnook\b|venue ?\d|iconia|\biplay"
)
_PHONE = re.compile(
    r"\bsm-?[acefgjmnsw]\d|\bgt-?[insb]\d|\bsgh-|\bsph-|\bsch-|\bpixel(?! c| tablet)|\bredmi(?! ?pad)"
    r"|\bmi (?:a|note|max|mix|\d)|\bpoco(?! ?pad)|\bmoto\b|\bxt\d{4}|\boneplus|\bcph\d{4}|\brmx\d{4}"
    r"|\bv\d{4}[a-z]?\b|\blm-|\blg-?[dhkmlx]|\bnokia|\bhtc|\bhuawei|\bhonor|\bxperia|sonyc\d|nexus (?:one|s|4|5|6)"
    r"|\bdroid|\bphone|\bvivo \d|\bta-\d{4}|\bzte|\balcatel|\binfinix|\btecno|\bitel|\bmeizu|\boppo|\brealme|\bcubot"
    r"|\bdoogee|\bulefone|\bblackview|\bumi|\bgionee|\bmicromax|\blava|\bkarbonn|\bcoolpad|\bwiko|\bfairphone"
    r"|\bcelkon"
)
_MOBILE = re.compile(
    r"mobi|phone|\bipod|\blumia|midp|cldc|symbian|series ?[346]0|s60|blackberry|\bbb10|up\.browser|\bup/|up\.link"
    r"|opera mini|j2me|kaios|brew|\bmre/|maui|mocor|windows ce|palm|\bbada|sonyericsson|\bnokia|\bsamsung|\bhuawei"
    r"|\blg[-/]|\bmot-|\balcatel|\bzte|\bdocomo|\bkddi|\bsoftbank|willcom|\bfban|\bfbav|iph\d|\bwap|jig browser"
)
_DESKTOP = re.compile(
    r"windows|macintosh|mac ?os(?! like)|mac os x|macbook|imac\d|macmini|mac_powerpc|x11|\bcros\b|ubuntu|fedora"
    r"|debian|freebsd|openbsd|netbsd|sunos|solaris|linux (?:x86_64|i[3-6]86|amd64|ppc)|\bwin(?:98|95|nt|10|32|64)\b"
    r"|amiga|\bos/2|haiku|beos|cygwin|openvms|osmeta"
)
_ANDROID_BROWSER = re.compile(r"mozilla/.{0,200}(?:chrome|safari|firefox)/")


_FIRST = (("console", _CONSOLE), ("tv", _TELEVISION), ("other", _WATCH))
_THEN = (
    ("tablet", re.compile(r"ipad|tablet(?! pc)|playbook|kindle")),
    ("desktop", re.compile(r"macbook|imac|macmini|osmeta")),
    ("mobile", _MOBILE),
    ("desktop", _DESKTOP),
)


def kind(lower: str, system: str, *, known: bool) -> str:
    """The kind of device.

    Args:
        lower: the user agent in lower case.
        system: the operating system's family, as ua-parser names it; empty if unknown.
        known: whether anything is known of the device at all.
    """
    for name, pattern in _FIRST:
        if pattern.search(lower):
            return name
    if system == "Android" or "android" in lower:
        return _android(lower)
    for name, pattern in _THEN:
        if pattern.search(lower):
            return name
    if system == "iOS":
        return "mobile"
    return "other" if known or system else ""


def _android(lower: str) -> str:
    """A tablet by its name, or where a browser leaves ``Mobile`` out, as Chrome does there; an app says neither.

    https://developer.chrome.com/docs/multidevice/user-agent
    """
    if _NOT_PORTABLE.search(lower):
        return "desktop"
    if _TABLET.search(lower):
        return "tablet"
    if "mobile" in lower or _PHONE.search(lower) or not _ANDROID_BROWSER.search(lower):
        return "mobile"
    return "tablet"
