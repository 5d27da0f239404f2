"""What identifies or unlocks is taken out of texts and URLs: e-mail addresses, telephone and card numbers, IP
addresses, secrets.

Lengths are bounded everywhere, so that no text makes a pattern slow: a text is cut to :data:`WINDOW` before it is
searched.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote, unquote_plus

WINDOW = 8192
"""Characters of a text that are looked at; what lies beyond is cut off."""
MASK = "REDACTED"
"""What stands in a URL where a value was taken out."""

_EMAIL = re.compile(r"[\w.%+'-]{1,64}(?:@|%40|%2540)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_NUMBERS = re.compile(r"(?<![\w.,-])[+(]?[0-9][0-9 ()./-]{6,28}[0-9](?![\w-])", re.ASCII)
_NANP = re.compile(r"\(?[2-9][0-9]{2}\)?[ .-]{1,2}[0-9]{3}[ .-][0-9]{4}")
_NATIONAL = re.compile(r"\(?0[1-9][0-9]{1,4}\)?[ /-]{1,3}[0-9]{3,}(?:[ -]?[0-9]{2,})*")
_IPV4 = re.compile(r"(?<![\w.-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w-]|\.[0-9])", re.ASCII)
_IPV6 = re.compile(
    r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|(?:[0-9]{1,3}\.){3}[0-9]{1,3}|(?<=::))(?![\w:])",
    re.ASCII,
)
_SECRETS = re.compile(
    r"eyJ[\w-]{8,4096}\.[\w-]{4,4096}(?:\.[\w-]{0,4096})?"  # JSON Web Token
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"  # AWS access key id
    r"|\bgh[pousr]_[A-Za-z0-9]{20,255}|\bgithub_pat_\w{20,255}|\bglpat-[\w-]{20,64}"
    r"|\bxox[abeoprs]-[\w-]{10,255}"
    r"|\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,255}|\bsk-[\w-]{20,255}"
    r"|\bAIza[\w-]{35}|\bya29\.[\w-]{10,512}"
    r"|-----BEGIN [A-Z ]{0,24}PRIVATE KEY-----.{0,4096}",
    re.ASCII | re.DOTALL,
)
_NAMED = re.compile(
    r"(?i)\b(pass(?:word|wd|phrase)?|pwd|secret|(?:access|id|refresh|auth|csrf)?[_-]?token|api[_-]?key|authorization"
    r"|(?:set-)?cookie|session[_-]?id|otp|cvv|cvc|iban)(\"?\s{0,3}[=:]\s{0,3}\"?)(?:(?:bearer|basic)\s{1,3})?([^\s\"'&,;]{1,1024})"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s{1,3}[\w.~+/=-]{12,4096}")
_HINT = re.compile(r"@|%40|%2540|[0-9][0-9 ()./:-]{5}|[0-9A-Fa-f]?:[0-9A-Fa-f]*:|[0-9]\.[0-9]", re.ASCII)
_LONG_TOKEN = re.compile(r"(?=[A-Za-z_]{0,255}[0-9])(?=[0-9_]{0,255}[A-Za-z])[A-Za-z0-9_]{32,}", re.ASCII)
_CARDS = re.compile(
    r"4[0-9]{15}|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)[0-9]{12,13}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}"
    r"|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12}|35(?:2[89]|[3-8][0-9])[0-9]{12}|62[0-9]{14,17}"
)

SECRET_NAMES = frozenset(
    """
    accesskey accesstoken apikey auth authcode authorization authtoken bearer card cardnumber code cookie credential
    credentials csrf csrftoken cvc cvv cvv2 dclid email emailaddress fbclid firstname gclid iban idtoken jsessionid
    jwt key lastname login mail msclkid msisdn nonce otp pass passcode passphrase passwd password phone phonenumber
    phpsessid pin pwd refreshtoken resettoken secret session sessionid sessiontoken sid sig signature ssn state
    surname tel telephone ticket token ttclid twclid uid user userid username verification wbraid gbraid
    xamzcredential xamzsecuritytoken xamzsignature xsrftoken yclid clientsecret customerid accountid useremail
    fullname dob birthday birthdate address street ip ipaddress clientip remoteaddr useragent
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
"""Names, without punctuation and in lower case, whose values are taken out whatever they look like."""


_IN_URLS_ONLY = frozenset({"code", "key", "login", "nonce", "session", "sig", "state", "ticket", "verification"})


