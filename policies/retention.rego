# What is written down is kept long enough, and not for ever.
package behaviour.retention

import data.behaviour.lib
import rego.v1

# Hours and days that AWS's controls ask for at least.
stream_hours := 168

log_days := 365

deny contains msg if {
	some stream in lib.of_type("aws_kinesis_stream")
	hours := object.get(stream.values, "retention_period", 24)
	hours < stream_hours
	msg := sprintf("Kinesis.3 %s: retention_period is %d hours, at least %d", [stream.address, hours, stream_hours])
}

deny contains msg if {
	some group in lib.of_type("aws_cloudwatch_log_group")
	days := object.get(group.values, "retention_in_days", 0)
	days != null
	days > 0
	days < log_days
	msg := sprintf("CloudWatch.16 %s: retention_in_days is %d, at least %d", [group.address, days, log_days])
}

deny contains msg if {
	some group in lib.of_type("aws_cloudwatch_log_group")
	object.get(group.values, "retention_in_days", 0) in {null, 0}
	msg := sprintf("retention %s: kept for ever (retention_in_days)", [group.address])
}

deny contains msg if {
	buckets := lib.of_type("aws_s3_bucket")
	rules := {setting |
		some setting in lib.of_type("aws_s3_bucket_lifecycle_configuration")
		some rule in setting.values.rule
		rule.status == "Enabled"
	}
	count(rules) < count(buckets)
	some bucket in buckets
	msg := sprintf("S3.13 %s: no lifecycle: objects are kept for ever", [bucket.address])
}

deny contains msg if {
	buckets := lib.of_type("aws_s3_bucket")
	versioned := {setting |
		some setting in lib.of_type("aws_s3_bucket_versioning")
		lib.block(setting.values, "versioning_configuration").status == "Enabled"
	}
	count(versioned) < count(buckets)
	some bucket in buckets
	msg := sprintf("S3.14 %s: no versions: an overwritten object is lost", [bucket.address])
}

deny contains msg if {
	some key in lib.of_type("aws_kms_key")
	days := object.get(key.values, "deletion_window_in_days", 30)
	days != null
	days < 30
	msg := sprintf("KMS.3 %s: a deleted key is gone after %d days, at least 30", [key.address, days])
}
