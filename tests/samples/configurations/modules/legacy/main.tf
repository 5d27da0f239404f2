variable "name" {}
variable "role_arn" {}

locals {
  streams = toset(["views", "orders"])
}

resource "aws_elasticsearch_domain" "es" {
  domain_name           = "logs-${var.name}"
  elasticsearch_version = "7.10"

  cluster_config {
    instance_type = "i3.large.elasticsearch"
  }

  ebs_options {
    ebs_enabled = true
    volume_size = 100
  }
}

resource "aws_kinesis_stream" "events" {
  for_each         = local.streams
  name             = "${var.name}-${each.key}"
  shard_count      = 1
  retention_period = each.key == "views" ? 48 : 168
}

resource "aws_kinesis_firehose_delivery_stream" "events" {
  for_each    = local.streams
  name        = "${var.name}-${each.key}"
  destination = "elasticsearch"

  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.events["views"].arn
    role_arn           = var.role_arn
  }

  elasticsearch_configuration {
    domain_arn = aws_elasticsearch_domain.es.arn
    role_arn   = var.role_arn
    index_name = "events"
    type_name  = "event"

    s3_configuration {
      role_arn   = var.role_arn
      bucket_arn = "arn:aws:s3:::archive"
    }
  }
}
