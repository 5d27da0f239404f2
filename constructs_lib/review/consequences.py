"""What the replacement or destruction of a resource does, by type, and which settings lose data or stop the flow.

A type in none of these tables counts as an interruption, and the report names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from constructs_lib.limits import sources

HOLDS_DATA: Final = {
    "aws_opensearch_domain": "all indexes of the domain (its automated snapshots go with it)",
    "aws_elasticsearch_domain": "all indexes of the domain (its automated snapshots go with it)",
    "aws_kinesis_stream": "all records in the stream that were not delivered yet",
    "aws_s3_bucket": "all objects of the bucket",
    "aws_s3_object": "the object",
    "aws_kms_key": "everything that is encrypted under the key becomes unreadable",
    "aws_kms_external_key": "everything that is encrypted under the key becomes unreadable",
    "aws_kms_replica_key": "everything that is encrypted under the key in this region becomes unreadable",
    "aws_cloudwatch_log_group": "all log events of the group",
    "aws_cloudwatch_log_stream": "all log events of the stream",
    "aws_sqs_queue": "all messages in the queue",
    "aws_cognito_user_pool": "all users of the pool",
    "aws_dynamodb_table": "all items of the table",
    "aws_dynamodb_global_table": "all items of the table",
    "aws_ebs_volume": "the volume's contents",
    "aws_ebs_snapshot": "the snapshot",
    "aws_efs_file_system": "all files of the file system",
    "aws_fsx_lustre_file_system": "all files of the file system",
    "aws_fsx_ontap_file_system": "all files of the file system",
    "aws_fsx_openzfs_file_system": "all files of the file system",
    "aws_fsx_windows_file_system": "all files of the file system",
    "aws_instance": "the data on the instance's own volumes",
    "aws_db_instance": "the database, unless a final snapshot is taken",
    "aws_db_snapshot": "the snapshot",
    "aws_rds_cluster": "the databases of the cluster, unless a final snapshot is taken",
    "aws_rds_global_cluster": "the databases of the cluster",
    "aws_docdb_cluster": "the databases of the cluster, unless a final snapshot is taken",
    "aws_neptune_cluster": "the graph, unless a final snapshot is taken",
    "aws_redshift_cluster": "the warehouse, unless a final snapshot is taken",
    "aws_redshiftserverless_namespace": "the warehouse",
    "aws_timestreamwrite_database": "all tables of the database",
    "aws_timestreamwrite_table": "all records of the table",
    "aws_keyspaces_keyspace": "all tables of the keyspace",
    "aws_keyspaces_table": "all rows of the table",
    "aws_memorydb_cluster": "everything in the cluster",
    "aws_elasticache_cluster": "everything in the cache",
    "aws_elasticache_replication_group": "everything in the cache",
    "aws_msk_cluster": "all messages of the cluster's topics",
    "aws_mq_broker": "all messages of the broker",
    "aws_opensearchserverless_collection": "all indexes of the collection",
    "aws_secretsmanager_secret": "the secret, after its recovery window",
    "aws_secretsmanager_secret_version": "this version of the secret",
    "aws_ssm_parameter": "the parameter's value and history",
    "aws_backup_vault": "all recovery points of the vault",
    "aws_ecr_repository": "all images of the repository",
    "aws_codecommit_repository": "the repository",
    "aws_glue_catalog_database": "the definitions of the database's tables",
    "aws_glue_catalog_table": "the table's definition (its files stay)",
    "aws_athena_database": "the definitions of the database's tables",
    "aws_glacier_vault": "all archives of the vault",
    "aws_qldb_ledger": "the ledger",
    "aws_s3_bucket_object": "the object",
    "aws_s3_object_copy": "the object",
    "aws_s3_directory_bucket": "all objects of the bucket",
    "aws_s3tables_table_bucket": "all tables of the bucket",
    "aws_s3tables_table": "all rows of the table",
    "aws_kms_replica_external_key": "everything that is encrypted under the key in this region becomes unreadable",
    "aws_dynamodb_table_replica": "the table's copy in this region",
    "aws_ebs_snapshot_copy": "the snapshot",
    "aws_ebs_snapshot_import": "the snapshot",
    "aws_ami": "the image",
    "aws_ami_copy": "the image",
    "aws_ami_from_instance": "the image",
    "aws_fsx_ontap_volume": "all files of the volume",
    "aws_fsx_openzfs_volume": "all files of the volume",
    "aws_fsx_file_cache": "everything in the cache that was not written back",
    "aws_fsx_backup": "the backup",
    "aws_fsx_openzfs_snapshot": "the snapshot",
    "aws_db_snapshot_copy": "the snapshot",
    "aws_db_cluster_snapshot": "the snapshot",
    "aws_rds_cluster_snapshot_copy": "the snapshot",
    "aws_neptune_cluster_snapshot": "the snapshot",
    "aws_docdb_cluster_snapshot": "the snapshot",
    "aws_redshift_cluster_snapshot": "the snapshot",
    "aws_redshiftserverless_snapshot": "the snapshot",
    "aws_memorydb_snapshot": "the snapshot",
    "aws_docdbelastic_cluster": "the databases of the cluster",
    "aws_neptune_global_cluster": "the graph",
    "aws_docdb_global_cluster": "the databases of the cluster",
    "aws_dsql_cluster": "the databases of the cluster",
    "aws_elasticache_serverless_cache": "everything in the cache",
    "aws_elasticache_global_replication_group": "everything in the cache",
    "aws_msk_serverless_cluster": "all messages of the cluster's topics",
    "aws_timestreaminfluxdb_db_instance": "all buckets of the database",
    "aws_cloudtrail_event_data_store": "all events of the store",
    "aws_kinesis_video_stream": "all video of the stream",
    "aws_lightsail_database": "the database",
    "aws_lightsail_disk": "the disk's contents",
    "aws_lightsail_bucket": "all objects of the bucket",
    "aws_lightsail_instance": "what the instance keeps on its own disk",
    "aws_backup_logically_air_gapped_vault": "all recovery points of the vault",
    "aws_ecrpublic_repository": "all images of the repository",
    "aws_codeartifact_repository": "all packages of the repository",
    "aws_codeartifact_domain": "all packages of the domain",
    "aws_sagemaker_feature_group": "all records of the group",
    "aws_workspaces_workspace": "what its user keeps on it",
    "aws_cognito_user": "the user",
    "aws_prometheus_workspace": "all metrics of the workspace",
    "aws_grafana_workspace": "all dashboards of the workspace",
    "aws_kendra_index": "all documents of the index",
    "aws_qbusiness_application": "what its users asked",
    "aws_spot_instance_request": "what the instance keeps on its own volumes",
    "aws_personalize_dataset": "all records of the dataset",
}
"""Types whose replacement or destruction loses data, with the data that is lost."""

RETAINED: Final = frozenset(
    {
        "aws_opensearch_domain",
        "aws_elasticsearch_domain",
        "aws_kinesis_stream",
        "aws_s3_bucket",
        "aws_kms_key",
        "aws_sqs_queue",
        "aws_cognito_user_pool",
    }
)
"""Those of these types that a stack protects with ``prevent_destroy``."""

DATA_PATH: Final = {
    "aws_kinesis_firehose_delivery_stream": "delivery stops until the new delivery stream is active, which starts with "
    "the newest record: records that arrive in between stay in the Kinesis stream for its retention "
    "(replay --from-stream sends them again)",
    "aws_kinesis_stream_consumer": "the consumer stops reading",
    "aws_lambda_function": "records are not transformed (or the bootstrap is not run) until the new function is there",
    "aws_lambda_alias": "the delivery stream cannot call the transform until the alias is back",
    "aws_lambda_permission": "Lambda refuses the caller until the permission is back",
    "aws_lambda_event_source_mapping": "the function is not called for new records until the mapping is back",
    "aws_iam_role": "requests of the role fail until the new role exists and IAM has propagated it",
    "aws_iam_role_policy": "requests of its role fail until IAM has propagated the new policy",
    "aws_iam_role_policy_attachment": "requests of its role fail until IAM has propagated the new policy",
    "aws_iam_policy": "requests that need the policy fail until IAM has propagated the new one",
    "aws_kms_alias": "requests that name the key by its alias fail meanwhile",
    "aws_kms_key_policy": "the key gets its default policy: services may lose access",
    "aws_kms_grant": "the grant's principal loses access to the key",
    "aws_security_group": "the network interfaces that use it must change first",
    "aws_security_group_rule": "the traffic that it lets through stops",
    "aws_vpc_security_group_ingress_rule": "the traffic that it lets in stops",
    "aws_vpc_security_group_egress_rule": "the traffic that it lets out stops",
    "aws_opensearch_vpc_endpoint": "the domain cannot be reached through the endpoint meanwhile",
    "aws_opensearch_domain_policy": "the domain has no access policy meanwhile",
    "aws_elasticsearch_domain_policy": "the domain has no access policy meanwhile",
    "aws_opensearch_domain_saml_options": "people cannot sign in by SAML meanwhile",
    "aws_vpc_endpoint": "the service cannot be reached through the endpoint meanwhile",
    "aws_subnet": "network interfaces in the subnet must be moved first",
    "aws_vpc": "everything in the network must move first",
}
"""Types whose replacement or destruction interrupts the flow of events, and how."""

HARMLESS: Final = {
    "aws_cloudwatch_metric_alarm": "the alarm notifies nobody",
    "aws_cloudwatch_composite_alarm": "the alarm notifies nobody",
    "aws_cloudwatch_dashboard": "the dashboard is gone",
    "aws_cloudwatch_query_definition": "the saved query is gone",
    "aws_cloudwatch_log_metric_filter": "the metric gets no new values",
    "aws_lambda_invocation": "no effect: Terraform calls the function again at the next change",
    "aws_resourcegroups_group": "the group is gone, its members stay",
    "aws_budgets_budget": "the budget notifies nobody",
}
"""Types whose replacement or destruction does not interrupt the data flow, and its effect."""

_RETENTION = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html"
_EXPIRY = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html"
_KEY_STATE = "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html"

SHORTER: Final = {
    ("aws_kinesis_stream", "retention_period"): (
        "records older than the new retention become unreadable at once",
        sources.KINESIS_RETENTION,
    ),
    ("aws_cloudwatch_log_group", "retention_in_days"): (
        "log events older than the new retention are deleted",
        _RETENTION,
    ),
    ("aws_s3_bucket_lifecycle_configuration", "rule.expiration.days"): (
        "objects older than the new limit are deleted",
        _EXPIRY,
    ),
    ("aws_s3_bucket_lifecycle_configuration", "rule.noncurrent_version_expiration.noncurrent_days"): (
        "older versions of objects are deleted",
        _EXPIRY,
    ),
    ("aws_sqs_queue", "message_retention_seconds"): (
        "messages older than the new retention are deleted",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
    ),
}
"""Numbers whose decrease deletes data: which data, and the source."""

SWITCHED_OFF: Final = {
    ("aws_kms_key", "is_enabled"): (
        (False,),
        "outage: data encrypted under the key can be neither read nor written while it is disabled",
        _KEY_STATE,
    ),
    ("aws_kms_external_key", "enabled"): (
        (False,),
        "outage: data encrypted under the key can be neither read nor written while it is disabled",
        _KEY_STATE,
    ),
    ("aws_kms_replica_key", "enabled"): (
        (False,),
        "outage: data encrypted under the key can be neither read nor written while it is disabled",
        _KEY_STATE,
    ),
    ("aws_lambda_function", "reserved_concurrent_executions"): (
        (0,),
        "outage: the function refuses every call",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
    ),
    ("aws_lambda_event_source_mapping", "enabled"): (
        (False,),
        "interruption: the function is no longer called for new records",
        "https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html",
    ),
    ("aws_s3_bucket_versioning", "versioning_configuration.status"): (
        ("Suspended", "Disabled", None),
        "overwritten and deleted objects can no longer be restored",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
    ),
}
"""Settings that interrupt something when they get one of these values: the effect, and the source."""


def rego() -> str:
    """The types that hold data, for the Rego pack."""

    def types(found: Iterable[str]) -> str:
        return "".join(f'\t"{type_}",\n' for type_ in sorted(found))

    return (
        "# Written from constructs_lib/review/consequences.py (make policy-exceptions): change that one.\n"
        "package behaviour.holding\n\nimport rego.v1\n\n"
        "# The review reports which data is lost when one of these is destroyed or replaced.\n"
        f"data_types := {{\n{types(HOLDS_DATA)}}}\n\n"
        "# Those that a stack protects with prevent_destroy.\n"
        f"retained_types := {{\n{types(RETAINED)}}}\n"
    )
