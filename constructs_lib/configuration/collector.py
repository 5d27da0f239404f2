"""``collector``: an endpoint that browsers and apps send their events to."""

from __future__ import annotations

from typing import Literal

from constructs_lib.configuration.function import FunctionSettings
from constructs_lib.configuration.section import Section
from constructs_lib.sizing.formulae import collector_reserved


class ThrottleSettings(Section):
    """Rate limits of each API Gateway route; API Gateway answers requests above them with status 429."""

    rate: int = 200
    """Requests a second, on average."""
    burst: int = 400
    """Requests in a burst (size of the token bucket)."""


class CollectorFunctionSettings(FunctionSettings):
    """How the collector's function runs."""

    memory_size: int = 512
    """MiB; CPU grows with memory. A request takes 1 ms of CPU and otherwise waits for the stream."""
    timeout: int = 10
    """Seconds that a call may take. The function retries the stream for 3 s, and the last try may take 4 s more."""
    reserved_concurrent_executions: int | Literal["by_rate"] | None = "by_rate"
    """Reserved concurrent executions, taken from the account's limit, so that a flood of requests does not affect other
    functions. ``by_rate``: as many as ``throttle.rate`` needs at 0.1 s each, at least 10; none where that would exceed
    the 900 that an account can reserve by default. null reserves none; use it in an account whose whole limit is 10."""

    def reserved(self, rate: int) -> int | None:
        """Concurrent executions to reserve for a rate in requests a second; None reserves none."""
        given = self.reserved_concurrent_executions
        if given != "by_rate":
            return given
        return collector_reserved(rate)


class CollectorSettings(Section):
    """An HTTP API that receives events from pages and apps and puts them on the stream."""

    origins: list[str]
    """Origins whose pages may send events, exactly as browsers send them: ``https://shop.example``, with a port only if
    it is not the scheme's default. ``http`` is for ``localhost`` alone."""
    domain_name: str | None = None
    """The endpoint's own host name, on the pages' site (``collect.shop.example`` for ``shop.example``), so that
    blockers and browsers do not treat it as a third party. Default: API Gateway's host name."""
    certificate_arn: str | None = None
    """The certificate of ``domain_name`` in AWS Certificate Manager, in the deployment's region."""
    keys: dict[str, str] = {}
    """Keys by name; each request must then have one of them. Keys are part of pages and so not secret: they tell
    senders apart in metrics, and removing a key blocks its senders. Default: requests need no key."""
    throttle: ThrottleSettings = ThrottleSettings()
    trusted_proxies: int = 0
    """How many entries at the end of ``X-Forwarded-For`` were written by the site's own proxies, such as 1 behind
    CloudFront: the client's address is the one before them."""
    proxy_secret_hashes: list[str] = []
    """SHA-256 of the secret that the site's own proxies send in the header ``X-Origin-Verify``; list two while you
    change it. The collector refuses requests without it, so nobody can bypass the proxies and forge a client address.
    Default: no secret, and a client that calls the API directly can forge its address."""
    gpc: Literal["limit", "ignore"] = "limit"
    """Effect of Global Privacy Control (``Sec-GPC: 1``). ``limit``: such events are not used for personalization;
    ``ignore``: none."""
    function: CollectorFunctionSettings = CollectorFunctionSettings()
