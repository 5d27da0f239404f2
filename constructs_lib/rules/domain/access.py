"""The endpoint and its access policy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.limits import sources
from constructs_lib.limits.arns import SHARED_WITH
from constructs_lib.limits.environment.network import WIDE_RANGE
from constructs_lib.rules.arns import complaint, context_of
from constructs_lib.rules.domain.facts import fine_grained, in_vpc, signs_people_in
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook

BOOK = Rulebook()

POLICY = "access_policies"
_ANYWHERE = ("0.0.0.0/0", "::/0", "0::/0", "*")
_UNIQUE_ID = re.compile(r"A[A-Z]{2}A[A-Z0-9]{12,}")
"""The ids that AWS shows in place of a deleted principal."""


@BOOK.error(sources.DOMAIN_PROVIDER)
def policy_is_json(domain: Arguments) -> Iterator[Problem]:
    """The access policy is a JSON document."""
    text = domain.text(POLICY)
    if text is not None and "${" not in text and _parsed(text) is None:
        yield Problem(POLICY, "is not a JSON document", text, "an IAM policy in JSON")


@BOOK.error(sources.POLICY_PRINCIPALS)
def policy_names_its_principals(domain: Arguments) -> Iterator[Problem]:
    """Each statement of an access policy has a Principal."""
    for statement in _all_statements(domain):
        if "Principal" not in statement and "NotPrincipal" not in statement:
            yield Problem(POLICY, "has a statement without a Principal", statement.get("Sid"), "a Principal in each")
            return


@BOOK.error(sources.POLICY_PRINCIPALS)
def principals_exist(domain: Arguments) -> Iterator[Problem]:
    """A principal is an account, or the ARN of a role, user or session in the domain's partition, without wildcards."""
    context = context_of(domain)
    for statement in _all_statements(domain):
        for principal in _principals(statement):
            if principal == "*" or "${" in principal or _UNIQUE_ID.fullmatch(principal):
                continue
            said = complaint(principal, SHARED_WITH, context)
            if said is not None:
                yield Problem(POLICY, f"has a principal that {said[0]}", principal, said[1])


@BOOK.warning(sources.ACCESS_POLICY)
def policy_covers_the_indices(domain: Arguments) -> Iterator[Problem]:
    """Requests go to paths below the domain: a Resource without `/*` at its end matches no request."""
    statements = [each for each in _statements(domain) if "Resource" in each]
    for statement in statements:
        resources = _texts(statement["Resource"])
        if resources and all("${" not in each and not each.endswith("*") for each in resources):
            message = "has a Resource without /* at its end, which covers no request"
            yield Problem(POLICY, message, resources[0], f"{resources[0].rstrip('/')}/*")


@BOOK.error(sources.ACCESS_POLICY)
def public_domain_is_not_open(domain: Arguments) -> Iterator[Problem]:
    """A public endpoint without fine-grained access control has no open policy; AWS refuses it after minutes."""
    if in_vpc(domain) is not False or fine_grained(domain) is not False:
        return
    for statement in _statements(domain):
        if _is_open(statement):
            allowed = "named principals, source addresses, fine-grained access control, or a VPC"
            yield Problem(POLICY, "opens the public endpoint to everybody", _principal(statement), allowed)
            return


@BOOK.warning(sources.ACCESS_POLICY)
def open_policy_is_meant(domain: Arguments) -> Iterator[Problem]:
    """With fine-grained access control, an open policy leaves sign-in as the only protection of a public endpoint."""
    if in_vpc(domain) is not False or not fine_grained(domain):
        return
    if any(_is_open(statement) for statement in _statements(domain)):
        allowed = "a VPC, or source addresses" if signs_people_in(domain) else "named principals"
        yield Problem(POLICY, "leaves sign-in as the only protection of the public endpoint", "*", allowed)


@BOOK.warning(sources.ACCESS_POLICY)
def source_ranges_are_narrow(domain: Arguments) -> Iterator[Problem]:
    """A source range wider than any private one admits much of the internet."""
    for statement in _statements(domain):
        for address in map(str, _source_addresses(statement)):
            length = address.partition("/")[2]
            if "." in address and length.isdigit() and 0 < int(length) <= WIDE_RANGE:
                yield Problem(
                    POLICY, "has a source range that admits much of the internet", address, "the clients' ranges"
                )


