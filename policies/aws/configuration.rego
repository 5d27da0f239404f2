# What an argument refers to, as a plan's configuration says it: through modules' variables and outputs, not through
# local values, which a plan does not tell.
package behaviour.configuration

import data.behaviour.lib
import rego.v1

_keys := `\["(\\.|[^"\\])*"\]|\[[0-9]+\]`

# An address without the keys of its instances: module.a["x"].aws_s3_bucket.b[0] is module.a.aws_s3_bucket.b.
written(address) := regex.replace(address, _keys, "")

# The keys of an instance, outermost first.
keys(address) := [split(part, "]")[0] | some part in array.slice(split(address, "["), 1, count(split(address, "[")))]

_root := [{"prefix": "", "module": object.get(lib.plan, ["configuration", "root_module"], {}), "arguments": [], "outer": ""}]

_below(modules) := [inner |
	some outer in modules
	is_object(outer.module)
	calls := object.get(outer.module, "module_calls", {})
	some name
	call := calls[name]
	is_object(call)
	inner := {
		"prefix": concat("", [outer.prefix, "module.", name, "."]),
		"module": object.get(call, "module", {}),
		"arguments": object.get(call, "expressions", {}),
		"outer": outer.prefix,
	}
]

_first := _below(_root)

_second := _below(_first)

_third := _below(_second)

_fourth := _below(_third)

_fifth := _below(_fourth)

_sixth := _below(_fifth)

modules := [module | some level in [_root, _first, _second, _third, _fourth, _fifth, _sixth]; some module in level]

resources := [found |
	some module in modules
	is_object(module.module)
	some resource in lib.as_list(object.get(module.module, "resources", []))
	found := {
		"address": concat("", [module.prefix, resource.address]),
		"type": object.get(resource, "type", ""),
		"prefix": module.prefix,
		"expressions": object.get(resource, "expressions", {}),
	}
]

# An object and no list: every argument that is unknown is looked up here.
_by_address := {resource.address: {"prefix": resource.prefix, "expressions": resource.expressions} |
	some resource in resources
}

_found(address) := object.get(_by_address, written(address), null)

has(address) if _found(address) != null

# The expressions at a path of blocks and an attribute, with the module that they stand in. Dynamic blocks are not among
# them: Terraform leaves them out of a plan's configuration.
expressions(address, path) := [{"prefix": resource.prefix, "expression": expression} |
	resource := _found(address)
	resource != null
	some expression in _at(resource.expressions, path)
]

_at(expressions, path) := [expressions[path[0]]] if count(path) == 1

_at(expressions, path) := [inner[path[1]] | some inner in lib.blocks(expressions, path[0])] if count(path) == 2

_at(expressions, path) := [inner[path[2]] |
	some outer in lib.blocks(expressions, path[0])
	some inner in lib.blocks(outer, path[1])
] if {
	count(path) == 3
}

# Whether the configuration writes an argument or block of a resource; yes where a plan has no configuration of it.
# A dynamic block of unknown number looks as if it were not written, but for blocks that the provider never reads back:
# those are known to be absent where nobody writes them.
writes(address, name) if {
	resource := _found(address)
	_says(resource, name)
}

writes(_, name) if name in _never_read_back

_never_read_back := {
	"apply_server_side_encryption_by_default",
	"kinesis_source_configuration",
	"log_publishing_options",
	"msk_source_configuration",
	"rule",
	"versioning_configuration",
	"vpc_options",
}

_says(resource, _) if resource == null

_says(resource, name) if object.get(resource.expressions, name, null) != null

_references(expression) := [reference |
	is_object(expression)
	some reference in lib.as_list(object.get(expression, "references", []))
	is_string(reference)
]

_nothing := {"each", "count", "path", "terraform", "self"}

# The things that an expression names: a variable, a local value, a module's output, a resource, a data source. Terraform
# lists a reference with its attribute and without.
_named(prefix, expression) := {node |
	some reference in _references(expression)
	steps := split(written(reference), ".")
	not steps[0] in _nothing
	node := concat("", [prefix, concat(".", array.slice(steps, 0, _length(steps[0])))])
	not _only_begins(reference, expression)
}

_length("data") := 3

_length("module") := 3

_length(kind) := 2 if not kind in {"data", "module"}

# "module.m" stands beside "module.m.output".
_only_begins(reference, expression) if {
	startswith(reference, "module.")
	some other in _references(expression)
	startswith(other, concat("", [reference, "."]))
}

_only_begins(reference, expression) if {
	startswith(reference, "module.")
	some other in _references(expression)
	startswith(other, concat("", [reference, "["]))
}

# A variable that is handed a text of its own leads nowhere else, as that text may be anything. One that is handed a
# flag or a number, or that nobody hands anything and that stands for nothing, is no answer to any question.
_graph := object.union(
	object.union(
		{node: targets |
			some module in modules
			is_object(module.arguments)
			some name
			expression := module.arguments[name]
			targets := _named(module.outer, expression)
			_hands_on(expression, targets)
			node := concat("", [module.prefix, "var.", name])
		},
		{node: set() |
			some module in modules
			module.prefix != ""
			is_object(module.module)
			variables := object.get(module.module, "variables", {})
			some name
			variable := variables[name]
			not name in object.keys(module.arguments)
			_says_nothing(object.get(variable, "default", null))
			node := concat("", [module.prefix, "var.", name])
		},
	),
	{node: targets |
		some module in modules
		module.prefix != ""
		is_object(module.module)
		outputs := object.get(module.module, "outputs", {})
		some name
		output := outputs[name]
		node := concat("", [module.prefix, name])
		targets := _named(module.prefix, object.get(output, "expression", {}))
	},
)

_hands_on(_, targets) if count(targets) > 0

_hands_on(expression, targets) if {
	count(targets) == 0
	_says_nothing(object.get(expression, "constant_value", null))
}

_says_nothing(value) if value in [null, "", true, false, [], {}]

_says_nothing(value) if is_number(value)

# Where an argument of a planned resource leads: addresses as the configuration writes them. A variable or local value
# among them is one whose value the plan does not tell.
targets(resource, path) := referred(resource.address, path)

referred(address, path) := _ends(union({nodes |
	some found in expressions(address, path)
	nodes := _named(found.prefix, found.expression)
}))

_ends(nodes) := {end |
	reached := {node | some node in graph.reachable(_graph, nodes)}
	some node in (reached | nodes)
	some end in object.get(_graph, node, {node})
	not end in reached
}

# The type of what an address names, "" of a variable or local value.
type_of(address) := type if {
	steps := split(without_modules(address), ".")
	type := _type(steps)
}

without_modules(address) := regex.replace(address, `^(module\.[^.]+\.)+`, "")

_type(steps) := steps[1] if steps[0] == "data"

_type(steps) := "" if steps[0] in {"var", "local", "module"}

_type(steps) := steps[0] if not steps[0] in {"data", "var", "local", "module"}

# References of an argument as they are written, with keys; none through modules.
direct(resource, path) := {concat("", [_instance_prefix(resource.address), reference]) |
	some found in expressions(resource.address, path)
	some reference in _references(found.expression)
}

_instance_prefix(address) := regex.replace(address, `[^.\[\]]+\.[^.\[\]]+(\["(\\.|[^"\\])*"\]|\[[0-9]+\])?$`, "")

# Whether two resources that refer to each other are of one instance: their keys are the same as far as both have some.
same_instance(one, other) if {
	first := keys(one)
	second := keys(other)
	length := min([count(first), count(second)])
	array.slice(first, 0, length) == array.slice(second, 0, length)
}
