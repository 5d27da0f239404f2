"""The function that sets up the domain, and Terraform's call of it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from constructs import Construct

from constructs_lib.aws import LambdaAlias, LambdaInvocation
from constructs_lib.bootstrap.runtime.catalogue import DEFAULTS
from constructs_lib.bootstrap.runtime.settings import ERASE_ALIAS, RECOMMENDER_INDICES
from constructs_lib.configuration.access import AccessSettings
from constructs_lib.configuration.archive import ArchiveSettings
from constructs_lib.configuration.bootstrap import BootstrapSettings
from constructs_lib.configuration.delivery import DeliverySettings, OpensearchConfiguration
from constructs_lib.configuration.iam import IamSettings
from constructs_lib.encryption import EncryptionKey
from constructs_lib.function import Function
from constructs_lib.iam import Condition, Role, grantee
from constructs_lib.interfaces import SetUpDomain
from constructs_lib.lambda_archive import FunctionArchive, function_archive
from constructs_lib.limits.plain_numbers import RetentionHours
from constructs_lib.network import Network
from constructs_lib.rules.finding import UNKNOWN
from constructs_lib.service_construct import ServiceConstruct
from constructs_lib.transform.construct import Transform

FOLDER = "bootstrap"
HANDLER = f"{FOLDER}.handler.handler"
RUNTIME = Path(__file__).with_name("runtime")
SHARED = ("privacy",)
WAIT_SHARE = 2
"""Share of the function's timeout to wait for a domain that is not ready."""
_ON_THE_WAY = 180
"""Seconds of reading the stream, a first retry and the index's refresh, besides the buffers."""


@cache
def bootstrap_archive() -> FunctionArchive:
    """The function's archive, made once in a process: its own files and those shared with the transform."""
    return function_archive(RUNTIME, folder=FOLDER, shared=SHARED)


@dataclass(frozen=True)
class Alerting:
    """The target of the domain's alerts.

    Attributes:
        topic_arn: the SNS topic.
        role_arn: the role with which the domain publishes to it.
    """

    topic_arn: str
    role_arn: str


@dataclass(frozen=True)
class Recommending:
    """Roles and arms of the recommender, for the domain.

    Attributes:
        fold_role_arn: the role of the function that folds events into sessions.
        role_arn: the role of the function that recommends.
        arms: names of its arms, which the dashboard tells apart.
    """

    fold_role_arn: str
    role_arn: str
    arms: Sequence[str]


