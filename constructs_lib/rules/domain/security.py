"""Encryption and the master user."""

from __future__ import annotations

import re
from collections.abc import Iterator

from constructs_lib.limits import sources
from constructs_lib.limits.instances import OPTIMIZED, UNENCRYPTED
from constructs_lib.rules.arns import parse
from constructs_lib.rules.domain.facts import DATA_TYPE, data_family, fine_grained
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook

BOOK = Rulebook()

AT_REST = "encrypt_at_rest.enabled"
BETWEEN_NODES = "node_to_node_encryption.enabled"
HTTPS = "domain_endpoint_options.enforce_https"
USER = "advanced_security_options.master_user_options"
DATABASE = "advanced_security_options.internal_user_database_enabled"
_PASSWORD = f"{USER}.master_user_password"
_PASSWORD_FORM = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^A-Za-z0-9\s]).{8,128}", re.DOTALL)


@BOOK.error(sources.FINE_GRAINED)
def access_control_has_encryption(domain: Arguments) -> Iterator[Problem]:
    """Fine-grained access control needs encryption at rest, encryption between nodes, and HTTPS only."""
    if not fine_grained(domain):
        return
    message = "is required by fine-grained access control"
    for path in (AT_REST, BETWEEN_NODES):
        if domain.flag(path) is False:
            yield Problem(path, message, domain.get(path), "true")
    # Within the block the provider's own default is true.
    written = domain.present("domain_endpoint_options")
    if written is False or (written and domain.flag(HTTPS, default=True) is False):
        yield Problem(HTTPS, message, domain.get(HTTPS), "true")


@BOOK.error(sources.MASTER_USER)
def master_user_is_one(domain: Arguments) -> Iterator[Problem]:
    """The master user is an IAM ARN, or a name with a password in the internal user database, not both."""
    if not fine_grained(domain):
        return
    arn, name, password = (
        domain.present(f"{USER}.{key}") for key in ("master_user_arn", "master_user_name", "master_user_password")
    )
    if arn and name:
        given = domain.text(f"{USER}.master_user_name")
        message = "cannot be combined with master_user_arn"
        yield Problem(f"{USER}.master_user_name", message, given, "one of the two")
    if name and domain.flag(DATABASE) is False:
        yield Problem(DATABASE, "is required by master_user_name", domain.get(DATABASE), "true, or a master_user_arn")
    if name and password is False:
        yield Problem(_PASSWORD, "is required by master_user_name", None, "a password, or better a master_user_arn")
    if password and name is False and arn is False:
        yield Problem(f"{USER}.master_user_name", "is required by master_user_password", None, "a name")


@BOOK.error(sources.MASTER_USER)
def access_control_has_an_administrator(domain: Arguments) -> Iterator[Problem]:
    """Fine-grained access control begins with a master user: an IAM ARN, or a name and password in the database."""
    named = [domain.present(f"{USER}.{key}") for key in ("master_user_arn", "master_user_name", "master_user_password")]
    if domain.context.existing is True or not fine_grained(domain) or any(each is not False for each in named):
        return
    database = domain.flag(DATABASE)
    if database is not None:
        allowed = "master_user_name and master_user_password" if database else "a master_user_arn"
        yield Problem(USER, "is required by fine-grained access control", None, allowed)


@BOOK.error(sources.MASTER_USER)
def password_is_taken(domain: Arguments) -> Iterator[Problem]:
    """A master user's password has 8 to 128 characters: upper case, lower case, a digit and a special character."""
    password = domain.text(_PASSWORD)
    if password is not None and "${" not in password and not _PASSWORD_FORM.fullmatch(password):
        allowed = "8 to 128 characters with upper case, lower case, a digit and a special character"
        yield Problem(_PASSWORD, "is refused by AWS", "a password", allowed)


@BOOK.warning(sources.MASTER_USER)
def master_user_can_sign_in(domain: Arguments) -> Iterator[Problem]:
    """The master user is a role or user: an account or a role session never matches a caller."""
    path = f"{USER}.master_user_arn"
    given = domain.text(path)
    arn = parse(given or "")
    kind = arn.resource.partition("/")[0] if arn is not None else ""
    if kind in ("root", "assumed-role", "federated-user"):
        what = "an account" if kind == "root" else "a role session"
        yield Problem(path, f"is {what}, which never matches a caller", given, "the ARN of an IAM role")


@BOOK.warning(sources.FINE_GRAINED)
def password_stays_out_of_the_state(domain: Arguments) -> Iterator[Problem]:
    """A master user's password can be read in plans and in the state."""
    if domain.at(USER).get("master_user_password") is not None:
        message = "can be read in plans and in the state"
        yield Problem(_PASSWORD, message, "a password", "a master_user_arn instead")


@BOOK.warning(sources.MASTER_USER)
def iam_master_needs_no_database(domain: Arguments) -> Iterator[Problem]:
    """With an IAM master user, the internal user database is off."""
    arn, name = domain.present(f"{USER}.master_user_arn"), domain.present(f"{USER}.master_user_name")
    if fine_grained(domain) and arn and name is False and domain.flag(DATABASE):
        yield Problem(DATABASE, "is on, but the master user is an IAM ARN", True, "false")


@BOOK.error(sources.INSTANCE_TYPES)
def instance_type_can_encrypt(domain: Arguments) -> Iterator[Problem]:
    """t2, m3 and r3 cannot encrypt at rest; OpenSearch-optimized types (or1, or2, om2, oi2) must."""
    kind, encrypted, instance_type = data_family(domain), domain.flag(AT_REST), domain.text(DATA_TYPE)
    if kind in UNENCRYPTED and encrypted:
        yield Problem(AT_REST, f"is not possible on {instance_type}", True, "false, or a newer instance type")
    if kind in OPTIMIZED and encrypted is False:
        yield Problem(AT_REST, f"is required by {instance_type}", domain.get(AT_REST), "true")


@BOOK.warning(sources.DOMAIN_PROVIDER)
def encryption_is_on(domain: Arguments) -> Iterator[Problem]:
    """Encryption at rest and between nodes is on from the start; turning it off later replaces the domain."""
    if fine_grained(domain) is not False:
        return
    for path in (AT_REST, BETWEEN_NODES):
        if domain.flag(path) is False and not (path == AT_REST and data_family(domain) in (*UNENCRYPTED, *OPTIMIZED)):
            what = "stores data" if path == AT_REST else "sends data between nodes"
            yield Problem(path, f"is off: the domain {what} unencrypted", domain.get(path), "true")
