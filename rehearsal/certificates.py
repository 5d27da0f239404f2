"""Certificates for the servers of a rehearsal, by a temporary authority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import trustme
from cryptography.hazmat.primitives import serialization

HOST = "localhost"
"""The servers' host name; their certificates include the loopback address too."""
VALID_DAYS = 2


@dataclass(frozen=True)
class Certificates:
    """PEM files: the authority to trust, a server's certificate, its private key."""

    authority: Path
    server: Path
    key: Path


def make(folder: Path, name: str) -> Certificates:
    """Make an authority and a server's certificate for the loopback interface.

    Args:
        folder: the folder for the files.
        name: the server's distinguished name is ``CN=NAME,OU=rehearsal,O=rehearsal``.
    """
    made = Certificates(folder / "authority.pem", folder / f"{name}.pem", folder / f"{name}-key.pem")
    authority = trustme.CA(organization_name="rehearsal", organization_unit_name="rehearsal")
    issued = authority.issue_cert(
        HOST,
        "127.0.0.1",
        common_name=name,
        organization_name="rehearsal",
        organization_unit_name="rehearsal",
        not_after=datetime.now(timezone.utc) + timedelta(days=VALID_DAYS),
    )
    authority.cert_pem.write_to_path(made.authority)
    made.server.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
    private = serialization.load_pem_private_key(issued.private_key_pem.bytes(), None)
    made.key.touch(mode=0o600)
    made.key.write_bytes(  # search engines read keys in PKCS #8 only
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return made
