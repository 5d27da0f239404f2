"""Reads a request from API Gateway's event (HTTP API, payload format 2.0), and its body as bytes.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import zlib
from base64 import b64decode
from binascii import Error as BinasciiError
from hashlib import sha256
from typing import Any

from .refusal import Refusal
from .settings import Settings

LARGEST_BODY = 512 * 1024
"""Most bytes of a body, both as sent and decompressed."""
LONGEST_USER_AGENT = 512
"""Characters of the user agent that are kept: each event of a request has a copy."""
LONGEST_ADDRESS = 64
MOST_MEMBERS = 16
"""Most members of a gzip stream: thousands of empty ones take a hundred times the CPU of a body."""

_GZIP = b"\x1f\x8b"


def body(event: dict[str, Any]) -> bytes:
    """The body, decompressed if its first bytes are gzip's, whatever the headers say.

    Raises:
        Refusal: it is empty, too large or damaged.
    """
    given = event.get("body") or ""
    if event.get("isBase64Encoded"):
        if len(given) > LARGEST_BODY // 3 * 4 + 8:
            raise Refusal("body_too_large")
        try:
            content = b64decode(given, validate=True)
        except (BinasciiError, ValueError):
            raise Refusal("not_base64") from None
    else:
        if len(given) > LARGEST_BODY:
            raise Refusal("body_too_large")
        content = given.encode("utf-8", "surrogatepass")
    if len(content) > LARGEST_BODY:
        raise Refusal("body_too_large")
    if content.startswith(_GZIP):
        content = _unpacked(content)
    if not content:
        raise Refusal("empty_body")
    return content


def _unpacked(content: bytes) -> bytes:
    """The members of a gzip stream, decompressed to at most one byte more than the limit."""
    found, room = b"", LARGEST_BODY
    for _ in range(MOST_MEMBERS):
        member = zlib.decompressobj(wbits=31)
        try:
            found += member.decompress(content, room + 1)
        except zlib.error:
            raise Refusal("not_gzip") from None
        if len(found) > LARGEST_BODY:
            raise Refusal("body_too_large")
        if not member.eof:
            raise Refusal("not_gzip")
        room = LARGEST_BODY - len(found)
        content = member.unused_data
        if not content:
            return found
    raise Refusal("not_gzip")


def check_origin(headers: dict[str, str], settings: Settings) -> None:
    """Refuse requests from a page of another origin.

    The gateway's CORS headers only hide the answer from such a page: its events would be stored, and a client that
    cannot read the answer would send them again. Servers and apps send no Origin.
    """
    origin = headers.get("origin")
    if origin is not None and origin not in settings.origins:
        raise Refusal("origin_not_allowed")


def check_proxy(headers: dict[str, str], settings: Settings) -> None:
    """Refuse requests that did not come through the site's own proxies, if they send a secret.

    A caller who reaches the gateway directly can write any ``X-Forwarded-For``, and bypasses a firewall before the
    proxies. The secret is long and random, so its hash does not reveal it.
    """
    if settings.proxy_secret_hashes:
        given = headers.get("x-origin-verify", "")[:1024]
        if not given or sha256(given.encode("utf-8", "replace")).hexdigest() not in settings.proxy_secret_hashes:
            raise Refusal("not_through_proxy")


def key_name(given: list[Any], settings: Settings) -> str | None:
    """The name of the key that a request gives, or None if the deployment has no keys.

    Args:
        given: values from the places of a key, in order of precedence; the first that exists is used.
    """
    if not settings.keys:
        return None
    key = next((each for each in given if isinstance(each, str) and each), None)
    if key is None:
        raise Refusal("no_key")
    name = settings.keys.get(key)
    if name is None:
        raise Refusal("unknown_key")
    return name


def key_in_headers(event: dict[str, Any], headers: dict[str, str]) -> str | None:
    """A key outside the body: the user of HTTP's Basic authentication, as Segment's and RudderStack's libraries send
    it, or ``?key=`` of the URL (``writeKey`` in RudderStack's beacons).
    """
    scheme, _, credentials = headers.get("authorization", "")[:1024].partition(" ")
    if scheme.lower() == "basic":
        try:
            user = b64decode(credentials, validate=True).decode().partition(":")[0]
        except ValueError:
            user = ""
        if user:
            return user
    query: dict[str, str] = event.get("queryStringParameters") or {}
    return query.get("key") or query.get("writeKey")


def client_address(event: dict[str, Any], headers: dict[str, str], trusted_proxies: int) -> str:
    """The client's address: the caller of the gateway, or the caller of the outermost of the site's own proxies.

    API Gateway writes its caller at the end of ``X-Forwarded-For``. Before that entry, only as many entries are trusted
    as the site has proxies, because anybody can send the rest.
    """
    caller = str(event["requestContext"]["http"].get("sourceIp") or "")
    if not trusted_proxies:
        return caller
    hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    if not hops or hops[-1] != caller:
        hops.append(caller)
    return _in_ascii(hops[max(0, len(hops) - 1 - trusted_proxies)], LONGEST_ADDRESS)


def _in_ascii(text: str, longest: int) -> str:
    """The beginning of a header, with ``?`` for non-ASCII characters: each would become six bytes of JSON in each
    event, and a small request a large one.
    """
    return text[:longest].encode("ascii", "replace").decode()


def server_facts(event: dict[str, Any], headers: dict[str, str], key: str | None, settings: Settings) -> dict[str, Any]:
    """The facts about a request that only the server knows, as each of its events contains them.

    ``received_at``: arrival at the gateway in epoch milliseconds; ``ip``; ``user_agent``, ``-`` if the client sent
    none; ``key``: name of the given key; ``gpc``: whether Global Privacy Control was on, if the deployment honours it.
    """
    facts: dict[str, Any] = {
        "received_at": event["requestContext"]["timeEpoch"],
        "ip": client_address(event, headers, settings.trusted_proxies),
        "user_agent": _in_ascii(headers.get("user-agent", ""), LONGEST_USER_AGENT) or "-",
    }
    if key is not None:
        facts["key"] = key
    if settings.limit_on_gpc and headers.get("sec-gpc", "").strip() == "1":
        facts["gpc"] = True
    return facts
