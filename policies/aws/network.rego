# No network lets the internet in.
package behaviour.network

import data.behaviour.addresses
import data.behaviour.configuration
import data.behaviour.lib
import rego.v1

# Every place where a plan opens a security group to addresses.
_openings := array.concat(
	[opening |
		some rule in lib.of_type("aws_vpc_security_group_ingress_rule")
		some name in ["cidr_ipv4", "cidr_ipv6"]
		opening := {"rule": rule, "path": [name], "blocks": lib.as_list(object.get(rule.values, name, null))}
	],
	array.concat(
		[opening |
			some rule in lib.of_type("aws_security_group_rule")
			object.get(rule.values, "type", "ingress") != "egress"
			some name in ["cidr_blocks", "ipv6_cidr_blocks"]
			opening := {"rule": rule, "path": [name], "blocks": lib.as_list(object.get(rule.values, name, null))}
		],
		[opening |
			some group in lib.of_types({"aws_security_group", "aws_default_security_group"})
			some name in ["cidr_blocks", "ipv6_cidr_blocks"]
			some blocks in lib.given(group, ["ingress", name])
			opening := {"rule": group, "path": ["ingress", name], "blocks": lib.as_list(blocks)}
		],
	),
)

# Prefix lists of the plan, as far as a rule that lets somebody in may use them.
_lists := [opening |
	some list in lib.of_type("aws_ec2_managed_prefix_list")
	opening := {"rule": list, "path": ["entry", "cidr"], "blocks": lib.given(list, ["entry", "cidr"])}
] if {
	count(_by_list) > 0
}

_lists := [] if count(_by_list) == 0

_all := array.concat(_openings, _lists)

_texts(opening) := [block | some block in opening.blocks; is_string(block)]

deny contains msg if {
	some opening in _all
	addresses.much_of_all(_texts(opening))
	msg := concat("", ["EC2.18 ", opening.rule.address, ": lets the internet in (", concat(".", opening.path), ")"])
}

# Blocks that are small each and much together, over several rules.
_together := [block | some opening in _all; some block in _texts(opening)]

deny contains msg if {
	addresses.much_of_all(_together)
	count([opening | some opening in _all; addresses.much_of_all(_texts(opening))]) == 0
	some opening in _all
	some block in _texts(opening)
	regex.match(`/0*[0-9]$|/0*1[0-9]$`, block)
	msg := concat("", ["EC2.18 ", opening.rule.address, ": lets the internet in, together with other rules (", concat(".", opening.path), ")"])
}

not_judged contains msg if {
	some opening in _openings
	_unseen(opening)
	msg := lib.unseen("EC2.18", opening.rule.address, concat(".", opening.path))
}

_unseen(opening) if lib.later(opening.rule, opening.path)

_unseen(opening) if {
	some block in opening.blocks
	not is_string(block)
	not _of_network(opening)
}

# A network's own block, whatever it will be.
_of_network(opening) if {
	ends := configuration.targets(opening.rule, opening.path)
	count(ends) > 0
	every end in ends {
		configuration.type_of(end) in {"aws_vpc", "aws_subnet"}
	}
}

not_judged contains msg if {
	some group in lib.of_types({"aws_security_group", "aws_default_security_group"})
	lib.later(group, ["ingress"])
	msg := lib.unseen("EC2.18", group.address, "ingress")
}

# Prefix lists of which the plan shows no blocks.
_by_list := array.concat(
	[{"rule": rule, "path": ["prefix_list_id"], "lists": lib.as_list(object.get(rule.values, "prefix_list_id", null))} |
		some rule in lib.of_type("aws_vpc_security_group_ingress_rule")
		_uses_list(rule, "prefix_list_id")
	],
	array.concat(
		[{"rule": rule, "path": ["prefix_list_ids"], "lists": lib.as_list(object.get(rule.values, "prefix_list_ids", null))} |
			some rule in lib.of_type("aws_security_group_rule")
			object.get(rule.values, "type", "ingress") != "egress"
			_uses_list(rule, "prefix_list_ids")
		],
		[{"rule": group, "path": ["ingress", "prefix_list_ids"], "lists": lists} |
			some group in lib.of_types({"aws_security_group", "aws_default_security_group"})
			some value in lib.given(group, ["ingress", "prefix_list_ids"])
			lists := lib.as_list(value)
			count(lists) > 0
		],
	),
)

_uses_list(rule, name) if count(lib.as_list(object.get(rule.values, name, null))) > 0

_uses_list(rule, name) if {
	lib.later(rule, [name])
}

not_judged contains msg if {
	some use in _by_list
	not _list_of_plan(use)
	msg := concat("", ["EC2.18 ", use.rule.address, ": not judged: the blocks of the prefix list are not in this plan (", concat(".", use.path), ")"])
}

_list_of_plan(use) if {
	ends := configuration.targets(use.rule, use.path)
	count(ends) > 0
	every end in ends {
		configuration.type_of(end) == "aws_ec2_managed_prefix_list"
		not startswith(configuration.without_modules(end), "data.")
	}
}

deny contains msg if {
	some group in lib.of_type("aws_default_security_group")
	some direction in ["ingress", "egress"]
	count(lib.as_list(object.get(group.values, direction, []))) > 0
	msg := concat("", [
		"EC2.2 ", group.address, ": the default security group lets traffic through (", direction, ")",
	])
}

# A rule put into the default group from outside.
deny contains msg if {
	some rule in lib.of_types({
		"aws_security_group_rule",
		"aws_vpc_security_group_egress_rule",
		"aws_vpc_security_group_ingress_rule",
	})
	some reference in configuration.direct(rule, ["security_group_id"])
	_default_group(reference)
	msg := concat("", ["EC2.2 ", rule.address, ": the default security group lets traffic through"])
}

_default_group(reference) if endswith(reference, ".default_security_group_id")

_default_group(reference) if {
	startswith(configuration.without_modules(configuration.written(reference)), "aws_default_security_group.")
}

deny contains msg if {
	some subnet in lib.of_types({"aws_default_subnet", "aws_subnet"})
	lib.flag(subnet, ["map_public_ip_on_launch"]) == "on"
	msg := concat("", ["EC2.15 ", subnet.address, ": gives public addresses (map_public_ip_on_launch)"])
}

# A flow log says by its vpc_id which network it is of.
_networks := lib.of_types({"aws_default_vpc", "aws_vpc"})

_logs := lib.of_type("aws_flow_log")

_logged(vpc) if {
	some log in _logs
	log.values.vpc_id == vpc.values.id
}

_logged(vpc) if {
	some log in _logs
	configuration.targets(log, ["vpc_id"]) == {configuration.written(vpc.address)}
	configuration.same_instance(log.address, vpc.address)
}

_may_be_logged if {
	some log in _logs
	lib.later(log, ["vpc_id"])
	not _placed(log)
}

_placed(log) if {
	some end in configuration.targets(log, ["vpc_id"])
	configuration.type_of(end) in {"aws_default_vpc", "aws_vpc"}
}

deny contains msg if {
	some vpc in _networks
	not _logged(vpc)
	not _may_be_logged
	msg := concat("", ["EC2.6 ", vpc.address, ": no flow log"])
}

not_judged contains msg if {
	some vpc in _networks
	not _logged(vpc)
	_may_be_logged
	msg := lib.unseen("EC2.6", vpc.address, "the network of a flow log")
}
