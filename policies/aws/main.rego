# All failures of all policies but the excepted ones. conftest looks here by itself; HCP Terraform is told in policies.hcl.
package main

import data.behaviour
import data.behaviour.exceptions
import rego.v1

# Each package by its name: an interpreter that looks for them evaluates all that is in data.behaviour.

found contains msg if some msg in behaviour.access.deny

found contains msg if some msg in behaviour.availability.deny

found contains msg if some msg in behaviour.buckets.deny

found contains msg if some msg in behaviour.encryption.deny

found contains msg if some msg in behaviour.exposure.deny

found contains msg if some msg in behaviour.grants.deny

found contains msg if some msg in behaviour.network.deny

found contains msg if some msg in behaviour.retention.deny

found contains msg if some msg in behaviour.state.deny

found contains msg if some msg in behaviour.tls.deny

# The project's own promises (policies/project); without that folder there are none.

found contains msg if some msg in behaviour.retained.deny

found contains msg if some msg in behaviour.shapes.deny

found contains msg if some msg in behaviour.tags.deny

deny contains msg if {
	some msg in found
	not excepted(msg)
}

# What a plan does not show. conftest shows it as a warning.

warn contains msg if some msg in behaviour.access.not_judged

warn contains msg if some msg in behaviour.availability.not_judged

warn contains msg if some msg in behaviour.buckets.not_judged

warn contains msg if some msg in behaviour.encryption.not_judged

warn contains msg if some msg in behaviour.exposure.not_judged

warn contains msg if some msg in behaviour.grants.not_judged

warn contains msg if some msg in behaviour.network.not_judged

warn contains msg if some msg in behaviour.retention.not_judged

warn contains msg if some msg in behaviour.tls.not_judged

warn contains msg if some msg in behaviour.tags.not_judged

# A message begins with the control's id and the resource's address, which ends at ": ".
excepted(msg) if {
	some exception in exceptions.exceptions
	startswith(msg, concat("", [exception.id, " "]))
	rest := trim_prefix(msg, concat("", [exception.id, " "]))
	glob.match(exception.resource, [], split(rest, ": ")[0])
	time.now_ns() <= exception.expires_ns
}

# A waiver names a resource that may be destroyed or replaced.
excepted(msg) if {
	some waiver in exceptions.waivers
	startswith(msg, concat("", ["state ", waiver.resource, ": would be "]))
	time.now_ns() <= waiver.expires_ns
}
