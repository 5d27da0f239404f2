"""IP addresses: only their network leaves."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import lru_cache


def truncator(ipv4_prefix: int, ipv6_prefix: int) -> Callable[[str], str | None]:
    """A function from an address to its network (``192.0.2.0/24``), or None where the text is no address.

    Takes what proxies write: a list (its first is the client), a port behind the address, brackets, a zone, IPv4 in
    IPv6.
    """

    @lru_cache(maxsize=8192)
    def truncate(text: str) -> str | None:
        text = text.partition(",")[0].strip()
        if text.startswith("["):
            text = text[1:].partition("]")[0]
        elif text.count(":") == 1:
            text = text.partition(":")[0]
        try:
            address = ipaddress.ip_address(text.partition("%")[0])
        except ValueError:
            return None
        if address.version == 6 and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        if address.version == 4:
            return str(ipaddress.IPv4Network((int(address), ipv4_prefix), strict=False)) if ipv4_prefix else None
        return str(ipaddress.IPv6Network((int(address), ipv6_prefix), strict=False)) if ipv6_prefix else None

    return truncate