@BOOK.warning(sources.FINE_GRAINED)
def browsers_reach_the_sign_in(domain: Arguments) -> Iterator[Problem]:
    """Where people sign in by SAML or JSON web tokens, the policy admits everybody: browsers cannot sign requests."""
    if not fine_grained(domain) or not signs_people_in(domain):
        return
    statements = _statements(domain)
    if statements and not any(_names_everybody(statement) for statement in statements):
        yield Problem(
            POLICY,
            "keeps browsers, which cannot sign requests, from the sign-in page",
            "named principals",
            "a statement with the principal *",
        )


@BOOK.error(sources.VPC)
def vpc_policy_names_no_addresses(domain: Arguments) -> Iterator[Problem]:
    """A domain in a VPC takes no policy by source address; security groups restrict addresses."""
    if in_vpc(domain) is not True:
        return
    for statement in _statements(domain):
        if _source_addresses(statement):
            given = ", ".join(map(str, _source_addresses(statement)))
            yield Problem(
                POLICY, "restricts source addresses, which a domain in a VPC refuses", given, "security groups instead"
            )
            return


@BOOK.error(sources.CUSTOM_ENDPOINT)
def custom_endpoint_is_whole(domain: Arguments) -> Iterator[Problem]:
    """A custom endpoint has a host name and a certificate."""
    if not domain.flag("domain_endpoint_options.custom_endpoint_enabled"):
        return
    for key, example in (
        ("custom_endpoint", "a host name such as search.example.com"),
        ("custom_endpoint_certificate_arn", "the ARN of an ACM certificate"),
    ):
        path = f"domain_endpoint_options.{key}"
        if domain.present(path) is False:
            yield Problem(path, "is required by custom_endpoint_enabled", None, example)


def _parsed(policy: Any) -> Any:
    if isinstance(policy, str):
        try:
            return json.loads(policy)
        except (ValueError, RecursionError):
            return None
    return policy


def _all_statements(domain: Arguments) -> list[Mapping[str, Any]]:
    """Statements of the policy; none if it is unknown or malformed."""
    policy = _parsed(domain.get(POLICY))
    statements = policy.get("Statement") if isinstance(policy, Mapping) else None
    listed = statements if isinstance(statements, list) else [statements]
    return [item for item in listed if isinstance(item, Mapping)]


def _statements(domain: Arguments) -> list[Mapping[str, Any]]:
    """Statements of the policy that allow something."""
    return [item for item in _all_statements(domain) if item.get("Effect") == "Allow"]


def _principals(statement: Mapping[str, Any]) -> list[str]:
    """AWS principals of a statement; not services, federated providers and canonical users."""
    principal = statement.get("Principal")
    return _texts(principal.get("AWS") if isinstance(principal, Mapping) else principal)


def _texts(value: object) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [item for item in listed if isinstance(item, str)]


def _principal(statement: Mapping[str, Any]) -> str:
    principal = statement.get("Principal")
    return "Principal *" if principal == "*" else "Principal AWS *"


def _is_open(statement: Mapping[str, Any]) -> bool:
    """Whether a statement lets anybody in: every principal, and no condition or only one that is always met."""
    if not _names_everybody(statement):
        return False
    conditions = statement.get("Condition")
    if not conditions:
        return True
    addresses = _source_addresses(statement)
    return bool(addresses) and len(conditions) == 1 and any(address in _ANYWHERE for address in addresses)


def _names_everybody(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, Mapping) else principal
    return named == "*" or (isinstance(named, list) and "*" in named)


def _source_addresses(statement: Mapping[str, Any]) -> list[Any]:
    conditions = statement.get("Condition")
    found: list[Any] = []
    for operator, keys in conditions.items() if isinstance(conditions, Mapping) else ():
        if "ipaddress" in str(operator).lower() and isinstance(keys, Mapping):
            for key, values in keys.items():
                if str(key).lower() == "aws:sourceip":
                    found += values if isinstance(values, list) else [values]
    return found
