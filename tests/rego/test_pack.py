"""The pack as a whole: every control can fail, and the project's own policies are separate from the general ones."""

from __future__ import annotations

import re
from typing import Any

import pytest

from constructs_lib.review import unscoped_actions
from constructs_lib.review.rego import rego
from tests.rego.plans import PACK, allow, judged, plan, resource
from tests.stacks import ROOT

WORST: dict[str, dict[str, Any]] = {
    "aws_opensearch_domain.x": {"advanced_security_options": [{"internal_user_database_enabled": True}]},
    "aws_kinesis_stream.x": {},
    "aws_kinesis_firehose_delivery_stream.x": {},
    "aws_s3_bucket.x": {"force_destroy": True},
    "aws_cloudwatch_log_group.x": {"retention_in_days": 1},
    "aws_kms_key.x": {"deletion_window_in_days": 7},
    "aws_sqs_queue.x": {"sqs_managed_sse_enabled": False},
    "aws_ebs_volume.x": {},
    "aws_efs_file_system.x": {},
    "aws_db_instance.x": {"publicly_accessible": True},
    "aws_redshift_cluster.x": {"publicly_accessible": True},
    "aws_dms_replication_instance.x": {"publicly_accessible": True},
    "aws_lambda_function.x": {"runtime": "python2.7"},
    "aws_lambda_permission.x": {"principal": "*"},
    "aws_apigatewayv2_route.x": {},
    "aws_apigatewayv2_stage.x": {},
    "aws_vpc.x": {},
    "aws_subnet.x": {"map_public_ip_on_launch": True},
    "aws_default_security_group.x": {"ingress": [{"cidr_blocks": ["0.0.0.0/0"]}]},
    "aws_cloudwatch_metric_alarm.x": {"actions_enabled": False},
    "aws_iam_role_policy_attachment.x": {"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"},
    "aws_iam_policy.x": {"policy": allow("*", "*")},
    "aws_sns_topic_subscription.x": {"protocol": "http"},
    "aws_iam_role.x": {
        "assume_role_policy": allow("sts:AssumeRole", None, Principal={"Service": "firehose.amazonaws.com"})
    },
    "aws_cloudwatch_log_group.kept": {},
}


def test_every_control_fails_for_some_plan() -> None:
    written = {
        control
        for path in PACK.rglob("*.rego")
        for control in re.findall(r'"([A-Z][A-Za-z0-9]+\.\d+)[ "]', path.read_text(encoding="utf-8"))
    }
    answer = judged(plan(*(resource(address, values) for address, values in WORST.items())))
    seen = {message.partition(" ")[0] for message in answer.failures}
    assert written - seen == set()
    assert {"access", "encryption", "exposure", "retention", "state", "tls", "trust"} <= seen


def test_only_the_projects_own_policies_check_tags_and_shapes() -> None:
    change = resource("aws_sqs_queue.x", {"kms_master_key_id": "alias/x", "tags_all": {}})
    assert judged(plan(change)).failures == []
    assert {message.partition(" ")[0] for message in rego(plan(change), ROOT / "policies").failures} == {"tags"}


@pytest.mark.parametrize(
    "document", [{}, {"resource_changes": None}, {"plan": {}}, {"resource_changes": [{"change": None}]}]
)
def test_an_empty_plan_passes(document: dict[str, Any]) -> None:
    answer = judged(document)
    assert (answer.failures, answer.not_judged) == ([], [])


def test_unscoped_actions_match_the_authorization_reference() -> None:
    reference = unscoped_actions.definition(ROOT / ".venv-policy")
    if reference is None:
        pytest.skip("needs .venv-policy (make policy-exceptions)")
    assert (ROOT / "policies" / unscoped_actions.REGO).read_text(encoding="utf-8") == unscoped_actions.rego(reference)


@pytest.mark.parametrize(
    ("actions", "found"),
    [
        ({"DescribeA": True, "DescribeB": True, "Delete": False}, ["describe*"]),
        ({"DescribeA": True, "DescribeB": False}, ["describea"]),
        ({"List": True, "ListAll": False}, ["list"]),
        ({"GetOne": True, "GetOneMore": True, "GetTwo": False}, ["getone", "getone*"]),
        ({"PutX": False}, []),
    ],
)  # fmt: skip
def test_a_prefix_covers_all_actions_with_that_prefix(actions: dict[str, bool], found: list[str]) -> None:
    assert unscoped_actions.shortest(actions) == found
