variable "role_arn" {}
variable "bucket_arn" {}

resource "aws_kms_key" "main" {}

resource "aws_kinesis_stream" "events" {
  name             = "events"
  retention_period = 168
  encryption_type  = "KMS"
  kms_key_id       = aws_kms_key.main.arn
  stream_mode_details {
    stream_mode = "ON_DEMAND"
  }
}

resource "aws_opensearch_domain" "events" {
  domain_name    = "events"
  engine_version = "OpenSearch_2.19"

  cluster_config {
    instance_type          = "r6g.large.search"
    instance_count         = 3
    zone_awareness_enabled = true
    zone_awareness_config {
      availability_zone_count = 3
    }
  }

  ebs_options {
    ebs_enabled = true
    volume_type = "gp3"
    volume_size = 100
  }

  encrypt_at_rest {
    enabled    = true
    kms_key_id = aws_kms_key.main.arn
  }

  node_to_node_encryption {
    enabled = true
  }
}

resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "opensearch"

  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.events.arn
    role_arn           = var.role_arn
  }

  opensearch_configuration {
    domain_arn     = aws_opensearch_domain.events.arn
    role_arn       = var.role_arn
    index_name     = "events"
    retry_duration = 7200

    s3_configuration {
      role_arn   = var.role_arn
      bucket_arn = var.bucket_arn
    }
  }
}
