"""CloudWatch's metric names and dimensions, as AWS documents them."""

from __future__ import annotations

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
    *("DeliveryToS3.DataFreshness", "KinesisMillisBehindLatest", "ThrottledGetRecords", "ExecuteProcessing.Success"),
}
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
FUNCTION = {"Errors", "Throttles", "Duration"}

KNOWN = {
    "AWS/ES": (DOMAIN, {"DomainName", "ClientId"}),
    "AWS/Kinesis": (STREAM, {"StreamName"}),
    "AWS/Firehose": (DELIVERY, {"DeliveryStreamName"}),
    "AWS/Lambda": (FUNCTION, {"FunctionName"}),
}
