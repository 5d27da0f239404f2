"""``domain``: fine-grained access control, and how people sign in."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class MasterUserOptions(Section):
    """The domain's master user; default: the role of the bootstrap function."""

    master_user_arn: str | None = None
    """ARN of the IAM role that may do everything in the domain."""
    master_user_name: str | None = None
    """Name of a master user in the internal user database; needs a password, so use ``master_user_arn``
    instead."""
    master_user_password: str | None = None
    """Refused: a password would be readable in this file and in the state. Use ``master_user_arn``."""


class JwtOptions(Section):
    """Sign-in with JSON web tokens."""

    enabled: bool = True
    """Whether people may sign in with JSON web tokens."""
    public_key: str | None = None
    """Public key in PEM that checks the tokens' signatures."""
    roles_key: str | None = None
    """Claim that holds a person's groups, as ``access`` lists them."""
    subject_key: str | None = None
    """Claim that holds a person's name. Default: ``sub``."""


class AdvancedSecurityOptions(Section):
    """Fine-grained access control. Turning it off replaces the domain."""

    enabled: bool = True
    """Whether fine-grained access control is on."""
    anonymous_auth_enabled: bool | None = None
    """Whether an existing domain admits everybody for 30 days while it turns on access control. Default:
    false."""
    internal_user_database_enabled: bool = False
    """Whether the domain has an internal database of users with passwords."""
    master_user_options: MasterUserOptions | None = None
    jwt_options: JwtOptions | None = None


class SamlIdp(Section):
    """The identity provider."""

    entity_id: str
    """Entity id of the identity provider, as in its metadata."""
    metadata_content: str
    """The identity provider's metadata: the XML itself, not a URL or a file name."""


class SamlOptions(Section):
    """Sign-in to the dashboards by SAML (provider resource ``aws_opensearch_domain_saml_options``)."""

    enabled: bool = True
    """Whether people may sign in by SAML."""
    idp: SamlIdp | None = None
    master_backend_role: str | None = None
    """Group of the identity provider whose members may do everything."""
    master_user_name: str | None = None
    """One user of the identity provider who may do everything."""
    roles_key: str | None = None
    """Attribute that holds a person's groups, as ``access`` lists them. Default: ``roles``."""
    subject_key: str | None = None
    """Attribute that holds a person's name. Default: the assertion's NameID."""
    session_timeout_minutes: int | None = None
    """Minutes after which an idle session ends. Default: 60."""


class CognitoOptions(Section):
    """Sign-in to the dashboards by Amazon Cognito."""

    enabled: bool = True
    """Whether people may sign in by Cognito."""
    user_pool_id: str
    """Id of the user pool, in the domain's region."""
    identity_pool_id: str
    """Id of the identity pool, in the domain's region."""
    role_arn: str
    """ARN of the role that lets the domain configure the pools (policy
    AmazonOpenSearchServiceCognitoAccess)."""


class IdentityCenterOptions(Section):
    """Sign-in with IAM Identity Center."""

    enabled_api_access: bool = True
    """Whether people may use the domain's API with their Identity Center sign-in."""
    identity_center_instance_arn: str | None = None
    """ARN of the Identity Center instance."""
    roles_key: str | None = None
    """Identity Center attribute that names a person's groups: group name or group id. Default: as AWS chooses."""
    subject_key: str | None = None
    """Identity Center attribute that names a person: user name, user id or e-mail. Default: as AWS chooses."""
