# After the public modules: one resource behind `count`, optional blocks as dynamic ones.
variable "enabled" { default = true }
variable "subnet_ids" { default = [] }
variable "instance_type" {}
variable "instance_count" {}
variable "fine_grained" {}
variable "encryption_enabled" {}

resource "aws_opensearch_domain" "this" {
  count          = var.enabled ? 1 : 0
  domain_name    = "clicks"
  engine_version = "OpenSearch_2.19"

  cluster_config {
    instance_type            = var.instance_type
    instance_count           = var.instance_count
    dedicated_master_enabled = true
    dedicated_master_count   = 1
    dedicated_master_type    = "m6g.large.search"
    zone_awareness_enabled   = true

    dynamic "zone_awareness_config" {
      for_each = length(var.subnet_ids) > 1 ? [1] : []
      content {
        availability_zone_count = 3
      }
    }
  }

  dynamic "vpc_options" {
    for_each = length(var.subnet_ids) > 0 ? [1] : []
    content {
      subnet_ids = var.subnet_ids
    }
  }

  dynamic "advanced_security_options" {
    for_each = var.fine_grained ? [1] : []
    content {
      enabled                        = true
      internal_user_database_enabled = true
      master_user_options {
        master_user_name     = "admin"
        master_user_password = "Kestrel-1-hover"
      }
    }
  }

  encrypt_at_rest {
    enabled = var.encryption_enabled
  }

  domain_endpoint_options {
    enforce_https = true
  }

  ebs_options {
    ebs_enabled = true
    volume_type = "gp2"
    volume_size = 1000
  }
}

output "domain_arn" {
  value = try(aws_opensearch_domain.this[0].arn, null)
}
