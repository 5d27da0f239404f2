"""``recommender``: its functions, its API, its parameters."""

from __future__ import annotations

from typing import Final

from constructs_lib.limits import engines
from constructs_lib.limits.environment.collector import THROTTLING
from constructs_lib.limits.environment.common import REGISTRY, RETENTION
from constructs_lib.limits.limit_types import Limit, Pattern, Range
from constructs_lib.limits.quotas import LAMBDA_MEMORY_MIB, LAMBDA_TIMEOUT_S
from constructs_lib.limits.sources import ISM

_FUNCTION = f"{REGISTRY}/lambda_function"
_CORS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html"
JWT: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html"
PARAMETERS: Final = "https://arxiv.org/abs/1803.09587"
"""Source of the parameters: session-based nearest neighbours."""
RECOMMENDATION_ID: Final = "https://docs.aws.amazon.com/personalize/latest/dg/API_RS_GetRecommendations.html"
"""The API whose response format the recommender follows; its recommendation ids have at most 40 characters."""
FUNCTION_SCORE: Final = "https://docs.opensearch.org/latest/query-dsl/compound/function-score/"
"""The query that finds the nearest sessions."""
ARM_NAME: Final = Pattern(r"[A-Za-z0-9_-]{1,20}", "1 to 20 letters, digits, hyphens and underscores", RECOMMENDATION_ID)
OLDEST_ENGINE: Final = engines.Floor((7, 1), (1, 0))
"""The oldest engines that the query was tested with."""

LIMITS: Final[dict[str, tuple[Limit, ...]]] = {
    **{
        f"recommender.{function}.{name}": limits
        for function in ("function", "fold")
        for name, limits in {
            "memory_size": (Range(128, LAMBDA_MEMORY_MIB, _FUNCTION, "MiB"),),
            "timeout": (Range(1, LAMBDA_TIMEOUT_S, _FUNCTION, "seconds"),),
            "reserved_concurrent_executions": (Range(1, None, _FUNCTION, "concurrent executions, or null"),),
            "log_retention_in_days": RETENTION,
        }.items()
    },
    "recommender.retention_days": (Range(1, 3650, ISM, "days"),),
    "recommender.backfill_days": (Range(1, 3650, ISM, "days"),),
    "recommender.api.throttle.rate": (Range(1, None, THROTTLING, "requests a second"),),
    "recommender.api.throttle.burst": (Range(1, None, THROTTLING, "requests at once"),),
    "recommender.api.origins[]": (
        Pattern(
            r"https://[a-z0-9.-]+(:\d+)?|http://localhost(:\d+)?",
            "an origin as browsers write it, such as https://shop.example",
            _CORS,
        ),
    ),
    "recommender.api.jwt.issuer": (Pattern(r"https://[^\s?#]+", "an address that begins with https://", JWT),),
    "recommender.parameters.neighbours": (Range(1, 1000, PARAMETERS, "sessions"),),
    "recommender.parameters.items": (Range(1, 50, PARAMETERS, "items"),),
    "recommender.parameters.query_decay": (Range(0.1, None, PARAMETERS, "places"),),
    "recommender.parameters.age_days": (Range(0.1, None, PARAMETERS, "days"),),
    "recommender.parameters.match_decay": (Range(0.1, None, PARAMETERS, "places"),),
    "recommender.parameters.distance_decay": (Range(0.1, None, PARAMETERS, "places"),),
    "recommender.parameters.rarity": (Range(0, 100, PARAMETERS, "times the idf"),),
    "recommender.parameters.revisits": (Range(0, 10, PARAMETERS, "times"),),
    "recommender.parameters.query_rarity": (Range(0, 2, PARAMETERS, "exponent"),),
    "recommender.parameters.common_share": (Range(0.0001, 1, PARAMETERS, "share"),),
}
