# Buckets and the settings that belong to them. A setting is a resource of its own and names its bucket: by a name, or,
# before the bucket exists, by a reference. A bucket whose settings a plan does not show is said to be not judged.
package behaviour.buckets

import data.behaviour.configuration
import data.behaviour.keys
import data.behaviour.lib
import data.behaviour.statements
import rego.v1

buckets := [bucket |
	some resource in lib.of_type("aws_s3_bucket")
	names := {name |
		some attribute in ["bucket", "id"]
		name := object.get(resource.values, attribute, null)
		is_string(name)
	}
	bucket := {
		"address": resource.address,
		"type": resource.type,
		"values": resource.values,
		"unknown": resource.unknown,
		"names": names,
		"written": configuration.written(resource.address),
	}
]

_types := {
	"aws_s3_bucket_lifecycle_configuration",
	"aws_s3_bucket_ownership_controls",
	"aws_s3_bucket_policy",
	"aws_s3_bucket_public_access_block",
	"aws_s3_bucket_server_side_encryption_configuration",
	"aws_s3_bucket_versioning",
}

# Each setting with the buckets that it may be of: one where the plan leaves no doubt.
settings := [setting |
	some resource in lib.of_types(_types)
	setting := {
		"address": resource.address,
		"type": resource.type,
		"values": resource.values,
		"unknown": resource.unknown,
		"of": _of(resource),
		"unplaced": _unplaced(resource),
	}
]

_of(resource) := [bucket.address | some bucket in buckets; resource.values.bucket in bucket.names] if {
	is_string(lib.value(resource, "bucket"))
}

_of(resource) := _referred(resource) if not is_string(lib.value(resource, "bucket"))

# References with a key name one instance; without, the instance with the setting's own keys, or the only one.
_referred(resource) := found if {
	found := [bucket.address |
		some bucket in buckets
		bucket.written in _targets(resource)
		_keyed(resource, bucket)
	]
	count(found) > 0
} else := found if {
	found := [bucket.address |
		some bucket in buckets
		bucket.written in _targets(resource)
		not _names_keys(resource)
		configuration.same_instance(resource.address, bucket.address)
	]
	count(found) > 0
} else := [bucket.address |
	some bucket in buckets
	bucket.written in _targets(resource)
]

_targets(resource) := configuration.targets(resource, ["bucket"])

_keyed(resource, bucket) if {
	contains(bucket.address, "[")
	some reference in configuration.direct(resource, ["bucket"])
	some attribute in ["", ".id", ".bucket"]
	reference == concat("", [bucket.address, attribute])
}

_names_keys(resource) if {
	some reference in configuration.direct(resource, ["bucket"])
	endswith(configuration.without_modules(reference), "]")
}

# Nothing says which bucket it will be.
_unplaced(resource) if {
	not is_string(lib.value(resource, "bucket"))
	count(_of(resource)) == 0
} else := false

_settings(type) := [setting | some setting in settings; setting.type == type]

# Buckets that have one of the settings that keep a control. Only a setting that is certainly the bucket's own counts.
_kept(good) := [setting.of[0] | some setting in good; count(setting.of) == 1]

_in_doubt(bucket, type, unknown) if {
	some setting in _settings(type)
	_perhaps(bucket, setting, unknown)
}

_perhaps(_, setting, _) if setting.unplaced

_perhaps(bucket, setting, _) if {
	bucket.address in setting.of
	count(setting.of) > 1
}

_perhaps(bucket, setting, unknown) if {
	bucket.address in setting.of
	setting.address in unknown
}

