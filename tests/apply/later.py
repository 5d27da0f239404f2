"""Environments and examples applied for real to emulated AWS, and what later plans of them are.

No search engine is needed: a domain in memory (`tests.bootstrap.standin`) answers what the bootstrap asks.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from constructs_lib.plans.terraform import Terraform
from rehearsal.emulator import Emulator, emulator
from tests.apply.lifecycle import ROOT, SHORT_WAITS, merge
from tests.bootstrap.standin import Domain

CHANGE = {"stream": {"retention_period": 300}, "delivery": {"opensearch_configuration": {"buffering_interval": 75}}}
"""Laid over an environment for a plan that changes something, beside a larger volume."""


@dataclass
class Later:
    """One environment after its apply."""

    name: str
    output: str = ""
    """What Terraform said where it failed."""
    plans: dict[str, dict[str, Any]] = field(default_factory=dict)
    """``again`` (after the apply), ``refreshed`` (after a refresh was kept), ``changed`` (something is different)."""


def later(name: str, folder: Path) -> Later:
    """Apply an environment (``prod``, ``examples/saml``) and plan it three times more."""
    document = _document(name)
    done = Later(name)
    with emulator(account_id=str(document.get("account_id", "123456789012"))) as aws, standin(document) as url:
        aws.use_engine(url)
        document = _there_already(name, document, aws)
        work = _Work(name.rpartition("/")[2], folder, Terraform.find(aws.environment(str(document["region"]))))
        if "existing" in document:
            domain = document["existing"]["domain"]
            described = aws.client("opensearch", str(document["region"])).describe_domain(
                DomainName=domain["arn"].rpartition("/")[2]
            )
            work.hosts = {domain["endpoint"]: described["DomainStatus"]["Endpoint"]}
        work.synthesize(document)
        work.terraform.init(work.folder)
        done.output = work.run("apply", "-auto-approve", "-parallelism=30")
        if done.output:
            return done
        done.plans["again"] = work.plan()
        done.output = work.run("apply", "-refresh-only", "-auto-approve")
        done.plans["refreshed"] = work.plan()
        volume = {"domain": {"ebs_options": {"volume_size": document["domain"]["ebs_options"]["volume_size"] + 10}}}
        work.synthesize(merge(merge(document, CHANGE), volume))
        done.plans["changed"] = work.plan()
    return done


MODULE = ROOT / "tests" / "samples" / "configurations" / "modules" / "sound"
SOMEBODYS = """
provider "aws" {
  region                 = "eu-west-1"
  s3_use_path_style      = true
  skip_region_validation = true
  max_retries            = 2
}

resource "aws_iam_role" "firehose" {
  name               = "firehose"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_iam_role_policy" "firehose" {
  name   = "delivery"
  role   = aws_iam_role.firehose.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:PutObject", "s3:AbortMultipartUpload"], Resource = "*" }]
  })
}

resource "aws_s3_bucket" "backup" {
  bucket = "somebodys-backup"
}

resource "aws_s3_bucket_versioning" "backup" {
  bucket = aws_s3_bucket.backup.id
  versioning_configuration {
    status = "Enabled"
  }
}

