# Nothing is public.
package behaviour.exposure

import data.behaviour.lib
import rego.v1

deny contains msg if {
	some domain in lib.domains
	count(lib.as_list(object.get(domain.values, "vpc_options", []))) == 0
	msg := sprintf("Opensearch.2 %s: the domain has a public endpoint (vpc_options)", [domain.address])
}

deny contains msg if {
	some statement in lib.statements
	statement.allow
	"*" in statement.principals
	statement.conditions == 0
	not _sign_in(statement)
	msg := sprintf("exposure %s: allows anybody (principal *) without a condition", [statement.address])
}

# A browser cannot sign requests: where people sign in by SAML or JSON web tokens, a domain's policy lets everybody's
# through to fine-grained access control, which refuses who is not signed in. By HTTP, and in that domain's own policy.
# Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html#fgac-access-policies
_sign_in(statement) if {
	not statement.negated
	count(statement.resources) > 0
	every action in statement.actions {
		action in _http
	}
	some domain in lib.domains
	_is_policy_of(domain.address, statement.address)
	security := lib.block(domain.values, "advanced_security_options")
	lib.is_on(object.get(security, "enabled", false))
	_signs_people_in(domain.values.domain_name, security)
	every resource in statement.resources {
		_lies_in(domain.values.domain_name, resource)
	}
}

_http := {
	"es:ESHttpDelete",
	"es:ESHttpGet",
	"es:ESHttpHead",
	"es:ESHttpPatch",
	"es:ESHttpPost",
	"es:ESHttpPut",
}

_is_policy_of(domain, address) if domain == address

_is_policy_of(domain, address) if {
	some resource in object.get(lib.plan, ["configuration", "root_module", "resources"], [])
	resource.address == domain
	address in object.get(resource.expressions, ["access_policies", "references"], [])
}

# An account that is derived from a resource is known after the apply, and with it the ARN.
_lies_in(_, resource) if resource == null

_lies_in(name, resource) if endswith(resource, sprintf(":domain/%s/*", [name]))

_signs_people_in(_, security) if lib.is_on(object.get(lib.block(security, "jwt_options"), "enabled", false))

_signs_people_in(name, _) if {
	some saml in lib.of_type("aws_opensearch_domain_saml_options")
	saml.values.domain_name == name
	lib.is_on(object.get(lib.block(saml.values, "saml_options"), "enabled", false))
}

_settings := ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]

deny contains msg if {
	buckets := lib.of_type("aws_s3_bucket")
	blocks := lib.of_type("aws_s3_bucket_public_access_block")
	count(blocks) < count(buckets)
	some bucket in buckets
	msg := sprintf("S3.8 %s: a bucket without a public access block", [bucket.address])
}

deny contains msg if {
	some blocked in lib.of_type("aws_s3_bucket_public_access_block")
	some setting in _settings
	not object.get(blocked.values, setting, false)
	msg := sprintf("S3.8 %s: %s is off", [blocked.address, setting])
}

deny contains msg if {
	some acl in lib.of_type("aws_s3_bucket_acl")
	msg := sprintf("S3.12 %s: access by ACL; use policies", [acl.address])
}

deny contains msg if {
	buckets := lib.of_type("aws_s3_bucket")
	owned := {setting |
		some setting in lib.of_type("aws_s3_bucket_ownership_controls")
		lib.block(setting.values, "rule").object_ownership == "BucketOwnerEnforced"
	}
	count(owned) < count(buckets)
	some bucket in buckets
	msg := sprintf("S3.12 %s: ACLs are not switched off (BucketOwnerEnforced)", [bucket.address])
}

deny contains msg if {
	some permission in lib.of_type("aws_lambda_permission")
	permission.values.principal == "*"
	msg := sprintf("Lambda.1 %s: anybody may call the function", [permission.address])
}

# Who calls a function for somebody else must say for whom.
deny contains msg if {
	some permission in lib.of_type("aws_lambda_permission")
	endswith(object.get(permission.values, "principal", ""), ".amazonaws.com")
	object.get(permission.values, "source_arn", null) in {null, ""}
	not lib.known_later(permission.address, ["source_arn"])
	object.get(permission.values, "source_account", null) in {null, ""}
	not lib.known_later(permission.address, ["source_account"])
	msg := sprintf("Lambda.1 %s: the service may call for any account (source_arn, source_account)", [permission.address])
}

deny contains msg if {
	some url in lib.of_type("aws_lambda_function_url")
	url.values.authorization_type == "NONE"
	msg := sprintf("Lambda.1 %s: a function URL that asks for no signature", [url.address])
}

# A route of an HTTP API that anybody may call is an exception that somebody gives a reason for, route by route.
deny contains msg if {
	some route in lib.of_type("aws_apigatewayv2_route")
	object.get(route.values, "authorization_type", null) in {null, "", "NONE"}
	msg := sprintf("APIGateway.8 %s: anybody may call the route (authorization_type)", [route.address])
}

deny contains msg if {
	some stage in lib.of_type("aws_apigatewayv2_stage")
	count(lib.as_list(object.get(stage.values, "access_log_settings", []))) == 0
	not lib.known_later(stage.address, ["access_log_settings"])
	msg := sprintf("APIGateway.9 %s: nobody sees who calls (access_log_settings)", [stage.address])
}

# What anybody may call has a rate of its own: without one it may use up the account's.
deny contains msg if {
	some stage in lib.of_type("aws_apigatewayv2_stage")
	settings := lib.block(stage.values, "default_route_settings")
	object.get(settings, "throttling_rate_limit", 0) in {null, 0}
	msg := sprintf("exposure %s: no rate of its own (default_route_settings.throttling_rate_limit)", [stage.address])
}

_open := {"0.0.0.0/0", "::/0"}

deny contains msg if {
	some rule in lib.of_type("aws_vpc_security_group_ingress_rule")
	some attribute in ["cidr_ipv4", "cidr_ipv6"]
	object.get(rule.values, attribute, "") in _open
	msg := sprintf("EC2.18 %s: lets the whole internet in", [rule.address])
}

deny contains msg if {
	some group in lib.of_type("aws_security_group")
	some rule in lib.as_list(object.get(group.values, "ingress", []))
	some attribute in ["cidr_blocks", "ipv6_cidr_blocks"]
	some block in lib.as_list(object.get(rule, attribute, []))
	block in _open
	msg := sprintf("EC2.18 %s: lets the whole internet in", [group.address])
}

deny contains msg if {
	some group in lib.of_type("aws_default_security_group")
	some direction in ["ingress", "egress"]
	count(lib.as_list(object.get(group.values, direction, []))) > 0
	msg := sprintf("EC2.2 %s: the default security group lets traffic through (%s)", [group.address, direction])
}

deny contains msg if {
	some subnet in lib.of_type("aws_subnet")
	object.get(subnet.values, "map_public_ip_on_launch", false)
	msg := sprintf("EC2.15 %s: gives public addresses (map_public_ip_on_launch)", [subnet.address])
}

deny contains msg if {
	vpcs := lib.of_type("aws_vpc")
	count(lib.of_type("aws_flow_log")) < count(vpcs)
	some vpc in vpcs
	msg := sprintf("EC2.6 %s: no flow log", [vpc.address])
}
