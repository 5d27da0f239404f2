"""Which kind of ARN each ARN-valued argument and key takes."""

from __future__ import annotations

from typing import Final, NamedTuple

from constructs_lib.limits import sources
from constructs_lib.limits.arguments import DELIVERY, DESTINATIONS, DOMAIN, STREAM
from constructs_lib.limits.environment import ENVIRONMENT
from constructs_lib.limits.environment.collector import DOMAIN_NAMES
from constructs_lib.limits.environment.common import IAM, KMS
from constructs_lib.limits.environment.operations import ALARM_ACTIONS
from constructs_lib.limits.resources import GRANT


class Kind(NamedTuple):
    """What an ARN must name."""

    meaning: str
    """With its article: ``a KMS key``."""
    service: str
    """Expression that the service matches."""
    resource: str
    """Expression that the part after the account matches."""
    source: str
    regional: bool = True
    """Whether it must be in the region of the resource that uses it."""
    own_account: bool = False
    """Whether it must be in the account of the resource that uses it."""
    bare: str | None = None
    """Expression of other accepted values, such as an id."""

    @property
    def expression(self) -> str:
        """Expression that matches every value of this kind, in any partition, region and account."""
        arn = f"arn:[^:]+:({self.service}):[^:]*:[^:]*:({self.resource})"
        return f"{self.bare}|{arn}" if self.bare else arn


KEY: Final = Kind("a KMS key", "kms", r"key/[^*?]+", KMS)
KEY_OR_ID: Final = KEY._replace(bare=r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]+")
KEY_OR_ALIAS: Final = KEY._replace(
    meaning="a KMS key or alias", resource=r"(key|alias)/[^*?]+", bare=rf"{KEY_OR_ID.bare}|alias/[\w/-]+"
)
DELIVERY_KEY: Final = Kind("a KMS key", "kms", r"(key|alias)/[^*?]+", sources.FIREHOSE_MODEL, regional=False)
"""In the bucket's region, which may differ from the delivery stream's."""
CERTIFICATE: Final = Kind("an ACM certificate", "acm", r"certificate/.+", sources.CUSTOM_ENDPOINT, own_account=True)
LOG_GROUP: Final = Kind("a log group", "logs", r"log-group:[^*?]+(:\*)?", sources.DOMAIN_PROVIDER)
TOPIC: Final = Kind("an SNS topic", "sns", r"[A-Za-z0-9_-]{1,256}(\.fifo)?", ALARM_ACTIONS)
ROLE: Final = Kind("an IAM role", "iam", r"role/[\w+=,.@/-]+", IAM, regional=False, own_account=True)
FOREIGN_ROLE: Final = ROLE._replace(own_account=False)
PRINCIPAL: Final = Kind(
    "an IAM principal",
    "iam|sts",
    r"(role|user|assumed-role|federated-user)/[\w+=,.@/-]+|root",
    IAM,
    regional=False,
)
SHARED_WITH: Final = PRINCIPAL._replace(meaning="an IAM principal, or an account", bare=r"\d{12}")
POLICY: Final = Kind("an IAM policy", "iam", r"policy/[\w+=,.@/-]+", IAM, regional=False, own_account=True)
STREAM_ARN: Final = Kind("a Kinesis stream", "kinesis", r"stream/[\w.-]+", sources.FIREHOSE_MODEL)
DOMAIN_ARN: Final = Kind("a search domain", "es", r"domain/[a-z][a-z0-9-]{2,27}", sources.FIREHOSE_MODEL)
DELIVERY_ARN: Final = Kind("a delivery stream", "firehose", r"deliverystream/[\w.-]+", sources.FIREHOSE_MODEL)
FUNCTION: Final = Kind("a Lambda function", "lambda", r"function:[\w-]+(:(\$LATEST|[\w-]+))?", sources.FIREHOSE_LAMBDA)
BUCKET_ARN: Final = Kind("an S3 bucket", "s3", r"[\w.-]{1,255}", sources.FIREHOSE_MODEL, regional=False)
IDENTITY_CENTER: Final = Kind(
    "an Identity Center instance", "sso", r"instance/.+", sources.OPENSEARCH_MODEL, regional=False
)

_DOMAIN: dict[str, Kind] = {
    "encrypt_at_rest.kms_key_id": KEY_OR_ID,
    "domain_endpoint_options.custom_endpoint_certificate_arn": CERTIFICATE,
    "advanced_security_options.master_user_options.master_user_arn": PRINCIPAL,
    "cognito_options.role_arn": ROLE,
    "log_publishing_options[].cloudwatch_log_group_arn": LOG_GROUP,
    "identity_center_options.identity_center_instance_arn": IDENTITY_CENTER,
}
_DESTINATION: dict[str, Kind] = {
    "domain_arn": DOMAIN_ARN,
    "role_arn": ROLE,
    "s3_configuration.role_arn": ROLE,
    "s3_configuration.bucket_arn": BUCKET_ARN,
    "s3_configuration.kms_key_arn": DELIVERY_KEY,
    "vpc_config.role_arn": ROLE,
}

ARNS: Final[dict[str, dict[str, Kind]]] = {
    DOMAIN: _DOMAIN,
    STREAM: {"kms_key_id": KEY_OR_ALIAS},
    DELIVERY: {
        "kinesis_source_configuration.kinesis_stream_arn": STREAM_ARN,
        "kinesis_source_configuration.role_arn": ROLE,
        "server_side_encryption.key_arn": KEY,
        **{f"{block}.{path}": kind for block in DESTINATIONS for path, kind in _DESTINATION.items()},
    },
    GRANT: {"role": ROLE},
    ENVIRONMENT: {
        "collector.certificate_arn": CERTIFICATE._replace(source=DOMAIN_NAMES),
        "encryption.kms_key_arn": KEY,
        "encryption.administrators[]": PRINCIPAL,
        "transform.user_ids.kms_key_arn": KEY,
        "delivery.opensearch_configuration.s3_configuration.kms_key_arn": KEY,
        "stream.readers.principals[]": SHARED_WITH,
        "stream.writers.principals[]": SHARED_WITH,
        "access.administrators[]": PRINCIPAL,
        "access.analysts[]": PRINCIPAL,
        "access.personalization[]": PRINCIPAL,
        "iam.permissions_boundary": POLICY,
        "monitoring.topic_arn": TOPIC,
        "provider.assume_role.role_arn": FOREIGN_ROLE,
        "existing.stream.arn": STREAM_ARN,
        "existing.stream.kms_key_arn": KEY,
        "existing.domain.arn": DOMAIN_ARN,
        "existing.archive.kms_key_arn": KEY,
        "adopt.delivery": DELIVERY_ARN._replace(own_account=True),
    },
}
"""Kinds by resource type and path; the environment's own keys are under `ENVIRONMENT`."""
