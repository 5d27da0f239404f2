"""The recommender: a function that folds events into sessions, a function that recommends, and its HTTP API."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from constructs import Construct

from constructs_lib.configuration.iam import IamSettings
from constructs_lib.configuration.recommender import ApiSettings, FoldFunctionSettings, RecommenderSettings
from constructs_lib.encryption import EncryptionKey
from constructs_lib.function import Function
from constructs_lib.http_api import Authorization, HttpApi, Jwt, Rate
from constructs_lib.iam import ManagedPolicy
from constructs_lib.interfaces import RecommendingDomain
from constructs_lib.lambda_archive import FunctionArchive, function_archive
from constructs_lib.limits.plain_numbers import BufferSeconds
from constructs_lib.network import Network
from constructs_lib.recommender.runtime.settings import Settings as RuntimeSettings
from constructs_lib.rules import delivery as delivery_rules
from constructs_lib.rules.finding import UNKNOWN
from constructs_lib.service_construct import ServiceConstruct

FOLDER = "recommender"
RUNTIME = Path(__file__).with_name("runtime")
METRICS_NAMESPACE = RuntimeSettings("").metrics_namespace
"""CloudWatch namespace of the functions' own metrics."""
ASKING = {
    "recommendations": "GET /recommendations",
    "recommendations-by-body": "POST /recommendations",
    "rank": "POST /rank",
}
WRITING = {"items": "PUT /items"}
"""Routes by name."""
CORS_MAX_AGE = 86_400
"""Seconds for which a browser caches a CORS preflight answer: the longest that browsers allow."""
LOOK_BACK_HOURS = 48
"""Hours to fold again: Firehose retries for two hours and then keeps documents in the bucket, from which operators send
them again within days."""
SEARCHABLE_SECONDS = 300
"""Seconds for reading the stream, one retry and the index's refresh, besides the delivery's buffers."""
LEAST_OVERLAP_SECONDS = 600


@cache
def recommender_archive() -> FunctionArchive:
    """The archive of both functions, built once in a process: their own modules; Lambda's runtime has the rest."""
    return function_archive(RUNTIME, folder=FOLDER)


