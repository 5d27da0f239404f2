"""What the rules say about an environment: each resource by itself, then what lies between them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

from constructs_lib import rules
from constructs_lib.configuration.delivery import processor_order
from constructs_lib.configuration.environment import NETWORK_OUTPUTS, Environment, OutputSource
from constructs_lib.configuration.judging_bootstrap import judge_bootstrap
from constructs_lib.configuration.network import NetworkSettings
from constructs_lib.configuration.resources import resource_arguments
from constructs_lib.limits.quotas import FIREHOSE_LAMBDA_TIMEOUT_S, LAMBDA_CONCURRENCY
from constructs_lib.limits.sources import BACKUP, FINE_GRAINED, FIREHOSE_LAMBDA, IMPORT
from constructs_lib.rules import Finding

NAME = re.compile(r"[a-z][a-z0-9-]{2,27}")
_SIDE = "(north|south|east|west|central|northeast|northwest|southeast|southwest)"
REGION = re.compile(
    rf"(af|ap|ca|eu|il|me|mx|sa|us)-{_SIDE}-\d|cn-(north|northwest)-\d|us-gov-{_SIDE}-\d|us-iso[a-z]?-{_SIDE}-\d"
    rf"|eu-isoe-{_SIDE}-\d|eusc-[a-z]{{2}}-{_SIDE}-\d"
)
"""The shape of a region's name in every partition, after botocore's ``partitions.json``; new regions pass."""
ACCOUNT = re.compile(r"\d{12}")


def judge(environment: Environment) -> list[Finding]:
    """All findings about an environment, with paths from the root of the file."""
    # A name that is wrong is one problem, not one for each name that begins with it.
    resources = resource_arguments(environment, environment.name if NAME.fullmatch(environment.name) else "placeholder")
    findings = [*_own(environment), *_adoption(environment, resources), *_groups(environment)]
    findings += rules.environment.check(environment.model_dump(exclude_none=True))
    for section, module in (("stream", rules.stream), ("domain", rules.domain), ("delivery", rules.delivery)):
        if section in resources:
            found = module.check(resources[section])
            findings += [replace(item, path=f"{section}.{_as_written(item.path, environment)}") for item in found]
    # What is written only: the archive that is there by default keeps failures and asks for no more.
    archive = environment.archive.model_dump(exclude_unset=True, exclude_none=True)
    bootstrap = (
        environment.bootstrap.resolved(
            environment.domain.cluster_config if environment.existing.domain is None else None,
            environment.delivery.opensearch_configuration,
        )
        if environment.bootstrap.enabled
        else None
    )
    transform = {"function": environment.transform.function.arguments()} if environment.transform.enabled else None
    findings += rules.pipeline.check(**resources, archive=archive, bootstrap=bootstrap, transform=transform)
    return findings


_PROCESSOR = re.compile(r"(opensearch_configuration\.processing_configuration\.processors)\[(\d+)\](.*)")


def _as_written(path: str, environment: Environment) -> str:
    """A path below a resource as the file has it: the transform, which the file does not list, is a processor too."""
    found = _PROCESSOR.fullmatch(path)
    if found is None:
        return path
    given = environment.delivery.opensearch_configuration.processing_configuration.processors
    index = processor_order(given, transforms=environment.transform.enabled)[int(found[2])]
    return f"{found[1]}[{index}]{found[3]}" if index is not None else "opensearch_configuration"


def _own(environment: Environment) -> Iterator[Finding]:
    """Findings about the keys that are this project's own."""
    project = "constructs_lib/configuration"
    if not NAME.fullmatch(environment.name):
        yield Finding(
            "name",
            "error",
            "begins the names of all resources",
            environment.name,
            "3 to 28 lower-case letters, digits and hyphens, beginning with a letter",
            project,
        )
    if not REGION.fullmatch(environment.region):
        yield Finding("region", "error", "is no AWS region", environment.region, "a region such as eu-west-1", project)
    if environment.account_id is not None and not ACCOUNT.fullmatch(environment.account_id):
        yield Finding(
            "account_id", "error", "is no AWS account", environment.account_id, "twelve digits in quotes", project
        )
    security = environment.domain.advanced_security_options
    master = security.master_user_options if security else None
    if master is not None and master.master_user_password is not None:
        yield Finding(
            "domain.advanced_security_options.master_user_options.master_user_password",
            "error",
            "is refused: it would lie in this file, in every plan and in the state, readable by whoever reads those",
            "a password",
            "master_user_arn, the ARN of an IAM role",
            project,
        )
    chosen = [name for name in ("local", "s3", "cloud") if getattr(environment.backend, name) is not None]
    if len(chosen) > 1:
        yield Finding("backend", "error", "names more than one place for the state", ", ".join(chosen), "one", project)
    spaces = environment.backend.cloud.workspaces if environment.backend.cloud is not None else None
    if spaces is not None and spaces.name is not None and spaces.tags:
        path, allowed = "backend.cloud.workspaces", "name or tags"
        yield Finding(path, "error", "are named in two ways", f"name {spaces.name} and tags", allowed, project)
    if environment.backend.s3 is not None and not REGION.fullmatch(environment.backend.s3.region):
        given, allowed = environment.backend.s3.region, "a region such as eu-west-1"
        yield Finding("backend.s3.region", "error", "is no AWS region", given, allowed, project)
    yield from _network(environment, project)
    yield from _outputs(environment, project)
    yield from _transform(environment, project)
    yield from _monitoring(environment, project)
    yield from judge_bootstrap(environment)


