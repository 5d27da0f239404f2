# What holds data is neither destroyed nor replaced unless somebody said so.
package behaviour.state

import data.behaviour.holding
import data.behaviour.lib
import rego.v1

deny contains msg if {
	some change in lib.changes
	change.type in holding.data_types
	"delete" in change.change.actions
	paths := [concat(".", [part | some part in path; is_string(part)]) |
		some path in lib.as_list(object.get(change.change, "replace_paths", []))
	]
	msg := concat("", [
		"state ", change.address, ": would be ", _word(change.change.actions), _because(paths),
		"; what it holds is lost: waive it in policies/exceptions.yaml",
	])
}

_word(actions) := "replaced" if "create" in actions

_word(actions) := "destroyed" if not "create" in actions

_because(paths) := "" if count(paths) == 0

_because(paths) := concat("", [" (", concat(", ", paths), ")"]) if count(paths) > 0
