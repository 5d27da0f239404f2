# Everything is encrypted at rest, with a key of the customer's own where the service takes one.
package behaviour.encryption

import data.behaviour.lib
import rego.v1

deny contains msg if {
	some domain in lib.domains
	not lib.block(domain.values, "encrypt_at_rest").enabled
	msg := sprintf("Opensearch.1 %s: data at rest is not encrypted (encrypt_at_rest.enabled)", [domain.address])
}

deny contains msg if {
	some domain in lib.domains
	not lib.block(domain.values, "node_to_node_encryption").enabled
	msg := sprintf("Opensearch.3 %s: traffic between nodes is not encrypted (node_to_node_encryption.enabled)", [domain.address])
}

deny contains msg if {
	some stream in lib.of_type("aws_kinesis_stream")
	object.get(stream.values, "encryption_type", "NONE") != "KMS"
	msg := sprintf("Kinesis.1 %s: the stream is not encrypted (encryption_type)", [stream.address])
}

# A delivery stream that reads from a stream is encrypted by that stream's key: Firehose takes no key of its own then
# (https://docs.aws.amazon.com/firehose/latest/dev/encryption.html).
deny contains msg if {
	some delivery in lib.of_type("aws_kinesis_firehose_delivery_stream")
	count(lib.as_list(object.get(delivery.values, "kinesis_source_configuration", []))) == 0
	not lib.block(delivery.values, "server_side_encryption").enabled
	msg := sprintf("DataFirehose.1 %s: records are not encrypted (server_side_encryption.enabled)", [delivery.address])
}


# A bucket's name may be known after the apply only: then there must be one setting for each bucket.
deny contains msg if {
	settings := [setting |
		some setting in lib.of_type("aws_s3_bucket_server_side_encryption_configuration")
		some rule in lib.as_list(setting.values.rule)
		lib.block(rule, "apply_server_side_encryption_by_default").sse_algorithm in {"aws:kms", "aws:kms:dsse"}
	]
	buckets := lib.of_type("aws_s3_bucket")
	count(settings) < count(buckets)
	some bucket in buckets
	msg := sprintf("S3.17 %s: a bucket without encryption by a KMS key (%d settings for %d buckets)", [
		bucket.address,
		count(settings),
		count(buckets),
	])
}

deny contains msg if {
	some group in lib.of_type("aws_cloudwatch_log_group")
	object.get(group.values, "kms_key_id", null) in {null, ""}
	not lib.known_later(group.address, ["kms_key_id"])
	msg := sprintf("encryption %s: the log group has no KMS key (kms_key_id)", [group.address])
}

deny contains msg if {
	some queue in lib.of_type("aws_sqs_queue")
	object.get(queue.values, "kms_master_key_id", null) in {null, ""}
	not lib.known_later(queue.address, ["kms_master_key_id"])
	not object.get(queue.values, "sqs_managed_sse_enabled", false)
	msg := sprintf("SQS.1 %s: the queue is not encrypted (kms_master_key_id)", [queue.address])
}

deny contains msg if {
	some topic in lib.of_type("aws_sns_topic")
	object.get(topic.values, "kms_master_key_id", null) in {null, ""}
	not lib.known_later(topic.address, ["kms_master_key_id"])
	msg := sprintf("encryption %s: the topic is not encrypted (kms_master_key_id)", [topic.address])
}

# AWS rotates symmetric encryption keys only (https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html).
deny contains msg if {
	some key in lib.of_type("aws_kms_key")
	object.get(key.values, "customer_master_key_spec", "SYMMETRIC_DEFAULT") in {"SYMMETRIC_DEFAULT", null}
	not key.values.enable_key_rotation
	msg := sprintf("KMS.4 %s: the key is not rotated (enable_key_rotation)", [key.address])
}
