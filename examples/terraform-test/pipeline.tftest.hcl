# `terraform test` on a synthesized stack, with AWS mocked: no credentials, no account, some seconds.
#
#   cp -r cdktf.out/stacks/prod work && mkdir work/tests && cp examples/terraform-test/*.tftest.hcl work/tests/
#   cd work && terraform init -backend=false && terraform test
#
# Resource names are part of the stack's contract: they change only with a note in the changelog. Only plans are tested:
# what holds data has prevent_destroy, so what a mocked apply made could not be taken away again.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
    }
  }
  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "111122223333"
    }
  }
}

run "what_holds_data_is_encrypted" {
  command = plan

  assert {
    condition     = one(aws_opensearch_domain.domain.encrypt_at_rest).enabled
    error_message = "The domain's data is not encrypted."
  }

  assert {
    condition     = one(aws_opensearch_domain.domain.node_to_node_encryption).enabled
    error_message = "The domain's nodes talk in clear."
  }

  assert {
    condition     = aws_kinesis_stream.stream.encryption_type == "KMS"
    error_message = "The stream is not encrypted."
  }

  assert {
    condition     = one(aws_opensearch_domain.domain.domain_endpoint_options).enforce_https
    error_message = "The domain takes requests without TLS."
  }

  assert {
    condition     = aws_kinesis_stream.stream.retention_period >= 168
    error_message = "A long weekend's outage would lose events."
  }
}
