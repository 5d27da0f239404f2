"""A raw user id's pseudonym, exactly as the transform makes it, so that a person can be found to be erased.

The two functions travel in archives of their own; a test holds the two algorithms together.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence

PREFIX = "u1_"
_PSEUDONYM = re.compile(PREFIX + "[0-9a-f]{32}")


def pseudonyms(users: Sequence[str], key_id: str, label: str) -> list[str]:
    """Pseudonyms of raw ids under the key that KMS derives; what is one already stays."""
    import botocore.session  # noqa: PLC0415 - only erasure by a raw id needs it

    client = botocore.session.get_session().create_client("kms")
    answer = client.generate_mac(KeyId=key_id, Message=label.encode(), MacAlgorithm="HMAC_SHA_256")
    return [pseudonym(user, answer["Mac"]) for user in users]


def pseudonym(user: str, key: bytes) -> str:
    """The pseudonym of one id under a working key."""
    if _PSEUDONYM.fullmatch(user):
        return user
    digest = hmac.new(key, user.encode("utf-8", "surrogatepass"), "sha256").hexdigest()
    return PREFIX + digest[:32]
