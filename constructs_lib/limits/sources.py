"""Where the numbers come from."""

from __future__ import annotations

from typing import Final

_GUIDE = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide"
_REGISTRY = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources"

KINESIS_MODEL: Final = "service model kinesis-2013-12-02 (botocore)"
FIREHOSE_MODEL: Final = "service model firehose-2015-08-04 (botocore)"
OPENSEARCH_MODEL: Final = "service model opensearch-2021-01-01 (botocore)"

DOMAIN_PROVIDER: Final = f"{_REGISTRY}/opensearch_domain"
STREAM_PROVIDER: Final = f"{_REGISTRY}/kinesis_stream"
DELIVERY_PROVIDER: Final = f"{_REGISTRY}/kinesis_firehose_delivery_stream"

KINESIS_QUOTAS: Final = "https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html"
KINESIS_ENCRYPTION: Final = "https://docs.aws.amazon.com/streams/latest/dev/server-side-encryption.html"
KINESIS_MODES: Final = "https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html"
KINESIS_METRICS: Final = "https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html"
