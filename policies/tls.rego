# Nothing travels in clear: HTTPS only, with the newest TLS policy, on every way in.
package behaviour.tls

import data.behaviour.lib
import rego.v1

# The exact names that AWS's own control and HashiCorp's FSBP policy set ask for.
policies := {"Policy-Min-TLS-1-2-PFS-2023-10", "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08"}

deny contains msg if {
	some domain in lib.domains
	not lib.block(domain.values, "domain_endpoint_options").enforce_https
	msg := sprintf("Opensearch.8 %s: HTTPS is not required (domain_endpoint_options.enforce_https)", [domain.address])
}

deny contains msg if {
	some domain in lib.domains
	policy := object.get(lib.block(domain.values, "domain_endpoint_options"), "tls_security_policy", null)
	not policy in policies
	msg := concat("", [
		"Opensearch.8 ", domain.address, ": tls_security_policy is ", lib.text(policy), ", allowed ",
		concat(", ", sort(policies)),
	])
}

_tls_only contains statement.address if {
	some statement in lib.statements
	not statement.allow
	statement.conditions > 0
	some action in statement.actions
	startswith(action, "s3:")
}

deny contains msg if {
	buckets := lib.of_type("aws_s3_bucket")
	count(_tls_only) < count(buckets)
	some bucket in buckets
	msg := sprintf("S3.5 %s: no bucket policy denies requests without TLS (aws:SecureTransport)", [bucket.address])
}

deny contains msg if {
	some topic in lib.of_type("aws_sns_topic_subscription")
	topic.values.protocol == "http"
	msg := sprintf("tls %s: messages leave in clear (protocol http)", [topic.address])
}
