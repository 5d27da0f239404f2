# Written from exceptions.yaml (make policy-exceptions): change that one.
package behaviour.exceptions

import rego.v1

exceptions := []

waivers := []