# Every promise about a bucket: the control, the type of its setting, the settings that keep it, those of which that is
# unknown, and buckets that say it in blocks of their own, as older providers have it.
_promises := [
	{
		"control": "S3.17",
		"type": "aws_s3_bucket_server_side_encryption_configuration",
		"says": "a bucket without encryption by a KMS key",
		"good": _encrypted,
		"unknown": [setting.address |
			some setting in _settings("aws_s3_bucket_server_side_encryption_configuration")
			lib.later(setting, ["rule", "apply_server_side_encryption_by_default", "sse_algorithm"])
		],
		"own": [bucket.address | some bucket in buckets; _algorithm(bucket, ["server_side_encryption_configuration", "rule"])],
	},
	{
		"control": "S3.8",
		"type": "aws_s3_bucket_public_access_block",
		"says": "a bucket without a public access block",
		"good": _settings("aws_s3_bucket_public_access_block"),
		"unknown": [],
		"own": [],
	},
	{
		"control": "S3.12",
		"type": "aws_s3_bucket_ownership_controls",
		"says": "ACLs are not switched off (BucketOwnerEnforced)",
		"good": [setting |
			some setting in _settings("aws_s3_bucket_ownership_controls")
			"BucketOwnerEnforced" in lib.given(setting, ["rule", "object_ownership"])
		],
		"unknown": [setting.address |
			some setting in _settings("aws_s3_bucket_ownership_controls")
			lib.later(setting, ["rule", "object_ownership"])
		],
		"own": [],
	},
	{
		"control": "S3.13",
		"type": "aws_s3_bucket_lifecycle_configuration",
		"says": "no lifecycle: objects are kept for ever",
		"good": [setting |
			some setting in _settings("aws_s3_bucket_lifecycle_configuration")
			"Enabled" in lib.given(setting, ["rule", "status"])
		],
		"unknown": [setting.address |
			some setting in _settings("aws_s3_bucket_lifecycle_configuration")
			lib.later(setting, ["rule", "status"])
		],
		"own": [bucket.address | some bucket in buckets; lib.flag(bucket, ["lifecycle_rule", "enabled"]) == "on"],
	},
	{
		"control": "S3.14",
		"type": "aws_s3_bucket_versioning",
		"says": "no versions: an overwritten object is lost",
		"good": [setting |
			some setting in _settings("aws_s3_bucket_versioning")
			"Enabled" in lib.given(setting, ["versioning_configuration", "status"])
		],
		"unknown": [setting.address |
			some setting in _settings("aws_s3_bucket_versioning")
			lib.later(setting, ["versioning_configuration", "status"])
		],
		"own": [bucket.address | some bucket in buckets; lib.flag(bucket, ["versioning", "enabled"]) == "on"],
	},
	{
		"control": "S3.5",
		"type": "aws_s3_bucket_policy",
		"says": "no bucket policy denies everybody's requests without TLS, for the bucket and its objects (aws:SecureTransport)",
		"good": [setting | some setting in _settings("aws_s3_bucket_policy"); _asks_for_tls(setting)],
		"unknown": [setting.address | some setting in _settings("aws_s3_bucket_policy"); _unseen_policy(setting)],
		"own": [bucket.address |
			some bucket in buckets
			some denial in _denials
			denial.address == bucket.address
			_covers_all(denial, bucket)
		],
	},
]

deny contains msg if {
	some promise in _promises
	kept := _kept(promise.good)
	some bucket in buckets
	not bucket.address in kept
	not bucket.address in promise.own
	not _in_doubt(bucket, promise.type, promise.unknown)
	msg := concat("", [promise.control, " ", bucket.address, ": ", promise.says])
}

not_judged contains msg if {
	some promise in _promises
	kept := _kept(promise.good)
	some bucket in buckets
	not bucket.address in kept
	not bucket.address in promise.own
	_in_doubt(bucket, promise.type, promise.unknown)
	msg := lib.unseen(promise.control, bucket.address, concat("", ["its ", promise.type]))
}

_kms := {"aws:kms", "aws:kms:dsse"}

_encrypted := [setting |
	some setting in _settings("aws_s3_bucket_server_side_encryption_configuration")
	some algorithm in lib.given(setting, ["rule", "apply_server_side_encryption_by_default", "sse_algorithm"])
	algorithm in _kms
]

_algorithm(bucket, path) if {
	some outer in lib.blocks(bucket.values, path[0])
	some rule in lib.blocks(outer, path[1])
	some block in lib.blocks(rule, "apply_server_side_encryption_by_default")
	block.sse_algorithm in _kms
}

# A KMS key without a name is AWS's own.
deny contains msg if {
	some setting in _encrypted
	msg := keys.fault("encryption", setting, ["rule", "apply_server_side_encryption_by_default", "kms_master_key_id"])
}

