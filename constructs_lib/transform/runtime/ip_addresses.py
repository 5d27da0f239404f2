"""IP and MAC addresses in a text, glued to whatever punctuation; versions, times and names in code are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

Found = tuple[int, int, str]

_IPV4 = re.compile(r"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9]|\.[0-9])")
_IPV4_DASHED = re.compile(
    r"\b(?:ip|ec2|host|dsl|dyn|client|pool|cpe)-([0-9]{1,3}-){3}[0-9]{1,3}(?![0-9-])", re.IGNORECASE
)
_REVERSED = re.compile(
    r"(?<![0-9])(?<![0-9]-)(?:[0-9]{1,3}-){3}[0-9]{1,3}(?=\.[A-Za-z0-9-]{1,63}\.?[A-Za-z])", re.ASCII
)
"""An address within the name that a provider gives it: ``c-203-0-113-9.hsd1.example``."""
_PRODUCT = re.compile(r"(?:^|[^\w./-])([A-Za-z][\w.+-]*)/$")
_VERSION_BEFORE = re.compile(
    r"(?:\b(?:version|versions|firmware|fw|ver|release|build|rev|revision|driver|sdk|kernel|update|patch|section|chapter|clause"
    r"|oid|v|r)|[^a-z]v|==|>=|<=|~=|\^)[\s:=]{0,2}$",
    re.IGNORECASE,
)
_VERSION_BEHIND = re.compile(
    r"\s{1,2}(?:of\s)?(?:the\s|its\s)?(?:firmware|version|driver|release|build|sdk|update|kernel|patch)\b"
    r"|-?(?:rc|alpha|beta|snapshot|dev|post|pre|final|ga|sp)[0-9]{0,3}\b|-[0-9]{1,3}(?:ubuntu|deb|el[0-9]|fc[0-9])"
    r"|\.(?:jar|tar|tgz|zip|whl|gz|exe|msi|dmg|apk|deb|rpm)\b",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"/([0-9]{1,2})(?![0-9])")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{1,4}")
_IPV6_RUN = re.compile(r"(?<![0-9A-Fa-f:])[0-9A-Fa-f]{0,64}:[0-9A-Fa-f:]{1,64}(?:\.[0-9.]{3,11})?")
_MAC = re.compile(
    r"(?<![0-9A-Za-z:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Za-z]|[:-][0-9A-Fa-f])"
)

_MAC_DOTTED = re.compile(
    r"(?<![\w.])(?=[0-9A-Fa-f.]{0,14}[0-9])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![\w.])", re.ASCII
)
"""As Cisco's devices write it."""


def spans(text: str) -> Iterator[Found]:
    """Where addresses stand."""
    if "." in text:
        yield from _addresses4(text)
        yield from _of_devices(text, _MAC_DOTTED, ".")
    if "-" in text:
        yield from _within_names(text)
    if ":" in text or "-" in text:
        yield from _of_devices(text, _MAC, "-")
    if ":" in text:
        yield from _addresses6(text)


def _addresses4(text: str) -> Iterator[Found]:
    for match in _IPV4.finditer(text):
        octets = [int(part) for part in match.group().split(".")]
        if max(octets) > 255 or _is_version(text, *match.span()) or _is_network(octets, text, match.end()):
            continue
        yield (*match.span(), "[ip]")


def _within_names(text: str) -> Iterator[Found]:
    """Addresses within the names of hosts, where hyphens stand for the points."""
    for match in _IPV4_DASHED.finditer(text):
        yield (*match.span(), "[ip]")
    for match in _REVERSED.finditer(text):
        if 31 < max(int(part) for part in match.group().split("-")) <= 255:  # no date, no version
            yield (*match.span(), "[ip]")


def _of_devices(text: str, pattern: re.Pattern[str], sign: str) -> Iterator[Found]:
    """MAC addresses, each of which has a letter."""
    for match in pattern.finditer(text):
        if not match.group().replace(sign, "").isdigit():
            yield (*match.span(), "[mac]")


def _is_version(text: str, start: int, end: int) -> bool:
    """Whether four numbers are a version by what stands around them: ``Chrome/131.0.0.0``, ``10.2.3.4 of firmware``."""
    before = text[max(0, start - 24) : start]
    if _VERSION_BEFORE.search(before) or _VERSION_BEHIND.match(text, end):
        return True
    product = _PRODUCT.search(before)
    if product is None:
        return False
    name = product[1]
    if text[start:end].endswith(".0.0.0"):
        return True
    if (
        name.lower() in {"ip", "host", "client", "from", "addr", "address", "peer", "remote", "localhost"}
        or "." in name
    ):
        return False
    return not re.match(r":[0-9]", text[end : end + 2])


def _is_network(octets: list[int], text: str, end: int) -> bool:
    """Whether an address is a network's (``198.51.100.0/24``), which is what documents hold."""
    prefix = _PREFIX.match(text, end)
    if prefix is None or octets[3]:
        return False
    return int(prefix[1]) <= 24


def _addresses6(text: str) -> Iterator[Found]:
    for match in _IPV6_RUN.finditer(text):
        start, end = match.span()
        run = match.group()
        if run.count(":") < 2:
            continue
        if start and text[start - 1].isalnum():
            # The end of a word (``std::``) is not the first group.
            skipped = len(run) - len(run.lstrip("0123456789abcdefABCDEF"))
            start, run = start + skipped, run[skipped:]
        if end < len(text) and text[end].isalpha() and "::" in run and not re.search("[0-9]", run):
            continue
        # Nor is the beginning of a word the last group (``:FastLeader``), unless nothing else makes an address of it.
        glued = end < len(text) and text[end].isalpha()
        found = _address6(run[: run.rfind(":")]) if glued else None
        if found is None:
            found = _address6(run)
        if found is not None:
            yield start + found[0], start + found[1], "[ip]"


def _address6(run: str) -> tuple[int, int] | None:
    """Where an IPv6 address stands in a run of hexadecimal digits and colons, also with one colon too many around."""
    if not any(char.isdigit() for char in run):
        return None
    first, last = 0, len(run)
    while last and (run[last - 1] == "." or (run[last - 1] == ":" and run[max(0, last - 2) : last] != "::")):
        last -= 1
    if run.startswith(":") and not run.startswith("::"):
        first = 1
    for _ in range(4):
        candidate = run[first:last]
        if candidate.count(":") < 2:
            return None
        if _is_address6(candidate):
            return first, last
        head, colon, _ = candidate.partition(":")
        first += len(head) + len(colon)
        if run[first : first + 1] == ":" and run[first : first + 2] != "::":
            first += 1
    return None


def _is_address6(candidate: str) -> bool:
    """Whether it is written as RFC 4291 says; a parser that builds the address takes ten times as long."""
    head, double, tail = candidate.partition("::")
    groups = [*(head.split(":") if head else ()), *(tail.split(":") if tail else ())]
    count = len(groups)
    if groups and "." in groups[-1]:
        if _IPV4.fullmatch(groups.pop()) is None:
            return False
        count += 1
    return (count < 8 if double else count == 8) and all(_HEXADECIMAL.fullmatch(group) for group in groups)
