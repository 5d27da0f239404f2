"""Prepares emulated accounts before an environment is applied to them."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from rehearsal.emulator import REGION, Emulator


def make_legacy(aws: Emulator) -> None:
    """The stream, the domain and the bucket that ``examples/adopt-existing.yaml`` names."""
    kinesis = aws.client("kinesis")
    kinesis.create_stream(StreamName="legacy-clicks", ShardCount=2)
    kinesis.increase_stream_retention_period(StreamName="legacy-clicks", RetentionPeriodHours=48)
    aws.client("opensearch").create_domain(
        DomainName="legacy-search",
        EngineVersion="OpenSearch_1.3",
        ClusterConfig={"InstanceType": "m6g.large.search", "InstanceCount": 2},
        EBSOptions={"EBSEnabled": True, "VolumeType": "gp3", "VolumeSize": 100},
        EncryptionAtRestOptions={"Enabled": True},
        NodeToNodeEncryptionOptions={"Enabled": True},
        DomainEndpointOptions={"EnforceHTTPS": True},
    )
    aws.client("s3").create_bucket(
        Bucket="legacy-click-archive", CreateBucketConfiguration={"LocationConstraint": REGION}
    )


def prepare(name: str, document: dict[str, Any], aws: Emulator) -> dict[str, Any]:
    """Create the resources that an example expects; returns the environment file with their names."""
    region = str(document["region"])
    if name == "examples/adopt-existing":
        make_legacy(aws)
    if name not in {"examples/vpc-prod", "examples/existing"}:
        return document
    network = _network(aws, region)
    key = aws.client("kms", region).create_key()["KeyMetadata"]["Arn"]
    made = {**document, "encryption": {"kms_key_arn": key}}
    if name == "examples/vpc-prod":
        allowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        aws.client("iam").create_policy(PolicyName="workload-boundary", PolicyDocument=json.dumps(allowed))
        groups = {"client_security_group_ids": network.groups[:1], "aws_api_security_group_ids": network.groups[1:]}
        return {**made, "network": {"vpc_id": network.vpc, "subnet_ids": network.subnets, **groups}}
    return {**made, "network": {"vpc_id": network.vpc, "subnet_ids": network.subnets[:2]}} | {
        "existing": _existing(aws, region, document["existing"], key, network.groups[:1])
    }


class _Network(NamedTuple):
    """A VPC of the account's own."""

    vpc: str
    subnets: list[str]
    groups: list[str]


def _network(aws: Emulator, region: str) -> _Network:
    """A VPC with three subnets in as many zones, and two security groups."""
    ec2 = aws.client("ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{number}.0/24", AvailabilityZone=f"{region}{zone}")
        for number, zone in enumerate("abc")
    ]
    groups = [ec2.create_security_group(GroupName=each, Description=each, VpcId=vpc)["GroupId"] for each in ("a", "b")]
    return _Network(vpc, [each["Subnet"]["SubnetId"] for each in subnets], groups)


def _existing(aws: Emulator, region: str, named: dict[str, Any], key: str, groups: list[str]) -> dict[str, Any]:
    """Create the stream, the domain and the bucket that an example names."""
    stream, domain = (named[part]["arn"].rpartition("/")[2] for part in ("stream", "domain"))
    bucket = named["archive"]["bucket"]
    aws.client("kinesis", region).create_stream(StreamName=stream, ShardCount=1)
    aws.client("s3", region).create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
    aws.client("opensearch", region).create_domain(DomainName=domain, EngineVersion=named["domain"]["engine_version"])
    return {
        "stream": {**named["stream"], "kms_key_arn": key},
        "domain": {**named["domain"], "security_group_ids": groups},
        "archive": {"bucket": bucket, "kms_key_arn": key},
    }
