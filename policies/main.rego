# All failures of all policies but the excepted ones. conftest looks here by itself; HCP Terraform is told in policies.hcl.
package main

import data.behaviour.exceptions
import rego.v1

found contains msg if {
	some name
	data.behaviour[name].deny[msg]
}

deny contains msg if {
	some msg in found
	not excepted(msg)
}

# A message begins with the control's id and the resource's address.
excepted(msg) if {
	some exception in exceptions.exceptions
	startswith(msg, sprintf("%s ", [exception.id]))
	address := trim_suffix(split(msg, " ")[1], ":")
	glob.match(exception.resource, [], address)
	time.now_ns() <= exception.expires_ns
}

# A waiver names a resource that may be destroyed or replaced.
excepted(msg) if {
	some waiver in exceptions.waivers
	startswith(msg, sprintf("state %s: would be ", [waiver.resource]))
	time.now_ns() <= waiver.expires_ns
}
