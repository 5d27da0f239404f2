"""Lists the resources of an account in a region, service by service, to check that a destroy leaves nothing."""

from __future__ import annotations

from typing import Any

from rehearsal.emulator import Emulator


def inventory(aws: Emulator, region: str) -> dict[str, list[str]]:
    """Names of all resources that a pipeline may create, by kind."""

    def pages(service: str, call: str, key: str, name: str | None = None, **arguments: Any) -> list[str]:
        client = aws.client(service, region)
        answers = client.get_paginator(call).paginate(**arguments) if client.can_paginate(call) else None
        if answers is None:
            answers = [getattr(client, call)(**arguments)]
        return sorted(str(item if name is None else item[name]) for answer in answers for item in answer.get(key, []))

    kms = aws.client("kms", region)
    keys = pages("kms", "list_keys", "Keys", "KeyId")
    states = {key: kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] for key in keys}
    topics = pages("sns", "list_topics", "Topics", "TopicArn")
    return {
        "alarms": pages("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
        "buckets": pages("s3", "list_buckets", "Buckets", "Name"),
        "composite alarms": pages(
            "cloudwatch", "describe_alarms", "CompositeAlarms", "AlarmName", AlarmTypes=["CompositeAlarm"]
        ),
        "dashboards": pages("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
        "delivery streams": pages("firehose", "list_delivery_streams", "DeliveryStreamNames"),
        "domains": pages("opensearch", "list_domain_names", "DomainNames", "DomainName"),
        "flow logs": pages("ec2", "describe_flow_logs", "FlowLogs", "FlowLogId"),
        "functions": pages("lambda", "list_functions", "Functions", "FunctionName"),
        "http APIs": pages("apigatewayv2", "get_apis", "Items", "Name"),
        "key aliases": [
            name for name in pages("kms", "list_aliases", "Aliases", "AliasName") if "alias/aws/" not in name
        ],
        "keys": [key for key, state in states.items() if state != "PendingDeletion"],
        "log groups": pages("logs", "describe_log_groups", "logGroups", "logGroupName"),
        "log resource policies": pages("logs", "describe_resource_policies", "resourcePolicies", "policyName"),
        "policies": pages("iam", "list_policies", "Policies", "Arn", Scope="Local"),
        "queues": pages("sqs", "list_queues", "QueueUrls"),
        "roles": pages("iam", "list_roles", "Roles", "RoleName"),
        "security groups": pages("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
        "streams": pages("kinesis", "list_streams", "StreamNames"),
        "subnets": pages("ec2", "describe_subnets", "Subnets", "SubnetId"),
        "subscriptions": pages("sns", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
        "topics": topics,
        "vpc endpoints": pages("ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
        "vpcs": pages("ec2", "describe_vpcs", "Vpcs", "VpcId"),
    }
