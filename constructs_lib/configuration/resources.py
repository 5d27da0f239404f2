"""The resources that an environment asks for, in the provider's argument shape, before any construct exists."""

from __future__ import annotations

from typing import Any

from constructs_lib.configuration.delivery import LambdaProcessor
from constructs_lib.configuration.environment import Environment
from constructs_lib.rules.finding import UNKNOWN

PLACES = {"domain": UNKNOWN, "archive": UNKNOWN}


def resource_arguments(environment: Environment, name: str | None = None) -> dict[str, dict[str, Any]]:
    """Arguments of stream, domain and delivery stream as the constructs write them; references to other resources are
    `UNKNOWN`. Existing resources are left out.

    Args:
        name: beginning of the resources' names; default: the environment's name.
    """
    name = name or environment.name
    resources = {}
    if environment.existing.stream is None:
        resources["stream"] = environment.stream.resource_arguments(name=f"{name}-events", kms_key_id=UNKNOWN)
    if environment.existing.domain is None:
        resources["domain"] = _domain(environment, name)
    network = environment.network
    interfaces = None
    if network is not None:
        made = resources.get("domain", {}).get("vpc_options", {})
        subnets = made.get("subnet_ids") or network.subnet_ids or UNKNOWN
        interfaces = {"subnet_ids": subnets, "security_group_ids": UNKNOWN}
    resources["delivery"] = environment.delivery.resource_arguments(
        name=f"{name}-delivery",
        stream_arn=UNKNOWN,
        domain_arn=UNKNOWN,
        role_arn=UNKNOWN,
        bucket_arn=UNKNOWN,
        kms_key_arn=UNKNOWN,
        log_group_name=UNKNOWN,
        log_streams=PLACES,
        network=interfaces,
        processor=_processor(environment),
    )
    return resources


def _processor(environment: Environment) -> LambdaProcessor | None:
    if not environment.transform.enabled:
        return None
    given = environment.transform.processor
    return LambdaProcessor(UNKNOWN, given.buffer_size_mb, given.buffer_interval_seconds, given.retries)


def _domain(environment: Environment, name: str) -> dict[str, Any]:
    adopted = environment.adopt.domain is not None
    settings, network = environment.domain, environment.network
    options = None
    if network is not None:
        given = settings.vpc_options
        own = [UNKNOWN] * len(network.availability_zones)
        options = {
            "subnet_ids": (given.subnet_ids if given else None) or network.subnet_ids or own,
            "security_group_ids": (given.security_group_ids if given else None) or UNKNOWN,
        }
    values = settings.resource_arguments(
        name=name,
        kms_key_id=None if adopted else UNKNOWN,
        # The bootstrap function's role; an adopted domain keeps its master user.
        master_user_arn=UNKNOWN if environment.bootstrap.enabled and not adopted else None,
        log_group_arn=lambda _: UNKNOWN,
        vpc_options=options,
    )
    return values | settings.judged_beside(values)
