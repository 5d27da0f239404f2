"""``recommender``: recommendations from visitors' behaviour, served from the domain."""

from __future__ import annotations

import json
from typing import Literal

from constructs_lib.configuration.function import FunctionSettings
from constructs_lib.configuration.section import Section


class ThrottleSettings(Section):
    """Rate limits of each API Gateway route; API Gateway answers requests above them with status 429."""

    rate: int = 200
    """Requests a second, on average."""
    burst: int = 400
    """Requests in a burst (size of the token bucket)."""


class JwtSettings(Section):
    """Accepted JSON web tokens (provider block ``jwt_configuration``)."""

    issuer: str
    """``https://`` URL of the tokens' issuer, such as a Cognito user pool."""
    audience: list[str]
    """Audiences or client ids; each token must have one of them."""


class ApiSettings(Section):
    """An HTTP API in front of the function."""

    authorization: Literal["iam", "jwt"] = "iam"
    """``iam``: callers sign requests, and an IAM policy allows them; ``jwt``: pages and apps send a token, while writes
    to the catalogue are still signed."""
    jwt: JwtSettings | None = None
    """Accepted tokens if ``authorization`` is ``jwt``."""
    origins: list[str] = []
    """Origins whose pages may call the API, exactly as browsers send them; none: only servers call it."""
    throttle: ThrottleSettings = ThrottleSettings()
    managed_policies: bool = True
    """Whether to create two IAM policies for your roles: one to get recommendations, one to write the catalogue."""


class ArmSettings(Section):
    """One recommendation method, for a share of the visitors."""

    share: float = 1.0
    """Weight of this arm: its share of all visitors is its weight divided by the sum of all weights."""
    strategy: Literal["sessions", "items", "popularity"] = "sessions"
    """``sessions``: items of the sessions nearest to the visitor's; ``items``: items seen together with the latest
    item; ``popularity``: the most popular items for everybody."""


class ParameterSettings(Section):
    """Parameters of the algorithm that differ from the defaults; ``python -m constructs_lib tune`` searches for better
    ones. docs/personalization.md explains each."""

    neighbours: int | None = None
    """Number of nearest sessions that vote (k)."""
    items: int | None = None
    """Number of latest items of the current session to search for."""
    query_decay: float | None = None
    """Positions after which an item's weight falls by the factor e when sessions are compared."""
    age_days: float | None = None
    """Days after which a session's weight falls by the factor e."""
    match_decay: float | None = None
    """Positions after which a common item's weight in its session's vote falls by the factor e."""
    distance_decay: float | None = None
    """Positions from the common item at which another item gets half of its weight."""
    rarity: float | None = None
    """Weight of an item's rarity (inverse document frequency)."""
    revisits: float | None = None
    """Factor for items that are already in the running session; 0: only new items are recommended."""
    query_rarity: float | None = None
    """Exponent of an item's rarity when sessions are compared."""
    common_share: float | None = None
    """Share of sessions above which the search leaves out an item, if the session has other items."""


class RecommenderFunctionSettings(FunctionSettings):
    """Settings of the function that recommends."""

    timeout: int = 10
    """Timeout of a call in seconds; the function waits one second for an answer of the domain."""
    reserved_concurrent_executions: int | None = None
    """Reserved concurrent executions, taken from the account's limit; null reserves none."""


class FoldFunctionSettings(FunctionSettings):
    """Settings of the function that folds events into sessions."""

    timeout: int = 300
    """Seconds that a run may take; the next run continues its work."""
    reserved_concurrent_executions: int | None = 1
    """Reserved concurrent executions; more than 1 has no benefit. null reserves none; use it in an account whose whole
    limit is 10."""


class RecommenderSettings(Section):
    """Recommendations served from the domain: ``recommender: {}`` uses all defaults."""

    api: ApiSettings | None = ApiSettings()
    """An HTTP API; null: the site's backend calls the function itself."""
    schedule: str = "rate(5 minutes)"
    """Schedule on which new events are folded into sessions, in EventBridge's notation."""
    second_look: str | None = "rate(1 day)"
    """Schedule on which the last 48 hours are folded again, to add late events, and old sessions are deleted; null:
    never."""
    retention_days: int = 90
    """Age at which sessions and profiles are deleted."""
    backfill_days: int = 30
    """Days of events that the first run reads."""
    leave_out_bought: bool = True
    """Whether to leave out items that the visitor has bought."""
    arms: dict[str, ArmSettings] = {}
    """Recommendation methods by name, compared by ``python -m constructs_lib arms``; none: all visitors get arm
    ``A``."""
    parameters: ParameterSettings = ParameterSettings()
    function: RecommenderFunctionSettings = RecommenderFunctionSettings()
    fold: FoldFunctionSettings = FoldFunctionSettings()
    vpc: bool | None = None
    """Whether the functions run in the deployment's VPC; default: true if the domain does."""

    def variables(self) -> dict[str, str]:
        """Environment variables of both functions, as ``recommender/runtime/settings.py`` reads them; defaults are left
        out.
        """
        changed = self.parameters.arguments()
        arms = {name: arm.arguments() for name, arm in sorted(self.arms.items())}
        return {
            **({"PARAMETERS": json.dumps(changed, sort_keys=True)} if changed else {}),
            **({"ARMS": json.dumps(arms, sort_keys=True)} if arms else {}),
            "LEAVE_OUT_BOUGHT": "true" if self.leave_out_bought else "false",
            "RETENTION_DAYS": str(self.retention_days),
            "BACKFILL_DAYS": str(self.backfill_days),
        }
