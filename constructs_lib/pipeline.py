"""The only place that wires the services to each other."""

from __future__ import annotations

from cdktf import ITerraformDependable
from constructs import Construct

from constructs_lib.archive import Archive
from constructs_lib.aws_context import AwsContext
from constructs_lib.bootstrap.construct import Bootstrap
from constructs_lib.configuration.environment import Environment
from constructs_lib.delivery import Delivery, LambdaProcessor, delivery_role
from constructs_lib.domain import SearchDomain
from constructs_lib.encryption import Encryption
from constructs_lib.iam import ManagedPolicy, ServiceRole
from constructs_lib.monitoring.construct import Monitoring
from constructs_lib.network import Network
from constructs_lib.stream import EventStream
from constructs_lib.transform.construct import METRICS_NAMESPACE, Transform


class Pipeline(Construct):
    """Events in, documents in the domain, everything else in the archive.

    Args:
        environment: what an environment file says.
        retain: whether Terraform refuses to destroy what holds data. `Stack` derives it from the two switches.
    """

    def __init__(self, scope: Construct, id_: str, *, environment: Environment, retain: bool = True) -> None:
        super().__init__(scope, id_)
        name = environment.name
        if environment.account_id is not None:
            AwsContext.of(self).set_account(environment.account_id)
        self.encryption = Encryption(
            self,
            "key",
            name=name,
            settings=environment.encryption,
            adopted=environment.adopt.key is not None,
            retain=retain,
        )
        self.monitoring: Monitoring | None = None
        if environment.monitoring.enabled:
            self.monitoring = Monitoring(
                self, "monitoring", name=name, encryption=self.encryption, settings=environment.monitoring
            )
        self.stream = EventStream(
            self,
            "stream",
            name=f"{name}-events",
            settings=environment.stream,
            encryption=self.encryption,
            retain=retain,
        )
        self.writer_policy: ManagedPolicy | None = None
        if environment.stream.writers.managed_policy:
            self.writer_policy = ManagedPolicy(
                self,
                "writer-policy",
                name=f"{name}-stream-writer",
                description=f"Puts events on the stream of {name}",
                settings=environment.iam,
            )
            with self.writer_policy.granting():
                self.stream.grant_write(self.writer_policy)
        backup = environment.delivery.opensearch_configuration.s3_configuration
        self.archive = Archive(
            self,
            "archive",
            name=name,
            encryption=self.encryption,
            settings=environment.archive,
            backup_prefix=backup.prefix,
            failed_prefix=backup.error_output_prefix,
            retain=retain,
        )
        self.network: Network | None = None
        if environment.network is not None:
            self.network = Network(
                self,
                "network",
                name=name,
                settings=environment.network,
                encryption=self.encryption,
                iam=environment.iam,
            )
        self.bootstrap: Bootstrap | None = None
        if environment.bootstrap.enabled:
            self.bootstrap = Bootstrap(
                self,
                "bootstrap",
                name=name,
                encryption=self.encryption,
                settings=environment.bootstrap,
                network=self.network,
                iam=environment.iam,
            )
        self.domain = SearchDomain(
            self,
            "domain",
            name=name,
            encryption=self.encryption,
            settings=environment.domain,
            network=self.network,
            master_user_arn=self.bootstrap.role.arn if self.bootstrap is not None else None,
            adopted=environment.adopt.domain is not None,
            retain=retain,
        )
        access = environment.access
        for sid, principals in (
            ("Administrators", access.administrators),
            ("Analysts", access.analysts),
            ("Personalization", access.personalization),
        ):
            if principals:
                self.domain.grant_http(sid, principals, administer=sid == "Administrators")
        delivery_name = environment.delivery.name or f"{name}-delivery"
        adopt = environment.adopt
        role = delivery_role(
            self,
            "delivery-role",
            name=adopt.delivery_role or delivery_name,
            delivery_name=delivery_name,
            adopted=adopt.delivery_role is not None,
            iam=environment.iam,
        )
        self.transform: Transform | None = None
        if environment.transform.enabled:
            self.transform = Transform(
                self,
                "transform",
                name=name,
                encryption=self.encryption,
                settings=environment.transform,
                shard_count=environment.stream.resource_arguments().get("shard_count"),
                network=self.network,
                iam=environment.iam,
                retain=retain,
            )
            self.transform.grant_invoke(role)
        ready = [self._set_up(self.bootstrap, role, environment)] if self.bootstrap is not None else []
        self.delivery = Delivery(
            self,
            "delivery",
            name=delivery_name,
            stream=self.stream,
            domain=self.domain,
            archive=self.archive,
            encryption=self.encryption,
            role=role,
            settings=environment.delivery,
            processor=_processor(self.transform, environment),
            adopted=adopt.delivery is not None,
            depends_on=ready,
        )
        if self.monitoring is not None:
            self._watch(self.monitoring, environment)
        self._adopt(environment)

    def _set_up(self, bootstrap: Bootstrap, delivery: ServiceRole, environment: Environment) -> ITerraformDependable:
        """The domain's inside: what Firehose writes to, who may read it, what watches it."""
        installed = environment.bootstrap.variables(
            environment, fine_grained=self.domain.fine_grained, audited=self.domain.audited
        )
        installed["DELIVERY_ROLE"] = delivery.arn
        beside = environment.bootstrap.variables_beside(environment)
        with bootstrap.role.granting():
            if self.monitoring is not None:
                publishing = self.monitoring.publishing_role(self.domain, iam=environment.iam)
                installed |= {"TOPIC_ARN": self.monitoring.topic_arn, "PUBLISHING_ROLE_ARN": publishing.arn}
                # The domain is given the role by whoever creates the channel: so says the source of `publishing_role`.
                bootstrap.role.grant("PassAlertingRole", ["iam:PassRole"], [publishing.arn])
            if self.transform is not None:
                beside["PSEUDONYM_KEY_ID"] = self.transform.key_arn
                self.transform.grant_derive(bootstrap.role)
                self.transform.allow_kms(bootstrap.function, peer="bootstrap")
            return bootstrap.install(self.domain, installed=installed, beside=beside)

    def _watch(self, monitoring: Monitoring, environment: Environment) -> None:
        """Alarms on everything that can lose or delay events."""
        monitoring.watch_domain(self.domain)
        monitoring.watch_stream(self.stream, environment.stream)
        monitoring.watch_delivery(self.delivery, environment.delivery, transforms=self.transform is not None)
        if self.transform is not None:
            function = self.transform.function
            timeout = environment.transform.function.timeout
            monitoring.watch_function("transform", function_name=function.resource_name, timeout_seconds=timeout)
            monitoring.watch_transform(
                self.delivery,
                namespace=METRICS_NAMESPACE,
                buffer_interval=environment.transform.processor.buffer_interval_seconds,
            )
        if self.bootstrap is not None:
            monitoring.watch_rare_function("bootstrap", function_name=self.bootstrap.function.resource_name)
        monitoring.finish()

    def _adopt(self, environment: Environment) -> None:
        """Import blocks for what exists already."""
        adopt = environment.adopt
        for resource, import_id in (
            (self.domain.resource, adopt.domain),
            (self.stream.resource, adopt.stream),
            (self.delivery.resource, adopt.delivery),
            (self.archive.resource, adopt.archive),
            (self.encryption.resource, adopt.key),
            (self.delivery.role.resource, adopt.delivery_role),
        ):
            if import_id is not None and resource is not None:
                resource.import_from(import_id)


def _processor(transform: Transform | None, environment: Environment) -> LambdaProcessor | None:
    if transform is None:
        return None
    settings = environment.transform.processor
    return LambdaProcessor(
        arn=transform.arn,
        buffer_size_mb=settings.buffer_size_mb,
        buffer_interval_seconds=settings.buffer_interval_seconds,
        retries=settings.retries,
    )
