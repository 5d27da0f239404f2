# Whom a resource's own policy lets in: not everybody, no other account, no service on anybody's behalf.
package behaviour.grants

import data.behaviour.conditions
import data.behaviour.configuration
import data.behaviour.lib
import data.behaviour.statements
import rego.v1

_granting := [statement |
	some statement in statements.all
	statement.allow
	statements.names_somebody(statement)
]

# Everybody.

_anybody(principal) if {
	is_string(principal.id)
	principal.type != "Federated"
	regex.match(`[*?]`, principal.id)
}

_open(statement) if {
	some principal in statement.principals
	_anybody(principal)
}

deny contains msg if {
	some statement in _granting
	_open(statement)
	not conditions.keeps_out(statement)
	not conditions.may_keep_out(statement)
	not _sign_in(statement)
	msg := concat("", [
		"exposure ", statement.address, ": allows anybody (principal *) without a condition that keeps somebody out",
	])
}

not_judged contains msg if {
	some statement in _granting
	_open(statement)
	not conditions.keeps_out(statement)
	conditions.may_keep_out(statement)
	msg := lib.unseen("exposure", statement.address, "the condition for principal *")
}

# A browser cannot sign requests: where people sign in by SAML or JSON web tokens, a domain's policy lets everybody's
# through to fine-grained access control, which refuses who is not signed in. By HTTP, and in that domain's own policy.
# Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html#fgac-access-policies
_sign_in(statement) if {
	count(statement.not_actions) + count(statement.not_resources) == 0
	count(statement.actions) > 0
	count(statement.resources) > 0
	every action in statement.actions {
		action in _http
	}
	some domain in lib.domains
	_is_policy_of(domain, statement.address)
	lib.flag(domain, ["advanced_security_options", "enabled"]) == "on"
	_signs_people_in(domain)
	every resource in statement.resources {
		_lies_in(domain.values.domain_name, resource)
	}
}

_http := {
	"es:eshttpdelete",
	"es:eshttpget",
	"es:eshttphead",
	"es:eshttppatch",
	"es:eshttppost",
	"es:eshttpput",
}

_is_policy_of(domain, address) if domain.address == address

_is_policy_of(domain, address) if {
	configuration.written(address) in configuration.targets(domain, ["access_policies"])
}

# An account that is derived from a resource is known after the apply, and with it the ARN.
_lies_in(_, resource) if resource == null

_lies_in(name, resource) if endswith(resource, concat("", [":domain/", name, "/*"]))

_signs_people_in(domain) if lib.flag(domain, ["advanced_security_options", "jwt_options", "enabled"]) == "on"

_signs_people_in(domain) if {
	some saml in lib.of_type("aws_opensearch_domain_saml_options")
	saml.values.domain_name == domain.values.domain_name
	lib.flag(saml, ["saml_options", "enabled"]) == "on"
}

# Other accounts. Its own is the one that the provider is held to, that AWS said, that resources have or that their own
# policies are about.

_account(arn) := split(arn, ":")[4] if {
	is_string(arn)
	regex.match(`^arn:[^:]*:[^:]*:[^:]*:[0-9]{12}:`, arn)
}

_allowed := [account |
	providers := object.get(lib.plan, ["configuration", "provider_config"], {})
	some name in object.keys(providers)
	some account in lib.as_list(object.get(providers[name], ["expressions", "allowed_account_ids", "constant_value"], []))
]

_certain := ({account |
	some account in _allowed
} | {account |
	some source in lib.data_sources
	source.type == "aws_caller_identity"
	account := source.values.account_id
}) | {account |
	some resource in lib.planned
	account := _account(object.get(resource.values, "arn", null))
}

_own := _certain if count(_certain) > 0

_own := {account |
	some statement in statements.all
	statements.names_somebody(statement)
	some resource in statement.resources
	account := _account(resource)
} if {
	count(_certain) == 0
}

_named(principal) := principal.id if {
	is_string(principal.id)
	regex.match(`^[0-9]{12}$`, principal.id)
}

_named(principal) := _account(principal.id) if principal.type == "AWS"

_elsewhere(statement) := {account |
	some principal in statement.principals
	account := _named(principal)
	not account in _own
}

deny contains msg if {
	some statement in _granting
	count(_own) > 0
	some account in _elsewhere(statement)
	not _agreed(statement)
	msg := concat("", [_control(statement), " ", statement.address, ": grants to another account (", account, ")", _without(statement)])
}

not_judged contains msg if {
	some statement in _granting
	count(_own) == 0
	some account in _elsewhere(statement)
	not _agreed(statement)
	msg := concat("", [
		_control(statement), " ", statement.address, ": not judged: grants to the account ", account,
		", and the plan does not say which one is its own (allowed_account_ids)",
	])
}

_agreed(statement) if conditions.in_organization(statement)

_agreed(statement) if {
	statements.trusts(statement)
	conditions.asks_for_external_id(statement)
}

