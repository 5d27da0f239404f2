# What is written down is kept long enough, and not for ever. Buckets' lifecycles are in buckets.rego.
package behaviour.retention

import data.behaviour.lib
import rego.v1

# Hours and days that AWS's controls ask for at least.
stream_hours := 168

log_days := 365

key_days := 30

deny contains msg if {
	some stream in lib.of_type("aws_kinesis_stream")
	hours := lib.number(_or(stream, "retention_period", 24))
	hours < stream_hours
	msg := sprintf("Kinesis.3 %s: retention_period is %d hours, at least %d", [stream.address, hours, stream_hours])
}

deny contains msg if {
	some group in lib.of_type("aws_cloudwatch_log_group")
	days := lib.number(_or(group, "retention_in_days", 0))
	days > 0
	days < log_days
	msg := sprintf("CloudWatch.16 %s: retention_in_days is %d, at least %d", [group.address, days, log_days])
}

deny contains msg if {
	some group in lib.of_type("aws_cloudwatch_log_group")
	lib.number(_or(group, "retention_in_days", 0)) == 0
	not lib.later(group, ["retention_in_days"])
	msg := concat("", ["retention ", group.address, ": kept for ever (retention_in_days)"])
}

deny contains msg if {
	some key in lib.of_types({"aws_kms_external_key", "aws_kms_key", "aws_kms_replica_key"})
	days := lib.number(_or(key, "deletion_window_in_days", key_days))
	days < key_days
	msg := sprintf("KMS.3 %s: a deleted key is gone after %d days, at least %d", [key.address, days, key_days])
}

# What stands for an argument that is not set, unless it is set later.
_or(resource, name, default_value) := value if {
	value := object.get(resource.values, name, null)
	value != null
} else := default_value if {
	not lib.later(resource, [name])
}

_numbers := {
	"aws_cloudwatch_log_group": {"name": "retention_in_days", "control": "CloudWatch.16"},
	"aws_kinesis_stream": {"name": "retention_period", "control": "Kinesis.3"},
	"aws_kms_key": {"name": "deletion_window_in_days", "control": "KMS.3"},
}

not_judged contains msg if {
	some type, number in _numbers
	some resource in lib.of_type(type)
	lib.later(resource, [number.name])
	msg := lib.unseen(number.control, resource.address, number.name)
}
