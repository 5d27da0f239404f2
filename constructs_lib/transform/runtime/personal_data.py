"""Personal data that is known by its form: e-mail addresses, IBANs, card and telephone numbers, IP and MAC addresses.

The search runs over a text of the same length in which digits, spaces, dashes and signs of other scripts and of
typesetting are plain, so that ``0171 1234567`` is found whatever its spaces are. Every function gives back spans, and
costs time in proportion to the text: each pattern is anchored or bounded, and what needs context looks at a few
characters around.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import ip_addresses, numbers

Found = tuple[int, int, str]
"""Where something stands (the first place and the one behind the last), and what is written instead."""

_PLAIN = str.maketrans(
    {
        **{chr(code): " " for code in (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)},
        **{chr(code): "-" for code in (*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63, 0xFF0D)},
        **{chr(first + digit): str(digit) for first in (0xFF10, 0x660, 0x6F0, 0x966) for digit in range(10)},
        "\uff20": "@", "\ufe6b": "@", "\uff0b": "+", "\uff0e": ".", "\u3002": ".", "\uff08": "(", "\uff09": ")",
        "\uff0f": "/", "\uff1a": ":",
    }
)  # fmt: skip

_AT = re.compile(
    r"@|%(?:25){0,2}40|&#0{0,4}64;|&#[xX]0{0,4}40;|&commat;|\\{1,4}u0040|\\{1,4}x40|\s?[\[({]\s?at\s?[\])}]\s?",
    re.IGNORECASE,
)
_LOCAL_REVERSED = re.compile(r"[\w.%+'&*=?^`{|}~!#$-]{1,64}")
_QUOTED_REVERSED = re.compile(r'"[^"@]{1,64}"')
_DOMAIN = re.compile(
    r"(?:[\w-]{1,63}(?:\.|%2[eE]|\s?[\[({]dot[\])}]\s?)){1,8}[^\W\d_][\w-]{1,62}|\[(?:IPv6:)?[0-9A-Fa-f:.]{2,45}\]"
)
_VERSION = re.compile(r"[0-9]+\.[0-9]+(?:[.-]|$)")
_RETINA = re.compile(r"[0-9](?:\.[0-9])?x\.[a-z]", re.IGNORECASE)
_FILES = frozenset(
    """
    apng avif bmp css csv dll exe gif gz htm html ico jar jpeg jpg js json jsx log map mjs mp3 mp4 pdf php png svg tar
    tiff tsx ttf txt war webm webp whl woff woff2 xml yaml yml
    """.split()  # noqa: SIM905 - a list of words reads better as one
)

_IBAN = re.compile(r"(?<![A-Za-z0-9])(?<![A-Za-z0-9]-)[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]){11,30}")
_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
    "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
    "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
    "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20,
    "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
    "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29,
    "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
    "YE": 30,
}  # fmt: skip
"""Characters of an IBAN by country: the registry that SWIFT keeps for ISO 13616."""

_SOCIAL_SECURITY = re.compile(
    r"(?<![\w.-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![\w]|[.-][\w])", re.ASCII
)
"""https://www.ssa.gov/employer/randomization.html"""
_CPF = re.compile(r"(?<![\w.-])[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}(?![\w-])", re.ASCII)

_HINT = re.compile(
    r"@|%(?:25)?40|&#|&comm|\\u0|\\x4|[\[({]\s?at\b|[0-9][0-9 ()./:-]{5}|[0-9A-Fa-f]?:[0-9A-Fa-f]{0,4}:|[0-9]\.[0-9]"
    r"|[A-Za-z]{2}[0-9]{2}[ -]?[A-Z0-9]{4}",
    re.IGNORECASE,
)
"""What any of these has; most texts have none of it, and need no further look."""


def spans(text: str) -> list[Found]:
    """What identifies a person in a text, in order, not overlapping."""
    if not text.isascii():
        text = text.translate(_PLAIN)
    if _HINT.search(text) is None:
        return []
    found = [*_emails(text), *ip_addresses.spans(text), *_ibans(text), *_numbers_of_people(text), *numbers.spans(text)]
    if len(found) < 2:
        return found
    apart: list[Found] = []
    for one in sorted(found):
        if not apart or one[0] >= apart[-1][1]:
            apart.append(one)
        elif one[1] > apart[-1][1]:
            apart[-1] = (apart[-1][0], one[1], apart[-1][2])
    return apart


def _emails(text: str) -> Iterator[Found]:
    reversed_text = ""
    for at in _AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        if domain is None:
            continue
        reversed_text = reversed_text or text[::-1]
        behind = len(text) - at.start()
        local = _LOCAL_REVERSED.match(reversed_text, behind) or _QUOTED_REVERSED.match(reversed_text, behind)
        if local is None or not _is_mail_domain(domain.group()):
            continue
        yield len(text) - local.end(), domain.end(), "[email]"


def _is_mail_domain(domain: str) -> bool:
    """Whether it is none of ``react@18.2.0``, ``logo@2x.png``, ``photo@home.jpg``."""
    return not (_VERSION.match(domain) or _RETINA.match(domain) or domain.rpartition(".")[2].lower() in _FILES)


def _numbers_of_people(text: str) -> Iterator[Found]:
    """Numbers that a state gives people, where they have a form of their own: of the United States and of Brazil."""
    if "-" not in text:
        return
    for match in _SOCIAL_SECURITY.finditer(text):
        yield *match.span(), "[personal]"
    for match in _CPF.finditer(text):
        digits = [int(char) for char in match.group() if char.isdigit()]
        if all(
            sum((place + 1 - at) * digit for at, digit in enumerate(digits[:place])) * 10 % 11 % 10 == digits[place]
            for place in (9, 10)
        ):
            yield *match.span(), "[personal]"


def _ibans(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        length = _IBAN_LENGTHS.get(text[match.start() : match.start() + 2].upper())
        if length is None:
            continue
        plain = ""
        for at in range(match.start(), match.end()):
            if text[at] != " ":
                plain += text[at]
            if len(plain) == length:
                glued = text[at + 1 : at + 2].isalnum()
                if not glued and plain in {plain.upper(), plain.lower()} and _checks(plain.upper()):
                    yield match.start(), at + 1, "[iban]"
                break


def _checks(iban: str) -> bool:
    """ISO 7064's check of the two digits behind the country."""
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1
