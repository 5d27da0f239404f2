# Everything is encrypted at rest, with a key of the customer's own where the service takes one.
package behaviour.encryption

import data.behaviour.keys
import data.behaviour.lib
import rego.v1

_on := [
	{
		"control": "Opensearch.1", "types": lib.domain_types, "path": ["encrypt_at_rest", "enabled"],
		"says": "data at rest is not encrypted",
	},
	{
		"control": "Opensearch.3", "types": lib.domain_types, "path": ["node_to_node_encryption", "enabled"],
		"says": "traffic between nodes is not encrypted",
	},
	{
		"control": "EFS.1", "types": {"aws_efs_file_system"}, "path": ["encrypted"],
		"says": "the file system is not encrypted",
	},
	{
		"control": "EC2.3", "types": {"aws_ebs_volume"}, "path": ["encrypted"],
		"says": "the volume is not encrypted",
	},
	{
		"control": "RDS.3", "types": {"aws_db_instance", "aws_rds_cluster"}, "path": ["storage_encrypted"],
		"says": "the database is not encrypted",
	},
]

deny contains msg if some msg in lib.not_on(_on)

not_judged contains msg if some msg in lib.unseen_flags(_on)

deny contains msg if {
	some stream in lib.of_type("aws_kinesis_stream")
	object.get(stream.values, "encryption_type", "NONE") != "KMS"
	not lib.later(stream, ["encryption_type"])
	msg := concat("", ["Kinesis.1 ", stream.address, ": the stream is not encrypted (encryption_type)"])
}

not_judged contains msg if {
	some stream in lib.of_type("aws_kinesis_stream")
	lib.later(stream, ["encryption_type"])
	msg := lib.unseen("Kinesis.1", stream.address, "encryption_type")
}

# Records that are put directly are encrypted by the delivery stream itself. One that reads from a stream or from a
# topic of Kafka takes no key: what it reads is encrypted there.
# Source: https://docs.aws.amazon.com/firehose/latest/dev/encryption.html
_direct := [delivery |
	some delivery in lib.of_type("aws_kinesis_firehose_delivery_stream")
	not _reads(delivery)
]

_reads(delivery) if {
	some source in ["kinesis_source_configuration", "msk_source_configuration"]
	count(lib.blocks(delivery.values, source)) > 0
}

_reads(delivery) if {
	some source in ["kinesis_source_configuration", "msk_source_configuration"]
	lib.later(delivery, [source])
}

deny contains msg if {
	some delivery in _direct
	lib.flag(delivery, ["server_side_encryption", "enabled"]) == "off"
	msg := concat("", [
		"DataFirehose.1 ", delivery.address, ": records are not encrypted (server_side_encryption.enabled)",
	])
}

not_judged contains msg if {
	some delivery in _direct
	lib.flag(delivery, ["server_side_encryption", "enabled"]) == "later"
	msg := lib.unseen("DataFirehose.1", delivery.address, "server_side_encryption.enabled")
}

# Where a key is named, or has to be.
_keyed := array.concat(
	[{"resource": resource, "path": kind.path} |
		some kind in _always
		some resource in lib.of_type(kind.type)
	],
	array.concat(
		[{"resource": stream, "path": ["kms_key_id"]} |
			some stream in lib.of_type("aws_kinesis_stream")
			stream.values.encryption_type == "KMS"
		],
		array.concat(
			[{"resource": domain, "path": ["encrypt_at_rest", "kms_key_id"]} |
				some domain in lib.domains
				lib.flag(domain, ["encrypt_at_rest", "enabled"]) == "on"
			],
			[{"resource": delivery, "path": ["server_side_encryption", "key_arn"]} |
				some delivery in _direct
				lib.flag(delivery, ["server_side_encryption", "enabled"]) == "on"
			],
		),
	),
)

# CKV_AWS_185, 241 and 247 are the same of streams, delivery streams and domains.
_always := [
	{"type": "aws_cloudwatch_log_group", "path": ["kms_key_id"]},
	{"type": "aws_sns_topic", "path": ["kms_master_key_id"]},
]

deny contains msg if {
	some keyed in _keyed
	msg := keys.fault("encryption", keyed.resource, keyed.path)
}

not_judged contains msg if {
	some keyed in _keyed
	msg := keys.unseen("encryption", keyed.resource, keyed.path)
}

# A delivery stream's own key is one of AWS's unless it says otherwise.
deny contains msg if {
	some delivery in _direct
	lib.flag(delivery, ["server_side_encryption", "enabled"]) == "on"
	some type in lib.given(delivery, ["server_side_encryption", "key_type"])
	type != "CUSTOMER_MANAGED_CMK"
	not lib.later(delivery, ["server_side_encryption", "key_type"])
	msg := concat("", [
		"encryption ", delivery.address, ": a key that AWS owns, not one of its own (server_side_encryption.key_type)",
	])
}

deny contains msg if {
	some queue in lib.of_type("aws_sqs_queue")
	lib.absent(object.get(queue.values, "kms_master_key_id", null))
	not lib.later(queue, ["kms_master_key_id"])
	lib.flag(queue, ["sqs_managed_sse_enabled"]) == "off"
	not _by_default(queue)
	msg := concat("", ["SQS.1 ", queue.address, ": the queue is not encrypted (kms_master_key_id)"])
}

# A queue about which nobody says anything is encrypted with a key of SQS's own.
# Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
_by_default(queue) if queue.unknown.sqs_managed_sse_enabled == true

# Where a key is named besides, it is no key of AWS's.
_optional := [
	{"type": "aws_sqs_queue", "path": ["kms_master_key_id"]},
	{"type": "aws_dynamodb_table", "path": ["server_side_encryption", "kms_key_arn"]},
	{"type": "aws_ebs_volume", "path": ["kms_key_id"]},
	{"type": "aws_efs_file_system", "path": ["kms_key_id"]},
	{"type": "aws_lambda_function", "path": ["kms_key_arn"]},
	{"type": "aws_secretsmanager_secret", "path": ["kms_key_id"]},
	{"type": "aws_ssm_parameter", "path": ["key_id"]},
]

deny contains msg if {
	some kind in _optional
	some resource in lib.of_type(kind.type)
	some value in lib.given(resource, kind.path)
	is_string(value)
	value != ""
	msg := keys.fault("encryption", resource, kind.path)
}

# AWS rotates symmetric encryption keys only (https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html).
deny contains msg if {
	some key in lib.of_type("aws_kms_key")
	object.get(key.values, "customer_master_key_spec", "SYMMETRIC_DEFAULT") in {"SYMMETRIC_DEFAULT", null}
	lib.flag(key, ["enable_key_rotation"]) == "off"
	msg := concat("", ["KMS.4 ", key.address, ": the key is not rotated (enable_key_rotation)"])
}

not_judged contains msg if {
	some key in lib.of_type("aws_kms_key")
	lib.flag(key, ["enable_key_rotation"]) == "later"
	msg := lib.unseen("KMS.4", key.address, "enable_key_rotation")
}
