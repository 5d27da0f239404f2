# Whether a condition of a statement keeps anybody out.
package behaviour.conditions

import data.behaviour.addresses
import rego.v1

# Keys that say who calls, from where, or on whose behalf.
# Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html (what is public)
_accounts := {
	"aws:principalaccount",
	"aws:sourceaccount",
	"aws:sourceowner",
	"kms:calleraccount",
	"s3:dataaccesspointaccount",
}

_arns := {"aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn", "lambda:functionarn"}

_identifiers := {
	"aws:principalorgid",
	"aws:sourceorgid",
	"aws:sourcevpc",
	"aws:sourcevpce",
	"aws:userid",
}

_paths := {"aws:principalorgpaths", "aws:sourceorgpaths"}

# Conditions of a statement all have to hold: one that keeps somebody out is enough.
keeps_out(statement) if {
	some condition in statement.conditions
	restricts(condition)
}

# Unknown until the apply, and of a kind that may keep somebody out.
may_keep_out(statement) if {
	some condition in statement.conditions
	_positive(condition.test)
	some value in condition.values
	not is_string(value)
	restricts(object.union(condition, {"values": [_example(condition.variable)]}))
}

# A value for a key whose own is not known yet.
_example(variable) := "111122223333" if variable in _accounts

_example(variable) := "arn:aws:iam::111122223333:role/name" if variable in _arns

_example(variable) := "10.0.0.0/8" if variable in {"aws:sourceip", "aws:vpcsourceip"}

_example(variable) := "o-0123456789" if {
	not variable in _accounts
	not variable in _arns
	not variable in {"aws:sourceip", "aws:vpcsourceip"}
}

# ...IfExists and ForAllValues hold where the key is absent, and a negation holds for nearly everybody.
_positive(test) if {
	not endswith(test, "ifexists")
	regex.match(`^(foranyvalue:)?(stringequals|stringequalsignorecase|stringlike|arnequals|arnlike|ipaddress)$`, test)
}

restricts(condition) if {
	_positive(condition.test)
	count(condition.values) > 0
	every value in condition.values {
		_narrow(condition, value)
	}
}

_narrow(condition, value) if {
	condition.variable in _accounts
	regex.match(`^[0-9]{12}$`, value)
}

_narrow(condition, value) if {
	condition.variable in _accounts
	regex.match(`^arn:[^:]*:iam::[0-9]{12}:root$`, value)
}

_narrow(condition, value) if {
	condition.variable in _arns
	parts := split(value, ":")
	regex.match(`^[^*?]+$`, parts[4])
}

# Buckets' ARNs name no account.
_narrow(condition, value) if {
	condition.variable in _arns
	parts := split(value, ":")
	parts[2] == "s3"
	regex.match(`^[^*?]`, parts[5])
}

_narrow(condition, value) if {
	condition.variable in _identifiers
	regex.match(`^[^*?]{4,}`, value)
	not regex.match(`^[a-z]+-[*?]`, value)
}

_narrow(condition, value) if {
	condition.variable in _paths
	regex.match(`^o-[^*?/]+/`, value)
}

_narrow(condition, value) if {
	startswith(condition.variable, "aws:principaltag/")
	regex.match(`^[^*?]`, value)
}

_narrow(condition, value) if {
	condition.variable in {"aws:sourceip", "aws:vpcsourceip"}
	condition.test == "ipaddress"
	not addresses.much_of_all([block | some block in condition.values; is_string(block)])
	is_string(value)
}

# Whether a condition says for whom a service may act: an account, a resource, an organization, or what the service
# itself sends along.
names_source(statement) if {
	some condition in statement.conditions
	_positive(condition.test)
	condition.variable in (((_accounts | _arns) | (_identifiers | _paths)) | {"sts:externalid"})
	count(condition.values) > 0
	every value in condition.values {
		_unknown_or_narrow(condition, value)
	}
}

names_source(statement) if {
	some condition in statement.conditions
	_positive(condition.test)
	startswith(condition.variable, "kms:encryptioncontext:")
	every value in condition.values {
		_unknown_or_begun(value)
	}
}

_unknown_or_narrow(_, value) if not is_string(value)

_unknown_or_narrow(condition, value) if _narrow(condition, value)

_unknown_or_narrow(condition, value) if {
	condition.variable == "sts:externalid"
	regex.match(`^[^*?]{2,}$`, value)
}

_unknown_or_begun(value) if not is_string(value)

_unknown_or_begun(value) if regex.match(`^[^*?]`, value)

# Whether a statement is kept to an organization.
in_organization(statement) if {
	some condition in statement.conditions
	condition.variable in {"aws:principalorgid", "aws:principalorgpaths"}
	restricts(condition)
}

# Whether it asks for the identifier that another account was given.
asks_for_external_id(statement) if {
	some condition in statement.conditions
	condition.variable == "sts:externalid"
	_positive(condition.test)
	count(condition.values) > 0
	every value in condition.values {
		_unknown_or_narrow(condition, value)
	}
}
