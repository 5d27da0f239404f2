"""Pseudonyms as the transform makes them: the working key is asked for once by each container and kept in memory only.

What an id and its pseudonym look like is said in `constructs_lib.privacy.identity`, which erasure uses too.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable

from constructs_lib.privacy import identity

from .cache import remembered
from .reasons import Broken

KeySource = Callable[[], bytes]
"""Gives the working key; raises whatever it likes when it cannot."""


def from_kms(key_id: str, label: str) -> KeySource:
    """The working key from KMS."""
    return lambda: identity.working_key(key_id, label)


class Pseudonymiser:
    """Turns ids into pseudonyms; the key is asked for with the first id, and again with the next batch if that
    failed.
    """

    def __init__(self, source: KeySource | None) -> None:
        self._source = source
        self._keyed: hmac.HMAC | None = None
        self._failed = False
        self.pseudonym = remembered(8192)(self._made)
        """The pseudonym of a normalised id."""

    @property
    def configured(self) -> bool:
        """Whether there is a key to ask for; without one no id may leave at all."""
        return self._source is not None

    def next_batch(self) -> None:
        """Forget that the key could not be had, so that it is asked for once more."""
        self._failed = False

    def _made(self, plain: str) -> str:
        if self._keyed is None:
            self._keyed = self._ask()
        return identity.pseudonym(plain, self._keyed)

    def _ask(self) -> hmac.HMAC:
        if self._failed or self._source is None:
            raise Broken("no_pseudonym_key")
        try:
            key = self._source()
        except Exception as error:
            self._failed = True
            raise Broken("no_pseudonym_key") from error
        return identity.keyed(key)
