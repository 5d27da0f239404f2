"""Alarms: metrics, thresholds and periods, derived from the settings. Only ``construct`` imports cdktf.

Sources, all in AWS's documentation: recommended alarms of OpenSearch Service
(https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html) and its metrics
(.../managedomains-cloudwatchmetrics.html), of Kinesis (https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html),
Firehose (https://docs.aws.amazon.com/firehose/latest/dev/firehose-cloudwatch-metrics-best-practices.html) and Lambda
(https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html).
"""

from constructs_lib.monitoring.alarm import Alarm
from constructs_lib.monitoring.collector import collector_alarms, gateway_alarms
from constructs_lib.monitoring.delivery import delivery_alarms
from constructs_lib.monitoring.domain import domain_alarms, node_count
from constructs_lib.monitoring.function import function_alarms, rare_function_alarms
from constructs_lib.monitoring.recommender import recommender_alarms
from constructs_lib.monitoring.stream import stream_alarms
from constructs_lib.monitoring.transform import transform_alarms

__all__ = [
    "Alarm",
    "collector_alarms",
    "delivery_alarms",
    "domain_alarms",
    "function_alarms",
    "gateway_alarms",
    "node_count",
    "rare_function_alarms",
    "recommender_alarms",
    "stream_alarms",
    "transform_alarms",
]
