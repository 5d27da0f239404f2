# Every statement of every IAM policy that a plan shows, in one form, and the policies that it does not show.
package behaviour.statements

import data.behaviour.configuration
import data.behaviour.lib
import rego.v1

# Attributes that hold a policy document, whatever the resource's type.
attributes := {
	"access_policies",
	"access_policy",
	"assume_role_policy",
	"inline_policy",
	"policy",
	"policy_document",
	"repository_policy",
	"resource_policy",
	"session_policy",
}

_nested := [["inline_policy", "policy"], ["details", "policy"]]

# Documents of other grammars, and bounds that grant nothing: service control policies, endpoint policies, data
# protection, lifecycles.
other_documents := {
	"aws_cloudwatch_log_account_policy",
	"aws_cloudwatch_log_data_protection_policy",
	"aws_cloudwatch_log_index_policy",
	"aws_ecr_lifecycle_policy",
	"aws_networkmanager_core_network_policy_attachment",
	"aws_opensearchserverless_access_policy",
	"aws_opensearchserverless_lifecycle_policy",
	"aws_opensearchserverless_security_policy",
	"aws_organizations_policy",
	"aws_ses_receipt_filter",
	"aws_sns_topic_data_protection_policy",
	"aws_vpc_endpoint",
	"aws_vpc_endpoint_policy",
}

# Places of the resources where a policy stands or may stand: resource, path, value.
places := array.concat(
	[place |
		some resource in lib.planned
		not resource.type in other_documents
		some name in object.keys(resource.values)
		value := resource.values[name]
		_document(name, value)
		place := {"resource": resource, "path": [name], "value": value}
	],
	[place |
		some resource in lib.planned
		some path in _nested
		some value in lib.given(resource, path)
		place := {"resource": resource, "path": path, "value": value}
	],
)

_document(name, value) if {
	is_string(value)
	name in attributes
}

_document(name, value) if {
	is_string(value)
	not name in attributes
	startswith(trim_space(value), "{")
	contains(lower(value), "statement")
	contains(lower(value), "effect")
}

# What a text says, if it is a policy.
_parsed(text) := document if {
	startswith(trim_space(text), "{")
	json.is_valid(text)
	document := json.unmarshal(text)
}

_members(raw, name) := [value |
	some key in object.keys(raw)
	lower(key) == name
	value := raw[key]
]

_all(raw, name) := [value | some values in _members(raw, name); some value in lib.as_list(values)]

_raw_statements(text) := [raw |
	document := _parsed(text)
	some raw in _all(document, "statement")
	is_object(raw)
]

# A text that stands where a policy is expected and is none cannot be judged.
unreadable contains msg if {
	some place in places
	place.path[count(place.path) - 1] in attributes
	not lib.absent(place.value)
	is_string(place.value)
	not _parsed(place.value)
	msg := concat("", ["access ", place.resource.address, ": not judged: ", concat(".", place.path), " is no JSON"])
}

_of_json(address, path, raw) := {
	"address": address,
	"attribute": path[count(path) - 1],
	"allow": _json_allows(raw),
	"actions": _lowered(_all(raw, "action")),
	"resources": _all(raw, "resource"),
	"principals": _json_principals(raw, "principal"),
	"not_actions": _all(raw, "notaction"),
	"not_resources": _all(raw, "notresource"),
	"not_principals": _json_principals(raw, "notprincipal"),
	"conditions": _json_conditions(raw),
	"unknown": false,
}

# Only a denial, spelled as AWS spells it, takes anything away.
_json_allows(raw) := false if {
	some effect in _all(raw, "effect")
	effect == "Deny"
} else := true

_lowered(actions) := [action | some raw in actions; action := _lower(raw)]

_lower(action) := lower(action) if is_string(action)

_lower(action) := null if not is_string(action)

_json_principals(raw, name) := array.concat(
	[{"type": "AWS", "id": value} | some value in _all(raw, name); is_string(value)],
	[{"type": type, "id": id} |
		some value in _all(raw, name)
		is_object(value)
		some type in object.keys(value)
		some id in lib.as_list(value[type])
	],
)

_json_conditions(raw) := [condition |
	some tests in _all(raw, "condition")
	is_object(tests)
	some test in object.keys(tests)
	is_object(tests[test])
	some variable in object.keys(tests[test])
	condition := {
		"test": lower(test),
		"variable": lower(variable),
		"values": lib.as_list(tests[test][variable]),
	}
]

_of_document(source, raw, unknown) := {
	"address": source.address,
	"attribute": "",
	"allow": _allows(raw),
	"actions": _lowered(_known_or_not(raw, unknown, "actions")),
	"resources": _known_or_not(raw, unknown, "resources"),
	"principals": _principals(raw, unknown, "principals"),
	"not_actions": _known_or_not(raw, unknown, "not_actions"),
	"not_resources": _known_or_not(raw, unknown, "not_resources"),
	"not_principals": _principals(raw, unknown, "not_principals"),
	"conditions": [condition |
		some block in lib.blocks(raw, "condition")
		condition := {
			"test": lower(lib.text(block.test)),
			"variable": lower(lib.text(block.variable)),
			"values": lib.as_list(object.get(block, "values", null)),
		}
	],
	"unknown": unknown == true,
}

# What is unknown as a whole is one unknown value.
_known_or_not(_, unknown, name) := [null] if unknown[name] == true

_known_or_not(raw, unknown, name) := lib.as_list(object.get(raw, name, [])) if not unknown[name] == true

