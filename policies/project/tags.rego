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
	not resource.unknown.tags_all[key] == true
	msg := concat("", ["tags ", resource.address, ": no tag ", key])
}

# A type that takes tags shows tags_all; null is a resource that got none.
deny contains msg if {
	some resource in lib.planned
	object.get(resource.values, "tags_all", {}) == null
	not resource.unknown.tags_all == true
	msg := concat("", ["tags ", resource.address, ": no tags at all"])
}

not_judged contains msg if {
	some resource in lib.planned
	resource.unknown.tags_all == true
	msg := lib.unseen("tags", resource.address, "tags_all")
}
