"""The pipeline, which connects the services; no other module does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from constructs import Construct, IConstruct

from constructs_lib.archive import Archive, Bucket
from constructs_lib.aws_context import AwsContext
from constructs_lib.bootstrap.construct import Alerting, Bootstrap, Recommending
from constructs_lib.collector.construct import Collector
from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.errors import Problem
from constructs_lib.delivery import Delivery, delivery_role
from constructs_lib.domain import Domain, SearchDomain
from constructs_lib.encryption import Encryption, EncryptionKey
from constructs_lib.iam import ManagedPolicy, ServiceRole
from constructs_lib.monitoring.construct import Monitoring
from constructs_lib.network import Network
from constructs_lib.overriding import override_by_path
from constructs_lib.recommender.construct import METRICS_NAMESPACE as RECOMMENDER_NAMESPACE
from constructs_lib.recommender.construct import Recommender
from constructs_lib.reporting import environment_judged, problems_collected, report, settings_are_judged
from constructs_lib.rules.resources import PIPELINES
from constructs_lib.service_construct import ServiceConstruct, region_of
from constructs_lib.stream import EventStream, Stream
from constructs_lib.transform.construct import METRICS_NAMESPACE, Transform

_names: WeakKeyDictionary[IConstruct, list[str]] = WeakKeyDictionary()
"""Names of the pipelines in each stack."""


class Pipeline(ServiceConstruct):
    """The whole pipeline: stream, transform, delivery, domain, archive, and the optional parts.

    Args:
        environment: the settings of an environment file.
        retain: whether Terraform refuses to destroy what holds data. `Stack` derives it from the two switches.
    """

    def __init__(self, scope: Construct, id_: str, *, environment: Environment, retain: bool = True) -> None:
        super().__init__(scope, id_)
        self._retain = retain
        alone = not settings_are_judged()
        with environment_judged(self.node.path, environment) as self.environment:
            self._take_place(alone=alone)
            self._make(self.environment)

    def _take_place(self, *, alone: bool) -> None:
        """Refuse another region than the provider's, and a name that another pipeline of the stack has."""
        others = _names.setdefault(self.stack, [])
        if alone:
            place = {"provider": region_of(self.stack), "others": list(others)}
            given = {"name": self.environment.name, "region": self.environment.region}
            here = self.node.path
            report([Problem(here, item.path, str(item), item.severity) for item in PIPELINES.check(given | place)])
        others.append(self.environment.name)

    def _make(self, environment: Environment) -> None:
        """Make the parts, each after those that it is handed."""
        if environment.account_id is not None:
            AwsContext.of(self).set_account(environment.account_id)
        self.encryption = self._encryption()
        self.monitoring = self._monitoring()
        self.stream = self._stream()
        self.writer_policy = self._writer_policy()
        self.collector = self._collector()
        self.archive = self._archive()
        self.network = self._network()
        self.bootstrap = self._bootstrap()
        self.domain = self._domain()
        self.delivery_role = self._delivery_role()
        self.transform = self._transform()
        self.recommender = self._recommender()
        ready = self._set_up()
        self.delivery = self._delivery(ready)
        self._watch()
        self._adopt()
        self._override()

    def _override(self) -> None:
        """Change what the environment overrides; problems name the keys of the section."""
        with problems_collected() as problems:
            for path, changes in self.environment.overrides.items():
                override_by_path(self, path, changes)
        here = self.node.path
        for problem in problems:
            steps = problem.file.removeprefix(here).strip("/").replace("/", ".")
            path = ".".join(part for part in ("overrides", steps, problem.path) if part)
            report([replace(problem, file=here, path=path)])

    def _encryption(self) -> EncryptionKey:
        settings = self.environment.encryption
        if settings.kms_key_arn is not None:
            return Encryption.from_arn(self, "key", settings.kms_key_arn)
        adopted = self.environment.adopt.key is not None
        name = self.environment.name
        return Encryption(self, "key", name=name, settings=settings, adopted=adopted, retain=self._retain)

    def _monitoring(self) -> Monitoring | None:
        settings = self.environment.monitoring
        if not settings.enabled:
            return None
        return Monitoring(self, "monitoring", name=self.environment.name, encryption=self.encryption, settings=settings)

    def _stream(self) -> Stream:
        existing = self.environment.existing.stream
        if existing is not None:
            return EventStream.from_arn(
                self, "stream", existing.arn, encryption=self._existing_key("stream-key", existing.kms_key_arn)
            )
        return EventStream(
            self,
            "stream",
            name=f"{self.environment.name}-events",
            settings=self.environment.stream,
            encryption=self.encryption,
            retain=self._retain,
        )

    def _existing_key(self, id_: str, arn: str | None) -> EncryptionKey | None:
        return None if arn is None else Encryption.from_arn(self, id_, arn)

    def _writer_policy(self) -> ManagedPolicy | None:
        name = self.environment.name
        if not self.environment.stream.writers.managed_policy:
            return None
        policy = ManagedPolicy(
            self,
            "writer-policy",
            name=f"{name}-stream-writer",
            description=f"Puts events on the stream of {name}",
            settings=self.environment.iam,
        )
        self.stream.grant_write(policy)
        return policy

    def _collector(self) -> Collector | None:
        settings = self.environment.collector
        if settings is None:
            return None
        return Collector(
            self,
            "collector",
            name=self.environment.name,
            stream=self.stream,
            encryption=self.encryption,
            settings=settings,
            iam=self.environment.iam,
        )

    def _archive(self) -> Bucket:
        existing = self.environment.existing.archive
        if existing is not None:
            key = self._existing_key("archive-key", existing.kms_key_arn)
            return Archive.from_bucket(self, "archive", existing.bucket, encryption=key)
        backup = self.environment.delivery.opensearch_configuration.s3_configuration
        return Archive(
            self,
            "archive",
            name=self.environment.name,
            encryption=self.encryption,
            settings=self.environment.archive,
            backup_prefix=backup.prefix,
            failed_prefix=backup.error_output_prefix,
            retain=self._retain,
        )

    def _network(self) -> Network | None:
        settings = self.environment.network
        if settings is None:
            return None
        return Network(
            self,
            "network",
            name=self.environment.name,
            settings=settings,
            encryption=self.encryption,
            iam=self.environment.iam,
        )

    def _bootstrap(self) -> Bootstrap | None:
        if not self.environment.bootstrap.enabled:
            return None
        return Bootstrap(
            self,
            "bootstrap",
            name=self.environment.name,
            encryption=self.encryption,
            settings=self.environment.bootstrap.sized(
                self.environment.traffic, self.environment.delivery.opensearch_configuration.index_rotation_period
            ),
            network=self.network,
            iam=self.environment.iam,
        )

    def _domain(self) -> Domain:
        environment, access = self.environment, self.environment.access
        existing = environment.existing.domain
        domain: Domain
        if existing is not None:
            domain = SearchDomain.from_attributes(
                self,
                "domain",
                domain_arn=existing.arn,
                endpoint=existing.endpoint,
                engine_version=existing.engine_version,
                fine_grained=existing.fine_grained,
                network=self.network,
                security_group_ids=existing.security_group_ids,
            )
        else:
            domain = SearchDomain(
                self,
                "domain",
                name=environment.name,
                encryption=self.encryption,
                settings=environment.domain,
                network=self.network,
                master_user_arn=self.bootstrap.role.arn if self.bootstrap is not None else None,
                adopted=environment.adopt.domain is not None,
                retain=self._retain,
            )
        if access.administrators:
            domain.allow_administration("Administrators", access.administrators)
        for sid, principals in (("Analysts", access.analysts), ("Personalization", access.personalization)):
            if principals:
                domain.allow_read(sid, principals)
        return domain

    def _delivery_role(self) -> ServiceRole:
        adopted = self.environment.adopt.delivery_role
        name = self.environment.delivery.name or f"{self.environment.name}-delivery"
        return delivery_role(
            self,
            "delivery-role",
            name=adopted or name,
            delivery_name=name,
            adopted=adopted is not None,
            iam=self.environment.iam,
        )

    def _transform(self) -> Transform | None:
        environment = self.environment
        if not environment.transform.enabled:
            return None
        transform = Transform(
            self,
            "transform",
            name=environment.name,
            encryption=self.encryption,
            settings=environment.transform,
            shard_count=environment.stream.shards if environment.existing.stream is None else None,
            network=self.network,
            iam=environment.iam,
            retain=self._retain,
        )
        transform.grant_invoke(self.delivery_role)
        return transform

    def _recommender(self) -> Recommender | None:
        environment = self.environment
        if environment.recommender is None:
            return None
        destination = environment.delivery.opensearch_configuration
        held_back = destination.buffering_interval
        if self.transform is not None:
            held_back += self.transform.settings.processor.buffer_interval_seconds
        return Recommender(
            self,
            "recommender",
            name=environment.name,
            domain=self.domain,
            index_name=destination.index_name,
            encryption=self.encryption,
            settings=environment.recommender,
            buffering_seconds=held_back,
            network=self.network,
            iam=environment.iam,
        )

    def _set_up(self) -> list[Any]:
        """Install templates, roles, dashboards and monitors in the domain; returns resources to wait for."""
        environment = self.environment
        if self.bootstrap is None:
            return []
        alerting = None
        if self.monitoring is not None:
            role = self.monitoring.publishing_role(self.domain, iam=environment.iam)
            alerting = Alerting(self.monitoring.topic_arn, role.arn)
        recommending = None
        if self.recommender is not None:
            roles = (self.recommender.fold.role.arn, self.recommender.function.role.arn)
            recommending = Recommending(*roles, self.recommender.arms)
        invocation = self.bootstrap.install(
            self.domain,
            delivery=environment.delivery,
            delivery_role_arn=self.delivery_role.arn,
            access=environment.access,
            archive=environment.archive,
            stream_retention_hours=environment.stream.retention_period,
            transform=self.transform,
            alerting=alerting,
            recommending=recommending,
        )
        if self.recommender is not None:
            self.recommender.start(depends_on=[invocation])
        return [invocation]

    def _delivery(self, ready: list[Any]) -> Delivery:
        return Delivery(
            self,
            "delivery",
            name=f"{self.environment.name}-delivery",
            stream=self.stream,
            domain=self.domain,
            archive=self.archive,
            encryption=self.encryption,
            role=self.delivery_role,
            settings=self.environment.delivery,
            processor=self.transform.processor if self.transform is not None else None,
            adopted=self.environment.adopt.delivery is not None,
            depends_on=ready,
        )

    def _watch(self) -> None:
        """Alarms on everything that can lose or delay events."""
        monitoring, environment = self.monitoring, self.environment
        if monitoring is None:
            return
        if isinstance(self.domain, SearchDomain):
            monitoring.watch_domain(self.domain)
        monitoring.watch_stream(self.stream.name, environment.stream)
        monitoring.watch_delivery(self.delivery, environment.delivery, transforms=self.transform is not None)
        if self.transform is not None:
            settings = self.transform.settings
            name = self.transform.function.resource_name
            monitoring.watch_function("transform", function_name=name, timeout_seconds=settings.function.timeout)
            interval = settings.processor.buffer_interval_seconds
            monitoring.watch_transform(self.delivery, namespace=METRICS_NAMESPACE, buffer_interval=interval)
        if self.recommender is not None:
            monitoring.watch_recommender(self.recommender, namespace=RECOMMENDER_NAMESPACE)
        if self.collector is not None:
            monitoring.watch_collector(self.collector, namespace=METRICS_NAMESPACE)
        if self.bootstrap is not None:
            monitoring.watch_rare_function("bootstrap", function_name=self.bootstrap.function.resource_name)
        report(monitoring.unknown_alarms())

    def _adopt(self) -> None:
        """Import blocks for existing resources that this stack takes over."""
        for resource, import_id in self._adopted():
            if import_id is not None and resource is not None:
                resource.import_from(import_id)

    def _adopted(self) -> Iterator[tuple[Any, str | None]]:
        adopt = self.environment.adopt
        constructs: Mapping[str, ServiceConstruct] = {
            "domain": self.domain,
            "stream": self.stream,
            "delivery": self.delivery,
            "archive": self.archive,
            "key": self.encryption,
            "delivery_role": self.delivery_role,
        }
        for name, construct in constructs.items():
            yield construct.resources.get("resource"), getattr(adopt, name)