_principals(_, unknown, name) := [{"type": "AWS", "id": null}] if unknown[name] == true

_principals(raw, unknown, name) := [{"type": object.get(principal, "type", "AWS"), "id": id} |
	some number
	principal := lib.blocks(raw, name)[number]
	some id in _identifiers(principal, _nth(object.get(unknown, name, []), number))
] if {
	not unknown[name] == true
}

_identifiers(_, unknown) := [null] if unknown.identifiers == true

_identifiers(principal, unknown) := lib.as_list(object.get(principal, "identifiers", [])) if {
	not unknown.identifiers == true
}

_allows(raw) := false if object.get(raw, "effect", "Allow") == "Deny"

_allows(raw) if object.get(raw, "effect", "Allow") != "Deny"

documents := [source | some source in lib.data_sources; source.type == "aws_iam_policy_document"]

# A document that was read for the plan says all of itself in its JSON; of one that is read during the apply there are
# its statements, as far as they are known.
_of_documents := array.concat(
	[statement |
		some source in documents
		is_string(source.values.json)
		some raw in _raw_statements(source.values.json)
		statement := _of_json(source.address, ["json"], raw)
	],
	[statement |
		some source in documents
		not is_string(lib.value(source, "json"))
		some number
		raw := lib.blocks(source.values, "statement")[number]
		statement := _of_document(source, raw, _unknown_statement(source, number))
	],
)

_unknown_statement(source, number) := found if {
	found := _nth(object.get(source.unknown, "statement", []), number)
	is_object(found)
} else := {}

_nth(list, number) := list[number] if {
	is_array(list)
	list[number]
} else := {}

# Documents that another one begins with or overrides itself by, where they are known.
_within := [statement |
	some source in documents
	not is_string(lib.value(source, "json"))
	some name in _parts_of_others
	some text in lib.as_list(object.get(source.values, name, []))
	is_string(text)
	some raw in _raw_statements(text)
	statement := _of_json(source.address, [name], raw)
]

_of_places := [statement |
	some place in places
	is_string(place.value)
	some raw in _raw_statements(place.value)
	statement := _of_json(place.resource.address, place.path, raw)
]

all := array.concat(_of_places, array.concat(_of_documents, _within))

# A statement of a resource's own policy, or of a role's trust, says for whom it is.
names_somebody(statement) if count(statement.principals) > 0

names_somebody(statement) if count(statement.not_principals) > 0

trusts(statement) if statement.attribute == "assume_role_policy"

trusts(statement) if {
	statement.attribute != "assume_role_policy"
	names_somebody(statement)
	count(statement.actions) > 0
	every action in statement.actions {
		startswith(lib.text(action), "sts:")
	}
}

# Policies that a plan does not show.
unseen contains msg if {
	some resource in lib.planned
	not resource.type in other_documents
	some path in array.concat([[name] | some name in attributes], _nested)
	lib.later(resource, path)
	not shown(resource, path)
	msg := lib.unseen("access", resource.address, concat(".", path))
}

# An unknown policy is judged by the documents that it comes from, if it comes from nothing else.
shown(resource, path) if {
	ends := configuration.targets(resource, path)
	count(ends) > 0
	every end in ends {
		configuration.type_of(end) == "aws_iam_policy_document"
		_known_document(end)
	}
}

# One that the configuration has and the plan does not is one of which there are none (count = 0).
_known_document(end) if configuration.has(end)

_known_document(end) if end in [configuration.written(source.address) | some source in documents]

# The documents that an argument comes from, those within other documents too.
origins(resource, path) := (configuration.targets(resource, path) | {within |
	some within in graph.reachable(_contains, configuration.targets(resource, path))
}) | {within |
	some outer in graph.reachable(_contains, configuration.targets(resource, path))
	some within in object.get(_contains, outer, set())
}

_contains := {node: within |
	some source in documents
	node := configuration.written(source.address)
	within := _inner(source)
	count(within) > 0
}

_inner(source) := {end |
	some name in _parts_of_others
	some end in configuration.targets(source, [name])
}

_parts_of_others := ["source_policy_documents", "override_policy_documents", "source_json", "override_json"]

unseen contains msg if {
	some source in documents
	not is_string(lib.value(source, "json"))
	some what in _unseen_parts(source)
	msg := lib.unseen("access", source.address, what)
}

_partly_later(source, part) if lib.later(source, [part])

_partly_later(source, part) if {
	some unknown in lib.as_list(_object(source.unknown)[part])
	unknown == true
}

_unseen_parts(source) := (({part |
	some part in array.concat(["statement"], _parts_of_others)
	_partly_later(source, part)
	not shown(source, [part])
} | {part |
	some number
	unknown := lib.as_list(object.get(_object(source.unknown), "statement", []))[number]
	some name in ["actions", "not_actions", "effect", "principals", "not_principals"]
	unknown[name] == true
	part := sprintf("statement[%d].%s", [number, name])
}) | {part |
	some number
	unknown := lib.as_list(object.get(_object(source.unknown), "statement", []))[number]
	some action in lib.as_list(object.get(_object(unknown), "actions", []))
	action == true
	part := sprintf("statement[%d].actions", [number])
}) | {part |
	some number
	unknown := lib.as_list(object.get(_object(source.unknown), "statement", []))[number]
	unknown == true
	part := sprintf("statement[%d]", [number])
}

_object(value) := value if is_object(value)

_object(value) := {} if not is_object(value)
