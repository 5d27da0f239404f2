"""Sign-in of people: SAML, JSON web tokens, Amazon Cognito."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import sources
from constructs_lib.rules.arns import context_of
from constructs_lib.rules.domain.facts import SIGN_IN, fine_grained
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook
from constructs_lib.rules.saml_metadata import MetadataError, entity_of

BOOK = Rulebook()

_METADATA = "saml_options.idp.metadata_content"
_ENTITY = "saml_options.idp.entity_id"
_JWT = "advanced_security_options.jwt_options"
_ANONYMOUS = "advanced_security_options.anonymous_auth_enabled"


@BOOK.error(sources.FINE_GRAINED)
def sign_in_has_access_control(domain: Arguments) -> Iterator[Problem]:
    """SAML, JWT and audit logs need fine-grained access control."""
    if fine_grained(domain) is not False:
        return
    allowed = "advanced_security_options.enabled: true"
    for path in SIGN_IN:
        if domain.flag(path):
            yield Problem(path, "needs fine-grained access control", True, allowed)
    for index, _ in enumerate(domain.items("log_publishing_options") or []):
        block = f"log_publishing_options[{index}]"
        if domain.text(f"{block}.log_type") == "AUDIT_LOGS" and domain.flag(f"{block}.enabled", default=True):
            yield Problem(f"{block}.log_type", "needs fine-grained access control", "AUDIT_LOGS", allowed)


@BOOK.error(sources.SAML)
def saml_has_its_provider(domain: Arguments) -> Iterator[Problem]:
    """SAML sign-in that is on names the identity provider: its entity id and its metadata."""
    if domain.flag("saml_options.enabled") and domain.present("saml_options.idp") is False:
        allowed = "entity_id and metadata_content of the identity provider"
        yield Problem("saml_options.idp", "is required while SAML is enabled", None, allowed)


@BOOK.error(sources.SAML)
def metadata_is_saml(domain: Arguments) -> Iterator[Problem]:
    """SAML metadata is the XML document itself: no URL, no file name, no byte-order mark, no document type."""
    text = domain.text(_METADATA)
    if text is None or "${" in text:
        return
    try:
        entity_of(text)
    except MetadataError as error:
        yield Problem(_METADATA, str(error), text, "the XML of an EntityDescriptor, as the identity provider gives it")


@BOOK.warning(sources.SAML)
def metadata_is_of_the_provider(domain: Arguments) -> Iterator[Problem]:
    """The metadata's entityID is the `entity_id` beside it, or nobody can sign in."""
    text, entity = domain.text(_METADATA), domain.text(_ENTITY)
    if text is None or entity is None or "${" in text or "${" in entity:
        return
    try:
        own = entity_of(text)
    except MetadataError:
        return
    if own is not None and own != entity:
        yield Problem(_ENTITY, "differs from the entityID in metadata_content", entity, own)


@BOOK.error(sources.JWT)
def tokens_have_a_key(domain: Arguments) -> Iterator[Problem]:
    """JWT sign-in that is on has the public key that signatures are checked with."""
    keys = [domain.present(f"{_JWT}.{key}") for key in ("public_key", "jwks_url")]
    if domain.flag(f"{_JWT}.enabled") and all(present is False for present in keys):
        yield Problem(f"{_JWT}.public_key", "is required while JWT sign-in is enabled", None, "a public key in PEM")


@BOOK.error(sources.JWT)
def tokens_key_is_in_pem(domain: Arguments) -> Iterator[Problem]:
    """The public key of JWT sign-in is the key itself in PEM, not a URL or the name of a file."""
    path = f"{_JWT}.public_key"
    given = domain.text(path)
    if given is not None and "${" not in given and not given.lstrip().startswith("-----BEGIN "):
        yield Problem(path, "is not a key in PEM", given, "the key itself, from -----BEGIN PUBLIC KEY----- on")


@BOOK.error(sources.COGNITO)
def pools_are_in_the_domains_region(domain: Arguments) -> Iterator[Problem]:
    """Cognito's user pool and identity pool are in the region of the domain."""
    region = context_of(domain).region
    for key, sign in (("user_pool_id", "_"), ("identity_pool_id", ":")):
        path = f"cognito_options.{key}"
        given = domain.text(path)
        own, found, _ = (given or "").partition(sign)
        if not found or "${" in (given or ""):
            continue
        if region is not None and own != region:
            yield Problem(path, f"is in the region {own}", given, f"a pool in {region}")
        region = region or own


@BOOK.error(sources.FINE_GRAINED)
def new_domain_has_no_anonymous_access(domain: Arguments) -> Iterator[Problem]:
    """Anonymous access is a 30-day migration for existing domains; a new domain cannot have it."""
    if fine_grained(domain) and domain.flag(_ANONYMOUS) and domain.context.existing is False:
        yield Problem(_ANONYMOUS, "is for existing domains that turn on access control", True, "false")


@BOOK.warning(sources.FINE_GRAINED)
def anonymous_access_ends(domain: Arguments) -> Iterator[Problem]:
    """Anonymous access is refused for a new domain, and lets everybody in for 30 days on an existing one."""
    if fine_grained(domain) and domain.flag(_ANONYMOUS) and domain.context.existing is not False:
        yield Problem(_ANONYMOUS, "lets everybody in for 30 days, and is refused for a new domain", True, "false")
