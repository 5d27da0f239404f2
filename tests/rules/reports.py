"""Public reports of what went wrong with these resources, and what the rules say about each.

One table: where it was reported, its kind, the arguments in question, and the finding (path and severity). A report
of something that no configuration shows has no finding and says why.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from constructs_lib.rules import Finding, delivery, domain, domain_changes, pipeline, stream, stream_changes
from tests.rules.cases import DELIVERY, DOMAIN, SMALL, STREAM, changed

GITHUB = "https://github.com"
BLOCK = "opensearch_configuration"
BACKUP = f"{BLOCK}.s3_configuration"


class Report(NamedTuple):
    """One report."""

    url: str
    kind: str
    judge: str
    """``domain``, ``stream``, ``delivery``, ``pipeline``; with ``_changes``, a change of one."""
    given: Any
    path: str
    """Of the finding; empty where the rules cannot see it."""
    severity: str = "error"


def disks(size: int, **more: Any) -> tuple[str, Any]:
    return ("ebs_options", {"ebs_enabled": True, "volume_type": "gp3", "volume_size": size, **more})


LARGE = ("cluster_config.instance_type", "r6g.xlarge.search")

REPORTS: list[Report] = [
    Report(
        f"{GITHUB}/idealo/terraform-aws-opensearch/issues/51",
        "a value outside an enumeration",
        "domain",
        changed(DOMAIN, ("auto_tune_options.rollback_on_disable", "ROLLBACK")),
        "auto_tune_options.rollback_on_disable",
    ),
    Report(
        f"{GITHUB}/aws/aws-cdk/issues/17016",
        "a domain name with capitals",
        "domain",
        changed(DOMAIN, ("domain_name", "InvalidName")),
        "domain_name",
    ),
    Report(
        f"{GITHUB}/cyberlabrs/terraform-aws-opensearch/issues/7",
        "two subnets for one zone",
        "domain",
        changed(SMALL, ("vpc_options.subnet_ids", ["subnet-0a", "subnet-0b"])),
        "vpc_options.subnet_ids",
    ),
    Report(
        f"{GITHUB}/hashicorp/terraform-provider-aws/issues/793",
        "a volume too large for its instance type",
        "domain",
        changed(
            SMALL,
            ("cluster_config.instance_type", "t2.medium.search"),
            ("encrypt_at_rest", None),
            ("ebs_options", {"ebs_enabled": True, "volume_size": 64}),
        ),
        "ebs_options.volume_size",
    ),
    Report(
        f"{GITHUB}/hashicorp/terraform/issues/14739",
        "an access policy that is not JSON",
        "domain",
        changed(
            SMALL, ("access_policies", '{"Statement": [{"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.1}}}]}')
        ),
        "access_policies",
    ),
    Report(
        f"{GITHUB}/ansible-collections/community.aws/issues/1754",
        "Auto-Tune on burstable nodes",
        "domain",
        changed(SMALL, ("auto_tune_options.desired_state", "ENABLED")),
        "auto_tune_options.desired_state",
    ),
    Report(
        f"{GITHUB}/aws/aws-cli/issues/4697",
        "a document type for Elasticsearch 7",
        "pipeline",
        {
            "domain": changed(DOMAIN, ("engine_version", "Elasticsearch_7.1")),
            "delivery": changed(DELIVERY, (f"{BLOCK}.type_name", "document")),
        },
        f"delivery.{BLOCK}.type_name",
    ),
    Report(
        f"{GITHUB}/aws-cloudformation/cloudformation-coverage-roadmap/issues/2469",
        "compatibility mode on OpenSearch 3",
        "domain",
        changed(DOMAIN, ("advanced_options", {"override_main_response_version": "true"})),
        "advanced_options.override_main_response_version",
    ),
    Report(
        f"{GITHUB}/hashicorp/terraform-provider-aws/issues/27371",
        "compatibility mode in an update of advanced options",
        "domain_changes",
        (
            {"advanced_options": {"override_main_response_version": "true"}},
            {"advanced_options": {"override_main_response_version": "true", "indices.fielddata.cache.size": "20"}},
        ),
        "advanced_options.override_main_response_version",
    ),
    Report(
        f"{GITHUB}/hashicorp/terraform-provider-aws/issues/27371",
        "an advanced option that AWS does not have",
        "domain",
        changed(DOMAIN, ("advanced_options", {"action.auto_create_index": "false"})),
        "advanced_options.action.auto_create_index",
    ),
    Report(
        f"{GITHUB}/hashicorp/terraform-provider-aws/issues/39136",
        "too little throughput for 256 GiB of gp3",
        "domain",
        changed(DOMAIN, LARGE, disks(256, iops=3000, throughput=125)),
        "ebs_options.throughput",
    ),
    Report(
        f"{GITHUB}/terraform-aws-modules/terraform-aws-opensearch/issues/25",
        "the same, as a change of the size alone",
        "domain",
        changed(DOMAIN, LARGE, disks(256, iops=3000, throughput=125)),
        "ebs_options.throughput",
    ),
    Report(
        f"{GITHUB}/awsdocs/aws-cloudformation-user-guide/issues/1324",
        "the default throughput of gp3 on a larger volume",
        "domain",
        changed(DOMAIN, LARGE, disks(500, iops=3000, throughput=125)),
        "ebs_options.throughput",
    ),
    Report(
        f"{GITHUB}/ministryofjustice/cloud-platform-infrastructure/pull/3202",
        "more throughput than the instance carries",
        "domain",
        changed(DOMAIN, LARGE, disks(3000, iops=9000, throughput=750)),
        "ebs_options.throughput",
    ),
    Report(
        f"{GITHUB}/cloudposse/terraform-aws-elasticsearch/issues/208",
        "a large gp3 volume without IOPS and throughput",
        "domain",
        changed(DOMAIN, LARGE, disks(3000)),
        "ebs_options.throughput",
        "warning",
    ),
    Report(
        f"{GITHUB}/hashicorp/terraform-provider-aws/issues/35953",
        "OR1 before OpenSearch 2.11",
        "domain",
        changed(DOMAIN, ("engine_version", "OpenSearch_2.9"), ("cluster_config.instance_type", "or1.large.search")),
        "cluster_config.instance_type",
    ),
    Report(
        f"{GITHUB}/hashicorp/terraform-provider-aws/issues/35953",
        "OR1 without Graviton masters",
        "domain",
        changed(
            DOMAIN,
            ("cluster_config.instance_type", "or1.large.search"),
            ("cluster_config.dedicated_master_type", "m5.large.search"),
        ),
        "cluster_config.dedicated_master_type",
    ),
    Report(
        f"{GITHUB}/terraform-community-modules/tf_aws_elasticsearch/issues/46",
        "more than ten data nodes without dedicated masters",
        "domain",
        changed(DOMAIN, ("cluster_config.instance_count", 12), ("cluster_config.dedicated_master_enabled", False)),
        "cluster_config.dedicated_master_enabled",
    ),
    Report(
        f"{GITHUB}/aws/aws-cdk/issues/11898",
        "EBS on an instance type with disks of its own",
        "domain",
        changed(DOMAIN, ("cluster_config.instance_type", "i3.2xlarge.search")),
        "ebs_options.ebs_enabled",
    ),
    Report(
        f"{GITHUB}/aws/aws-cdk/pull/16911",
        "no EBS on an instance type that needs it",
        "domain",
        changed(DOMAIN, ("ebs_options", {"ebs_enabled": False})),
        "ebs_options.ebs_enabled",
    ),
    Report(
        f"{GITHUB}/aws/aws-cdk/issues/38000",
        "more throughput than the API documents for the size",
        "domain",
        changed(
            DOMAIN, ("cluster_config.instance_type", "r7g.16xlarge.search"), disks(500, iops=8000, throughput=2000)
        ),
        "ebs_options.throughput",
        "warning",
    ),
    Report(
        f"{GITHUB}/boto/boto3/issues/3044",
        "access control without encryption",
        "domain",
        changed(DOMAIN, ("encrypt_at_rest", None), ("node_to_node_encryption", None)),
        "encrypt_at_rest.enabled",
    ),
    Report(
        f"{GITHUB}/prowler-cloud/prowler/pull/5393",
        "two dedicated masters",
        "domain",
        changed(DOMAIN, ("cluster_config.dedicated_master_count", 2)),
        "cluster_config.dedicated_master_count",
    ),
    Report(
        f"{GITHUB}/hashicorp/terraform-provider-aws/pull/13416",
        "expressions in a prefix without an error prefix",
        "delivery",
        changed(DELIVERY, (f"{BACKUP}.prefix", "events/!{timestamp:yyyy}/")),
        f"{BACKUP}.error_output_prefix",
    ),
    Report(
        f"{GITHUB}/serverless/serverless/issues/6015",
        "an error prefix without the error type",
        "delivery",
        changed(
            DELIVERY,
            (f"{BACKUP}.prefix", "!{timestamp:yyyy'-'MM'-'dd}/"),
            (f"{BACKUP}.error_output_prefix", "failed/!{timestamp:yyyy}/"),
        ),
        f"{BACKUP}.error_output_prefix",
    ),
    Report(
        f"{GITHUB}/awsdocs/amazon-opensearch-service-developer-guide/pull/18",
        "a domain in a VPC, and a delivery stream outside",
        "pipeline",
        {"domain": changed(DOMAIN, ("vpc_options.subnet_ids", ["a", "b", "c"])), "delivery": DELIVERY},
        f"delivery.{BLOCK}.vpc_config",
    ),
    Report(
        f"{GITHUB}/hashicorp/terraform/issues/33574",
        "a provisioned stream without shards",
        "stream",
        changed(STREAM, ("shard_count", None)),
        "shard_count",
    ),
    Report(
        f"{GITHUB}/hashicorp/terraform-provider-aws/issues/36625",
        "an on-demand stream with shards",
        "stream",
        changed(STREAM, ("shard_count", 4), ("stream_mode_details.stream_mode", "ON_DEMAND")),
        "shard_count",
    ),
    Report(
        f"{GITHUB}/hashicorp/terraform-provider-aws/issues/46699",
        "more than double the shards at once",
        "stream_changes",
        (changed(STREAM, ("shard_count", 2)), changed(STREAM, ("shard_count", 16))),
        "shard_count",
    ),
    Report(
        f"{GITHUB}/hashicorp/terraform-provider-aws/pull/40499",
        "more shards than an account has by default",
        "stream",
        changed(STREAM, ("shard_count", 1001)),
        "shard_count",
        "warning",
    ),
    Report(
        f"{GITHUB}/terraform-aws-modules/terraform-aws-opensearch/issues/27",
        "no service-linked role: only the account knows; docs/environment-file.md says how to make it",
        "domain",
        changed(SMALL, ("vpc_options.subnet_ids", ["a"])),
        "",
    ),
    Report(
        f"{GITHUB}/hashicorp/terraform-provider-aws/issues/5218",
        "the same, for Elasticsearch",
        "domain",
        changed(SMALL, ("vpc_options.subnet_ids", ["a"])),
        "",
    ),
]


def found(report: Report) -> list[Finding]:
    """What the rules say about a report."""
    given = report.given
    if report.judge == "domain_changes":
        return domain_changes.check(*given)
    if report.judge == "stream_changes":
        return stream_changes.check(*given)
    if report.judge == "pipeline":
        return pipeline.check(**given)
    books = {"domain": domain.check, "stream": stream.check, "delivery": delivery.check}
    return books[report.judge](given)


def expected(report: Report) -> Finding | None:
    """The finding that answers a report; None for one that the rules cannot see."""
    wanted = (report.path, report.severity)
    return next((finding for finding in found(report) if (finding.path, finding.severity) == wanted), None)


def page() -> str:
    """The table as a page of the documentation."""
    rows = []
    for report in REPORTS:
        number = "/".join(report.url.removeprefix(f"{GITHUB}/").split("/")[:2]) + "#" + report.url.rpartition("/")[2]
        finding = expected(report)
        said = f"{finding.severity}: `{report.path}` {finding}" if finding else "nothing"
        rows.append(f"| [{number}]({report.url}) | {report.kind} | {said.replace('|', chr(92) + '|')} |")
    return "\n".join([HEAD, *rows, ""])


HEAD = """# Public reports, and what `check` says about them

<!-- Printed by `make reports` from tests/rules/reports.py; a test holds it to them. -->

People reported these mistakes to providers, modules and tools, most of them after an apply had failed. Each row is a
test: the configuration in question, judged by the same rules as environment files, constructs and plans.

| report | mistake | what is said |
| --- | --- | --- |"""

if __name__ == "__main__":
    print(page(), end="")
