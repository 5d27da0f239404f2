# Whoever finds a resource can tell what it belongs to.
package behaviour.tags

import data.behaviour.lib
import rego.v1

required := {"Deployment", "ManagedBy"}

deny contains msg if {
	some resource in lib.planned
	tags := resource.values.tags_all
	some key in required
	object.get(tags, key, "") in {"", null}
	msg := sprintf("tags %s: no tag %s", [resource.address, key])
}

# A type that takes tags shows tags_all; null is a resource that got none.
deny contains msg if {
	some resource in lib.planned
	object.get(resource.values, "tags_all", {}) == null
	not lib.known_later(resource.address, ["tags_all"])
	msg := sprintf("tags %s: no tags at all", [resource.address])
}
