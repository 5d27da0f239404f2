# What holds data carries prevent_destroy. That is in no plan: this looks at the stack itself (cdk.tf.json), when it is
# handed that.
package behaviour.retained

import data.behaviour.holding
import rego.v1

deny contains msg if {
	some type in holding.retained_types
	some name, resource in input.resource[type]
	not object.get(resource, ["lifecycle", "prevent_destroy"], false) == true
	msg := concat("", ["state ", type, ".", name, ": no prevent_destroy"])
}