class Recommender(ServiceConstruct):
    """Recommendations from visitors' behaviour, served from the search domain with their events.

    A scheduled function folds events into sessions, profiles and counts, in indices of their own; a second function
    answers requests with one search for the sessions nearest to the visitor's. The role of each may do only that in the
    domain. The bootstrap installs the indices and the roles inside the domain (`Bootstrap.install`); `start` then
    schedules the fold.

    Args:
        name: beginning of the functions' names.
        domain: the domain with the events.
        index_name: the index that the events are delivered to.
        encryption: the key of the functions' environments and of the logs.
        buffering_seconds: longest time that the transform and the delivery buffer an event.
        network: the VPC to run in, when the domain is in one.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        domain: RecommendingDomain,
        index_name: str,
        encryption: EncryptionKey,
        settings: RecommenderSettings | None = None,
        buffering_seconds: BufferSeconds = 0,
        network: Network | None = None,
        iam: IamSettings | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name
        known = {"network": None if network is None else UNKNOWN}
        self.settings = self.judge_settings("recommender", settings, RecommenderSettings, beside=known)
        # The paths in the functions' policies begin with it, so that a pattern would let them into other indices.
        self.judge_by_keys(delivery_rules.check, "opensearch_configuration", {"index_name": index_name})
        vpc = network is not None if self.settings.vpc is None else self.settings.vpc
        self.arms: list[str] = sorted(self.settings.arms) or [arm.name for arm in RuntimeSettings("").arms]
        """Names of the arms."""
        self._domain, self._encryption, self._iam = domain, encryption, iam
        self._network = network if vpc else None
        overlap = max(LEAST_OVERLAP_SECONDS, buffering_seconds + SEARCHABLE_SECONDS)
        self._environment = {
            "ENDPOINT": domain.endpoint,
            "INDEX_NAME": index_name,
            "DEPLOYMENT": name,
            "OVERLAP_SECONDS": str(overlap),
            **self.settings.variables(),
        }
        self.fold = self._function(
            "fold",
            "Folds events into sessions, profiles and counts",
            "folding",
            self.settings.fold,
            self.settings.fold.reserved_concurrent_executions,
        )
        domain.grant_fold(self.fold.role, index_name=index_name)
        self.function = self._function(
            "recommender",
            "Recommends items by the sessions nearest to the visitor's",
            "handler",
            self.settings.function,
            self.settings.function.reserved_concurrent_executions,
        )
        domain.grant_recommend(self.function.role, index_name=index_name)
        self.api: HttpApi | None = None
        self.caller_policy: ManagedPolicy | None = None
        """The policy that lets a role request recommendations; None without managed policies, without an API, or
        with JWTs."""
        self.catalogue_policy: ManagedPolicy | None = None
        """The policy that lets a role write the catalogue."""
        if self.settings.api is not None:
            self.api = self._api(self.settings.api)

    def start(self, depends_on: Sequence[Any] = ()) -> None:
        """Schedule the fold, once the domain is set up.

        Args:
            depends_on: the resources that set it up.
        """
        self.fold.run_on_schedule(
            "schedule",
            self.settings.schedule,
            description="Folds what arrived into sessions",
            payload={},
            depends_on=depends_on,
        )
        if self.settings.second_look is not None:
            self.fold.run_on_schedule(
                "second-look",
                self.settings.second_look,
                description="Looks at the last two days once more, and deletes sessions that are too old",
                payload={"look_back_hours": LOOK_BACK_HOURS},
                depends_on=depends_on,
            )

    def _function(
        self, kind: str, description: str, module: str, settings: FoldFunctionSettings | Any, reserved: int | None
    ) -> Function:
        function = Function(
            self,
            "fold" if kind == "fold" else "function",
            name=f"{self.name}-{kind}",
            description=description,
            archive=recommender_archive(),
            handler=f"{FOLDER}.{module}.handler",
            encryption=self._encryption,
            settings=settings,
            environment=self._environment,
            reserved_concurrent_executions=reserved,
            network=self._network,
            iam=self._iam,
        )
        if self._domain.security_groups is not None and function.security_groups is not None:
            function.security_groups.allow_https_to(self._domain.security_groups, peer=kind)
        return function

    def _api(self, settings: ApiSettings) -> HttpApi:
        asking: Authorization = "JWT" if settings.authorization == "jwt" else "AWS_IAM"
        routes: dict[str, tuple[str, Authorization]] = {name: (key, asking) for name, key in ASKING.items()}
        # A visitor's token identifies the visitor and must not allow writes to the catalogue, which all visitors see.
        routes |= {name: (key, "AWS_IAM") for name, key in WRITING.items()}
        api = HttpApi(
            self,
            "api",
            name=f"{self.name}-recommender",
            description="Recommendations by the sessions nearest to the visitor's",
            function=self.function,
            routes=routes,
            rate=Rate(settings.throttle.rate, settings.throttle.burst),
            encryption=self._encryption,
            jwt=None if settings.jwt is None else Jwt(settings.jwt.issuer, settings.jwt.audience),
            cors=None if not settings.origins else _cors(settings.origins),
            log_retention_in_days=self.settings.function.log_retention_in_days,
        )
        if settings.managed_policies:
            if asking == "AWS_IAM":
                self.caller_policy = self._policy("caller", "Asks for recommendations", api, *ASKING)
            self.catalogue_policy = self._policy("catalogue", "Writes the recommender's catalogue", api, *WRITING)
        return api

    def _policy(self, kind: str, description: str, api: HttpApi, *routes: str) -> ManagedPolicy:
        policy = ManagedPolicy(
            self,
            f"{kind}-policy",
            name=f"{self.name}-recommender-{kind}",
            description=f"{description} of {self.name}",
            settings=self._iam,
        )
        api.grant_call(policy, *routes)
        return policy


def _cors(origins: Sequence[str]) -> dict[str, Any]:
    return {
        "allow_origins": sorted(origins),
        "allow_methods": ["GET", "POST"],
        "allow_headers": ["authorization", "content-type"],
        "max_age": CORS_MAX_AGE,
    }
