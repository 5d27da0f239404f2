"""``provider``, ``adopt``, ``existing`` and ``backend``: the provider, existing resources, the state."""

from __future__ import annotations

from typing import Final

from constructs_lib.limits import sources
from constructs_lib.limits.environment.common import BUCKET, IAM, KMS, REGION
from constructs_lib.limits.limit_types import Length, Limit, Pattern, Range

BACKENDS: Final = "https://developer.hashicorp.com/terraform/language/backend"
CLOUD: Final = "https://developer.hashicorp.com/terraform/language/terraform#terraform-cloud"
_ASSUME_ROLE = "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"
_PROVIDER = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs"
_WORKSPACES = "https://developer.hashicorp.com/terraform/cloud-docs/workspaces/create"
_TABLES = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html"
_KEY_ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}"
_HOST = r"(?i:([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9])"
_HOST_MEANING = "a host's name, without https:// and path"

LIMITS: Final[dict[str, tuple[Limit, ...]]] = {
    "backend.local.path": (Pattern(r"[^/].*", "a path relative to the stack's folder", f"{BACKENDS}/local"),),
    "backend.s3.bucket": BUCKET,
    "backend.s3.key": (Pattern(r"[^/].*[^/]|[^/]", "a key that neither begins nor ends with /", f"{BACKENDS}/s3"),),
    "backend.s3.region": REGION,
    "backend.s3.kms_key_id": (
        Pattern(rf"{_KEY_ID}|alias/[\w/-]+|arn:[^:\s]+:kms:\S+", "the id or ARN of a KMS key", f"{BACKENDS}/s3"),
    ),
    "backend.s3.dynamodb_table": (Pattern(r"[\w.-]{3,255}", "3 to 255 letters, digits and _ . -", _TABLES),),
    "backend.cloud.hostname": (Pattern(_HOST, _HOST_MEANING, CLOUD),),
    "backend.cloud.organization": (Pattern(r"[A-Za-z0-9_-]+", "letters, digits, _ and -", CLOUD),),
    "backend.cloud.workspaces.name": (
        Pattern(r"[A-Za-z0-9_-]{1,90}", "1 to 90 letters, digits, _ and -", _WORKSPACES),
    ),
    "backend.cloud.workspaces.project": (
        Pattern(r"[A-Za-z0-9_-][A-Za-z0-9 _-]{1,38}[A-Za-z0-9_-]", "3 to 40 letters, digits, spaces, _ and -", CLOUD),
    ),
    "provider.max_retries": (Range(0, None, _PROVIDER, "retries"),),
    "provider.assume_role.external_id": (
        Length(2, 1224, _ASSUME_ROLE),
        Pattern(r"[\w+=,.@:/-]*", "letters, digits and _ + = , . @ : / -", _ASSUME_ROLE),
    ),
    "provider.assume_role.session_name": (
        Pattern(r"[\w+=,.@-]{2,64}", "2 to 64 letters, digits and _ + = , . @ -", _ASSUME_ROLE),
    ),
    "adopt.key": (Pattern(_KEY_ID, "the id of a KMS key, without the rest of its ARN", KMS),),
    "adopt.delivery_role": (Pattern(r"[\w+=,.@-]{1,64}", "the name of an IAM role, without the rest of its ARN", IAM),),
    "existing.domain.endpoint": (Pattern(_HOST, _HOST_MEANING, sources.DOMAIN_PROVIDER),),
    "existing.domain.engine_version": (
        Pattern(r"(OpenSearch|Elasticsearch)_\d{1,2}\.\d{1,2}", "such as OpenSearch_2.19", sources.OPENSEARCH_MODEL),
    ),
}