_control(statement) := "trust" if statements.trusts(statement)

_control(statement) := "exposure" if not statements.trusts(statement)

_without(statement) := " without sts:ExternalId" if statements.trusts(statement)

_without(statement) := "" if not statements.trusts(statement)

# Services, which act for whoever asks them.
# Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html

_service(statement) := {principal.id |
	some principal in statement.principals
	principal.type == "Service"
	is_string(principal.id)
}

deny contains msg if {
	some statement in _granting
	not statements.trusts(statement)
	not conditions.names_source(statement)
	some service in _service(statement)
	not _sends_no_source(service, statement)
	msg := concat("", [
		"exposure ", statement.address, ": ", service, " may act for any account (aws:SourceAccount, aws:SourceArn)",
	])
}

# Load balancers write their logs for AWS's own accounts, and events reach log groups without a source.
# Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html,
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
_sends_no_source(service, _) if startswith(service, "logdelivery.elasticloadbalancing.")

_sends_no_source(service, statement) if {
	startswith(service, "events.amazonaws.")
	every action in statement.actions {
		startswith(lib.text(action), "logs:")
	}
}

# Roles of services for which AWS's documentation asks for it.
# Source: the page on the confused deputy of each service, such as
# https://docs.aws.amazon.com/firehose/latest/dev/cross-service-confused-deputy-prevention.html
_asks_for_source := {
	"bedrock",
	"cloudtrail",
	"es",
	"firehose",
	"logs",
	"opensearchservice",
	"osis-pipelines",
	"personalize",
	"pipes",
	"scheduler",
	"transfer",
	"vpc-flow-logs",
}

deny contains msg if {
	some statement in _granting
	statements.trusts(statement)
	not conditions.names_source(statement)
	some service in _service(statement)
	split(service, ".")[0] in _asks_for_source
	msg := concat("", [
		"trust ", statement.address, ": ", service, " may assume the role for any account (aws:SourceAccount, aws:SourceArn)",
	])
}

# Identity providers: whoever they vouch for, unless the statement says whom.
# Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html

_web_identity(statement) := {principal.id |
	some principal in statement.principals
	principal.type == "Federated"
	is_string(principal.id)
	not contains(principal.id, ":saml-provider/")
}

deny contains msg if {
	some statement in _granting
	statements.trusts(statement)
	some provider in _web_identity(statement)
	not _says_whom(statement, provider)
	msg := concat("", [
		"trust ", statement.address, ": whoever ", provider, " vouches for may assume the role (a condition on its :sub)",
	])
}

# An unknown provider's ARN needs the condition all the same.
deny contains msg if {
	some statement in _granting
	statements.trusts(statement)
	some principal in statement.principals
	principal.type == "Federated"
	not is_string(principal.id)
	some action in statement.actions
	action == "sts:assumerolewithwebidentity"
	not _says_whom(statement, "")
	msg := concat("", [
		"trust ", statement.address, ": whoever the identity provider vouches for may assume the role (a condition on its :sub)",
	])
}

# A claim of the provider about who it is. The audience says for whom a token is made, which is whoever asks for one
# where everybody's pipelines share a provider; a provider of one's own, and Cognito's pools, tell clients by it.
_says_whom(statement, provider) if {
	some condition in statement.conditions
	contains(condition.variable, ":")
	not startswith(condition.variable, "aws:")
	not startswith(condition.variable, "sts:")
	_positive(condition.test)
	not _of_everybody(provider, condition)
	count(condition.values) > 0
	every value in condition.values {
		_somebody(value)
	}
}

_positive(test) if regex.match(`^(foranyvalue:)?string(equals|equalsignorecase|like)$`, test)

_of_everybody(provider, condition) if {
	endswith(condition.variable, ":aud")
	some shared in _shared
	contains(lower(provider), shared)
}

_of_everybody(_, condition) if {
	endswith(condition.variable, ":aud")
	"sts.amazonaws.com" in condition.values
}

_shared := ["agent.buildkite.com", "app.terraform.io", "bitbucket.org", "githubusercontent.com", "gitlab.com"]

_somebody(value) if not is_string(value)

# "repo:*", "system:serviceaccount:*" and "organization:*" are anybody whom the provider knows.
_somebody(value) if {
	regex.match(`^[^*?]`, value)
	not regex.match(`^([a-z_]+:){1,2}[*?]`, value)
	not regex.match(`^[a-z_]{0,3}[*?]`, value)
}

# Directories: AWS's sign-in is the audience of SAML.
deny contains msg if {
	some statement in _granting
	statements.trusts(statement)
	some principal in statement.principals
	principal.type == "Federated"
	contains(lib.text(principal.id), ":saml-provider/")
	count([condition | some condition in statement.conditions; startswith(condition.variable, "saml:")]) == 0
	msg := concat("", [
		"trust ", statement.address, ": whoever ", principal.id, " vouches for may assume the role (a condition on saml:aud)",
	])
}
