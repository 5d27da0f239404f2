"""Encryption, users and logs."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import sources
from constructs_lib.limits.instances import OPTIMIZED, UNENCRYPTED
from constructs_lib.rules.domain.facts import DATA_TYPE, SIGN_IN, data_family, fine_grained
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook

BOOK = Rulebook()

AT_REST = "encrypt_at_rest.enabled"
BETWEEN_NODES = "node_to_node_encryption.enabled"
HTTPS = "domain_endpoint_options.enforce_https"
USER = "advanced_security_options.master_user_options"
DATABASE = "advanced_security_options.internal_user_database_enabled"


@BOOK.error(sources.FINE_GRAINED)
def access_control_stands_on_encryption(domain: Arguments) -> Iterator[Problem]:
    """Fine-grained access control needs encryption at rest, encryption between nodes and HTTPS only."""
    if not fine_grained(domain):
        return
    for path in (AT_REST, BETWEEN_NODES):
        if domain.flag(path) is False:
            yield Problem(path, "is needed by fine-grained access control", domain.get(path), "true")
    # Within the block the provider's own default is true.
    written = domain.present("domain_endpoint_options")
    if written is False or (written and domain.flag(HTTPS, default=True) is False):
        yield Problem(HTTPS, "is needed by fine-grained access control", domain.get(HTTPS), "true")


@BOOK.error(sources.MASTER_USER)
def master_user_is_one(domain: Arguments) -> Iterator[Problem]:
    """The master user is an IAM ARN, or a name with a password in the internal user database, and not both."""
    if not fine_grained(domain):
        return
    arn, name, password = (
        domain.present(f"{USER}.{key}") for key in ("master_user_arn", "master_user_name", "master_user_password")
    )
    if arn and name:
        given = domain.text(f"{USER}.master_user_name")
        yield Problem(
            f"{USER}.master_user_name", "names a second master user beside master_user_arn", given, "one of both"
        )
    if name and domain.flag(DATABASE) is False:
        yield Problem(DATABASE, "is needed by master_user_name", domain.get(DATABASE), "true, or a master_user_arn")
    if name and password is False:
        yield Problem(f"{USER}.master_user_password", "is needed by master_user_name", None, "better a master_user_arn")


@BOOK.warning(sources.FINE_GRAINED)
def password_stays_out_of_the_state(domain: Arguments) -> Iterator[Problem]:
    """A master user's password can be read in the plan and in the state by whoever reads these."""
    if domain.at(USER).get("master_user_password") is not None:
        path = f"{USER}.master_user_password"
        yield Problem(path, "lies in the plan and in the state", "a password", "a master_user_arn instead")


@BOOK.warning(sources.MASTER_USER)
def iam_master_needs_no_database(domain: Arguments) -> Iterator[Problem]:
    """An IAM master user goes with the internal user database off."""
    arn, name = domain.present(f"{USER}.master_user_arn"), domain.present(f"{USER}.master_user_name")
    if fine_grained(domain) and arn and name is False and domain.flag(DATABASE):
        yield Problem(DATABASE, "is on although the master user is an IAM ARN", True, "false")


@BOOK.error(sources.FINE_GRAINED)
def sign_in_stands_on_access_control(domain: Arguments) -> Iterator[Problem]:
    """SAML, JWT and audit logs need fine-grained access control."""
    if fine_grained(domain) is not False:
        return
    for path in SIGN_IN:
        if domain.flag(path):
            yield Problem(path, "needs fine-grained access control", True, "advanced_security_options.enabled true")
    for index, _ in enumerate(domain.items("log_publishing_options") or []):
        block = f"log_publishing_options[{index}]"
        if domain.text(f"{block}.log_type") == "AUDIT_LOGS" and domain.flag(f"{block}.enabled", default=True):
            path = f"{block}.log_type"
            yield Problem(
                path, "needs fine-grained access control", "AUDIT_LOGS", "advanced_security_options.enabled true"
            )


@BOOK.error(sources.INSTANCE_TYPES)
def instance_type_can_encrypt(domain: Arguments) -> Iterator[Problem]:
    """t2, m3 and r3 cannot encrypt at rest; OpenSearch-optimized types (or1, or2, om2, oi2) cannot do without."""
    kind, encrypted, instance_type = data_family(domain), domain.flag(AT_REST), domain.text(DATA_TYPE)
    if kind in UNENCRYPTED and encrypted:
        yield Problem(AT_REST, f"is not possible on {instance_type}", True, "false, or a newer instance type")
    if kind in OPTIMIZED and encrypted is False:
        yield Problem(AT_REST, f"is needed by {instance_type}", domain.get(AT_REST), "true")


@BOOK.warning(sources.DOMAIN_PROVIDER)
def encryption_is_on(domain: Arguments) -> Iterator[Problem]:
    """Encryption at rest and between nodes is on from the start: turning it off later makes a new, empty domain."""
    if fine_grained(domain) is not False:
        return
    for path in (AT_REST, BETWEEN_NODES):
        if domain.flag(path) is False and not (path == AT_REST and data_family(domain) in (*UNENCRYPTED, *OPTIMIZED)):
            yield Problem(path, "leaves the domain unencrypted", domain.get(path), "true")
