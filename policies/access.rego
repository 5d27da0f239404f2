# Least privilege: no wildcard action, no wildcard resource but where AWS knows no other, no decrypt of any key.
package behaviour.access

import data.behaviour.lib
import rego.v1

# Actions that AWS authorizes for every resource or none: the service authorization reference lists no resource type
# for them (https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html).
unscoped := {
	"cloudwatch:PutMetricData",
	"ec2:DescribeAvailabilityZones",
	"ec2:DescribeDhcpOptions",
	"ec2:DescribeNetworkInterfaces",
	"ec2:DescribeRouteTables",
	"ec2:DescribeSecurityGroups",
	"ec2:DescribeSubnets",
	"ec2:DescribeVpcAttribute",
	"ec2:DescribeVpcEndpoints",
	"ec2:DescribeVpcs",
	"ec2:UnassignPrivateIpAddresses",
	"ec2:AssignPrivateIpAddresses",
	"es:ListDomainNames",
	"es:ListVersions",
	"kinesis:ListStreams",
	"lambda:CreateEventSourceMapping",
	"lambda:ListEventSourceMappings",
	"logs:CreateLogDelivery",
	"logs:DeleteLogDelivery",
	"logs:DescribeLogGroups",
	"logs:DescribeResourcePolicies",
	"logs:GetLogDelivery",
	"logs:ListLogDeliveries",
	"logs:PutResourcePolicy",
	"logs:UpdateLogDelivery",
	"s3:ListAllMyBuckets",
	"sts:GetCallerIdentity",
	"xray:GetSamplingRules",
	"xray:GetSamplingTargets",
	"xray:PutTelemetryRecords",
	"xray:PutTraceSegments",
}

deny contains msg if {
	some statement in lib.statements
	statement.allow
	some action in statement.actions
	_wild(action)
	msg := sprintf("IAM.21 %s: allows the wildcard action %s", [statement.address, action])
}

_wild("*")

_wild(action) if endswith(action, ":*")

deny contains msg if {
	some statement in lib.statements
	statement.allow
	statement.negated
	msg := sprintf("access %s: allows everything but what it names (NotAction, NotResource, NotPrincipal)", [statement.address])
}

# A key's own policy says "*" for the key that it belongs to, and names who may use it.
_own_key_policy(statement) if {
	count(statement.principals) > 0
	every action in statement.actions {
		startswith(action, "kms:")
	}
}

deny contains msg if {
	some statement in lib.statements
	statement.allow
	"*" in statement.resources
	not _own_key_policy(statement)
	some action in statement.actions
	not action in unscoped
	msg := sprintf("access %s: allows %s on every resource", [statement.address, action])
}

deny contains msg if {
	some statement in lib.statements
	statement.allow
	count(statement.principals) == 0
	some action in statement.actions
	action in {"kms:Decrypt", "kms:ReEncryptFrom"}
	some resource in statement.resources
	resource in {"*", "arn:aws:kms:*:*:key/*"}
	msg := sprintf("KMS.1 %s: allows %s with every key", [statement.address, action])
}

deny contains msg if {
	some resource in lib.planned
	resource.type in {"aws_iam_role_policy_attachment", "aws_iam_policy_attachment", "aws_iam_user_policy_attachment"}
	endswith(object.get(resource.values, "policy_arn", ""), "/AdministratorAccess")
	msg := sprintf("IAM.1 %s: attaches AdministratorAccess", [resource.address])
}

deny contains msg if {
	some resource in lib.planned
	resource.type in {"aws_iam_user", "aws_iam_access_key"}
	msg := sprintf("access %s: a long-lived identity; let people and pipelines assume roles", [resource.address])
}
