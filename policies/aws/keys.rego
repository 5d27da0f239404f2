# Keys of the customer's own: not absent, and not those that AWS manages (alias/aws/...), however they are named.
package behaviour.keys

import data.behaviour.configuration
import data.behaviour.lib
import rego.v1

_key_types := {
	"aws_kms_alias",
	"aws_kms_external_key",
	"aws_kms_key",
	"aws_kms_key_policy",
	"aws_kms_replica_external_key",
	"aws_kms_replica_key",
}

# What an ARN is put together from besides the key.
_place_types := {"aws_caller_identity", "aws_partition", "aws_region"}

# "own", "absent", "of AWS" or "later", of each block that takes a key.
_kind(resource, path, value) := "of AWS" if {
	_alias_of_aws(value)
} else := "of AWS" if {
	_read_from_aws(resource, path)
} else := "own" if {
	is_string(value)
	value != ""
} else := "own" if {
	lib.later(resource, path)
	_refers_to_key(resource, path)
} else := "later" if {
	lib.later(resource, path)
} else := "absent"

_alias_of_aws(value) if {
	is_string(value)
	regex.match(`(^|:|/)alias/aws/`, value)
}

_sources := [source |
	some source in lib.data_sources
	source.type in {"aws_kms_alias", "aws_kms_key"}
]

# Data sources of an alias, or of a key, that AWS manages: an ARN alone does not show that.
_managed := [configuration.written(source.address) |
	some source in _sources
	regex.match(`^alias/aws/`, _name(source))
]

_managed_keys := [configuration.written(source.address) |
	some source in _sources
	source.values.key_manager == "AWS"
]

_name(source) := name if {
	name := lib.value(source, "name")
	is_string(name)
} else := name if {
	name := lib.value(source, "key_id")
	is_string(name)
} else := ""

# Those of which nobody knows yet what they are.
_unread := [configuration.written(source.address) | some source in _sources; _name(source) == ""]

_read_from_aws(resource, path) if {
	some end in configuration.targets(resource, path)
	end in array.concat(_managed, _managed_keys)
}

_refers_to_key(resource, path) if {
	ends := [end |
		some end in configuration.targets(resource, path)
		not configuration.type_of(end) in _place_types
	]
	count(ends) > 0
	every end in ends {
		configuration.type_of(end) in _key_types
		not end in _unread
	}
}

_kinds(resource, path) := [_kind(resource, path, value) | some value in lib.given(resource, path)]

fault(control, resource, path) := concat("", [
	control, " ", resource.address, ": no KMS key of its own (", concat(".", path), ")",
]) if {
	"absent" in _kinds(resource, path)
} else := concat("", [
	control, " ", resource.address, ": a key that AWS manages, not one of its own (", concat(".", path), ")",
]) if {
	"of AWS" in _kinds(resource, path)
}

unseen(control, resource, path) := lib.unseen(control, resource.address, concat(".", path)) if {
	"later" in _kinds(resource, path)
}
