"""Reserved calls of all functions in an environment file."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import quotas
from constructs_lib.rules.environment.book import new_book
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem

BOOK = new_book()

_FUNCTIONS = {
    "transform.function": "by_shards, 1 or more, or null",
    "bootstrap.function": "1 or more, or null",
    "collector.function": "by_rate, 1 or more, or null",
    "recommender.function": "1 or more, or null",
    "recommender.fold": "1 or more, or null",
}
"""Sections of functions, and how many calls each may reserve."""
_ALWAYS = ("transform", "bootstrap")
"""Parts that are deployed unless they are switched off; the others are deployed where the file has their section."""


def _reserved(environment: Arguments) -> Iterator[tuple[str, float]]:
    """Paths and numbers of reserved calls of the functions that are deployed."""
    for section in _FUNCTIONS:
        part = section.partition(".")[0]
        path = f"{section}.reserved_concurrent_executions"
        calls = environment.number(path)
        deployed = environment.flag(f"{part}.enabled", default=True) if part in _ALWAYS else environment.present(part)
        if deployed is True and calls is not None:
            yield path, calls


@BOOK.error(quotas.LAMBDA_CONCURRENCY)
def functions_may_be_called(environment: Arguments) -> Iterator[Problem]:
    """A reserved concurrency of 0 stops a function from running."""
    for path, calls in _reserved(environment):
        if calls == 0:
            yield Problem(path, "stops the function from running", 0, _FUNCTIONS[path.rpartition(".")[0]])


@BOOK.warning(quotas.LAMBDA_CONCURRENCY)
def reserved_calls_fit_the_account(environment: Arguments) -> Iterator[Problem]:
    """An account starts with 1,000 concurrent executions; all functions together can reserve 900, no more."""
    reserved = {path: calls for path, calls in _reserved(environment) if calls > 0}
    total, most = sum(reserved.values()), quotas.LAMBDA_RESERVABLE
    if total <= most:
        return
    allowed = f"{most} or fewer together, or a quota increase first"
    path = max(reserved, key=lambda each: reserved[each])
    if len(reserved) == 1:
        yield Problem(path, "is more than an account can reserve by default", total, allowed)
    else:
        message = (
            f"raises the functions' reserved concurrency to {total:g}, more than an account can reserve by default"
        )
        yield Problem(path, message, reserved[path], allowed)