module "sound" {
  source     = "./sound"
  role_arn   = aws_iam_role.firehose.arn
  bucket_arn = aws_s3_bucket.backup.arn
}
"""
"""A configuration in Terraform's own language around a module of the tests' samples."""


def somebodys(folder: Path) -> Later:
    """The same of a configuration that this project did not write."""
    done = Later("somebodys")
    work = _Work("somebodys", folder, Terraform.find())
    shutil.copytree(MODULE, work.folder / "sound")
    text = (MODULE / "main.tf").read_text(encoding="utf-8")
    waits = 'domain_name    = "events"\n  timeouts {\n    create = "10s"\n  }'
    (work.folder / "sound" / "main.tf").write_text(text.replace('domain_name    = "events"', waits), encoding="utf-8")
    (work.folder / "main.tf").write_text(SOMEBODYS, encoding="utf-8")
    with emulator() as aws:
        work.terraform = replace(work.terraform, environment=aws.environment("eu-west-1"))
        work.terraform.init(work.folder)
        done.output = work.run("apply", "-auto-approve", "-parallelism=30")
        if done.output:
            return done
        done.plans["again"] = work.plan()
        done.output = work.run("apply", "-refresh-only", "-auto-approve")
        done.plans["refreshed"] = work.plan()
    return done


def _document(name: str) -> dict[str, Any]:
    """An environment file as it can be applied here: local state, no waits, no FIPS endpoints, a volume."""
    document: dict[str, Any] = yaml.safe_load((ROOT / "environments" / f"{name}.yaml").read_text("utf-8"))
    document.pop("backend", None)
    document.get("provider", {}).pop("use_fips_endpoint", None)
    volume = {"domain": {"ebs_options": {"volume_size": 100}}}
    return merge(volume, merge(document, SHORT_WAITS))


def _there_already(name: str, document: dict[str, Any], aws: Emulator) -> dict[str, Any]:
    """What some examples take for granted: an account that has a network and a key, and accounts that have parts."""
    region = str(document["region"])
    if name == "examples/adopt-existing":
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
            Bucket="legacy-click-archive", CreateBucketConfiguration={"LocationConstraint": region}
        )
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
    ec2 = aws.client("ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{number}.0/24", AvailabilityZone=f"{region}{zone}")
        for number, zone in enumerate("abc")
    ]
    groups = [ec2.create_security_group(GroupName=each, Description=each, VpcId=vpc)["GroupId"] for each in ("a", "b")]
    return _Network(vpc, [each["Subnet"]["SubnetId"] for each in subnets], groups)


def _existing(aws: Emulator, region: str, named: dict[str, Any], key: str, groups: list[str]) -> dict[str, Any]:
    """The stream, the domain and the bucket that an example names, made in the account."""
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


@dataclass
class _Work:
    """Where Terraform runs for one environment."""

    name: str
    root: Path
    terraform: Terraform
    hosts: dict[str, str] = field(default_factory=dict)
    """Hosts that the file names, and where they are here: a file takes no host with a port."""

    @property
    def folder(self) -> Path:
        return self.root / "work"

    def synthesize(self, document: dict[str, Any]) -> None:
        environments = self.root / "project" / "environments"
        environments.mkdir(parents=True, exist_ok=True)
        (environments / f"{self.name}.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
        source = "import sys; from pathlib import Path; from constructs_lib.synth.cli import main; "
        run = subprocess.run(
            [sys.executable, "-c", f"{source}sys.exit(main([], root=Path(sys.argv[1])))", str(environments.parent)],
            cwd=ROOT,
            env={**os.environ, "CDKTF_OUTDIR": str(self.root / "out"), "ALLOW_DESTROY": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        made = self.root / "out" / "stacks" / self.name
        for named, here in self.hosts.items():
            stack = made / "cdk.tf.json"
            stack.write_text(stack.read_text(encoding="utf-8").replace(named, here), encoding="utf-8")
        self.terraform.prepare(made, self.folder, offline=False)
        override = {
            "terraform": {"backend": {"local": {"path": str(self.root / "terraform.tfstate")}}},
            "provider": {"aws": [{"s3_use_path_style": True, "max_retries": 2, "skip_region_validation": True}]},
        }
        (self.folder / "emulated_override.tf.json").write_text(json.dumps(override), encoding="utf-8")

    def run(self, *arguments: str) -> str:
        """Run Terraform; what it said where it failed."""
        done = subprocess.run(
            [str(self.terraform.binary), arguments[0], "-no-color", "-input=false", *arguments[1:]],
            cwd=self.folder,
            env={**os.environ, **self.terraform.environment, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def plan(self) -> dict[str, Any]:
        said = self.run("plan", "-out=plan.bin")
        assert not said, said[-3000:]
        return self.terraform.show(self.folder)


@contextmanager
def standin(document: dict[str, Any]) -> Iterator[str]:
    """A domain in memory behind HTTP; yields its address."""
    engine, _, version = str(document["domain"].get("engine_version", "OpenSearch_2.19")).partition("_")
    domain = Domain(opensearch=engine == "OpenSearch", version=f"{version}.0")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            data = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer = domain.reply(self.command, self.path, headers, data)
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _answer  # noqa: N815 - as the base class names them

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
