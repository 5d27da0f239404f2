"""URLs without what identifies or unlocks: by the names of parameters, by the form of values, in URLs within them too.

What is taken out leaves :data:`MASK` in its place, percent-encoding stays as it came. Marks of one click or one reader
(``gclid``, ``mc_eid``) are left out with their names: they would make every visit a page of its own.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from constructs_lib.privacy import names

from . import redact
from .cache import remembered

MASK = "REDACTED"
"""What stands in a URL where a value was taken out."""
DEEPEST = 3
"""How often percent-encoding is taken off a part, to see what it says: URLs within URLs are encoded twice or thrice."""
MOST_PARAMETERS = 200
"""Parameters of a URL that are looked at; what follows is left out."""

_MARK = re.compile(r"\[(?:email|phone|card|iban|ip|mac|secret|personal)\]")
_SAFE = "/:=,;+!*'()~-._"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,}", re.ASCII)
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+", re.ASCII)
_VERSIONS = frozenset({"v", "ver", "version", "build", "release", "rev", "revision", "firmware", "sdk", "appversion"})
_VERSION = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,8}){1,4}", re.ASCII)
_COORDINATES = re.compile(r"-?[0-9]{1,3}\.[0-9]{4,20},[ +]?-?[0-9]{1,3}\.[0-9]{4,20}", re.ASCII)
"""A place to some ten metres, as maps have it in their addresses."""
_UUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_LINKS = frozenset(
    """
    reset verify verification activate activation confirm confirmation invite invitation unsubscribe magic magiclink
    resetpassword passwordreset verifyemail emailverification confirmemail magiclogin token otp auth
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
"""Path segments before one that unlocks something: ``/reset-password/6b1f0c93aa``."""


def within_text(url: str) -> str:
    """A URL that stands in a text."""
    scheme, _, rest = url.partition("://")
    host, slash, rest = rest.partition("/")
    if slash:
        return f"{scheme}://{host}/{reference(rest)}"
    host, mark, rest = host.partition("?")
    return f"{scheme}://{host}?{query(rest)}" if mark else url


def reference(given: str) -> str:
    """A URL without its host: a path with a query and a fragment, or a form's content."""
    rest, hash_, fragment = given.partition("#")
    segments, mark, parameters = rest.partition("?")
    clean = path(segments) if mark or "&" not in segments else query(segments)
    if mark:
        clean = f"{clean}?{query(parameters)}"
    return f"{clean}#{fragment_of(fragment)}" if hash_ else clean


def path(given: str) -> str:
    """A URL's path, redacted segment by segment, still percent-encoded as it came."""
    before = ""
    parts = []
    for segment in given.split("/"):
        parts.append(_segment(segment, before) if len(segment) > 3 else segment)
        before = segment
    return "/".join(parts)


def query(given: str) -> str:
    """A URL's query string, with private values taken out and the others redacted, still percent-encoded as it came."""
    pairs = []
    for pair in given.split("&", MOST_PARAMETERS)[:MOST_PARAMETERS]:
        name, equals, value = pair.partition("=")
        plain = decoded(name)[0]
        if names.is_click_id(plain):
            continue
        if not equals:
            pairs.append(_value(name))
        elif names.is_private_parameter(plain) and not names.is_word_of(plain, value):
            pairs.append(f"{name}={MASK}" if value else pair)
        elif plain.lower() in _VERSIONS and _VERSION.fullmatch(value):
            pairs.append(pair)
        else:
            pairs.append(f"{_value(name)}={_value(value)}")
    return "&".join(pairs)


def fragment_of(given: str) -> str:
    """A fragment: a route like a path, anything else like a query string."""
    route, mark, rest = given.partition("?")
    if "=" in route and not mark:
        return query(given)
    return f"{path(route)}?{query(rest)}" if mark else path(route)


def _segment(segment: str, before: str) -> str:
    if "=" in segment or ";" in segment:
        return _matrix(segment)
    if before and _unlocks(before) and _is_code(segment):
        return MASK
    return _redacted(segment)


def _matrix(segment: str) -> str:
    """Matrix parameters, as in ``/page;jsessionid=1234``."""
    parts = []
    for part in segment.split(";"):
        name, equals, value = part.partition("=")
        if equals and value and names.is_private_parameter(unquote(name)):
            parts.append(f"{name}={MASK}")
        else:
            parts.append(_redacted(part))
    return ";".join(parts)


def _value(value: str) -> str:
    """A plus is a space in a query, but for those who forgot to encode it: ``?phone=+491701234567``."""
    if len(value) < 4:
        return value
    if "+" not in value:
        return _redacted(value)
    value = _redacted(value)
    spaced = value.replace("+", " ")
    clean = _redacted(spaced)
    return value if clean == spaced else clean


@remembered(8192)
def _redacted(part: str) -> str:
    """A part of a URL as it came, or encoded anew where something was taken out of what it says.

    What it says is read once, with all encoding off: a URL within it, and one within that, are texts with parameters.
    """
    plain, times = decoded(part)
    if holds_random(plain):
        return MASK
    clean = redact.without_urls(_COORDINATES.sub(MASK, plain) if "." in plain and "," in plain else plain)
    if clean == plain:
        return part
    clean = _MARK.sub(MASK, clean)
    # What stood there unencoded stays so, as in a route within a fragment.
    safe = _SAFE + "".join(sign for sign in "?&#" if sign in part)
    for _ in range(max(1, times)):
        clean = quote(clean, safe=safe, errors="replace")
        safe = _SAFE
    return clean


def decoded(part: str) -> tuple[str, int]:
    """A part of a URL with its percent-encoding taken off, and how often there was one."""
    times = 0
    while times < DEEPEST and "%" in part and (plain := unquote(part)) != part:
        part, times = plain, times + 1
    return part, times


def _unlocks(segment: str) -> bool:
    """Whether what follows this path segment unlocks something."""
    plain = segment.lower().replace("-", "").replace("_", "")
    return plain in _LINKS or names.is_secret_name(segment)


def _is_code(segment: str) -> bool:
    """Whether a segment may be a code: letters and digits mixed, or many digits."""
    digits = sum(char.isdigit() for char in segment)
    return len(segment) >= 6 and digits >= 2 and (digits < len(segment) or digits >= 6)


def holds_random(plain: str) -> bool:
    """Whether a long run of letters and digits in a part of a URL is no words: a key to something.

    Words and numbers joined by ``_`` and ``-`` are words; a UUID names something and unlocks nothing.
    """
    for match in _TOKEN.finditer(plain):
        run = _UUID.sub("", match.group())
        mixed = 0
        for piece in re.split(r"[_-]", run):
            pieces = _is_mixed(piece) and len(_PIECE.findall(piece))
            least = 0.5 if len(piece) < 20 else 0.4 if len(piece) < 32 else 0.2
            if len(piece) >= 16 and pieces >= len(piece) * least and (len(piece) >= 20 or _has_all(piece)):
                return True
            mixed += len(piece) if pieces >= 4 else 0
        if len(run) >= 32 and mixed >= 20:
            return True
    return False


def _has_all(piece: str) -> bool:
    """Whether letters of both cases are in it, as in what was drawn, and in no article's number."""
    return not (piece.islower() or piece.isupper())


def _is_mixed(piece: str) -> bool:
    return not piece.isalpha() and not piece.isdigit()
