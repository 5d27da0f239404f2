"""Required arguments of resources and blocks: the provider's schema, and AWS where it requires more."""

from __future__ import annotations

from typing import Final

from constructs_lib.limits.arguments import DELIVERY, DESTINATIONS, DOMAIN, STREAM

_DESTINATION = {
    "": ("index_name", "role_arn", "s3_configuration"),
    "s3_configuration": ("bucket_arn", "role_arn"),
    "processing_configuration.processors[]": ("type",),
    "processing_configuration.processors[].parameters[]": ("parameter_name", "parameter_value"),
    "vpc_config": ("role_arn", "security_group_ids", "subnet_ids"),
}

REQUIRED: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    DOMAIN: {
        "": ("domain_name",),
        "advanced_security_options": ("enabled",),
        "auto_tune_options": ("desired_state",),
        "auto_tune_options.maintenance_schedule[]": ("cron_expression_for_recurrence", "duration", "start_at"),
        "auto_tune_options.maintenance_schedule[].duration": ("unit", "value"),
        "cognito_options": ("identity_pool_id", "role_arn", "user_pool_id"),
        "ebs_options": ("ebs_enabled",),
        "encrypt_at_rest": ("enabled",),
        "log_publishing_options[]": ("cloudwatch_log_group_arn", "log_type"),
        "node_to_node_encryption": ("enabled",),
        "saml_options.idp": ("entity_id", "metadata_content"),
        "snapshot_options": ("automated_snapshot_start_hour",),
        # The provider takes a vpc_options without subnets, which AWS refuses.
        "vpc_options": ("subnet_ids",),
    },
    STREAM: {"": ("name",), "stream_mode_details": ("stream_mode",)},
    DELIVERY: {
        "": ("destination", "name"),
        "kinesis_source_configuration": ("kinesis_stream_arn", "role_arn"),
        "msk_source_configuration": ("authentication_configuration", "msk_cluster_arn", "topic_name"),
        **{
            f"{block}.{path}" if path else block: names
            for block in DESTINATIONS
            for path, names in _DESTINATION.items()
        },
    },
}
"""Required arguments by resource type and block; the empty path is the resource itself."""
