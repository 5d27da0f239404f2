"""Card and telephone numbers in a text, in the forms of everyday life.

A card's number is known by its issuer and its check digit. A telephone number is known by its ``+`` or ``00``, by the
grouping that a country writes it in, or by a word before it (``call``, ``tel``). Dates, decimals, ids, trade items'
numbers and sizes stay: what has none of these signs cannot be told from an order's number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

Found = tuple[int, int, str]
Group = tuple[int, int]

_RUN = re.compile(r"(?:\(?\+|\()?[0-9](?:[ ()./-]{0,3}[0-9]){6,}")
_GROUP = re.compile(r"\(?[0-9]+\)?")
_MOST_GROUPS = 7
"""Groups of digits that a telephone number is written in."""
_CARD = re.compile(
    r"4[0-9]{15}(?:[0-9]{3})?|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}|3[47][0-9]{13}"
    r"|3(?:0[0-5]|[68][0-9])[0-9]{11}|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12}|35(?:2[89]|[3-8][0-9])[0-9]{12}"
    r"|62[0-9]{14,17}|(?:50|5[6-9]|6[37])[0-9]{14}"
)
_EXPIRY = re.compile(
    r"[\s,;|]{1,3}(?:(?:exp|expires|valid|thru|until|gültig|bis)[.:]?\s?){0,2}(?:0[1-9]|1[0-2])\s?[/-]\s?[0-9]{2}(?:[0-9]{2})?"
    r"(?![0-9])(?:[\s,;|]{1,3}(?:(?:cvv|cvc|cvv2|code)[.:]?\s?)?[0-9]{3,4}(?![0-9]))?",
    re.IGNORECASE,
)
"""What stands beside a card's number: until when it is valid, and its code."""
_AMERICAN = re.compile(r"(?:1[ .-]{1,2})?\(?[2-9][0-9]{2}\)?[ .-]{1,2}[0-9]{3}[ .-][0-9]{4}")
_NATIONAL = re.compile(r"\(?0[1-9][0-9]{0,4}\)?[ ./-]{1,3}[0-9]{1,9}(?:[ ./-]{1,3}[0-9]{1,9}){0,6}")
_GROUPED = re.compile(
    r"\([0-9]{1,5}\)[ .-]{0,2}[0-9]{2,5}(?:[ .-][0-9]{2,5}){0,4}"  # (11) 91234-5678
    r"|[0-9]{2} 9?[0-9]{4}-[0-9]{4}"  # Brazil
    r"|[67][0-9]{2}(?:[ .-][0-9]{2}){3}|9[0-9] [0-9]{3}(?: [0-9]{2}){2}"  # Spain
    r"|1[3-9][0-9][ -][0-9]{4}[ -][0-9]{4}"  # China
    r"|8[ -]\(?[0-9]{3}\)?[ -][0-9]{3}[ -][0-9]{2}[ -][0-9]{2}"  # Russia
)
_BARE = re.compile(r"01[5-7][0-9]{8,9}|07[0-9]{9}|0[67][0-9]{8}")
"""National mobile numbers without a space: Germany, the United Kingdom, France and its neighbours."""
_DATE = re.compile(
    r"[0-9]{1,2}([./-])[0-9]{1,2}\1(?:[0-9]{2}){1,2}(?:[ -].*)?|[0-9]{4}([./-])[0-9]{1,2}\2[0-9]{1,2}(?:[ -].*)?"
    r"|(?:[01][0-9]|2[0-4])[.][0-5][0-9] ?- ?(?:[01][0-9]|2[0-4])[.][0-5][0-9]"
)
_ASKED = re.compile(
    r"(?:\b(?:tele)?(?:phone|fon|fono|fone)\w{0,8}"
    r"|\b(?:tel|tél|tlf|mob|mobile|mobil|móvil|movil|cell|celular|ph|call|fax|handy|whatsapp|sms|ruf|anruf|rufnummer|hotline"
    r"|dial|ring|text me|reach me|wa\.me)\b)[\s.:#=/]{0,4}"
    r"(?:(?:me|us|him|her|at|on|under|unter|an|nr|no|number|is|ist|the)\b[\s.:]{0,3}){0,3}[(]?$",
    re.IGNORECASE,
)
"""Words before a telephone number."""
_NUMBERED = re.compile(
    r"(?:\b(?:gtin|ean|upc|isbn|issn|sku|asin|mpn|orders?|bestell\w*|invoice|rechnung\w*|article|artikel\w*|item|model|part"
    r"|serial|tracking|product|produkt|id|ref|reference|case|ticket|code|barcode|no|nr|number)\b[\s.:#=-]{0,4}){1,3}$|#$",
    re.IGNORECASE,
)
"""Words before a number that is of a thing."""


def spans(text: str) -> Iterator[Found]:
    """Where numbers of cards and telephones stand, in order.

    Args:
        text: with plain digits, spaces and dashes.
    """
    tries = 16 + len(text) // 8
    for match in _RUN.finditer(text):
        groups = _whole_groups(text, match)
        at = 0
        while at < len(groups):
            found = _card(text, groups, at)
            if found is None and tries > 0:
                found, tried = _phone(text, groups, at)
                tries -= tried
            if found is None:
                at += 1
                continue
            yield found
            while at < len(groups) and groups[at][0] < found[1]:
                at += 1