def _groups(environment: Environment) -> Iterator[Finding]:
    """Groups come with a sign-in, and the bootstrap gives them their roles."""
    for key in ("administrator_groups", "analyst_groups"):
        given = ", ".join(getattr(environment.access, key))
        if given and not environment.domain.signs_people_in:
            allowed = "domain.saml_options or jwt_options"
            yield Finding(f"access.{key}", "error", "names groups that nobody comes with", given, allowed, FINE_GRAINED)
        elif given and not environment.bootstrap.enabled:
            message, allowed = "names groups that nobody gives a role", "bootstrap.enabled true, or no groups"
            yield Finding(f"access.{key}", "error", message, given, allowed, FINE_GRAINED)


def _adoption(environment: Environment, resources: dict[str, dict[str, Any]]) -> Iterator[Finding]:
    """What is adopted has the name that the file gives it: another name would replace it."""
    adopt = environment.adopt
    left_out = environment.existing.model_dump(exclude_none=True)
    for part, adopted, key, name in (
        ("domain", adopt.domain, "domain.domain_name", resources.get("domain", {}).get("domain_name")),
        ("stream", adopt.stream, "stream.name", resources.get("stream", {}).get("name")),
        ("delivery", adopt.delivery, "delivery.name", resources["delivery"]["name"]),
        ("archive", adopt.archive, "archive.bucket", environment.archive.bucket),
    ):
        if adopted is not None and part not in left_out and adopted.rpartition("/")[2] != name:
            message = f"is not the name that {key} gives, so that a plan would replace it"
            allowed = f"{key}: {adopted.rpartition('/')[2]}"
            yield Finding(f"adopt.{part}", "error", message, adopted, allowed, IMPORT)


def _transform(environment: Environment, source: str) -> Iterator[Finding]:
    transform = environment.transform
    if not transform.enabled:
        return
    mode = environment.delivery.opensearch_configuration.s3_backup_mode
    if transform.consent == "required" and mode == "AllDocuments":
        path = "delivery.opensearch_configuration.s3_backup_mode"
        message = "archives every event as it came, also of people who did not consent"
        allowed = "FailedDocumentsOnly, or transform.consent unless_denied"
        yield Finding(path, "warning", message, mode, allowed, BACKUP)
    if transform.vpc and environment.network is None:
        yield Finding(
            "transform.vpc", "error", "asks for a network that nobody names", True, "a section network", source
        )
    if transform.vpc and environment.network is not None and not environment.network.reaches_aws:
        yield Finding(
            "transform.vpc",
            "error",
            "cuts the function off from KMS, without which every record with a user id fails",
            True,
            "with network.aws_api_security_group_ids, those of an interface endpoint of KMS, or "
            "network.aws_api_cidr_blocks, such as 0.0.0.0/0 behind a NAT gateway",
            source,
        )
    timeout = transform.function.timeout
    if timeout > FIREHOSE_LAMBDA_TIMEOUT_S:
        allowed = f"1 to {FIREHOSE_LAMBDA_TIMEOUT_S} seconds"
        yield Finding(
            "transform.function.timeout", "error", "is longer than Firehose waits", timeout, allowed, FIREHOSE_LAMBDA
        )
    if transform.function.reserved_concurrent_executions == 0:
        path, allowed = "transform.function.reserved_concurrent_executions", "by_shards, 1 or more, or null"
        yield Finding(path, "error", "lets no call through", 0, allowed, LAMBDA_CONCURRENCY)


def _network(environment: Environment, source: str) -> Iterator[Finding]:
    network = environment.network
    if network is not None and environment.name.startswith("sg-"):
        allowed = "a name that does not begin with sg-: security groups are named after it"
        yield Finding("name", "error", "begins as only AWS's own ids may", environment.name, allowed, source)
    if network is None:
        if environment.domain.vpc_options is not None:
            yield Finding(
                "domain.vpc_options",
                "error",
                "puts the domain into a VPC that nobody names",
                None,
                "a section network with vpc_id and subnet_ids, or with cidr_block and availability_zones",
                source,
            )
        return
    if network.cidr_block is None:
        if not network.vpc_id:
            yield Finding(
                "network.vpc_id", "error", "is needed unless cidr_block makes a VPC", None, "a VPC's id", source
            )
        if not network.subnet_ids and not (
            environment.domain.vpc_options and environment.domain.vpc_options.subnet_ids
        ):
            yield Finding(
                "network.subnet_ids", "error", "is needed with vpc_id", None, "one subnet for each zone", source
            )
        return
    yield from _own_network(environment, network, source)


