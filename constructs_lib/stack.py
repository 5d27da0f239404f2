"""One Terraform stack for one environment: provider, backend, tags, outputs, and the pipeline."""

from __future__ import annotations

from functools import partial
from typing import Any

from cdktf import (
    LocalBackend,
    S3Backend,
    TerraformOutput,
    TerraformStack,
)
from constructs import Construct

from constructs_lib import limits
from constructs_lib.argument_types import arguments_checked
from constructs_lib.aws import AwsProvider, arguments
from constructs_lib.configuration.backend import BackendSettings
from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.resources import resource_arguments
from constructs_lib.limits.provider import provider_floor
from constructs_lib.pipeline import Pipeline
from constructs_lib.reporting import environment_judged
from constructs_lib.service_construct import skip_id_validation, written_late

NEXT_PROVIDER = "7.0.0"
"""First provider version that the constructs do not support."""
TERRAFORM_VERSION = ">= 1.5.0"
"""``import`` blocks came with 1.5; a state lock file in S3 needs 1.10."""

OUTPUTS = {
    "alarms.topic_arn": "ARN of the SNS topic that alarms notify",
    "archive.bucket": "Name of the bucket with undelivered records, or with all events",
    "bootstrap.answer": "Result of the bootstrap function: counts by outcome, and conflicts that it did not change",
    "bootstrap.function_name": "Name of the function that sets up the domain",
    "collector.domain_target": "Target of the DNS record for the collector's own name",
    "collector.endpoint": "URL that browsers and apps send events to",
    "delivery.arn": "ARN of the delivery stream",
    "delivery.name": "Name of the delivery stream",
    "delivery.role_arn": "ARN of the delivery stream's IAM role",
    "domain.arn": "ARN of the search domain",
    "domain.dashboard_endpoint": "Host and path of the dashboards",
    "domain.endpoint": "Host name of the search domain's HTTPS endpoint",
    "domain.name": "Name of the search domain",
    "domain.security_group_ids": "Security groups of the search domain",
    "domain.subnet_ids": "Subnets of the search domain",
    "encryption.key_arn": "ARN of the KMS key that the deployment's data at rest is encrypted with",
    "network.vpc_id": "Id of the VPC that the search domain is in",
    "recommender.caller_policy_arn": "Policy for roles that get recommendations",
    "recommender.catalogue_policy_arn": "Policy for roles that write the recommender's catalogue",
    "recommender.endpoint": "URL of the recommender's API, without a path",
    "recommender.function_arn": "ARN of the recommending function, for calls without the API",
    "stream.arn": "ARN of the event stream",
    "stream.name": "Name of the event stream",
    "stream.writer_policy_arn": "ARN of the policy that lets a role of this account put events on the stream",
    "transform.function_name": "Name of the function that turns raw events into documents",
}
"""Outputs by source, with their descriptions; an output's name is its source with ``_`` for the dot."""