not_judged contains msg if {
	some setting in _encrypted
	msg := keys.unseen("encryption", setting, ["rule", "apply_server_side_encryption_by_default", "kms_master_key_id"])
}

_blocks := ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]

deny contains msg if {
	some blocked in lib.of_types({"aws_s3_account_public_access_block", "aws_s3_bucket_public_access_block"})
	some name in _blocks
	lib.flag(blocked, [name]) == "off"
	msg := concat("", ["S3.8 ", blocked.address, ": ", name, " is off"])
}

not_judged contains msg if {
	some blocked in lib.of_types({"aws_s3_account_public_access_block", "aws_s3_bucket_public_access_block"})
	some name in _blocks
	lib.flag(blocked, [name]) == "later"
	msg := lib.unseen("S3.8", blocked.address, name)
}

deny contains msg if {
	some acl in lib.of_type("aws_s3_bucket_acl")
	msg := concat("", ["S3.12 ", acl.address, ": access by ACL; use policies"])
}

deny contains msg if {
	some resource in lib.of_types({"aws_s3_bucket", "aws_s3_object", "aws_s3_bucket_object", "aws_s3_object_copy"})
	contains(lib.text(object.get(resource.values, "acl", null)), "public")
	msg := concat("", ["S3.12 ", resource.address, ": access by ACL; use policies"])
}

deny contains msg if {
	some bucket in buckets
	lib.flag(bucket, ["force_destroy"]) == "on"
	msg := concat("", [
		"state ", bucket.address, ": force_destroy empties the bucket before it is destroyed",
	])
}

# TLS: Deny, everybody, every action, no other condition, the bucket and its objects.

_denials := [denial |
	some statement in statements.all
	not statement.allow
	_denies_all_without_tls(statement)
	denial := {
		"address": statement.address,
		"written": configuration.written(statement.address),
		"resources": statement.resources,
	}
]

_denies_all_without_tls(statement) if {
	(count(statement.not_actions) + count(statement.not_resources)) + count(statement.not_principals) == 0
	some principal in statement.principals
	principal.id == "*"
	principal.type in {"*", "AWS"}
	some action in statement.actions
	action in {"*", "s3:*"}
	_without_tls(statement.conditions)
}

_without_tls(conditions) if {
	count(conditions) == 1
	conditions[0].test in {"bool", "boolifexists"}
	conditions[0].variable == "aws:securetransport"
	count(conditions[0].values) > 0
	every value in conditions[0].values {
		lib.is_off(value)
	}
}

_asks_for_tls(setting) if {
	some denial in _of_policy(setting)
	some bucket in buckets
	setting.of == [bucket.address]
	_covers_all(denial, bucket)
}

_of_policy(setting) := [denial | some denial in _denials; denial.address == setting.address] if {
	is_string(lib.value(setting, "policy"))
} else := [denial |
	some denial in _denials
	denial.written in statements.origins(setting, ["policy"])
	configuration.same_instance(denial.address, setting.address)
]

_covers_all(denial, _) if "*" in denial.resources

_covers_all(denial, _) if {
	some resource in denial.resources
	regex.match(`^arn:[^:]*:s3:::\*$`, lib.text(resource))
}

_covers_all(denial, bucket) if {
	some name in bucket.names
	_has(denial, name, "")
	_has(denial, name, "/*")
}

_covers_all(denial, bucket) if {
	some name in bucket.names
	_has(denial, name, "*")
}

# The bucket's ARN is unknown until the apply: two of them are the bucket and its objects.
_covers_all(denial, bucket) if {
	count([resource | some resource in denial.resources; resource == null]) >= 2
	some found in configuration.referred(denial.address, ["statement", "resources"])
	found == bucket.written
}

_has(denial, name, rest) if {
	some resource in denial.resources
	is_string(resource)
	regex.replace(resource, `^arn:[^:]*:s3:::`, "") == concat("", [name, rest])
	startswith(resource, "arn:")
}

# A policy that the plan does not show, or whose resources are unknown as a whole.
_unseen_policy(setting) if {
	lib.later(setting, ["policy"])
	not statements.shown(setting, ["policy"])
}

_unseen_policy(setting) if {
	some denial in _of_policy(setting)
	denial.resources == [null]
}
