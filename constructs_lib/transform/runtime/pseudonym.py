"""User ids leave as pseudonyms: HMAC-SHA-256 under a key that exists nowhere but in the memory of a container.

The working key is what a KMS HMAC key makes of a versioned label (``kms:GenerateMac``). The KMS key cannot be
exported, the working key is never written, and each container derives the same one: ids stay linkable with each other
and, once the KMS key is destroyed, with nobody. Another label (``user-id/v2``) starts anew without another key.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import lru_cache
from typing import cast

from .reasons import Broken

PREFIX = "u1_"
"""Marks a pseudonym, so that a document that comes round again is not pseudonymised twice."""
LENGTH = len(PREFIX) + 32

KeySource = Callable[[], bytes]
"""Gives the working key; raises whatever it likes when it cannot."""


def from_kms(key_id: str, label: str) -> KeySource:
    """The working key from KMS: two tries within a few seconds, the endpoint as botocore finds it
    (``AWS_ENDPOINT_URL_KMS``).
    """

    def derive() -> bytes:
        import botocore.session  # noqa: PLC0415 - 0.2 s that a batch without user ids need not spend
        from botocore.config import Config  # noqa: PLC0415

        config = Config(connect_timeout=2, read_timeout=2, retries={"total_max_attempts": 2})
        client = botocore.session.get_session().create_client("kms", config=config)
        answer = client.generate_mac(KeyId=key_id, Message=label.encode(), MacAlgorithm="HMAC_SHA_256")
        return cast("bytes", answer["Mac"])

    return derive


class Pseudonymiser:
    """Turns ids into pseudonyms; the key is asked for with the first id, and again with the next batch if that
    failed.
    """

    def __init__(self, source: KeySource | None) -> None:
        self._source = source
        self._keyed: hmac.HMAC | None = None
        self._failed = False
        self.pseudonym = lru_cache(maxsize=8192)(self._pseudonym)

    @property
    def configured(self) -> bool:
        """Whether there is a key to ask for; without one no id may leave at all."""
        return self._source is not None

    def next_batch(self) -> None:
        """Forget that the key could not be had, so that it is asked for once more."""
        self._failed = False

    def _pseudonym(self, identifier: str) -> str:
        if is_pseudonym(identifier):
            return identifier
        if self._keyed is None:
            self._keyed = self._ask()
        keyed = self._keyed.copy()
        keyed.update(identifier.encode("utf-8", "surrogatepass"))
        return PREFIX + keyed.hexdigest()[:32]

    def _ask(self) -> hmac.HMAC:
        if self._failed or self._source is None:
            raise Broken("no_pseudonym_key")
        try:
            key = self._source()
        except Exception as error:
            self._failed = True
            raise Broken("no_pseudonym_key") from error
        return hmac.new(key, digestmod="sha256")


def is_pseudonym(identifier: str) -> bool:
    """Whether an id has the form that this module gives."""
    return (
        len(identifier) == LENGTH
        and identifier.startswith(PREFIX)
        and all(char in "0123456789abcdef" for char in identifier[len(PREFIX) :])
    )
