# Least privilege: what the identities of a plan may do. No wildcard action, no wildcard resource but where AWS knows no
# other, no decryption with any key, no policy of AWS's own that gives everything, no users with keys.
package behaviour.access

import data.behaviour.configuration
import data.behaviour.lib
import data.behaviour.statements
import data.behaviour.unscoped
import rego.v1

_granting := [granting |
	some statement in statements.all
	statement.allow
	not statements.names_somebody(statement)
	granting := {
		"address": statement.address,
		"actions": statement.actions,
		"wide": [resource | some resource in statement.resources; _any_resource(resource)],
		"roles": [resource | some resource in statement.resources; _any_role(resource)],
		"keys": [resource | some resource in statement.resources; _any_key(resource)],
	}
]

deny contains msg if {
	some statement in _granting
	some action in statement.actions
	_whole_service(action)
	msg := concat("", ["IAM.21 ", statement.address, ": allows the wildcard action ", action])
}

# "*", "s3:*" and what covers as much: "s3:?*", "s3:**", "s*".
_whole_service(action) if {
	is_string(action)
	regex.match(`^([^:]*[*?][^:]*(:.*)?|[^:*?]*:[*?]*\*[*?]*)$`, action)
}

deny contains msg if {
	some statement in _granting
	some action in statement.actions
	_wild(action)
	not _whole_service(action)
	not _unscoped(action)
	msg := concat("", ["access ", statement.address, ": allows the wildcard action ", action])
}

_wild(text) if {
	is_string(text)
	regex.match(`[*?]`, text)
}

# Actions that AWS authorizes for every resource or none, and patterns that cover no others.
_unscoped(action) if {
	parts := split(action, ":")
	some known in object.get(unscoped.actions, parts[0], [])
	_covers(known, parts[1])
}

_covers(known, name) if known == name

_covers(known, name) if {
	endswith(known, "*")
	startswith(split(split(name, "*")[0], "?")[0], trim_suffix(known, "*"))
}

deny contains msg if {
	some statement in statements.all
	statement.allow
	some part in ["not_actions", "not_resources", "not_principals"]
	count(statement[part]) > 0
	msg := concat("", [
		"access ", statement.address, ": allows everything but what it names (NotAction, NotResource, NotPrincipal)",
	])
}

# Every resource of a service: "*", "arn:aws:s3:::*", "arn:aws:sqs:*:*:*", and every resource of a type in any account.
_any_resource(resource) if {
	is_string(resource)
	regex.match(`^[*?:]*[*?][*?:]*$`, resource)
}

_any_resource(resource) if {
	is_string(resource)
	_covers_type(resource)
	account := split(resource, ":")[4]
	regex.match(`^[*?]+$`, account)
}

_any_resource(resource) if {
	is_string(resource)
	regex.match(`^[^:]*:[^:]*:[^:]*:[^:]*:[^:]*:[*?/:]*[*?][*?/:]*$`, resource)
}

# What follows the account names at most a type, and then anything.
_covers_type(resource) if regex.match(`^[^:]*:[^:]*:[^:]*:[^:]*:[^:]*:([a-z0-9-]+[/:])?[*?/:]*[*?][*?/:]*$`, resource)

# A log group that does not exist yet: AWS's own policies say so (AWSLambdaBasicExecutionRole).
_asked_for("logs:createloggroup", resource) if startswith(resource, "arn:aws:logs:")

deny contains msg if {
	some statement in _granting
	some resource in statement.wide
	some action in statement.actions
	is_string(action)
	not _unscoped(action)
	not _asked_for(action, resource)
	msg := concat("", [
		"access ", statement.address, ": allows ", action, " on every resource (", resource, ")",
	])
}

# Whoever may hand on or assume any role of an account is whatever its roles are.
deny contains msg if {
	some statement in _granting
	some resource in statement.roles
	some action in statement.actions
	action in {"iam:passrole", "sts:assumerole"}
	msg := concat("", [
		"access ", statement.address, ": allows ", action, " with every role (", resource, ")",
	])
}

deny contains msg if {
	some statement in _granting
	some action in statement.actions
	is_string(action)
	some decrypting in ["kms:decrypt", "kms:reencryptfrom"]
	_matches(action, decrypting)
	some resource in statement.keys
	msg := concat("", [
		"KMS.1 ", statement.address, ": allows ", action, " with every key (", resource, ")",
	])
}

_matches(pattern, action) if pattern == action

_matches(pattern, action) if {
	regex.match(`^[a-z0-9:*?-]*$`, pattern)
	glob.match(pattern, null, action)
}

_any_role(resource) if {
	is_string(resource)
	_covers_type(resource)
	not _any_resource(resource)
}

_any_key(resource) if _any_resource(resource)

_any_key(resource) if {
	is_string(resource)
	regex.match(`^[^:]*:[^:]*:kms:`, resource)
	_covers_type(resource)
}

