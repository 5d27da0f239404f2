"""Who may sign requests to a domain's front door: the operator, and one pair of keys for each function's role.

AWS hands a function temporary keys of its execution role; so does the emulator, and the front door knows the keys'
secrets, so that a signature is verified and not only looked at.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass

OPERATOR_ACCESS_KEY = "rehearsal"
"""Access key of the person at the machine: Terraform, tests and the delivery loop use it."""

OPERATOR_SECRET_KEY = "rehearsal-secret"  # noqa: S105 - opens nothing but the emulator
"""Its secret: fixed, because it opens nothing but an emulator on the loopback interface."""


@dataclass(frozen=True)
class Credentials:
    """One pair of keys and whose they are."""

    access_key: str
    secret_key: str
    session_token: str | None
    principal: str
    """ARN of the role that the keys stand for, or ``operator``."""


class CredentialStore:
    """The keys that the emulator gave out; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        operator = Credentials(OPERATOR_ACCESS_KEY, OPERATOR_SECRET_KEY, None, "operator")
        self._by_access_key = {operator.access_key: operator}
        self._by_principal = {operator.principal: operator}

    def for_role(self, role_arn: str) -> Credentials:
        """Keys of a role: made on first use, the same ones afterwards."""
        with self._lock:
            known = self._by_principal.get(role_arn)
            if known is None:
                known = Credentials(
                    access_key="ASIA" + secrets.token_hex(8).upper(),
                    secret_key=secrets.token_urlsafe(30),
                    session_token=secrets.token_urlsafe(60),
                    principal=role_arn,
                )
                self._by_principal[role_arn] = known
                self._by_access_key[known.access_key] = known
            return known

    def add(self, credentials: Credentials) -> None:
        """Remember keys that were made elsewhere."""
        with self._lock:
            self._by_access_key[credentials.access_key] = credentials

    def find(self, access_key: str) -> Credentials | None:
        """The keys with this access key, or nothing."""
        with self._lock:
            return self._by_access_key.get(access_key)


STORE = CredentialStore()
"""The one store of this process."""
