"""``recommender``: the parts that it needs, its callers, its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from constructs_lib.limits import engines, quotas, sources
from constructs_lib.limits.environment import recommender as limits
from constructs_lib.rules.environment.book import new_book
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem
from constructs_lib.rules.schedules import SOURCE as SCHEDULES
from constructs_lib.rules.schedules import schedule_complaint

BOOK = new_book()


def _wanted(environment: Arguments) -> bool:
    return environment.present("recommender") is True


@BOOK.error(sources.FIREHOSE_LAMBDA)
def required_parts_are_on(environment: Arguments) -> Iterator[Problem]:
    """The recommender needs the bootstrap, which installs its indices and roles, and the transform's documents."""
    if not _wanted(environment):
        return
    for part in ("bootstrap", "transform"):
        if environment.flag(f"{part}.enabled", default=True) is False:
            yield Problem("recommender", f"needs the {part}", f"{part}.enabled: false", f"{part}.enabled: true")


@BOOK.error(limits.FUNCTION_SCORE)
def its_query_is_understood(environment: Arguments) -> Iterator[Problem]:
    """The recommender's indices and query need Elasticsearch 7.1 or later, or any OpenSearch."""
    existing = environment.text("existing.domain.engine_version")
    version = existing or environment.text("domain.engine_version")
    engine = engines.parse(version) if version is not None else None
    if _wanted(environment) and engine is not None and not engine.reaches(limits.OLDEST_ENGINE):
        yield Problem("recommender", "needs a newer engine", version, str(limits.OLDEST_ENGINE))


@BOOK.error(SCHEDULES)
def its_schedules_are_eventbridges(environment: Arguments) -> Iterator[Problem]:
    """The schedules of the fold are EventBridge's: `rate(5 minutes)`, or `cron(...)` with six fields."""
    for key in ("schedule", "second_look"):
        given = environment.text(f"recommender.{key}")
        said = schedule_complaint(given) if given is not None else None
        if said is not None:
            yield Problem(f"recommender.{key}", said, given, "such as rate(5 minutes) or cron(0 4 * * ? *)")


@BOOK.error(quotas.HTTP_API_SOURCE)
def the_api_waits_long_enough(environment: Arguments) -> Iterator[Problem]:
    """An HTTP API waits 30 seconds for a function; a run of the fold takes a minute or more."""
    timeout = environment.number("recommender.function.timeout")
    most = quotas.HTTP_API_TIMEOUT_S
    if environment.present("recommender.api") and timeout is not None and timeout > most:
        message = "is longer than an HTTP API waits"
        yield Problem("recommender.function.timeout", message, timeout, f"{most} seconds or less")
    fold = environment.number("recommender.fold.timeout")
    if fold is not None and fold < quotas.FOLD_TIMEOUT_S:
        allowed = f"{quotas.FOLD_TIMEOUT_S} seconds or more"
        yield Problem("recommender.fold.timeout", "is too short for a run", fold, allowed)


@BOOK.error(limits.JWT)
def tokens_have_an_issuer(environment: Arguments) -> Iterator[Problem]:
    """`authorization: jwt` needs an issuer and an audience; web pages can call the API with tokens only."""
    path = "recommender.api"
    authorization = environment.text(f"{path}.authorization")
    named = environment.present(f"{path}.jwt")
    if authorization == "jwt" and named is False:
        yield Problem(f"{path}.jwt", "is required by authorization: jwt", None, "issuer and audience")
    if authorization == "iam" and named:
        message, allowed = "has no effect without authorization: jwt", "authorization: jwt, or no jwt"
        yield Problem(f"{path}.jwt", message, f"authorization: {authorization}", allowed)
    if named and environment.present(f"{path}.jwt.audience") is False:
        message = "is empty, so the API would accept tokens issued for other applications"
        yield Problem(f"{path}.jwt.audience", message, None, "one audience or more")
    if authorization == "iam" and environment.items(f"{path}.origins"):
        message = "allow web pages, which have no credentials to sign requests with"
        allowed = "authorization: jwt, or no origins: the site's backend calls the API"
        yield Problem(f"{path}.origins", message, environment.get(f"{path}.origins"), allowed)


@BOOK.error(limits.RECOMMENDATION_ID)
def arms_have_names_and_shares(environment: Arguments) -> Iterator[Problem]:
    """An arm's name, of 1 to 20 letters, digits, `-` and `_`, is part of recommendation ids; its share is above 0."""
    arms = environment.get("recommender.arms")
    if not isinstance(arms, Mapping):
        return
    for name, arm in arms.items():
        path = f"recommender.arms.{name}"
        if isinstance(name, str) and not limits.ARM_NAME.accepts(name):
            yield Problem(path, "cannot be part of a recommendation's id", name, str(limits.ARM_NAME))
        share = arm.get("share") if isinstance(arm, Mapping) else None
        if isinstance(share, (int, float)) and not 0 < share < float("inf"):
            yield Problem(f"{path}.share", "is out of range", share, "more than 0")
