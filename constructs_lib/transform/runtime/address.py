"""IP addresses: of a chain of hops the client, and of the client only its network."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from functools import lru_cache

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST = 512
"""Characters of a chain that are looked at: a dozen addresses."""
ALWAYS_TRUSTED = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "100.64.0.0/10",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
)
"""Private (RFC 1918, RFC 4193), loopback, link-local and carrier (RFC 6598) networks: no client is reached over the
internet under such an address, so a hop that has one is a proxy."""
CLOUDFRONT = "Amazon CloudFront"
"""The user agent that CloudFront sends to an origin: the hop that connected is one of CloudFront's own."""


def chooser(trusted_proxies: Sequence[str] = ()) -> Callable[[str, bool], str]:
    """A function from a chain of hops to the client's.

    A chain is comma separated, the client first, as ``X-Forwarded-For`` has it with the peer's own address behind. The
    client is the last hop that is not a proxy, because the sender of a request can write any entries before it. The
    function's second argument says that the request came through CloudFront: the last such hop is CloudFront's own
    then, and the one before it the client.

    Args:
        trusted_proxies: networks of proxies besides :data:`ALWAYS_TRUSTED`.

    Raises:
        ValueError: one of the networks is none.
    """
    trusted = tuple(ipaddress.ip_network(one, strict=False) for one in (*ALWAYS_TRUSTED, *trusted_proxies))

    def is_proxy(address: IPAddress) -> bool:
        return any(address.version == network.version and address in network for network in trusted)

    @lru_cache(maxsize=8192)
    def choose(chain: str, through_cloudfront: bool) -> str:
        hops = [(hop, address) for hop in chain.split(",") if (address := read(hop)) is not None]
        known = through_cloudfront
        for hop, address in reversed(hops):
            if is_proxy(address):
                continue
            if not known:
                return hop
            known = False
        return hops[0][0] if hops else ""

    return choose


def truncator(ipv4_prefix: int, ipv6_prefix: int) -> Callable[[str], str | None]:
    """A function from an address to its network (``192.0.2.0/24``), or None where the text is no address.

    Takes what proxies write (see :func:`read`); of a list the first.
    """

    @lru_cache(maxsize=8192)
    def truncate(text: str) -> str | None:
        address = read(text.partition(",")[0])
        if address is None:
            return None
        prefix = ipv4_prefix if address.version == 4 else ipv6_prefix
        return str(ipaddress.ip_network((int(address), prefix), strict=False)) if prefix else None

    return truncate


def read(text: str) -> IPAddress | None:
    """The address that a proxy or a log wrote: perhaps in brackets or quotes, with a port or a zone, as IPv4 in IPv6 or
    as RFC 7239's ``for=``.
    """
    text = text.strip(' "\t')
    if text[:4].lower() == "for=":
        text = text[4:].partition(";")[0].strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    if not 2 <= len(text) <= 64:
        return None
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if address.version == 6 and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
