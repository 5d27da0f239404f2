# What people write: a search module with switches, a legacy module used twice, and one where nothing is wrong.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0"
    }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  skip_region_validation      = true
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  count      = 2
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.${count.index}.0/24"
}

resource "aws_iam_role" "firehose" {
  name = "firehose"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "firehose.amazonaws.com" } }]
  })
}

resource "aws_s3_bucket" "backup" {}

module "search" {
  source             = "./modules/search"
  subnet_ids         = aws_subnet.private[*].id
  instance_type      = "m6g.large.search"
  instance_count     = 2
  fine_grained       = true
  encryption_enabled = false
}

resource "aws_kinesis_firehose_delivery_stream" "clicks" {
  name        = "clicks"
  destination = "opensearch"

  opensearch_configuration {
    domain_arn     = module.search.domain_arn
    role_arn       = aws_iam_role.firehose.arn
    index_name     = "Clicks"
    buffering_size = 20

    s3_configuration {
      role_arn   = aws_iam_role.firehose.arn
      bucket_arn = aws_s3_bucket.backup.arn
    }
  }
}

resource "aws_kinesis_firehose_delivery_stream" "to_a_bucket" {
  name        = "to a bucket"
  destination = "extended_s3"

  extended_s3_configuration {
    role_arn   = aws_iam_role.firehose.arn
    bucket_arn = aws_s3_bucket.backup.arn
  }
}

module "legacy" {
  source   = "./modules/legacy"
  for_each = toset(["eu", "us"])
  name     = each.key
  role_arn = aws_iam_role.firehose.arn
}

module "sound" {
  source     = "./modules/sound"
  role_arn   = aws_iam_role.firehose.arn
  bucket_arn = aws_s3_bucket.backup.arn
}
