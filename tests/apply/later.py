"""Applies environments and examples to emulated AWS, and makes later plans of them.

No search engine is needed: a domain in memory (`tests.bootstrap.standin`) answers what the bootstrap asks.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from constructs_lib.plans.terraform import Terraform
from rehearsal.emulator import emulator
from tests.apply.accounts import prepare
from tests.apply.lifecycle import ROOT, SHORT_WAITS, merge
from tests.apply.project import emulate, run, synthesized
from tests.bootstrap.standin import served

CHANGE = {"stream": {"retention_period": 300}, "delivery": {"opensearch_configuration": {"buffering_interval": 75}}}
"""Laid over an environment for a plan that changes something, beside a larger volume."""


@dataclass
class Later:
    """One environment after its apply."""

    name: str
    output: str = ""
    """Terraform's error output, if it failed."""
    plans: dict[str, dict[str, Any]] = field(default_factory=dict)
    """``again`` (after the apply), ``refreshed`` (after a refresh was kept), ``changed`` (something is different)."""


def later(name: str, folder: Path) -> Later:
    """Apply an environment (``prod``, ``examples/saml``) and plan it three times more."""
    document = _document(name)
    done = Later(name)
    with emulator(account_id=str(document.get("account_id", "123456789012"))) as aws, served(document) as url:
        aws.use_engine(url)
        document = prepare(name, document, aws)
        work = _Work(name.rpartition("/")[2], folder, Terraform.find(aws.environment(str(document["region"]))))
        if "existing" in document:
            domain = document["existing"]["domain"]
            described = aws.client("opensearch", str(document["region"])).describe_domain(
                DomainName=domain["arn"].rpartition("/")[2]
            )
            work.hosts = {domain["endpoint"]: described["DomainStatus"]["Endpoint"]}
        work.synthesize(document)
        work.terraform.init(work.folder)
        if not work.apply(done):
            return done
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
        work.apply(done)
    return done


def _document(name: str) -> dict[str, Any]:
    """An environment file as it can be applied here: local state, no waits, no FIPS endpoints, a volume."""
    document: dict[str, Any] = yaml.safe_load((ROOT / "environments" / f"{name}.yaml").read_text("utf-8"))
    document.pop("backend", None)
    document.get("provider", {}).pop("use_fips_endpoint", None)
    volume = {"domain": {"ebs_options": {"volume_size": 100}}}
    return merge(volume, merge(document, SHORT_WAITS))


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
        made = synthesized(self.root, self.name, document)
        for named, here in self.hosts.items():
            stack = made / "cdk.tf.json"
            stack.write_text(stack.read_text(encoding="utf-8").replace(named, here), encoding="utf-8")
        self.terraform.prepare(made, self.folder, offline=False)
        emulate(self.folder, self.root / "terraform.tfstate")

    def run(self, *arguments: str) -> str:
        """Run Terraform; what it said where it failed."""
        done = run(self.terraform, self.folder, *arguments)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def apply(self, done: Later) -> bool:
        """Apply, plan, keep a refresh and plan again; whether the apply succeeded."""
        done.output = self.run("apply", "-auto-approve", "-parallelism=30")
        if done.output:
            return False
        done.plans["again"] = self.plan()
        done.output = self.run("apply", "-refresh-only", "-auto-approve")
        done.plans["refreshed"] = self.plan()
        return True

    def plan(self) -> dict[str, Any]:
        said = self.run("plan", "-out=plan.bin")
        assert not said, said[-3000:]
        return self.terraform.show(self.folder)
