"""``access``, ``encryption.administrators`` and ``iam``: permissions of people and programs."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import sources
from constructs_lib.rules.arns import parse
from constructs_lib.rules.environment.book import fine_grained, new_book, signs_people_in
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem

BOOK = new_book()

_MASTER = "domain.advanced_security_options.master_user_options"
_CALLERS = ("administrators", "analysts", "personalization")
_GROUPS = ("administrator_groups", "analyst_groups")


@BOOK.error(sources.FINE_GRAINED)
def callers_are_roles(environment: Arguments) -> Iterator[Problem]:
    """`access` takes IAM roles, which the domain maps as backend roles; it cannot map users, accounts or sessions."""
    if not fine_grained(environment):
        return
    for key in _CALLERS:
        for path, given in environment.each(f"access.{key}[]"):
            arn = parse(given) if isinstance(given, str) else None
            kind = arn.resource.partition("/")[0] if arn is not None else ""
            what = {
                "user": "is an IAM user, which the domain cannot map to a role",
                "root": "is a whole account, which the domain cannot map to a role",
                "assumed-role": "is a role session, which the domain cannot map to a role",
                "federated-user": "is a federated user, which the domain cannot map to a role",
            }.get(kind)
            if what is not None:
                yield Problem(path, what, given, "the ARN of an IAM role that the person or program assumes")


@BOOK.error(sources.FINE_GRAINED)
def groups_come_with_a_sign_in(environment: Arguments) -> Iterator[Problem]:
    """Groups need SAML or JWT sign-in, which sends them, and the bootstrap function, which maps them."""
    for key in _GROUPS:
        groups = environment.items(f"access.{key}")
        if not groups:
            continue
        given = ", ".join(map(str, groups))
        if not signs_people_in(environment):
            message = "lists groups, but neither SAML nor JWT sign-in is configured"
            allowed = "domain.saml_options or domain.advanced_security_options.jwt_options, or no groups"
            yield Problem(f"access.{key}", message, given, allowed)
        elif environment.flag("bootstrap.enabled", default=True) is False:
            message = "lists groups, but bootstrap, which maps them to roles, is off"
            yield Problem(f"access.{key}", message, given, "bootstrap.enabled true, or no groups")


@BOOK.warning(sources.SAML)
def sign_in_knows_its_groups(environment: Arguments) -> Iterator[Problem]:
    """People who sign in by SAML or JWT have no permissions until a group, sent in `roles_key`, is mapped to a role."""
    for section, default in (("domain.saml_options", "roles"), ("domain.advanced_security_options.jwt_options", None)):
        if not environment.present(section) or environment.flag(f"{section}.enabled", default=True) is False:
            continue
        master = any(environment.present(f"{section}.{key}") for key in ("master_backend_role", "master_user_name"))
        groups = any(environment.items(f"access.{key}") for key in _GROUPS)
        if not groups and not master:
            message = "lets people sign in, but maps no groups, so they have no permissions"
            allowed = "access.administrator_groups or access.analyst_groups"
            yield Problem(section, message, None, allowed)
        if groups and environment.present(f"{section}.roles_key") is False:
            named = f" (the domain reads {default} without it)" if default else ""
            message = f"is not set, so the domain may not find the groups listed in access{named}"
            allowed = "the attribute or claim in which the identity provider sends groups"
            yield Problem(f"{section}.roles_key", message, None, allowed)


@BOOK.error(sources.TERRAFORM_SENSITIVE)
def master_password_stays_out_of_the_file(environment: Arguments) -> Iterator[Problem]:
    """A master user's password would be readable in the file, in plans and in the state."""
    if environment.present(f"{_MASTER}.master_user_password"):
        message = "would be readable in this file, in every plan and in the state"
        allowed = "master_user_arn, the ARN of an IAM role"
        yield Problem(f"{_MASTER}.master_user_password", message, "a password", allowed)


@BOOK.warning(sources.MASTER_USER)
def master_user_is_the_bootstrap(environment: Arguments) -> Iterator[Problem]:
    """A new domain admits only its master user, so the bootstrap function should be the master user."""
    path = f"{_MASTER}.master_user_arn"
    given = environment.text(path)
    on = environment.flag("domain.advanced_security_options.enabled", default=True)
    wanted = environment.flag("bootstrap.enabled", default=True) and not environment.present("adopt.domain")
    if given is not None and on and wanted:
        message = "keeps the bootstrap function out of a new domain, so the first apply fails there"
        yield Problem(path, message, given, "no master_user_options; put administrators into access.administrators")
