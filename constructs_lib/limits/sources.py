"""Where the numbers come from."""

from __future__ import annotations

from typing import Final

_GUIDE = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide"
_API = "https://docs.aws.amazon.com/opensearch-service/latest/APIReference"
_FIREHOSE = "https://docs.aws.amazon.com/firehose/latest/dev"
_STREAMS = "https://docs.aws.amazon.com/streams/latest/dev"
_REGISTRY = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources"

KINESIS_MODEL: Final = "service model kinesis-2013-12-02 (botocore)"
FIREHOSE_MODEL: Final = "service model firehose-2015-08-04 (botocore)"
OPENSEARCH_MODEL: Final = "service model opensearch-2021-01-01 (botocore)"

DOMAIN_PROVIDER: Final = f"{_REGISTRY}/opensearch_domain"
STREAM_PROVIDER: Final = f"{_REGISTRY}/kinesis_stream"
DELIVERY_PROVIDER: Final = f"{_REGISTRY}/kinesis_firehose_delivery_stream"
PROVIDER_CHANGELOG: Final = "https://github.com/hashicorp/terraform-provider-aws/blob/main/CHANGELOG.md"

DOMAIN_QUOTAS: Final = f"{_GUIDE}/limits.html"
INSTANCE_TYPES: Final = f"{_GUIDE}/supported-instance-types.html"
FEATURES_BY_VERSION: Final = f"{_GUIDE}/features-by-version.html"
ENGINE_VERSIONS: Final = f"{_GUIDE}/what-is.html#choosing-version"
SUPPORT_WINDOWS: Final = f"{_GUIDE}/what-is.html#end-of-support"
MULTI_AZ: Final = f"{_GUIDE}/managedomains-multiaz.html"
MASTERS: Final = f"{_GUIDE}/managedomains-dedicatedmasternodes.html"
CLUSTER_CONFIG: Final = f"{_API}/API_ClusterConfig.html"
MASTER_USER: Final = f"{_API}/API_MasterUserOptions.html"
EBS_OPTIONS: Final = f"{_API}/API_EBSOptions.html"
EBS_VOLUME_TYPES: Final = "https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html"
EBS_PROVISIONED: Final = "https://docs.aws.amazon.com/ebs/latest/userguide/provisioned-iops.html"
GP3_IN_DOMAINS: Final = "https://aws.amazon.com/blogs/big-data/lower-your-amazon-opensearch-service-storage-cost-with-gp3-amazon-ebs-volumes/"
GP3_FLOOR: Final = "https://github.com/hashicorp/terraform-provider-aws/issues/39136"
ULTRAWARM: Final = f"{_GUIDE}/ultrawarm.html"
COLD_STORAGE: Final = f"{_GUIDE}/cold-storage.html"
FINE_GRAINED: Final = f"{_GUIDE}/fgac.html"
AUDIT_LOGS: Final = f"{_GUIDE}/audit-logs.html"
SAML: Final = f"{_GUIDE}/saml.html"
JWT: Final = f"{_GUIDE}/JSON-Web-tokens.html"
AT_REST: Final = f"{_GUIDE}/encryption-at-rest.html"
ACCESS_POLICY: Final = f"{_GUIDE}/ac.html"
VPC: Final = f"{_GUIDE}/vpc.html"
CUSTOM_ENDPOINT: Final = f"{_GUIDE}/customendpoint.html"
AUTO_TUNE: Final = f"{_GUIDE}/auto-tune.html"
ADVANCED_OPTIONS: Final = f"{_GUIDE}/createupdatedomains.html#createdomain-configure-advanced-options"
S3_VECTORS: Final = f"{_GUIDE}/s3-vector-opensearch-integration-engine.html"
SIZING: Final = f"{_GUIDE}/bp-sharding.html"
STORAGE_SIZING: Final = f"{_GUIDE}/bp-storage.html"
HANDLING_ERRORS: Final = f"{_GUIDE}/handling-errors.html"

KINESIS_QUOTAS: Final = f"{_STREAMS}/service-sizes-and-limits.html"
KINESIS_ENCRYPTION: Final = f"{_STREAMS}/server-side-encryption.html"
KINESIS_SHARING: Final = f"{_STREAMS}/controlling-access.html"
KINESIS_METRICS: Final = f"{_STREAMS}/monitoring-with-cloudwatch.html"
KINESIS_LARGE_RECORDS: Final = f"{_STREAMS}/large-records.html"
KINESIS_RETENTION: Final = f"{_STREAMS}/kinesis-extended-retention.html"

FIREHOSE_DESTINATION: Final = f"{_FIREHOSE}/create-destination.html#create-destination-opensearch-service"
FIREHOSE_FAILURES: Final = f"{_FIREHOSE}/basic-deliver.html#retry"
FIREHOSE_LAMBDA: Final = f"{_FIREHOSE}/data-transformation.html"
FIREHOSE_PREFIXES: Final = f"{_FIREHOSE}/s3-prefixes.html"
FIREHOSE_VPC: Final = f"{_FIREHOSE}/controlling-access.html#using-iam-es-vpc"
INDEX_NAMES: Final = (
    "https://docs.opensearch.org/latest/api-reference/index-apis/create-index/#index-naming-restrictions"
)

IMPORT: Final = "https://developer.hashicorp.com/terraform/language/import"
