# Nothing travels in clear: HTTPS only, with the newest TLS policy, on every way in. Buckets' are in buckets.rego.
package behaviour.tls

import data.behaviour.lib
import rego.v1

# The exact names that AWS's own control and HashiCorp's FSBP policy set ask for.
policies := {"Policy-Min-TLS-1-2-PFS-2023-10", "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08"}

_on := [{
	"control": "Opensearch.8", "types": lib.domain_types, "path": ["domain_endpoint_options", "enforce_https"],
	"says": "HTTPS is not required",
}]

deny contains msg if some msg in lib.not_on(_on)

not_judged contains msg if some msg in lib.unseen_flags(_on)

_policy := ["domain_endpoint_options", "tls_security_policy"]

_named(domain) := [policy | some policy in lib.given(domain, _policy); policy in policies]

deny contains msg if {
	some domain in lib.domains
	count(_named(domain)) == 0
	not lib.later(domain, _policy)
	given := object.get(lib.block(domain.values, "domain_endpoint_options"), "tls_security_policy", null)
	msg := concat("", [
		"Opensearch.8 ", domain.address, ": tls_security_policy is ", lib.text(given), ", allowed ",
		concat(", ", sort(policies)),
	])
}

# A domain that names no policy gets an older one from AWS; the provider knows which after the apply.
not_judged contains msg if {
	some domain in lib.domains
	count(_named(domain)) == 0
	lib.later(domain, _policy)
	msg := lib.unseen("Opensearch.8", domain.address, concat(".", _policy))
}

deny contains msg if {
	some topic in lib.of_type("aws_sns_topic_subscription")
	topic.values.protocol == "http"
	msg := concat("", ["tls ", topic.address, ": messages leave in clear (protocol http)"])
}
