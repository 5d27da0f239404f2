"""The list of the AWS provider's classes that this library uses.

The bindings hold one submodule for each resource and data source, over two thousand in all. Only those named here are
loaded, and the slim assembly for Node is made from exactly these. To use another resource, add its class and submodule;
an entry that no construct uses is a mistake, which a test reports.
"""

from __future__ import annotations

PACKAGE = "cdktf_cdktf_provider_aws"
"""The bindings' Python package."""

BINDINGS = {
    "Apigatewayv2Api": "apigatewayv2_api",
    "Apigatewayv2Authorizer": "apigatewayv2_authorizer",
    "Apigatewayv2ApiMapping": "apigatewayv2_api_mapping",
    "Apigatewayv2DomainName": "apigatewayv2_domain_name",
    "Apigatewayv2Integration": "apigatewayv2_integration",
    "Apigatewayv2Route": "apigatewayv2_route",
    "Apigatewayv2Stage": "apigatewayv2_stage",
    "CloudwatchCompositeAlarm": "cloudwatch_composite_alarm",
    "CloudwatchDashboard": "cloudwatch_dashboard",
    "CloudwatchEventRule": "cloudwatch_event_rule",
    "CloudwatchEventTarget": "cloudwatch_event_target",
    "CloudwatchLogGroup": "cloudwatch_log_group",
    "CloudwatchLogResourcePolicy": "cloudwatch_log_resource_policy",
    "CloudwatchLogStream": "cloudwatch_log_stream",
    "CloudwatchMetricAlarm": "cloudwatch_metric_alarm",
    "DataAwsCallerIdentity": "data_aws_caller_identity",
    "DataAwsIamPolicyDocument": "data_aws_iam_policy_document",
    "DataAwsPartition": "data_aws_partition",
    "DataAwsRegion": "data_aws_region",
    "DefaultSecurityGroup": "default_security_group",
    "FlowLog": "flow_log",
    "IamOpenidConnectProvider": "iam_openid_connect_provider",
    "IamPolicy": "iam_policy",
    "IamRole": "iam_role",
    "IamRolePolicy": "iam_role_policy",
    "IamRolePolicyAttachment": "iam_role_policy_attachment",
    "IamServiceLinkedRole": "iam_service_linked_role",
    "KinesisFirehoseDeliveryStream": "kinesis_firehose_delivery_stream",
    "KinesisResourcePolicy": "kinesis_resource_policy",
    "KinesisStream": "kinesis_stream",
    "KinesisStreamConsumer": "kinesis_stream_consumer",
    "KmsAlias": "kms_alias",
    "KmsKey": "kms_key",
    "KmsKeyPolicy": "kms_key_policy",
    "LambdaAlias": "lambda_alias",
    "LambdaFunction": "lambda_function",
    "LambdaInvocation": "lambda_invocation",
    "LambdaPermission": "lambda_permission",
    "OpensearchDomain": "opensearch_domain",
    "OpensearchDomainSamlOptions": "opensearch_domain_saml_options",
    "S3Bucket": "s3_bucket",
    "S3BucketLifecycleConfiguration": "s3_bucket_lifecycle_configuration",
    "S3BucketLoggingA": "s3_bucket_logging",
    "S3BucketOwnershipControls": "s3_bucket_ownership_controls",
    "S3BucketPolicy": "s3_bucket_policy",
    "S3BucketPublicAccessBlock": "s3_bucket_public_access_block",
    "S3BucketServerSideEncryptionConfigurationA": "s3_bucket_server_side_encryption_configuration",
    "S3BucketVersioningA": "s3_bucket_versioning",
    "SecurityGroup": "security_group",
    "SnsTopic": "sns_topic",
    "SnsTopicPolicy": "sns_topic_policy",
    "SnsTopicSubscription": "sns_topic_subscription",
    "Subnet": "subnet",
    "Vpc": "vpc",
    "VpcSecurityGroupEgressRule": "vpc_security_group_egress_rule",
    "VpcSecurityGroupIngressRule": "vpc_security_group_ingress_rule",
    "VpcEndpoint": "vpc_endpoint",
    "AwsProvider": "provider",
}
"""Class to submodule. A struct of a resource (``KinesisStreamTimeouts``) is found through the resource's name."""


def submodules_of(name: str) -> list[str]:
    """The submodules that may contain a class of this name, most likely first.

    A struct's name begins with its resource's name, so resources whose name is a prefix are tried, the longest first.
    """
    prefixes = (known for known in BINDINGS if name.startswith(known))
    return [BINDINGS[known] for known in sorted(prefixes, key=len, reverse=True)]
