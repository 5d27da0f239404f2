"""``collector``: an endpoint that browsers and apps send their events to."""

from __future__ import annotations

from typing import Literal

from constructs_lib.configuration.function import FunctionSettings
from constructs_lib.configuration.section import Section
from constructs_lib.sizing.formulae import collector_reserved


class ThrottleSettings(Section):
    """How many requests API Gateway lets through on each route; it answers the others 429."""

    rate: int = 200
    """Requests a second, in the long run."""
    burst: int = 400
    """Requests at once."""


class CollectorFunctionSettings(FunctionSettings):
    """How the collector's function runs."""

    memory_size: int = 512
    """MiB; CPU comes with it. A request takes a millisecond of CPU and waits for the stream the rest of its time."""
    timeout: int = 10
    """Seconds a call may take: the stream is tried for three, and its last answer may take four more."""
    reserved_concurrent_executions: int | Literal["by_rate"] | None = "by_rate"
    """Calls at once, taken from the account's limit and guaranteed, so that a flood of requests takes nothing from
    other functions. ``by_rate``: as many as ``throttle.rate`` needs at a tenth of a second each, and 10 at least; none
    where that would be more than the 900 that an account has by default. null: none reserved, which an account needs
    whose whole limit is still 10."""

    def reserved(self, rate: int) -> int | None:
        """Calls at once to reserve for so many requests a second, None for none."""
        given = self.reserved_concurrent_executions
        if given != "by_rate":
            return given
        return collector_reserved(rate)


class CollectorSettings(Section):
    """An HTTP API that takes events from pages and apps and puts them on the stream."""

    origins: list[str]
    """Origins whose pages may send, exactly as browsers write them: ``https://shop.example``, with a port only where it
    is not the scheme's own. ``http`` is for ``localhost`` alone."""
    domain_name: str | None = None
    """The endpoint's own host name, on the pages' site (``collect.shop.example`` for ``shop.example``): what blockers
    and browsers keep from third parties does not concern it. Default: API Gateway's name."""
    certificate_arn: str | None = None
    """The certificate of ``domain_name`` in AWS Certificate Manager, in the deployment's region."""
    keys: dict[str, str] = {}
    """Keys by name, one of which each request must then give. They stand in pages, so they are no secret; they tell
    senders apart, each is counted by its name, and one that is taken away is refused. Default: no key is asked for."""
    throttle: ThrottleSettings = ThrottleSettings()
    trusted_proxies: int = 0
    """How many entries at the end of ``X-Forwarded-For`` were written by the site's own proxies, such as 1 behind
    CloudFront: the client's address is the one before them."""
    proxy_secret_hashes: list[str] = []
    """SHA-256 of the secret that the site's own proxies send as the header ``X-Origin-Verify``; two while it is being
    changed. Requests without it are refused, so nobody goes around the proxies and says another address. Default: none
    is asked for, and whoever calls the API itself can say any address."""
    gpc: Literal["limit", "ignore"] = "limit"
    """What Global Privacy Control (``Sec-GPC: 1``) does. ``limit``: such events are kept out of personalization;
    ``ignore``: nothing."""
    function: CollectorFunctionSettings = CollectorFunctionSettings()
