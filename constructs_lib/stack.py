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
from constructs_lib.aws import AwsProvider, arguments
from constructs_lib.configuration.backend import BackendSettings
from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.resources import resource_arguments
from constructs_lib.limits.provider import provider_floor
from constructs_lib.pipeline import Pipeline
from constructs_lib.service_construct import environment_judged, skip_id_validation, written_late

NEXT_PROVIDER = "7.0.0"
"""First version of the provider that the constructs were not made for."""
TERRAFORM_VERSION = ">= 1.5.0"
"""``import`` blocks came with 1.5; a state lock file in S3 needs 1.10."""

OUTPUTS = {
    "alarms.topic_arn": "ARN of the SNS topic that alarms go to",
    "archive.bucket": "Name of the bucket that keeps what could not be delivered, or every event",
    "bootstrap.answer": "What the bootstrap function did: counts by outcome, and conflicts that it left alone",
    "bootstrap.function_name": "Name of the function that sets the domain up from inside",
    "collector.domain_target": "What the DNS record of the collector's own name points at",
    "collector.endpoint": "URL that browsers and apps send events to",
    "delivery.arn": "ARN of the delivery stream",
    "delivery.name": "Name of the delivery stream",
    "delivery.role_arn": "ARN of the role that the delivery stream works under",
    "domain.arn": "ARN of the search domain",
    "domain.dashboard_endpoint": "Host and path of the dashboards",
    "domain.endpoint": "Host name of the search domain's HTTPS endpoint",
    "domain.name": "Name of the search domain",
    "domain.security_group_ids": "Security groups of the search domain",
    "domain.subnet_ids": "Subnets of the search domain",
    "encryption.key_arn": "ARN of the KMS key that the deployment's data at rest is encrypted with",
    "network.vpc_id": "Id of the VPC that the search domain is in",
    "recommender.caller_policy_arn": "Policy for roles that ask for recommendations",
    "recommender.catalogue_policy_arn": "Policy for roles that write the recommender's catalogue",
    "recommender.endpoint": "URL of the recommender's API, without a path",
    "recommender.function_arn": "The function that recommends, for who calls it without the API",
    "stream.arn": "ARN of the stream that takes the events",
    "stream.name": "Name of the stream that takes the events",
    "stream.writer_policy_arn": "ARN of the policy that lets a role of this account put events on the stream",
    "transform.function_name": "Name of the function that turns raw events into documents",
}
"""Outputs by source, with their descriptions; an output is called like its source, with ``_`` for the dot."""


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
        if type(self) is Stack:
            skip_id_validation(self)
        retain = not (environment.removal_policy == "destroy" and allow_destroy)
        with environment_judged(id_, environment):
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
        values = {source: value for source, value in self._values().items() if value is not None}
        outputs = {source.replace(".", "_"): source for source in values} | environment.outputs
        for name, source in sorted(outputs.items()):
            value = values[source]
            # A list or an object is handed over late: Node warns of how cdktf looks at one that is there.
            shown = value if isinstance(value, str) else written_late(partial(values.get, source))
            TerraformOutput(self, name, value=shown, description=OUTPUTS[source])

    def _values(self) -> dict[str, Any]:
        """What the outputs say, by source; None where a deployment has no such part."""
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