def _own_network(environment: Environment, network: NetworkSettings, source: str) -> Iterator[Finding]:
    for key in ("vpc_id", "subnet_ids"):
        if getattr(network, key):
            yield Finding(
                f"network.{key}",
                "error",
                "names an existing network beside cidr_block, which makes one",
                None,
                "one of the two",
                source,
            )
    if not network.availability_zones:
        yield Finding(
            "network.availability_zones", "error", "is needed with cidr_block", None, "one zone for each subnet", source
        )
    for index, zone in enumerate(network.availability_zones):
        if not re.fullmatch(rf"{re.escape(environment.region)}[a-z]", zone):
            yield Finding(
                f"network.availability_zones[{index}]",
                "error",
                "is not in the region",
                zone,
                f"{environment.region}a ...",
                source,
            )
        if zone in network.availability_zones[:index]:
            path, allowed = f"network.availability_zones[{index}]", "zones that differ"
            yield Finding(path, "error", "is there already", zone, allowed, source)
    try:
        block = ipaddress.IPv4Network(network.cidr_block or "")
    except ValueError:
        yield Finding(
            "network.cidr_block", "error", "is no address range", network.cidr_block, "such as 10.20.0.0/16", source
        )
        return
    if not 16 <= block.prefixlen <= 24:
        yield Finding(
            "network.cidr_block",
            "error",
            "is not of a size that holds the subnets",
            network.cidr_block,
            "/16 to /24",
            source,
        )


OUTPUT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
OUTPUTS = "https://developer.hashicorp.com/terraform/language/syntax/configuration#identifiers"
TAKEN = ("aws", "context", "pipeline")
"""What stands beside the outputs in a stack's tree."""
STANDARD_OUTPUTS = {
    *(source.replace(".", "_") for source in get_args(OutputSource)),
    "bootstrap_answer",
    "stream_writer_policy_arn",
}


def _outputs(environment: Environment, source: str) -> Iterator[Finding]:
    for name, output in environment.outputs.items():
        if not OUTPUT_NAME.fullmatch(name):
            allowed = "letters, digits, _ and -, beginning with a letter or _"
            yield Finding("outputs", "error", "have a name that Terraform does not take", name, allowed, OUTPUTS)
        elif name in TAKEN or (name in STANDARD_OUTPUTS and name != output.replace(".", "_")):
            yield Finding(f"outputs.{name}", "error", "is the name of something else", output, "another name", source)
        if output in NETWORK_OUTPUTS and environment.network is None:
            path = f"outputs.{name}"
            yield Finding(path, "error", "is of a network that nobody names", output, "a section network", source)


TOPIC = re.compile(r"arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[A-Za-z0-9_-]{1,256}")
_ENDPOINTS = {
    "email": r"[^@\s]+@[^@\s]+",
    "email-json": r"[^@\s]+@[^@\s]+",
    "https": r"https://\S+",
    "sms": r"\+?[0-9-]+",
}
"""What a subscription's endpoint looks like by protocol; the others take an ARN
(https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html)."""


def _monitoring(environment: Environment, source: str) -> Iterator[Finding]:
    given = environment.monitoring
    for key, value, least, most in (
        ("free_storage_percent", given.free_storage_percent, 1, 99),
        ("late_seconds", given.late_seconds, 0, 86400),
        ("failed_percent", given.failed_percent, 1, 100),
    ):
        if not least <= value <= most:
            yield Finding(f"monitoring.{key}", "error", "is out of range", value, f"{least} to {most}", source)
    if given.topic_arn is not None:
        topic = TOPIC.fullmatch(given.topic_arn)
        if topic is None or topic[1] != environment.region:
            allowed = f"the ARN of a topic in {environment.region}: alarms notify topics of their own region"
            yield Finding(
                "monitoring.topic_arn", "error", "is no topic for these alarms", given.topic_arn, allowed, source
            )
        if given.subscriptions:
            allowed = "none beside topic_arn: they are the business of that topic's owner"
            yield Finding(
                "monitoring.subscriptions", "error", "has no topic to be on", len(given.subscriptions), allowed, source
            )
    for index, subscription in enumerate(given.subscriptions):
        pattern = _ENDPOINTS.get(subscription.protocol, r"arn:aws[a-z-]*:\S+")
        if not re.fullmatch(pattern, subscription.endpoint):
            yield Finding(
                f"monitoring.subscriptions[{index}].endpoint",
                "error",
                f"is no endpoint for {subscription.protocol}",
                subscription.endpoint,
                {"email": "an address", "email-json": "an address", "https": "https://...", "sms": "a number"}.get(
                    subscription.protocol, "an ARN"
                ),
                source,
            )
