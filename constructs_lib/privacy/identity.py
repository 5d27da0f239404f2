"""Ids of people and visits: one form for what the transform writes and what erasure looks for.

A **user id** leaves as a pseudonym, always. A **visit's id** (of a client or a session) is chosen by the site and
stays, unless it says who somebody is or is too long: then it is a pseudonym too. So whoever looks for an id looks for
both.

A pseudonym is ``u1_`` and 32 hexadecimal digits of HMAC-SHA-256 under a working key, which is what a KMS HMAC key makes
of a versioned label (``kms:GenerateMac``). The KMS key cannot be exported, the working key is never written.
"""

from __future__ import annotations

import hmac
from typing import Any, cast

from .characters import visible

LONGEST = 100
"""Characters of an id that stays as it is, User Behavior Insights' limit; a longer one becomes a pseudonym."""
PREFIX = "u1_"
"""Marks a pseudonym, so that a document that comes round again is not pseudonymised twice."""
PSEUDONYM_LENGTH = len(PREFIX) + 32
_AS_WHOLE = 1e21
"""JavaScript writes whole numbers below without an exponent."""
PLACEHOLDERS = frozenset(
    {
        "-",
        "--",
        "_",
        "?",
        "*",
        "0",
        "-1",
        "null",
        "nil",
        "none",
        "nan",
        "undefined",
        "unknown",
        "unset",
        "empty",
        "false",
    }
    | {"true", "n/a", "na", "n.a.", "(not set)", "not set", "not_set", "(none)", "(null)", "<null>", "<none>", "\\n"}
    | {"anonymous", "anon", "anonymoususer", "anonymous_user", "anonymous user", "guest", "guestuser", "guest_user"}
    | {
        "guest user",
        "visitor",
        "not_logged_in",
        "not logged in",
        "logged_out",
        "loggedout",
        "[object object]",
        "{}",
        "[]",
    }
    | {'""', "''"}
)
"""Placeholders that producers write instead of an id, in lower case; zeros with any punctuation count too."""


def normalised(given: object) -> str:
    """An id as text without invisible characters and outer spaces; empty if it is not an id or is a placeholder.

    A whole number is read in any of its spellings in JSON (``4711``, ``4711.0``); other values are no ids.
    """
    if isinstance(given, str):
        plain = visible(given).strip()
    elif isinstance(given, bool) or not isinstance(given, (int, float)):
        return ""
    elif isinstance(given, float):
        plain = f"{given:.0f}" if given.is_integer() and abs(given) < _AS_WHOLE else str(given)
    else:
        try:
            plain = str(given)
        except ValueError:  # more digits than Python writes
            return ""
    if len(plain) <= 64 and is_placeholder(plain):
        return ""
    return plain


def is_placeholder(plain: str) -> bool:
    """Whether an id is a placeholder: ``null``, ``guest``, an all-zero UUID."""
    return plain.lower() in PLACEHOLDERS or not plain.strip("0-:.{}") or not plain.strip("xX-")


def is_pseudonym(identifier: str) -> bool:
    """Whether an id has the form of a pseudonym."""
    return (
        len(identifier) == PSEUDONYM_LENGTH
        and identifier.startswith(PREFIX)
        and all(char in "0123456789abcdef" for char in identifier[len(PREFIX) :])
    )


def keyed(working_key: bytes) -> hmac.HMAC:
    """The function behind the pseudonyms, ready to be copied for each id."""
    return hmac.new(working_key, digestmod="sha256")


def pseudonym(plain: str, under: hmac.HMAC) -> str:
    """The pseudonym of a normalised id; what is one already stays."""
    if is_pseudonym(plain):
        return plain
    digest = under.copy()
    digest.update(plain.encode("utf-8", "surrogatepass"))
    return PREFIX + digest.hexdigest()[:32]


def forms(plain: str, under: hmac.HMAC) -> list[str]:
    """How a normalised id of a visit may stand in a document: as it came, or as a pseudonym."""
    made = pseudonym(plain, under)
    return [plain, made] if len(plain) <= LONGEST and plain != made else [made]


def working_key(key_id: str, label: str) -> bytes:
    """The working key from KMS: two tries within a few seconds, the endpoint as botocore finds it
    (``AWS_ENDPOINT_URL_KMS``).
    """
    import botocore.session  # noqa: PLC0415 - 0.2 s that a call without ids need not spend
    from botocore.config import Config  # noqa: PLC0415

    config = Config(connect_timeout=2, read_timeout=2, retries={"total_max_attempts": 2})
    client: Any = botocore.session.get_session().create_client("kms", config=config)
    answer = client.generate_mac(KeyId=key_id, Message=label.encode(), MacAlgorithm="HMAC_SHA_256")
    return cast("bytes", answer["Mac"])
