"""Private values that a sentence tells: ``my password is x7Kq``, ``OTP 482913``, ``passport no C01X00T47``.

Unlike a pair (`named_values`), prose also says things *about* a password, so what follows must look like a value: a
password that was told is no ordinary word, a code is digits, a number of somebody's has some.
"""

from __future__ import annotations

import re

_SECRET = re.compile(
    r"(?<!\w)(?:(?P<password>pass(?:word|code|phrase|wort|wd)|kennwort|pwd?|pin"
    r"|(?:api|access|secret|private)[ -](?:key|token))"
    r"|(?P<token>secret|token|(?:auth|session|bearer|refresh|license|security)[ -](?:key|token))"
    r"|(?P<code>otp|totp|your code|(?:verification|security|confirmation|login|access|one-time|reset|activation|2fa|mfa"
    r"|sms|bestätigungs)[ -]?(?:code|pin)))"
    r"(?P<says> is| ist| was| lautet|:| =|=)?[ \t]{1,2}(?P<value>[^\s\"'<>]{3,128})",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?<!\w)(?:ssn|social security|passport|reisepass|pesel|aadhaa?r|nif|dni|nie|cpf|curp|bsn|nino|national insurance"
    r"|tax id|steuer-?id|imei|imsi|iccid|idfa|gaid|vin|licen[cs]e plate|number plate|driver'?s? licen[cs]e)"
    r"(?: (?:no|nr|number|num|id|is))?[.:#]?(?: is)?[ \t]{1,2}"
    r"(?P<number>(?=[A-Za-z-]{0,12}[0-9])[A-Za-z0-9][A-Za-z0-9-]{0,36}(?:[ .-][A-Za-z0-9-]{1,36}){0,3})",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"(?<!\w)(?:born|geboren|date of birth|dob|birthday|geburtstag)(?: is| on| am|:)?[ \t]{1,2}"
    r"(?P<date>[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4})(?![0-9])",
    re.IGNORECASE,
)
_DIGIT = re.compile("[0-9]", re.ASCII)
_PASSWORDS = ("passw", "passp", "passc", "kennwort", "pwd", "pw ", " key", "-key", "token")
"""What may have a value without a digit."""
_WORDS = (
    "pass", "kennwort", "pw", "pin", " key", "-key", "token", "secret", "otp", "code", "ssn", "social sec", "pesel",
    "aadha", "nif ", "dni ", "nie ", "cpf", "curp", "bsn", "nino", "insurance", "tax id", "steuer", "imei", "imsi",
    "iccid", "idfa", "gaid", "vin ", "plate", "licen", "born", "geb", "birth", "dob",
)  # fmt: skip
"""What a text that tells any has, in lower case; most texts have none of it, and need no further look."""
_LEAST_DIGITS = 4


def without_told_values(text: str) -> str:
    """A text with ``[secret]`` and ``[personal]`` for values that its sentences tell."""
    lower = text.lower()
    if not (_DIGIT.search(lower) or any(word in lower for word in _PASSWORDS)):
        return text
    if not any(word in lower for word in _WORDS):
        return text
    text = _SECRET.sub(_secret, text)
    text = _PERSON.sub(_number, text)
    return _BORN.sub(lambda match: _instead(match, "date", "[personal]"), text)


def _secret(match: re.Match[str]) -> str:
    value = match["value"].strip(".,;:!?()")
    letters = sum(char.isalpha() for char in value)
    digits = sum(char.isdigit() for char in value)
    mixed = bool(letters and digits) and len(value) >= 8
    if match["code"]:
        told = value.isdigit() and 4 <= len(value) <= 8
    elif match["password"] and match["says"]:
        told = not (value.isalpha() and (value.islower() or value.istitle()))
    else:
        told = mixed
    return _instead(match, "value", "[secret]") if told else match[0]


def _number(match: re.Match[str]) -> str:
    told = sum(char.isdigit() for char in match["number"]) >= _LEAST_DIGITS
    return _instead(match, "number", "[personal]") if told else match[0]


def _instead(match: re.Match[str], group: str, mark: str) -> str:
    start, end = match.span(group)
    whole = match[0]
    return f"{whole[: start - match.start()]}{mark}{whole[end - match.start() :]}"
