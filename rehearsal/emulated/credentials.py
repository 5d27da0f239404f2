"""Keys that may sign requests to a domain's endpoint: the operator's, and one pair for each function's role.

AWS hands a function temporary keys of its execution role; so does the emulator. The endpoint knows the keys' secrets,
so that it can verify signatures.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass

OPERATOR_ACCESS_KEY = "rehearsal"
"""The operator's access key: Terraform, tests and the delivery loop use it."""

OPERATOR_SECRET_KEY = "rehearsal-secret"  # noqa: S105 - valid only for the emulator
"""Its secret: fixed, because it is valid only for an emulator on the loopback interface."""


@dataclass(frozen=True)
class Credentials:
    """One pair of keys and its owner."""

    access_key: str
    secret_key: str
    session_token: str | None
    principal: str
    """ARN of the role that the keys stand for, or ``operator``."""


class CredentialStore:
    """The keys that the emulator has issued; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        operator = Credentials(OPERATOR_ACCESS_KEY, OPERATOR_SECRET_KEY, None, "operator")
        self._by_access_key = {operator.access_key: operator}
        self._by_principal = {operator.principal: operator}

    def for_role(self, role_arn: str) -> Credentials:
        """Keys of a role: created on first use, then always the same."""
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
        """Add keys that were created elsewhere."""
        with self._lock:
            self._by_access_key[credentials.access_key] = credentials

    def find(self, access_key: str) -> Credentials | None:
        """The keys with this access key, or None."""
        with self._lock:
            return self._by_access_key.get(access_key)


STORE = CredentialStore()
"""The store of this process."""