def is_secret_name(name: str) -> bool:
    """Whether a URL's parameter of this name is taken out unseen."""
    return _plain_name(name) in SECRET_NAMES


def is_secret_property(name: str) -> bool:
    """Whether an event's property of this name is left out unseen; a state or a code is a secret in URLs only."""
    return (plain := _plain_name(name)) in SECRET_NAMES and plain not in _IN_URLS_ONLY


@lru_cache(maxsize=4096)
def _plain_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = ord(digit) - 48
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def _number(match: re.Match[str]) -> str:
    found = match.group()
    digits = re.sub(r"[^0-9]", "", found)
    if _CARDS.fullmatch(digits) and _luhn(digits):
        return "[card]"
    if found.startswith(("+", "00")) and 8 <= len(digits) <= 17:
        return "[phone]"
    if len(digits) <= 15 and (_NANP.fullmatch(found) or (len(digits) >= 8 and _NATIONAL.fullmatch(found))):
        return "[phone]"
    return found


def _address(match: re.Match[str]) -> str:
    found = match.group()
    if all(int(part) < 256 for part in found.split(".")):
        return "[ip]"
    return found


def _address6(match: re.Match[str]) -> str:
    found = match.group()
    # A time (10:05:03) is not an address: those have eight groups or a double colon.
    return "[ip]" if "::" in found or found.count(":") >= 6 else found


@lru_cache(maxsize=8192)
def text(given: str) -> str:
    """A text without what identifies or unlocks: ``[email]``, ``[phone]``, ``[card]``, ``[ip]``, ``[secret]`` in its
    place.
    """
    cut = len(given) > WINDOW
    found = given[:WINDOW]
    if _HINT.search(found):
        if "@" in found or "%40" in found or "%2540" in found:
            found = _EMAIL.sub("[email]", found)
        found = _IPV4.sub(_address, found)
        if ":" in found:
            found = _IPV6.sub(_address6, found)
        found = _NUMBERS.sub(_number, found)
    if ":" in found or "=" in found:
        found = _NAMED.sub(r"\1\2[secret]", found)
    if " " in found:
        found = _BEARER.sub(r"\1 [secret]", found)
    if len(found) > 15:
        found = _SECRETS.sub("[secret]", found)
    if cut:
        # The last word may be the first half of an address.
        found = found.rpartition(" ")[0] if " " in found else found[:-256]
    return found


@lru_cache(maxsize=8192)
def identifies(identifier: str) -> bool:
    """Whether an identifier of a device or visit is really a person's: an e-mail address, a telephone number with its
    ``+``, an IP.
    """
    if "@" in identifier or "%40" in identifier:
        return True
    if identifier.startswith("+") and identifier[1:].replace(" ", "").replace("-", "").isdigit():
        return True
    return text(identifier) != identifier and bool(_IPV4.search(identifier) or _IPV6.search(identifier))


def path(given: str) -> str:
    """A URL's path, redacted segment by segment, still percent-encoded as it came."""
    return "/".join(_part(segment) for segment in given.split("/"))


def query(given: str) -> str:
    """A URL's query string, with secret values taken out and the others redacted, still percent-encoded as it came."""
    pairs = []
    for pair in given.split("&"):
        name, equals, value = pair.partition("=")
        if not equals:
            pairs.append(_part(name))
        elif is_secret_name(unquote(name)):
            pairs.append(f"{name}={MASK}" if value else pair)
        else:
            pairs.append(f"{_part(name)}={_part(value)}")
    return "&".join(pairs)


def _part(part: str) -> str:
    """One path segment or query value."""
    if len(part) < 4:
        return part
    plain = unquote_plus(part)
    if "%40" in plain:
        plain = unquote(plain)
    if _LONG_TOKEN.search(plain):
        return MASK
    clean = text(plain)
    if clean == plain:
        # A matrix parameter, as in /page;jsessionid=1234
        name, separator, value = part.partition("=")
        if separator and value and is_secret_name(name.rpartition(";")[2]):
            return f"{name}={MASK}"
        return part
    masked = re.sub(r"\[(?:email|phone|card|ip|secret)\]", MASK, clean)
    # Half of a surrogate pair is a text in JSON and none in UTF-8.
    return quote(masked, safe="/:=,;+!*'()~-._", errors="replace")
