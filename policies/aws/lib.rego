# What the policies share: one view of a plan, whoever hands it over.
package behaviour.lib

import data.behaviour.configuration
import rego.v1

# conftest and OPA get the plan itself; HCP Terraform wraps it as {"plan": ..., "run": ...}.
plan := object.get(input, "plan", input)

changes := [change |
	some change in as_list(object.get(plan, "resource_changes", []))
	is_object(change.change)
]

# Resources that will exist after the apply, also those that the plan does not touch: address, type, values, and what of
# them is unknown until the apply. Lists, not sets: interpreters compare every new member of a set with all others.
planned := [resource |
	some change in changes
	object.get(change, "mode", "managed") == "managed"
	_stays(change.change)
	resource := {
		"address": change.address,
		"type": change.type,
		"values": _object(object.get(change.change, "after", {})),
		"unknown": object.get(change.change, "after_unknown", {}),
	}
]

_stays(change) if is_object(change.after)

_stays(change) if change.after_unknown == true

_object(value) := value if is_object(value)

_object(value) := {} if not is_object(value)

of_type(type) := [resource | some resource in planned; resource.type == type]

of_types(types) := [resource | some resource in planned; resource.type in types]

# Engine names aside, both resources are one service.
domain_types := {"aws_opensearch_domain", "aws_elasticsearch_domain"}

domains := of_types(domain_types)

# Data sources, those read for the plan and those read during the apply: address, type, values, unknown.
data_sources := array.concat(
	[source |
		some change in changes
		object.get(change, "mode", "managed") == "data"
		source := {
			"address": change.address,
			"type": change.type,
			"values": _object(object.get(change.change, "after", {})),
			"unknown": object.get(change.change, "after_unknown", {}),
		}
	],
	[source |
		some resource in _read
		object.get(resource, "mode", "data") == "data"
		source := {
			"address": resource.address,
			"type": resource.type,
			"values": _object(object.get(resource, "values", {})),
			"unknown": {},
		}
	],
)

_state := object.get(plan, ["prior_state", "values", "root_module"], {})

# Modules of a state, as deep as the configuration is followed (configuration.rego).
_children(modules) := [child | some module in modules; some child in as_list(object.get(module, "child_modules", []))]

_read := [resource |
	first := _children([_state])
	second := _children(first)
	third := _children(second)
	fourth := _children(third)
	fifth := _children(fourth)
	some modules in [[_state], first, second, third, fourth, fifth, _children(fifth)]
	some module in modules
	some resource in as_list(object.get(module, "resources", []))
]

# An argument's value, null where it has none. (A reference to what is not there would undo a "not" around it.)
value(resource, name) := object.get(resource.values, name, null)

# What stands at a path: a value for each block that has it. A path has up to three names: blocks, then the attribute.
given(resource, path) := [value |
	some block in _blocks(resource.values, array.slice(path, 0, count(path) - 1))
	value := object.get(block, path[count(path) - 1], null)
]

_blocks(values, path) := [values] if count(path) == 0

_blocks(values, path) := blocks(values, path[0]) if count(path) == 1

_blocks(values, path) := [inner |
	some outer in blocks(values, path[0])
	some inner in blocks(outer, path[1])
] if {
	count(path) == 2
}

# Blocks of a kind; what is no block counts as none.
blocks(values, name) := [block | some block in as_list(object.get(values, name, [])); is_object(block)]

# Whether what stands at a path, or anything around it, is unknown until the apply. What the configuration does not write
# is not: the provider calls it unknown as well, and AWS's default follows.
later(resource, _) if resource.unknown == true

later(resource, path) if {
	is_object(resource.unknown)
	object.get(resource.unknown, path[0], false) == true
	configuration.writes(resource.address, path[0])
}

later(resource, path) if {
	count(path) > 1
	some block in _unknown_blocks(resource, path[0])
	_later_in(block, array.slice(path, 1, count(path)))
}

_unknown_blocks(resource, name) := [block | some block in resource.unknown[name]]

_later_in(block, _) if block == true

_later_in(block, path) if block[path[0]] == true

_later_in(block, path) if {
	count(path) > 1
	some inner in as_list(object.get(block, path[0], []))
	_later_in_last(inner, path[1])
}

_later_in_last(inner, _) if inner == true

_later_in_last(inner, name) if inner[name] == true

# A flag: "on", "off", or "later" where it is unknown until the apply. A plan may hold it as a text.
flag(resource, path) := "on" if {
	some value in given(resource, path)
	is_on(value)
} else := "later" if {
	later(resource, path)
} else := "off"

is_on(true)

is_on(value) if {
	is_string(value)
	lower(value) == "true"
}

is_off(false)

is_off(value) if {
	is_string(value)
	lower(value) == "false"
}

# A message of each resource that lacks a flag which it must have, of a table {control, types, path, says}.
not_on(table) := [msg |
	some rule in table
	some resource in planned
	resource.type in rule.types
	flag(resource, rule.path) == "off"
	msg := concat("", [rule.control, " ", resource.address, ": ", rule.says, " (", concat(".", rule.path), ")"])
]

unseen_flags(table) := [msg |
	some rule in table
	some resource in planned
	resource.type in rule.types
	flag(resource, rule.path) == "later"
	msg := unseen(rule.control, resource.address, concat(".", rule.path))
]

# What a plan does not show is said, and is neither a failure nor a pass. (concat and not sprintf: interpreters differ on
# the quotes of what functions hand over.)
unseen(control, address, what) := concat("", [control, " ", address, ": not judged: ", what, " is unknown until apply"])

# The one block of a kind, {} without one.
block(values, name) := blocks(values, name)[0] if count(blocks(values, name)) > 0

block(values, name) := {} if count(blocks(values, name)) == 0

absent(value) if value == null

absent(value) if value == ""

absent(value) if value == []

# A number that a plan may hold as a text.
number(value) := value if is_number(value)

number(value) := to_number(value) if {
	is_string(value)
	regex.match(`^[0-9]{1,15}$`, value)
}

# A value for a message. (%v would do, but interpreters differ on its quotes.)
text(value) := value if is_string(value)

text(value) := "not set" if not is_string(value)

as_list(value) := value if is_array(value)

as_list(value) := [] if value == null

as_list(value) := [value] if {
	not is_array(value)
	value != null
}
