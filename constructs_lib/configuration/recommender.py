"""``recommender``: recommendations from what visitors do, out of the domain."""

from __future__ import annotations

import json
from typing import Literal

from constructs_lib.configuration.function import FunctionSettings
from constructs_lib.configuration.section import Section


class ThrottleSettings(Section):
    """How many requests API Gateway lets through on each route; it answers the others 429."""

    rate: int = 200
    """Requests a second, in the long run."""
    burst: int = 400
    """Requests at once."""


class JwtSettings(Section):
    """Whose JSON web tokens are taken (provider block ``jwt_configuration``)."""

    issuer: str
    """``https://`` address of who signs the tokens, such as a Cognito user pool's."""
    audience: list[str]
    """Audiences or client ids, one of which each token must be for."""


class ApiSettings(Section):
    """An HTTP API before the function."""

    authorization: Literal["iam", "jwt"] = "iam"
    """``iam``: requests are signed, by whom a policy lets call; ``jwt``: pages and apps send a token of ``jwt``, while
    the catalogue is still written by signed requests."""
    jwt: JwtSettings | None = None
    """Whose tokens are taken where ``authorization`` is ``jwt``."""
    origins: list[str] = []
    """Origins whose pages may ask, exactly as browsers write them; none: only servers ask."""
    throttle: ThrottleSettings = ThrottleSettings()
    managed_policies: bool = True
    """Whether there are two policies to attach to roles: one to ask for recommendations, one to write the catalogue."""


class ArmSettings(Section):
    """One way of recommending, for a part of the visitors."""

    share: float = 1.0
    """Parts of all visitors, in proportion to the other arms."""
    strategy: Literal["sessions", "items", "popularity"] = "sessions"
    """``sessions``: items of the sessions nearest to the visitor's; ``items``: what is seen with the latest item;
    ``popularity``: the same for everybody."""


class ParameterSettings(Section):
    """Parameters of the algorithm that differ from the defaults; ``python -m constructs_lib tune`` looks for better
    ones. docs/personalization.md says what each does.
    """

    neighbours: int | None = None
    """Sessions that vote."""
    candidates: int | None = None
    """Sessions that the neighbours are chosen among."""
    items: int | None = None
    """Latest items of the running session that are looked for."""
    query_decay: float | None = None
    """Places after which an item weighs e times less when sessions are compared."""
    age_days: float | None = None
    """Days after which a session weighs e times less."""
    match_decay: float | None = None
    """Places after which a common item lends e times less weight to its session's vote."""
    distance_decay: float | None = None
    """Places from the common item after which another gets half as much."""
    rarity: float | None = None
    """How much more a rare item weighs."""
    revisits: float | None = None
    """How many times an item counts that the running session already has."""
    query_rarity: float | None = None
    """How much more a rare item weighs when sessions are compared; an exponent."""
    common_share: float | None = None
    """Share of the sessions above which an item is not looked for when there are others."""


class RecommenderFunctionSettings(FunctionSettings):
    """How the function that recommends runs."""

    timeout: int = 10
    """Seconds a call may take; one answer of the domain is waited for a second."""
    reserved_concurrent_executions: int | None = None
    """Calls at once, taken from the account's limit and guaranteed; null: as many as the account has left."""


class FoldFunctionSettings(FunctionSettings):
    """How the function that folds events into sessions runs."""

    timeout: int = 300
    """Seconds a run may take. What is not done by then the next run does."""
    reserved_concurrent_executions: int | None = 1
    """Runs at once. More do no harm and no good; null: none reserved, which an account needs whose whole limit is still
    10."""


class RecommenderSettings(Section):
    """Recommendations out of the domain: ``recommender: {}`` is all that is needed."""

    api: ApiSettings | None = ApiSettings()
    """An HTTP API; null: the site's backend calls the function itself."""
    schedule: str = "rate(5 minutes)"
    """How often what arrived is folded into sessions. EventBridge's notation."""
    second_look: str | None = "rate(1 day)"
    """How often the last 48 hours are looked at again, for what arrived long after it was received, and what is too old
    is deleted; null: never."""
    retention_days: int = 90
    """Age at which sessions and profiles are deleted."""
    backfill_days: int = 30
    """How far back the first run looks."""
    leave_out_bought: bool = True
    """Whether what a visitor bought is not recommended to them again."""
    arms: dict[str, ArmSettings] = {}
    """Ways of recommending by name, compared by ``python -m constructs_lib arms``; none: all visitors are ``A``."""
    parameters: ParameterSettings = ParameterSettings()
    function: RecommenderFunctionSettings = RecommenderFunctionSettings()
    fold: FoldFunctionSettings = FoldFunctionSettings()
    vpc: bool | None = None
    """Whether the functions run in the deployment's network; default: when the domain is there."""

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