class Bootstrap(ServiceConstruct):
    """A function that installs templates, lifecycle, roles, dashboards and alerts in a domain, idempotently.

    It is created before the domain, because its role is the domain's master user. `install` then sets the domain and
    makes Terraform call the function: after the domain and before the delivery stream is created, and whenever the
    installed objects change. Terraform needs no network path to the domain. The call's answer lists each object with
    its outcome; a failed installation fails the apply with the reason.

    Args:
        name: beginning of the function's name.
        encryption: the key of its environment and its log.
        network: the VPC to run in, when the domain is in one.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        encryption: EncryptionKey,
        settings: BootstrapSettings | None = None,
        network: Network | None = None,
        iam: IamSettings | None = None,
    ) -> None:
        super().__init__(scope, id_)
        known = {"network": None if network is None else UNKNOWN}
        self.settings = self.judge_settings("bootstrap", settings, BootstrapSettings, beside=known)
        self._archive = bootstrap_archive()
        vpc = network is not None if self.settings.vpc is None else self.settings.vpc
        self.function = Function(
            self,
            "function",
            name=f"{name}-bootstrap",
            description="Sets the search domain up from inside: templates, lifecycle, roles, dashboards",
            archive=self._archive,
            handler=HANDLER,
            encryption=encryption,
            settings=self.settings.function,
            environment={},
            reserved_concurrent_executions=self.settings.function.reserved_concurrent_executions,
            network=network if vpc else None,
            iam=iam,
        )
        self.role = self.function.role
        self._erase_alias = self.create(
            LambdaAlias,
            "erase-alias",
            {
                "name": ERASE_ALIAS,
                "description": "Erases a person's documents; allows no other action",
                "function_name": self.function.resource_name,
                "function_version": self.function.resource.version,
            },
        )
        self.invocation: Any = None
        """Terraform's call of the function; None before `install`."""

    def install(
        self,
        domain: SetUpDomain,
        *,
        delivery: DeliverySettings | None = None,
        delivery_role_arn: str | None = None,
        access: AccessSettings | None = None,
        archive: ArchiveSettings | None = None,
        stream_retention_hours: RetentionHours = 168,
        transform: Transform | None = None,
        alerting: Alerting | None = None,
        recommending: Recommending | None = None,
        depends_on: Sequence[Any] = (),
    ) -> Any:
        """Make Terraform call the function; resources that need the installed domain depend on the result.

        Args:
            domain: the domain, which grants the function's role its API.
            delivery: the delivery stream's index, rotation, backup and buffers.
            delivery_role_arn: the delivery stream's IAM role, which is mapped to a role in the domain.
            access: roles and groups that are mapped to roles in the domain.
            archive: retention of the archive, which an erasure reports.
            stream_retention_hours: retention of the stream, which an erasure reports.
            transform: the transform whose pseudonyms the documents hold: erasing by a raw user id needs its key.
            alerting: the target of alerts; default: Dashboards only.
            recommending: the recommender, whose indices are installed; default: none.
            depends_on: further resources to create before the call.
        """
        delivery = delivery or DeliverySettings()
        destination = delivery.opensearch_configuration
        patterns = (destination.index_name, self.settings.queries_index_name)
        index = destination.index_name
        single = [f"{index}.{kind}" for kind in RECOMMENDER_INDICES] if recommending is not None else []
        domain.grant_setup(self.role, patterns=patterns, indices=single)
        if domain.security_groups is not None and self.function.security_groups is not None:
            self.function.security_groups.allow_https_to(domain.security_groups, peer="bootstrap")
        decisive = {
            "ENDPOINT": domain.endpoint,
            **self._installed(domain, destination, access or AccessSettings()),
            "VALUES": json.dumps(_delay(destination, transform) | self.settings.thresholds, sort_keys=True),
        }
        if delivery_role_arn is not None:
            decisive["DELIVERY_ROLE"] = delivery_role_arn
        if alerting is not None:
            decisive |= {"TOPIC_ARN": alerting.topic_arn, "PUBLISHING_ROLE_ARN": alerting.role_arn}
            # The creator of the channel passes the role to the domain
            # (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/alerting.html).
            passed = Condition("StringEquals", "iam:PassedToService", ["es.amazonaws.com"])
            self.role.grant("PassAlertingRole", ["iam:PassRole"], [alerting.role_arn], [passed])
        if recommending is not None:
            decisive |= {
                "RECOMMENDER": "true",
                "RECOMMENDER_ARMS": ",".join(recommending.arms),
                "RECOMMENDER_ROLE": recommending.role_arn,
                "FOLD_ROLE": recommending.fold_role_arn,
            }
        beside = _kept(archive or ArchiveSettings(), destination, stream_retention_hours)
        if transform is not None:
            beside |= {"PSEUDONYM_KEY_ID": transform.key_arn, "PSEUDONYM_LABEL": transform.settings.user_ids.label}
            transform.grant_derive(self.role)
            transform.allow_kms(self.function, peer="bootstrap")
        return self._call(domain, decisive, beside, depends_on)

    def grant_erase(self, role: Role) -> None:
        """Let a role erase people's documents through the alias ``erase``."""
        grantee(self, role).grant("ErasePeople", ["lambda:InvokeFunction"], [self._erase_alias.arn])

    @property
    def answer(self) -> dict[str, str] | None:
        """Summary of the call: counts by outcome, and the conflicts; None before `install`. The invocation's ``result``
        lists every object."""
        if self.invocation is None:
            return None
        whole = f"jsondecode({self.resources['invocation'].fqn}.result)"
        conflict = '"${each.kind} ${each.name}: ${each.reason}" if each.outcome == "conflict"'
        return {
            "counts": f"${{{whole}.counts}}",
            "conflicts": f"${{[for each in {whole}.objects : {conflict}]}}",
        }

    def _call(
        self, domain: SetUpDomain, decisive: Mapping[str, str], beside: Mapping[str, str], depends_on: Sequence[Any]
    ) -> Any:
        """Terraform's call: again when one of the decisive variables, the code or the engine changes."""
        # An upgraded engine has other APIs; the function detects the engine, so no variable changes.
        causes = {"CODE": self._archive.source_code_hash, "ENGINE": domain.engine_version}
        waiting = {"WAIT_SECONDS": str(self.settings.function.timeout // WAIT_SHARE)}
        self.function.set_environment({**decisive, **beside, **waiting})
        self.invocation = self.create(
            LambdaInvocation,
            "invocation",
            {
                "function_name": self.function.resource_name,
                "qualifier": self.function.alias.name,
                "input": json.dumps({"action": "install"}),
                "triggers": {**causes, **dict(sorted(decisive.items()))},
            },
            depends_on=[self.role.policy, *depends_on],
        )
        if self.settings.schedule is not None:
            # A scheduled run installs what needs documents first, and reverts manual changes.
            self.function.run_on_schedule(
                "schedule",
                self.settings.schedule,
                description="Installs in the search domain what had to wait for documents",
                payload={"action": "install"},
            )
        return self.invocation

    def _installed(
        self, domain: SetUpDomain, destination: OpensearchConfiguration, access: AccessSettings
    ) -> dict[str, str]:
        """Environment variables that decide what is installed (``runtime/settings.py``)."""
        settings = self.settings
        counts = settings.resolved(domain.cluster, destination)
        ages = {
            "MERGE_AFTER_DAYS": settings.merge_after_days,
            "WARM_AFTER_DAYS": settings.warm_after_days,
            "COLD_AFTER_DAYS": settings.cold_after_days,
            "DELETE_AFTER_DAYS": settings.retention_days,
        }
        callers = {
            "ADMINISTRATORS": [*access.administrators, *access.administrator_groups],
            "ANALYSTS": [*access.analysts, *access.analyst_groups],
            "PERSONALIZATION": access.personalization,
        }
        return {
            "INDEX_NAME": destination.index_name,
            "INDEX_ROTATION": destination.index_rotation_period,
            "QUERIES_NAME": settings.queries_index_name,
            "UBI_EVENTS_ALIAS": settings.ubi_events_alias or "none",
            "SHARDS": str(counts["number_of_shards"]),
            "REPLICAS": str(counts["number_of_replicas"]),
            "REFRESH_INTERVAL": settings.refresh_interval,
            "FINE_GRAINED": "true" if domain.fine_grained else "false",
            "AUDIT_LOGS": "true" if domain.audited else "false",
            "INSTALL": ",".join(sorted(settings.install)) or "none",
            **{name: "never" if days is None else str(days) for name, days in ages.items()},
            **{name: ",".join(sorted(each)) for name, each in callers.items() if each},
        }


def _kept(archive: ArchiveSettings, destination: OpensearchConfiguration, retention_hours: int) -> dict[str, str]:
    """Environment variables for erasures: other places of events, and their retention."""
    lifecycle = archive.lifecycle
    # The bucket is versioned: an expired object is deleted after the noncurrent version's days.
    hidden, days = lifecycle.noncurrent_expiration_days, lifecycle.expiration_days
    return {
        "ARCHIVE": "all" if destination.s3_backup_mode == "AllDocuments" else "failed",
        "ARCHIVE_DAYS": "never" if days is None else str(days + hidden),
        "FAILED_DAYS": str(lifecycle.failed_expiration_days + hidden),
        "STREAM_DAYS": str(math.ceil(retention_hours / 24)),
    }


def _delay(destination: OpensearchConfiguration, transform: Transform | None) -> dict[str, int | str]:
    """Delay of documents, if the buffers are too long for the default.

    Monitors and detectors ignore younger events: an incomplete minute would look like a drop.
    """
    seconds = destination.buffering_interval + _ON_THE_WAY
    if transform is not None:
        seconds += transform.settings.processor.buffer_interval_seconds
    minutes = math.ceil(seconds / 60)
    return {"delay_minutes": minutes} if minutes > int(DEFAULTS["delay_minutes"]) else {}
