# AWS Foundational Security Best Practices for what keeps running: nodes, masters, updates, logs, alarms, runtimes.
package behaviour.availability

import data.behaviour.lib
import rego.v1

cluster(domain) := lib.block(domain.values, "cluster_config")

deny contains msg if {
	some domain in lib.domains
	object.get(cluster(domain), "instance_count", 1) < 3
	msg := sprintf("Opensearch.6 %s: fewer than three data nodes", [domain.address])
}

deny contains msg if {
	some domain in lib.domains
	not object.get(cluster(domain), "zone_awareness_enabled", false)
	msg := sprintf("Opensearch.6 %s: all nodes are in one zone (zone_awareness_enabled)", [domain.address])
}

_masters(domain) if {
	object.get(cluster(domain), "dedicated_master_enabled", false)
	object.get(cluster(domain), "dedicated_master_count", 0) >= 3
}

deny contains msg if {
	some domain in lib.domains
	not _masters(domain)
	msg := sprintf("Opensearch.11 %s: fewer than three dedicated master nodes", [domain.address])
}

_published(domain) := {option.log_type |
	some option in lib.as_list(object.get(domain.values, "log_publishing_options", []))
	object.get(option, "enabled", true) != false
}

deny contains msg if {
	some domain in lib.domains
	some control, log in {"Opensearch.4": "ES_APPLICATION_LOGS", "Opensearch.5": "AUDIT_LOGS"}
	not log in _published(domain)
	msg := sprintf("%s %s: %s are not published", [control, domain.address, log])
}

deny contains msg if {
	some domain in lib.domains
	not lib.block(domain.values, "advanced_security_options").enabled
	msg := sprintf("Opensearch.7 %s: no fine-grained access control (advanced_security_options.enabled)", [domain.address])
}

deny contains msg if {
	some domain in lib.domains
	lib.block(domain.values, "advanced_security_options").internal_user_database_enabled
	msg := sprintf("access %s: users with passwords of their own, which lie in the state", [domain.address])
}

deny contains msg if {
	some domain in lib.of_type("aws_opensearch_domain")
	not lib.block(domain.values, "software_update_options").auto_software_update_enabled
	msg := sprintf("Opensearch.10 %s: service software is not updated (auto_software_update_enabled)", [domain.address])
}

_alarms := array.concat(lib.of_type("aws_cloudwatch_metric_alarm"), lib.of_type("aws_cloudwatch_composite_alarm"))

_actions(alarm) := object.get(alarm.values, "alarm_actions", null)

deny contains msg if {
	some alarm in _alarms
	lib.as_list(_actions(alarm)) == []
	not lib.known_later(alarm.address, ["alarm_actions"])
	msg := sprintf("CloudWatch.15 %s: the alarm tells nobody (alarm_actions)", [alarm.address])
}

deny contains msg if {
	some alarm in _alarms
	object.get(alarm.values, "actions_enabled", true) == false
	msg := sprintf("CloudWatch.17 %s: the alarm's actions are switched off (actions_enabled)", [alarm.address])
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
	msg := sprintf("Lambda.2 %s: the runtime %s is not supported", [function.address, lib.text(object.get(function.values, "runtime", null))])
}