class Stack(TerraformStack):
    """The Terraform stack of one environment, ``cdktf.out/stacks/NAME/cdk.tf.json``.

    Args:
        environment: the settings of an environment file.
        allow_destroy: the second of the two switches that let Terraform destroy what holds data; the first is
            ``removal_policy: destroy`` in the environment file.

    Raises:
        ConfigurationError: with all errors of the environment and of its constructs.
    """

    @arguments_checked
    def __init__(self, scope: Construct, id_: str, *, environment: Environment, allow_destroy: bool = False) -> None:
        super().__init__(scope, id_)
        if type(self) is Stack:
            skip_id_validation(self)
        with environment_judged(id_, environment) as read:
            environment = read
            retain = not (environment.removal_policy == "destroy" and allow_destroy)
            self._use_provider(environment)
            self._keep_state(environment.backend, id_)
            self.pipeline = Pipeline(self, "pipeline", environment=environment, retain=retain)
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
        # The bindings require exactly their own version.
        self.add_override(
            "terraform.required_providers.aws.version", f">= {_lowest_provider(environment)}, < {NEXT_PROVIDER}"
        )

    def _keep_state(self, backend: BackendSettings, stack: str) -> None:
        version = TERRAFORM_VERSION
        if backend.s3 is not None:
            values = backend.s3.arguments("use_lockfile")
            S3Backend(self, **values)
            if backend.s3.use_lockfile:
                # cdktf's S3Backend lacks the argument.
                self.add_override("terraform.backend.s3.use_lockfile", True)
                version = ">= 1.10.0"
        elif backend.cloud is not None:
            # Without cdktf's CloudBackend, which runs the local Terraform for its version; a synth needs no Terraform.
            LocalBackend(self, path="terraform.tfstate")
            self.add_override("terraform.backend", written_late(lambda: None))
            self.add_override("terraform.cloud", backend.cloud.block(stack))
        else:
            # Relative, so that the JSON is the same on every machine.
            LocalBackend(self, path=backend.local.path if backend.local else "terraform.tfstate")
        self.add_override("terraform.required_version", version)

    def _put_out(self, environment: Environment) -> None:
        values = {source: value for source, value in self._values().items() if value is not None}
        outputs = {source.replace(".", "_"): source for source in values} | environment.outputs
        for name, source in sorted(outputs.items()):
            value = values[source]
            # Lists and objects are evaluated late, because Node prints a warning about cdktf's handling of them.
            shown = value if isinstance(value, str) else written_late(partial(values.get, source))
            TerraformOutput(self, name, value=shown, description=OUTPUTS[source])

    def _values(self) -> dict[str, Any]:
        """Values of the outputs by source; None if the deployment lacks the part."""
        pipeline = self.pipeline
        bootstrap, transform, monitoring = pipeline.bootstrap, pipeline.transform, pipeline.monitoring
        network = pipeline.network if pipeline.domain.security_groups is not None else None
        groups = pipeline.domain.security_groups
        recommender = pipeline.recommender
        api = recommender.api if recommender is not None else None
        caller = recommender.caller_policy if recommender is not None else None
        catalogue = recommender.catalogue_policy if recommender is not None else None
        collector = pipeline.collector
        return {
            "alarms.topic_arn": monitoring.topic_arn if monitoring is not None else None,
            "archive.bucket": pipeline.archive.name,
            "bootstrap.answer": bootstrap.answer if bootstrap is not None else None,
            "bootstrap.function_name": bootstrap.function.resource_name if bootstrap is not None else None,
            "collector.domain_target": collector.domain_target if collector is not None else None,
            "collector.endpoint": collector.endpoint if collector is not None else None,
            "delivery.arn": pipeline.delivery.arn,
            "delivery.name": pipeline.delivery.name,
            "delivery.role_arn": pipeline.delivery.role.arn,
            "domain.arn": pipeline.domain.resource_arn,
            "domain.dashboard_endpoint": pipeline.domain.dashboard_endpoint,
            "domain.endpoint": pipeline.domain.endpoint,
            "domain.name": pipeline.domain.resource_name,
            "domain.security_group_ids": groups.ids if groups is not None else None,
            "domain.subnet_ids": list(pipeline.domain.subnet_ids) if network is not None else None,
            "encryption.key_arn": pipeline.encryption.key_arn,
            "network.vpc_id": network.vpc_id if network is not None else None,
            "recommender.caller_policy_arn": caller.arn if caller is not None else None,
            "recommender.catalogue_policy_arn": catalogue.arn if catalogue is not None else None,
            "recommender.endpoint": api.endpoint if api is not None else None,
            "recommender.function_arn": recommender.function.qualified_arn if recommender is not None else None,
            "stream.arn": pipeline.stream.arn,
            "stream.name": pipeline.stream.name,
            "stream.writer_policy_arn": pipeline.writer_policy.arn if pipeline.writer_policy is not None else None,
            "transform.function_name": transform.function.resource_name if transform is not None else None,
        }


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
