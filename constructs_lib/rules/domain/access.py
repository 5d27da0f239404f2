"""The endpoint, and who may come through it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.limits import sources
from constructs_lib.rules.domain.facts import fine_grained, in_vpc, signs_people_in
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook

BOOK = Rulebook()

POLICY = "access_policies"
_ANYWHERE = ("0.0.0.0/0", "::/0", "*")


@BOOK.error(sources.DOMAIN_PROVIDER)
def policy_is_json(domain: Arguments) -> Iterator[Problem]:
    """The access policy is a JSON document."""
    text = domain.text(POLICY)
    if text is not None and "${" not in text and _parsed(text) is None:
        yield Problem(POLICY, "is not a JSON document", text, "an IAM policy in JSON")


@BOOK.error(sources.ACCESS_POLICY)
def public_domain_is_not_open(domain: Arguments) -> Iterator[Problem]:
    """A public endpoint without fine-grained access control has no open policy; AWS refuses that after minutes."""
    if in_vpc(domain) is not False or fine_grained(domain) is not False:
        return
    for statement in _statements(domain):
        if _is_open(statement):
            allowed = "named principals, source addresses, fine-grained access control, or a VPC"
            yield Problem(POLICY, "opens a public endpoint to everybody", _principal(statement), allowed)
            return


@BOOK.warning(sources.ACCESS_POLICY)
def open_policy_is_meant(domain: Arguments) -> Iterator[Problem]:
    """With fine-grained access control an open policy leaves sign-in as the only guard of a public endpoint."""
    if in_vpc(domain) is not False or not fine_grained(domain):
        return
    if any(_is_open(statement) for statement in _statements(domain)):
        allowed = "a VPC, or source addresses" if signs_people_in(domain) else "named principals"
        yield Problem(POLICY, "leaves sign-in as the only guard of a public endpoint", "*", allowed)


@BOOK.warning(sources.FINE_GRAINED)
def browsers_reach_the_sign_in(domain: Arguments) -> Iterator[Problem]:
    """Where people sign in by SAML or JSON web tokens the policy lets everybody through to it: browsers cannot sign."""
    if not fine_grained(domain) or not signs_people_in(domain):
        return
    statements = _statements(domain)
    if statements and not any(_names_everybody(statement) for statement in statements):
        yield Problem(POLICY, "lets no browser through to the sign-in", "named principals", "a statement for everybody")


@BOOK.error(sources.VPC)
def vpc_policy_names_no_addresses(domain: Arguments) -> Iterator[Problem]:
    """A domain in a VPC takes no policy by source address; its security groups do that."""
    if in_vpc(domain) is not True:
        return
    for statement in _statements(domain):
        if _source_addresses(statement):
            given = ", ".join(map(str, _source_addresses(statement)))
            yield Problem(POLICY, "restricts source addresses of a domain in a VPC", given, "security groups instead")
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
            yield Problem(path, "is needed by custom_endpoint_enabled", None, example)


@BOOK.warning(sources.ADVANCED_OPTIONS)
def version_is_not_disguised(domain: Arguments) -> Iterator[Problem]:
    """`override_main_response_version` comes back from AWS and shows as a change in later plans."""
    options = domain.get("advanced_options")
    if isinstance(options, Mapping) and "override_main_response_version" in options:
        given = options["override_main_response_version"]
        path = "advanced_options.override_main_response_version"
        yield Problem(path, "makes later plans show a change", given, "left out")


@BOOK.error(sources.ADVANCED_OPTIONS)
def advanced_options_are_texts(domain: Arguments) -> Iterator[Problem]:
    """Values of `advanced_options` are texts, in quotes."""
    options = domain.get("advanced_options")
    for name, value in options.items() if isinstance(options, Mapping) else ():
        if isinstance(value, (bool, int, float)):
            yield Problem(f"advanced_options.{name}", "is no text", value, f'"{str(value).lower()}" in quotes')


def _parsed(policy: Any) -> Any:
    if isinstance(policy, str):
        try:
            return json.loads(policy)
        except (ValueError, RecursionError):
            return None
    return policy


def _statements(domain: Arguments) -> list[Mapping[str, Any]]:
    """Statements of the policy that allow something; none if it is unknown or unreadable."""
    policy = _parsed(domain.get(POLICY))
    statements = policy.get("Statement") if isinstance(policy, Mapping) else None
    listed = statements if isinstance(statements, list) else [statements]
    return [item for item in listed if isinstance(item, Mapping) and item.get("Effect") == "Allow"]


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
