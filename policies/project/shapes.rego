# The shapes that HashiCorp's FSBP policy set for Terraform looks for in a plan's configuration: references where a
# literal would do, policies that come from data sources (https://github.com/hashicorp/policy-library-FSBP-Policy-Set-for-AWS-Terraform).
package behaviour.shapes

import data.behaviour.configuration
import data.behaviour.lib
import rego.v1

resources := configuration.resources

references(expression) := object.get(expression, "references", [])

# Subnets and security groups that the plan itself makes are referred to; those of another stack come as ids.
deny contains msg if {
	some resource in resources
	resource.type in {"aws_opensearch_domain", "aws_elasticsearch_domain"}
	some options in lib.as_list(object.get(resource.expressions, "vpc_options", []))
	count(lib.of_type("aws_subnet")) > 0
	count(references(object.get(options, "subnet_ids", {}))) == 0
	msg := concat("", ["Opensearch.2 ", resource.address, ": vpc_options.subnet_ids holds no reference"])
}

_attributes := {
	"aws_s3_bucket_policy": "policy",
	"aws_iam_role_policy": "policy",
	"aws_iam_policy": "policy",
	"aws_kms_key_policy": "policy",
	"aws_sqs_queue_policy": "policy",
	"aws_sns_topic_policy": "policy",
	"aws_iam_role": "assume_role_policy",
	"aws_cloudwatch_log_resource_policy": "policy_document",
	"aws_opensearch_domain_policy": "access_policies",
}

deny contains msg if {
	some resource in resources
	attribute := _attributes[resource.type]
	found := references(object.get(resource.expressions, attribute, {}))
	not _document(found)
	msg := concat("", [
		"shape ", resource.address, ": ", attribute, " does not come from a policy document (data.aws_iam_policy_document)",
	])
}

_document(found) if {
	some reference in found
	startswith(reference, "data.aws_iam_policy_document.")
}