# Policies of AWS's own that give everything, or everything in a service.
# Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html
_attached := [attached |
	some kind in _attachments
	some resource in lib.of_type(kind.type)
	some value in lib.given(resource, kind.path)
	some arn in lib.as_list(value)
	is_string(arn)
	attached := {"address": resource.address, "arn": arn, "policy": regex.replace(arn, `^.*/`, "")}
]

_attachments := [
	{"type": "aws_iam_role_policy_attachment", "path": ["policy_arn"]},
	{"type": "aws_iam_user_policy_attachment", "path": ["policy_arn"]},
	{"type": "aws_iam_group_policy_attachment", "path": ["policy_arn"]},
	{"type": "aws_iam_policy_attachment", "path": ["policy_arn"]},
	{"type": "aws_iam_role_policy_attachments_exclusive", "path": ["policy_arns"]},
	{"type": "aws_iam_user_policy_attachments_exclusive", "path": ["policy_arns"]},
	{"type": "aws_iam_group_policy_attachments_exclusive", "path": ["policy_arns"]},
	{"type": "aws_iam_role", "path": ["managed_policy_arns"]},
	{"type": "aws_ssoadmin_managed_policy_attachment", "path": ["managed_policy_arn"]},
	{"type": "aws_quicksight_iam_policy_assignment", "path": ["policy_arn"]},
]

deny contains msg if {
	some attached in _attached
	_of_aws(attached.arn)
	startswith(attached.policy, "AdministratorAccess")
	msg := concat("", ["IAM.1 ", attached.address, ": attaches ", attached.policy])
}

deny contains msg if {
	some attached in _attached
	_of_aws(attached.arn)
	_gives_much(attached.policy)
	msg := concat("", [
		"access ", attached.address, ": attaches ", attached.policy, ", which gives more than it needs",
	])
}

_of_aws(arn) if regex.match(`^arn:[^:]*:iam::aws:policy/`, arn)

_gives_much(policy) if regex.match(`FullAccess(V[0-9]+|_v[0-9]+)?$`, policy)

_gives_much(policy) if {
	policy in {
		"DataScientist",
		"DatabaseAdministrator",
		"NetworkAdministrator",
		"PowerUserAccess",
		"ReadOnlyAccess",
		"SystemAdministrator",
	}
}

# A policy of the account's own is judged where the plan has it.
not_judged contains msg if {
	some attached in _attached
	not _of_aws(attached.arn)
	count([policy | some policy in lib.of_type("aws_iam_policy"); policy.values.arn == attached.arn]) == 0
	msg := concat("", [
		"access ", attached.address, ": not judged: the policy ", attached.arn, " is not in this plan",
	])
}

not_judged contains msg if {
	some kind in _attachments
	some resource in lib.of_type(kind.type)
	lib.later(resource, kind.path)
	not _attaches_planned(resource, kind.path)
	msg := lib.unseen("access", resource.address, concat(".", kind.path))
}

# Sets with unknown members are unknown as a whole.
not_judged contains msg if {
	some kind in _attachments
	some resource in lib.of_type(kind.type)
	some value in lib.given(resource, kind.path)
	is_array(value)
	null in value
	not lib.later(resource, kind.path)
	not _attaches_planned(resource, kind.path)
	msg := lib.unseen("access", resource.address, concat(".", kind.path))
}

_attaches_planned(resource, path) if {
	ends := configuration.targets(resource, path)
	count(ends) > 0
	every end in ends {
		configuration.type_of(end) == "aws_iam_policy"
		not startswith(configuration.without_modules(end), "data.")
	}
}

# Inline policies that only their names stand for.
_exclusive := {
	"aws_iam_role_policies_exclusive": "aws_iam_role_policy",
	"aws_iam_user_policies_exclusive": "aws_iam_user_policy",
	"aws_iam_group_policies_exclusive": "aws_iam_group_policy",
}

not_judged contains msg if {
	some type, inline in _exclusive
	some resource in lib.of_type(type)
	some name in lib.as_list(object.get(resource.values, "policy_names", []))
	is_string(name)
	count([policy | some policy in lib.of_type(inline); policy.values.name == name]) == 0
	msg := concat("", [
		"access ", resource.address, ": not judged: the policy ", name, " is not in this plan",
	])
}

not_judged contains msg if some msg in statements.unseen

not_judged contains msg if some msg in statements.unreadable

deny contains msg if {
	some resource in lib.planned
	resource.type in {
		"aws_iam_access_key",
		"aws_iam_service_specific_credential",
		"aws_iam_user",
		"aws_iam_user_login_profile",
	}
	msg := concat("", [
		"access ", resource.address, ": a long-lived identity; let people and pipelines assume roles",
	])
}

deny contains msg if {
	some domain in lib.domains
	lib.flag(domain, ["advanced_security_options", "internal_user_database_enabled"]) == "on"
	msg := concat("", [
		"access ", domain.address, ": users with passwords of their own, which lie in the state",
	])
}
