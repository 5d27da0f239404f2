"""CloudWatch's metric names and dimensions, as AWS documents them, and as the transform writes its own."""

from __future__ import annotations

import json

from constructs_lib.transform.runtime.handler import Transform
from constructs_lib.transform.runtime.settings import Settings
from tests.transform.batches import invocation

# https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-cloudwatchmetrics.html
DOMAIN = {
    *("ClusterStatus.red", "ClusterStatus.yellow", "FreeStorageSpace", "ClusterIndexWritesBlocked", "Nodes"),
    *("AutomatedSnapshotFailure", "CPUUtilization", "JVMMemoryPressure", "OldGenJVMMemoryPressure"),
    *("MasterCPUUtilization", "MasterJVMMemoryPressure", "MasterReachableFromNode", "KMSKeyError"),
    *("KMSKeyInaccessible", "ThreadpoolWriteQueue", "ThreadpoolSearchQueue", "ThreadpoolWriteRejected"),
    *("ThreadpoolSearchRejected", "5xx", "OpenSearchRequests", "ElasticsearchRequests", "Shards.active"),
}
# https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
STREAM = {
    *("GetRecords.IteratorAgeMilliseconds", "WriteProvisionedThroughputExceeded"),
    *("ReadProvisionedThroughputExceeded", "PutRecords.FailedRecords"),
}
# https://docs.aws.amazon.com/firehose/latest/dev/cloudwatch-metrics.html
DELIVERY = {
    *("DeliveryToAmazonOpenSearchService.DataFreshness", "DeliveryToAmazonOpenSearchService.Success"),
    *(
        "DeliveryToS3.DataFreshness",
        "DeliveryToS3.Success",
        "KinesisMillisBehindLatest",
        "ThrottledGetRecords",
        "ExecuteProcessing.Success",
    ),
}
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
FUNCTION = {"Errors", "Throttles", "Duration"}


def _of_the_transform() -> dict[str, tuple[set[str], set[str]]]:
    """What the runtime itself writes of a batch in which KMS has no key for a record with a user id."""

    def silent() -> bytes:
        raise OSError("KMS does not answer")

    event = {"action_name": "view", "timestamp": "2025-03-12T07:00:01Z", "client_id": "c", "user_id": "4711"}
    _, printed = Transform(Settings(), silent).batch(invocation([json.dumps(event).encode()]))
    (written,) = json.loads(printed)["_aws"]["CloudWatchMetrics"]
    (dimensions,) = written["Dimensions"]
    return {written["Namespace"]: ({metric["Name"] for metric in written["Metrics"]}, set(dimensions))}


KNOWN = {
    "AWS/ES": (DOMAIN, {"DomainName", "ClientId"}),
    "AWS/Kinesis": (STREAM, {"StreamName"}),
    "AWS/Firehose": (DELIVERY, {"DeliveryStreamName"}),
    "AWS/Lambda": (FUNCTION, {"FunctionName"}),
    **_of_the_transform(),
}
