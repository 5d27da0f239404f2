# AWS Foundational Security Best Practices for what keeps running: nodes, masters, updates, logs, alarms, runtimes.
package behaviour.availability

import data.behaviour.lib
import rego.v1

# A number of the cluster, or AWS's default of it; none while it is unknown.
_number(domain, name, default_value) := value if {
	some given in lib.given(domain, ["cluster_config", name])
	value := lib.number(given)
} else := default_value if {
	not lib.later(domain, ["cluster_config", name])
}

deny contains msg if {
	some domain in lib.domains
	_number(domain, "instance_count", 1) < 3
	msg := concat("", ["Opensearch.6 ", domain.address, ": fewer than three data nodes"])
}

deny contains msg if {
	some domain in lib.domains
	lib.flag(domain, ["cluster_config", "dedicated_master_enabled"]) != "later"
	_masters(domain) < 3
	msg := concat("", ["Opensearch.11 ", domain.address, ": fewer than three dedicated master nodes"])
}

_masters(domain) := _number(domain, "dedicated_master_count", 0) if {
	lib.flag(domain, ["cluster_config", "dedicated_master_enabled"]) == "on"
} else := 0 if {
	lib.flag(domain, ["cluster_config", "dedicated_master_enabled"]) == "off"
}

not_judged contains msg if {
	some domain in lib.domains
	some name, control in {
		"dedicated_master_count": "Opensearch.11",
		"dedicated_master_enabled": "Opensearch.11",
		"instance_count": "Opensearch.6",
	}
	lib.later(domain, ["cluster_config", name])
	msg := lib.unseen(control, domain.address, concat(".", ["cluster_config", name]))
}

_published(domain) := {option.log_type |
	some option in lib.blocks(domain.values, "log_publishing_options")
	not lib.is_off(object.get(option, "enabled", true))
}

deny contains msg if {
	some domain in lib.domains
	some control, log in {"Opensearch.4": "ES_APPLICATION_LOGS", "Opensearch.5": "AUDIT_LOGS"}
	not log in _published(domain)
	not lib.later(domain, ["log_publishing_options", "log_type"])
	msg := concat("", [control, " ", domain.address, ": ", log, " are not published"])
}

not_judged contains msg if {
	some domain in lib.domains
	lib.later(domain, ["log_publishing_options", "log_type"])
	msg := lib.unseen("Opensearch.4", domain.address, "log_publishing_options")
}

_on := [
	{
		"control": "Opensearch.6", "types": lib.domain_types, "path": ["cluster_config", "zone_awareness_enabled"],
		"says": "all nodes are in one zone",
	},
	{
		"control": "Opensearch.7", "types": lib.domain_types, "path": ["advanced_security_options", "enabled"],
		"says": "no fine-grained access control",
	},
	{
		"control": "Opensearch.10", "types": {"aws_opensearch_domain"},
		"path": ["software_update_options", "auto_software_update_enabled"],
		"says": "service software is not updated",
	},
]

deny contains msg if some msg in lib.not_on(_on)

not_judged contains msg if some msg in lib.unseen_flags(_on)

_alarms := lib.of_types({"aws_cloudwatch_composite_alarm", "aws_cloudwatch_metric_alarm"})

deny contains msg if {
	some alarm in _alarms
	lib.as_list(object.get(alarm.values, "alarm_actions", null)) == []
	not lib.later(alarm, ["alarm_actions"])
	msg := concat("", ["CloudWatch.15 ", alarm.address, ": the alarm tells nobody (alarm_actions)"])
}

deny contains msg if {
	some alarm in _alarms
	lib.is_off(object.get(alarm.values, "actions_enabled", true))
	msg := concat("", [
		"CloudWatch.17 ", alarm.address, ": the alarm's actions are switched off (actions_enabled)",
	])
}

# https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html#lambda-2
runtimes := {
	"dotnet8", "java25", "java21", "java17", "java11", "java8.al2", "nodejs24.x", "nodejs22.x", "nodejs20.x",
	"python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "ruby3.4", "ruby3.3",
}

deny contains msg if {
	some function in lib.of_type("aws_lambda_function")
	object.get(function.values, "package_type", "Zip") != "Image"
	not function.values.runtime in runtimes
	not lib.later(function, ["runtime"])
	msg := concat("", [
		"Lambda.2 ", function.address, ": the runtime ", lib.text(object.get(function.values, "runtime", null)), " is not supported",
	])
}

not_judged contains msg if {
	some function in lib.of_type("aws_lambda_function")
	lib.later(function, ["runtime"])
	msg := lib.unseen("Lambda.2", function.address, "runtime")
}
