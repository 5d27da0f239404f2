# What the policies share: one view of a plan, whoever hands it over.
package behaviour.lib

import rego.v1

# conftest and OPA get the plan itself; HCP Terraform wraps it as {"plan": ..., "run": ...}.
plan := object.get(input, "plan", input)

changes := object.get(plan, "resource_changes", [])

# Resources that will exist after the apply, also those that the plan does not touch: [address, type, values].
# Lists, not sets: interpreters compare every new member of a set with all others.
planned := [resource |
	some change in changes
	object.get(change, "mode", "managed") == "managed"
	is_object(change.change.after)
	resource := {"address": change.address, "type": change.type, "values": change.change.after}
]

of_type(type) := [resource | some resource in planned; resource.type == type]

# Engine names aside, both resources are one service.
domains := array.concat(of_type("aws_opensearch_domain"), of_type("aws_elasticsearch_domain"))

# The attributes of a resource that are known after the apply only.
unknown(address) := after_unknown if {
	some change in changes
	change.address == address
	after_unknown := object.get(change.change, "after_unknown", {})
}

known_later(address, path) if object.get(unknown(address), path, false) == true

# The first block of a kind, {} without one.
block(values, name) := blocks[0] if {
	blocks := as_list(object.get(values, name, []))
	count(blocks) > 0
}

block(values, name) := {} if count(as_list(object.get(values, name, []))) == 0

# The text of a flag in a plan may be a word ("true") in some resources.
is_on(value) if value == true

is_on(value) if value == "true"

# Every statement of every policy that a plan shows: policy documents (data sources) and JSON texts in resources.
statements contains statement if {
	some change in changes
	change.type == "aws_iam_policy_document"
	some raw in object.get(change.change.after, "statement", [])
	statement := _of_document(change.address, raw)
}

statements contains statement if {
	some resource in object.get(plan, ["prior_state", "values", "root_module", "resources"], [])
	resource.type == "aws_iam_policy_document"
	some raw in object.get(resource.values, "statement", [])
	statement := _of_document(resource.address, raw)
}

statements contains statement if {
	some resource in planned
	some attribute in ["policy", "assume_role_policy", "access_policies", "policy_document"]
	text := object.get(resource.values, attribute, "")
	is_string(text)
	startswith(text, "{")
	some raw in as_list(object.get(json.unmarshal(text), "Statement", []))
	statement := {
		"address": resource.address,
		"allow": object.get(raw, "Effect", "Allow") == "Allow",
		"actions": as_list(object.get(raw, "Action", [])),
		"resources": as_list(object.get(raw, "Resource", [])),
		"principals": _json_principals(object.get(raw, "Principal", [])),
		"conditions": count(object.get(raw, "Condition", {})),
		"negated": count({key | some key in ["NotAction", "NotResource", "NotPrincipal"]; raw[key]}) > 0,
	}
}

_of_document(address, raw) := {
	"address": address,
	"allow": _allows(raw),
	"actions": as_list(object.get(raw, "actions", [])),
	"resources": as_list(object.get(raw, "resources", [])),
	"principals": [identifier |
		some principal in as_list(object.get(raw, "principals", []))
		some identifier in as_list(object.get(principal, "identifiers", []))
	],
	"conditions": count(as_list(object.get(raw, "condition", []))),
	"negated": count([item |
		some key in ["not_actions", "not_resources", "not_principals"]
		some item in as_list(object.get(raw, key, []))
	]) > 0,
}

_allows(raw) if object.get(raw, "effect", "Allow") in {"Allow", null}

_allows(raw) := false if object.get(raw, "effect", "Allow") == "Deny"

_json_principals(principal) := [principal] if is_string(principal)

_json_principals(principal) := [identifier |
	some identifiers in principal
	some identifier in as_list(identifiers)
] if {
	is_object(principal)
}

_json_principals(principal) := [] if is_array(principal)

# A value for a message. (%v would do, but interpreters differ on its quotes.)
text(value) := value if is_string(value)

text(value) := "not set" if not is_string(value)

as_list(value) := value if is_array(value)

as_list(value) := [] if value == null

as_list(value) := [value] if {
	not is_array(value)
	value != null
}