def _whole_groups(text: str, match: re.Match[str]) -> list[Group]:
    """The groups of a run's digits but for those that are part of something longer: an id, a decimal, a UUID."""
    start, end = match.span()
    groups = [one.span() for one in _GROUP.finditer(text, start, end)]
    before = text[start - 1] if start else ""
    if text[start].isdigit() and before and _continues(before, text[start - 2] if start > 1 else ""):
        groups = _apart(text, groups)
    behind = text[end] if end < len(text) else ""
    further = text[end + 1] if end + 1 < len(text) else ""
    if behind.isalnum() or behind == "_" or (behind == "-" and further.isalpha()):
        groups = _apart(text, groups[::-1])[::-1]
    return groups


def _apart(text: str, groups: list[Group]) -> list[Group]:
    """The groups but for the first and those that are joined to it by other signs than spaces."""
    for place, ((start, end), (following, last)) in enumerate(pairwise(groups), 1):
        between = text[end:following] if end < following else text[last:start]
        if between.isspace():
            return groups[place:]
    return []


def _continues(before: str, further: str) -> bool:
    """Whether the characters before a digit make it part of a longer word or number."""
    if before.isalnum() or before == "_":
        return True
    return (before == "-" and further.isalnum()) or (before in ".," and further.isdigit())


def _digits(text: str, groups: list[Group]) -> str:
    return "".join(text[start:end].strip("()") for start, end in groups)


def _card(text: str, groups: list[Group], at: int) -> Found | None:
    """A card's number that begins with a group: an expiry or a code may follow it."""
    first, last = groups[at]
    first += text[first] == "("
    if last - first < 4 or text[first] not in "23456":
        return None
    digits = ""
    for start, end in groups[at : at + 6]:
        if digits and (last - first > 4 or not 2 <= end - start <= 6):
            break  # 4-4-4-4, 4-6-5: a long first group stands alone
        digits += text[start:end].strip("()")
        if len(digits) > 19:
            break
        if len(digits) >= 13 and _CARD.fullmatch(digits) and _luhn(digits):
            expiry = _EXPIRY.match(text, end)
            return first, expiry.end() if expiry else end, "[card]"
    return None


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = ord(digit) - 48
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def _phone(text: str, groups: list[Group], at: int) -> tuple[Found | None, int]:
    """A telephone number that begins with a group, and how many ways of reading it were tried."""
    first, last = groups[at]
    begin = text[first]
    if text[first - 1 : first] == "+" or text[max(0, first - 2) : first] == "(+":
        return _international(text, groups, at), 1
    if at:
        # The words before say something about the first group only; what is joined to the last one is no beginning.
        if (last - first < 2 and begin not in "18") or not text[groups[at - 1][1] : first].isspace():
            return None, 0
        around = ""
    else:
        around = text[max(0, first - 32) : first]
    asked = around != "" and _ASKED.search(around) is not None
    tried = 0
    for count in range(min(_MOST_GROUPS, len(groups) - at), 0, -1):
        end = groups[at + count - 1][1]
        if not 7 <= end - first <= 34 or (at + count < len(groups) and not text[end].isspace()):
            continue
        digits = _digits(text, groups[at : at + count])
        if not 7 <= len(digits) <= 17:
            continue
        tried += 1
        run = text[first:end]
        if run[0] == "(" and ")" not in run:  # the number stands in brackets, not its beginning
            run = run[1:]
        if _is_phone(run, digits, around, alone=count == 1, asked=asked):
            return (first, end, "[phone]"), tried
    return None, tried


def _international(text: str, groups: list[Group], at: int) -> Found | None:
    """A number with its ``+``: as many groups as a number of 15 digits has."""
    begin = groups[at][0] - (2 if text[max(0, groups[at][0] - 2) : groups[at][0]] == "(+" else 1)
    before = text[begin - 1 : begin]
    if before.isdigit() or before == "+":
        return None
    digits = ""
    end = 0
    for start, last in groups[at : at + 15]:
        more = text[start:last].strip("()")
        if len(digits) + len(more) > 15:
            break
        digits, end = digits + more, last
    return (begin, end, "[phone]") if len(digits) >= 8 else None


def _is_phone(run: str, digits: str, around: str, *, alone: bool, asked: bool) -> bool:
    """Whether a run of digits that has no ``+`` is a telephone number."""
    if _DATE.fullmatch(run) or (alone and not asked and _NUMBERED.search(around)):
        return False
    if asked and len(digits) <= 15:
        return True
    if digits.startswith("00"):
        return _abroad(digits, alone=alone)
    if alone:
        return _BARE.fullmatch(digits) is not None and not _has_check_digit(digits)
    return (
        _AMERICAN.fullmatch(run) is not None
        or (len(digits) <= 13 and _GROUPED.fullmatch(run) is not None)
        or (8 <= len(digits) <= 13 and _NATIONAL.fullmatch(run) is not None)
    )


def _abroad(digits: str, *, alone: bool) -> bool:
    """Whether ``00`` begins an international number: none has a zero next, and a trade item's number is none."""
    if not 10 <= len(digits) <= 17 or digits[2] == "0":
        return False
    return not (alone and _has_check_digit(digits) and (digits[2] == "1" or digits[4] == "0"))


def _has_check_digit(digits: str) -> bool:
    """Whether this is a trade item's number (GTIN-8, 12, 13, 14) or an ISBN-10, by its check digit.

    https://www.gs1.org/services/how-calculate-check-digit-manually
    """
    if len(digits) == 10:
        return sum((10 - place) * (ord(digit) - 48) for place, digit in enumerate(digits)) % 11 == 0
    if len(digits) not in {8, 12, 13, 14}:
        return False
    total = sum((3 if place % 2 else 1) * (ord(digit) - 48) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0
