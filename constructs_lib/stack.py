"""One Terraform stack for one environment: provider, backend, tags, outputs, and the pipeline."""

from __future__ import annotations

from typing import Any

from cdktf import (
    LocalBackend,
    S3Backend,
    TerraformOutput,
    TerraformStack,
    Token,
)
from constructs import Construct

from constructs_lib import limits
from constructs_lib.aws import AwsProvider, arguments
from constructs_lib.configuration.backend import BackendSettings
from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.errors import Problem
from constructs_lib.configuration.judging import judge
from constructs_lib.configuration.resources import resource_arguments
from constructs_lib.limits.provider import provider_floor
from constructs_lib.pipeline import Pipeline
from constructs_lib.service_construct import problems_collected, report, written_late

NEXT_PROVIDER = "7.0.0"
"""First version of the provider that the constructs were not made for."""
TERRAFORM_VERSION = ">= 1.5.0"
"""``import`` blocks came with 1.5; a state lock file in S3 needs 1.10."""


class Stack(TerraformStack):
    """What ``cdktf.out/stacks/NAME/cdk.tf.json`` holds.

    Args:
        environment: what the environment file says.
        allow_destroy: the second of the two switches that let Terraform destroy what holds data; the first is
            ``removal_policy: destroy`` in the environment file.

    Raises:
        ConfigurationError: with everything that is wrong with the environment and with the constructs made of it.
    """

    def __init__(self, scope: Construct, id_: str, *, environment: Environment, allow_destroy: bool = False) -> None:
        super().__init__(scope, id_)
        findings = judge(environment)
        if any(finding.severity == "error" for finding in findings):
            report([Problem(id_, item.path, str(item), item.severity) for item in findings])
        retain = not (environment.removal_policy == "destroy" and allow_destroy)
        self._use_provider(environment)
        self._keep_state(environment.backend, id_)
        with problems_collected() as problems:
            self.pipeline = Pipeline(self, "pipeline", environment=environment, retain=retain)
        # Warnings about the same arguments were in the findings.
        report([problem for problem in problems if problem.severity == "error"])
        self._put_out(environment)

    def _use_provider(self, environment: Environment) -> None:
        settings = environment.provider.arguments()
        if "assume_role" in settings:
            settings["assume_role"] = [settings["assume_role"]]
        if environment.account_id is not None:
            settings["allowed_account_ids"] = [environment.account_id]
        tags = {"Deployment": environment.name, "ManagedBy": "Terraform"} | environment.tags
        settings |= {"region": environment.region, "default_tags": [{"tags": tags}]}
        AwsProvider(self, "aws", **arguments(AwsProvider, settings))
        # The bindings ask for the one version they were made from.
        self.add_override(
            "terraform.required_providers.aws.version", f">= {_lowest_provider(environment)}, < {NEXT_PROVIDER}"
        )

    def _keep_state(self, backend: BackendSettings, stack: str) -> None:
        version = TERRAFORM_VERSION
        if backend.s3 is not None:
            values = backend.s3.arguments("use_lockfile")
            S3Backend(self, **values)
            if backend.s3.use_lockfile:
                # S3Backend does not know the argument.
                self.add_override("terraform.backend.s3.use_lockfile", True)
                version = ">= 1.10.0"
        elif backend.cloud is not None:
            # Past cdktf's CloudBackend, which asks the Terraform of this machine for its version: a synth needs none.
            LocalBackend(self, path="terraform.tfstate")
            self.add_override("terraform.backend", written_late(lambda: None))
            self.add_override("terraform.cloud", backend.cloud.block(stack))
        else:
            # Relative: a path in the JSON holds on every machine.
            LocalBackend(self, path=backend.local.path if backend.local else "terraform.tfstate")
        self.add_override("terraform.required_version", version)

    def _put_out(self, environment: Environment) -> None:
        pipeline = self.pipeline
        values: dict[str, Any] = {
            "archive.bucket": pipeline.archive.name,
            "delivery.arn": pipeline.delivery.arn,
            "delivery.name": pipeline.delivery.name,
            "delivery.role_arn": pipeline.delivery.role.arn,
            "domain.arn": pipeline.domain.resource_arn,
            "domain.dashboard_endpoint": pipeline.domain.dashboard_endpoint,
            "domain.endpoint": pipeline.domain.endpoint,
            "domain.name": pipeline.domain.resource_name,
            "encryption.key_arn": pipeline.encryption.key_arn,
            "stream.arn": pipeline.stream.arn,
            "stream.name": pipeline.stream.name,
        }
        if pipeline.bootstrap is not None and pipeline.bootstrap.invocation is not None:
            values["bootstrap.answer"] = pipeline.bootstrap.invocation.result
        if pipeline.writer_policy is not None and pipeline.writer_policy.arn is not None:
            values["stream.writer_policy_arn"] = pipeline.writer_policy.arn
        if pipeline.network is not None and pipeline.domain.security_groups is not None:
            values |= {
                "domain.security_group_ids": pipeline.domain.security_groups.ids,
                "domain.subnet_ids": pipeline.domain.subnet_ids,
                "network.vpc_id": pipeline.network.vpc_id,
            }
        outputs = {source.replace(".", "_"): source for source in values} | environment.outputs
        for name, source in sorted(outputs.items()):
            value = values[source]
            # A list goes as a token: Node warns of how cdktf looks at one.
            TerraformOutput(self, name, value=Token.as_string(value) if isinstance(value, list) else value)


def _lowest_provider(environment: Environment) -> str:
    """The oldest provider that knows every argument the environment uses."""
    resources = resource_arguments(environment)
    floors = [
        provider_floor(resource_type, resources[section])
        for section, resource_type in (
            ("stream", limits.STREAM),
            ("domain", limits.DOMAIN),
            ("delivery", limits.DELIVERY),
        )
        if section in resources
    ]
    return max(floors, key=lambda version: [int(part) for part in version.split(".")])
