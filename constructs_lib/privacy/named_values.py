"""Private values that stand beside their names in a text: ``db_password=x``, ``"phone": "..."``, ``Cookie: a=b; c=d``.

Names are judged as those of properties are (`names`). Read are pairs with ``=``, ``:`` and ``=>``, JSON inside a text
however often its quotes were escaped, headers, parameters of URLs, options of commands and XML elements. Costs time in
proportion to the text: names are 64 characters at most, and a value is scanned once.
"""

from __future__ import annotations

import re

from . import names

LONGEST_VALUE = 8192

_PAIR = re.compile(
    r"(?<![\w.%-])(?:(?P<name>[^\W\d][\w.-]{0,62}(?:\[[\w.-]{0,40}\]){0,3})"
    r"(?P<between>\\{0,4}[\"']?\s{0,3}(?:=>|[=:])\s{0,3})"
    r"|(?<=<)(?P<element>[^\W\d][\w.-]{0,62})>"
    r"|(?P<option>-{1,2}[^\W\d][\w-]{0,62})(?:=|\s(?=\S)))"
)
_PLAIN = re.compile(
    r"(?:[^\s\"'&,;|<>()\[\]{}\\]|[,;)](?!\s|$|\\{0,4}[\"']?[\w.-]{1,64}\\{0,4}[\"']?\s?[=:])|\\(?![\"'nrt]))+"
)
_PARAMETER = re.compile(r"[^\s&\"'<>#]+")
_AUTHORIZATION = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9-]{1,30}[ \t]{1,3})?(?:[^\s,;\"'<>]|\"[^\"]{0,256}\"){1,4096}"
    r"(?:,[ \t]{0,3}[\w-]{1,40}=(?:\"[^\"]{0,1024}\"|[^\s,\"']{1,1024}))*"
)
_COOKIES = re.compile(r"(?:(?!\\[nr\"']|[ \t][A-Z][A-Za-z]{1,30}(?:-[A-Za-z]{1,30}){0,4}: )[^\r\n\"'])+")
_ELEMENT = re.compile(r"[^<]*")
_BEARER = re.compile(r"(?i)\b(bearer|basic)[ \t]{1,3}[\w.~+/=-]{12,4096}")
_MORE_WORDS = re.compile(r"(?:[ \t](?=[A-Z0-9+(])[\w.,'()+/-]{1,40}){0,5}")
_QUOTE = re.compile(r"(\\*)([\"'])")
_HEADERS = frozenset({"authorization", "proxyauthorization", "authorizationheader"})
_COOKIE_HEADERS = frozenset({"cookie", "cookies", "setcookie", "cookieheader"})
_ORDINARY = frozenset(
    """
    secret secrets token tokens auth cookie signature pin otp cookies bearer hmac csrf salt sid sig assertion mnemonic
    user login mail address addresses street card cards mobile cell ip email phone phones tel fax birth birthday
    fingerprint gps coordinates coords mac passport fullname nickname lat lon lng
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
"""Names that stand before a colon in ordinary prose too: ``secret: love``."""
_NO_VALUE = frozenset(
    """
    required missing invalid expired none null nil true false yes no failed denied ok incorrect wrong empty changed
    reset updated forgotten optional hidden undefined not must is was has should cannot too unknown redacted accepted
    granted needed sent verified unverified valid mismatch enabled disabled unset set absent
    """.split()  # noqa: SIM905
)
_WORDS = re.compile(r"[a-z]{1,11}(?: [a-z]{1,11}){0,9}")
_MARKS = {
    **dict.fromkeys(("email", "emails", "emailaddress", "emailaddr", "mailaddress", "useremail", "mail"), "[email]"),
    **dict.fromkeys(("phone", "phones", "phonenumber", "telephone", "tel", "mobile", "mobilephone", "fax"), "[phone]"),
    **dict.fromkeys(("card", "cardnumber", "creditcard", "debitcard"), "[card]"),
    **dict.fromkeys(("ip", "ipaddress", "clientip", "remoteaddr", "xforwardedfor"), "[ip]"),
    "iban": "[iban]",
}
PERSONAL = "[personal]"
"""What stands for a value whose name says that it is of a person."""


def without_named_values(text: str) -> str:
    """A text with ``[secret]``, ``[personal]``, ``[email]`` and the like for values whose names say that they are."""
    parts: list[str] = []
    kept = at = 0
    while match := _PAIR.search(text, at):
        at = match.end()
        if (found := _value(text, match)) is None:
            continue
        start, end, mark = found
        if end > start and text[start:end] != mark:
            parts += [text[kept:start], mark]
            kept = end
        at = max(at, end)
    text = "".join([*parts, text[kept:]]) if parts else text
    if " " in text:
        text = _BEARER.sub(r"\1 [secret]", text)
    return text


def _value(text: str, match: re.Match[str]) -> tuple[int, int, str] | None:
    """Where the value beside a private name stands, and what to write instead; None where nothing is private."""
    name = match["name"] or match["element"] or match["option"]
    between = match["between"] or ""
    at = match.end()
    if between.startswith("=") and match.start() and text[match.start() - 1] in "?&":
        return _parameter(text, match.start("between") + 1, name)
    phrase = names.secret_phrase(name)
    mark = "[secret]"
    if not phrase:
        phrase = names.personal_phrase(name)
        mark = _MARKS.get(phrase, PERSONAL)
    if not phrase:
        return None
    if match["element"]:
        end = _end(_ELEMENT, text, at)
    elif quote := _QUOTE.match(text, at):
        at = quote.end()
        end = _closing(text, at, quote[1], quote[2])
    elif text.startswith(("[", "{"), at):
        closing = text.find("]" if text[at] == "[" else "}", at)
        end = len(text) if closing < 0 else closing + 1
    else:
        end = _unquoted(text, at, phrase, mark)
        prose = ":" in between and '"' not in between and "'" not in between
        if _says_nothing(text[at:end], phrase, prose=prose):
            return None
    return (at, end, mark) if names.hides(name, text[at:end]) else None


def _parameter(text: str, at: int, name: str) -> tuple[int, int, str] | None:
    """The same for a parameter of a URL."""
    if not names.is_private_parameter(name):
        return None
    end = _end(_PARAMETER, text, at)
    return None if text[at:end] == "REDACTED" else (at, end, "[secret]")


def _unquoted(text: str, at: int, phrase: str, mark: str) -> int:
    """The end of a value without quotes around it."""
    if phrase in _HEADERS:
        return _end(_AUTHORIZATION, text, at)
    if phrase in _COOKIE_HEADERS:
        return _end(_COOKIES, text, at)
    end = _end(_PLAIN, text, at)
    if mark != "[secret]" and end > at:
        end = _end(_MORE_WORDS, text, end)
    elif text[at:end].lower() in {"bearer", "basic", "token", "digest"}:
        end = _end(_PLAIN, text, end + 1) if text[end : end + 1] == " " else end
    return end


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at, at + LONGEST_VALUE)
    return match.end() if match else at


def _closing(text: str, at: int, slashes: str, quote: str) -> int:
    """Where a quoted value ends: at the next quote that is escaped as often as the first, or at the text's end."""
    while True:
        end = text.find(slashes + quote, at)
        if end < 0:
            return len(text)
        if slashes or text[end - 1] != "\\":
            return end
        at = end + 1


def _says_nothing(value: str, phrase: str, *, prose: bool) -> bool:
    """Whether what follows a name is an ordinary word: ``password: required``, ``secret: love``."""
    first = value.partition(" ")[0].strip(".,;:!?").lower()
    if not first or first in _NO_VALUE:
        return True
    return prose and phrase in _ORDINARY and _WORDS.fullmatch(value.strip(".,;:!?")) is not None
