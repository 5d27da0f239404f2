# Nothing is public: domains, functions, routes. Buckets are in buckets.rego, networks in network.rego, and whom policies
# let in is in grants.rego.
package behaviour.exposure

import data.behaviour.configuration
import data.behaviour.lib
import rego.v1

# A domain without subnets has a public endpoint, whatever else vpc_options says.
_subnets(domain) := [subnet |
	some subnets in lib.given(domain, ["vpc_options", "subnet_ids"])
	some subnet in lib.as_list(subnets)
	subnet != ""
]

deny contains msg if {
	some domain in lib.domains
	count(_subnets(domain)) == 0
	not lib.later(domain, ["vpc_options", "subnet_ids"])
	msg := concat("", [
		"Opensearch.2 ", domain.address, ": the domain has a public endpoint (vpc_options)",
	])
}

# CKV_AWS_248: without a group of its own it gets the VPC's default one.
_groups(domain) := [group |
	some groups in lib.given(domain, ["vpc_options", "security_group_ids"])
	some group in lib.as_list(groups)
	group != ""
]

deny contains msg if {
	some domain in lib.domains
	count(_subnets(domain)) > 0
	count(_groups(domain)) == 0
	not lib.later(domain, ["vpc_options", "security_group_ids"])
	msg := concat("", [
		"exposure ", domain.address, ": the VPC's default security group guards it (vpc_options.security_group_ids)",
	])
}

# What is unknown as a whole may be empty, unless it is made of subnets and groups.
not_judged contains msg if {
	some domain in lib.domains
	some name in ["subnet_ids", "security_group_ids"]
	lib.later(domain, ["vpc_options", name])
	not _from(domain, name)
	_unjudged_control[name]
	msg := lib.unseen(_unjudged_control[name], domain.address, concat(".", ["vpc_options", name]))
}

_unjudged_control := {"subnet_ids": "Opensearch.2", "security_group_ids": "exposure"}

_from(domain, name) if {
	some end in configuration.targets(domain, ["vpc_options", name])
	configuration.type_of(end) in {"aws_subnet", "aws_security_group"}
}

deny contains msg if {
	some permission in lib.planned
	permission.type in {"aws_lambda_permission", "aws_lambda_layer_version_permission"}
	permission.values.principal == "*"
	object.get(permission.values, "principal_org_id", null) in {null, ""}
	object.get(permission.values, "organization_id", null) in {null, ""}
	msg := concat("", ["Lambda.1 ", permission.address, ": anybody may call the function"])
}

# Who calls a function for somebody else must say for whom.
deny contains msg if {
	some permission in lib.of_type("aws_lambda_permission")
	contains(lower(lib.text(permission.values.principal)), ".amazonaws.")
	not _says_for_whom(permission)
	msg := concat("", [
		"Lambda.1 ", permission.address, ": the service may call for any account (source_arn, source_account)",
	])
}

_says_for_whom(permission) if {
	some name in ["source_arn", "source_account"]
	lib.later(permission, [name])
}

_says_for_whom(permission) if regex.match(`^[0-9]{12}$`, permission.values.source_account)

# Buckets' and some other ARNs name no account; a wildcard in the account's or the whole resource's place says nothing.
_says_for_whom(permission) if regex.match(`^arn:[^:]*:[^:*?]+:[^:*?]*:[^:*?]*:[^*?]`, permission.values.source_arn)

deny contains msg if {
	some url in lib.of_type("aws_lambda_function_url")
	url.values.authorization_type == "NONE"
	msg := concat("", ["Lambda.1 ", url.address, ": a function URL that asks for no signature"])
}

# A route of an HTTP API that anybody may call is an exception that somebody gives a reason for, route by route.
deny contains msg if {
	some route in lib.of_type("aws_apigatewayv2_route")
	object.get(route.values, "authorization_type", null) in {null, "", "NONE"}
	not lib.later(route, ["authorization_type"])
	msg := concat("", [
		"APIGateway.8 ", route.address, ": anybody may call the route (authorization_type)",
	])
}

deny contains msg if {
	some stage in lib.of_type("aws_apigatewayv2_stage")
	count(lib.blocks(stage.values, "access_log_settings")) == 0
	not lib.later(stage, ["access_log_settings"])
	msg := concat("", ["APIGateway.9 ", stage.address, ": nobody sees who calls (access_log_settings)"])
}

# What anybody may call has a rate of its own: without one it may use up the account's.
deny contains msg if {
	some stage in lib.of_type("aws_apigatewayv2_stage")
	rates := [rate |
		some rate in lib.given(stage, ["default_route_settings", "throttling_rate_limit"])
		not rate in {null, 0}
	]
	count(rates) == 0
	not lib.later(stage, ["default_route_settings", "throttling_rate_limit"])
	msg := concat("", [
		"exposure ", stage.address, ": no rate of its own (default_route_settings.throttling_rate_limit)",
	])
}

not_judged contains msg if {
	some resource in lib.planned
	some unseen in [
		{"type": "aws_apigatewayv2_route", "path": ["authorization_type"], "control": "APIGateway.8"},
		{"type": "aws_apigatewayv2_stage", "path": ["access_log_settings"], "control": "APIGateway.9"},
		{"type": "aws_apigatewayv2_stage", "path": ["default_route_settings", "throttling_rate_limit"], "control": "exposure"},
		{"type": "aws_lambda_permission", "path": ["principal"], "control": "Lambda.1"},
		{"type": "aws_lambda_function_url", "path": ["authorization_type"], "control": "Lambda.1"},
	]
	resource.type == unseen.type
	lib.later(resource, unseen.path)
	msg := lib.unseen(unseen.control, resource.address, concat(".", unseen.path))
}

# A collection that the internet reaches.
# Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-network.html
deny contains msg if {
	some policy in lib.of_type("aws_opensearchserverless_security_policy")
	regex.match(`"(?i:AllowFromPublic)"\s*:\s*(?i:"?true)`, lib.text(policy.values.policy))
	msg := concat("", [
		"exposure ", policy.address, ": the internet reaches the collection (AllowFromPublic)",
	])
}

# What has a public address of its own.
_public := [
	{"type": "aws_db_instance", "path": ["publicly_accessible"], "control": "RDS.2"},
	{"type": "aws_rds_cluster_instance", "path": ["publicly_accessible"], "control": "RDS.2"},
	{"type": "aws_redshift_cluster", "path": ["publicly_accessible"], "control": "Redshift.1"},
	{"type": "aws_redshiftserverless_workgroup", "path": ["publicly_accessible"], "control": "exposure"},
	{"type": "aws_dms_replication_instance", "path": ["publicly_accessible"], "control": "DMS.1"},
	{"type": "aws_mq_broker", "path": ["publicly_accessible"], "control": "exposure"},
]

deny contains msg if {
	some public in _public
	some resource in lib.of_type(public.type)
	lib.flag(resource, public.path) == "on"
	msg := concat("", [public.control, " ", resource.address, ": the internet reaches it (", concat(".", public.path), ")"])
}
