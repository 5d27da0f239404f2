"""``collector``: origins that may send events, its domain name, its keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from constructs_lib.limits import sources
from constructs_lib.limits.environment import collector as limits
from constructs_lib.rules.environment.book import new_book
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem

BOOK = new_book()

_LOCAL = ("localhost", "127.0.0.1", "[::1]")
_ORIGIN = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://([^@/?#\s,]*@)?(?P<host>\[[0-9A-Fa-f:]+\]|[A-Za-z0-9._-]+)"
    r"(:(?P<port>[0-9]{1,5}))?([/?#][^\s,]*)?"
)


@BOOK.error(limits.ORIGINS)
def origins_are_as_browsers_write_them(environment: Arguments) -> Iterator[Problem]:
    """Origins are compared exactly: `https://`, the host in lower case, a port only if it is not the default."""
    for path, origin in environment.each("collector.origins[]"):
        if isinstance(origin, str) and "${" not in origin and (found := _wrong(origin)) is not None:
            message, allowed = found
            yield Problem(path, message, origin, allowed)


@BOOK.error(limits.ORIGINS)
def origins_are_named_once(environment: Arguments) -> Iterator[Problem]:
    """`origins` lists at least one origin, and each only once."""
    origins = [origin for _, origin in environment.each("collector.origins[]")]
    if environment.present("collector") and environment.items("collector.origins") == []:
        yield Problem(
            "collector.origins", "is empty, so no page may send events", "[]", "the origins of the site's pages"
        )
    for index, origin in enumerate(origins):
        if origin in origins[:index]:
            yield Problem(f"collector.origins[{index}]", "repeats an earlier origin", origin, "each origin once")


def _wrong(origin: str) -> tuple[str, str] | None:
    """What is wrong with an origin and what to write instead; None if nothing is."""
    exact = "an exact origin such as https://shop.example"
    read = _ORIGIN.fullmatch(origin)
    port = int(read["port"]) if read and read["port"] else None
    if "*" in origin:
        found = "lets pages of other sites send events", f"{exact}, each of the site's"
    elif not origin.isascii():
        found = "has letters that browsers write in another way (Punycode)", "https://xn--..., as the browser sends it"
    elif read is None or read["scheme"].lower() not in limits.PORTS or (port or 0) > limits.HIGHEST_PORT:
        found = "is not the origin of a web page", exact
    else:
        found = _written(origin, read["scheme"].lower(), read["host"].lower(), port)
    return found if found[0] else None


def _written(origin: str, scheme: str, host: str, port: int | None) -> tuple[str, str]:
    """What is wrong with an origin of these parts, as `_wrong` says it; an empty text if nothing is."""
    written = f"{scheme}://{host}" + (f":{port}" if port not in {None, limits.PORTS[scheme]} else "")
    if scheme == "http" and host not in _LOCAL:
        message = "is not encrypted, so anybody on the network path can read and change the events of its pages"
        return message, f"https://{host}; http only for localhost"
    return ("differs from what browsers send", written) if origin != written else ("", "")


@BOOK.error(limits.DOMAIN_NAMES)
def a_name_has_its_certificate(environment: Arguments) -> Iterator[Problem]:
    """`domain_name` and `certificate_arn` need each other."""
    name, certificate = "collector.domain_name", "collector.certificate_arn"
    if environment.present(name) and environment.present(certificate) is False:
        yield Problem(certificate, "is required by domain_name", None, "the ARN of its ACM certificate in this region")
    if environment.present(certificate) and environment.present(name) is False:
        yield Problem(name, "is required by certificate_arn", None, "the name that the certificate is for")


@BOOK.error(limits.KEY.source)
def keys_are_well_formed_and_told_apart(environment: Arguments) -> Iterator[Problem]:
    """Keys have letters, digits, `_` and `-`; each has a short name, and no key has two names."""
    keys = environment.get("collector.keys")
    if not isinstance(keys, Mapping):
        return
    seen: dict[str, str] = {}
    for name, key in keys.items():
        if not isinstance(name, str) or not isinstance(key, str):
            continue
        path = f"collector.keys.{name}"
        if not limits.KEY_NAME.accepts(name):
            yield Problem("collector.keys", "have a name that CloudWatch metrics refuse", name, str(limits.KEY_NAME))
        if not limits.KEY.accepts(key):
            yield Problem(path, "is not a key that every client can send", key, str(limits.KEY))
        if key in seen:
            yield Problem(
                path, f"is also the key of {seen[key]}, so their events cannot be told apart", key, "a key of its own"
            )
        seen.setdefault(key, name)


@BOOK.error(limits.CUSTOM_HEADERS)
def proxy_secrets_have_proxies(environment: Arguments) -> Iterator[Problem]:
    """`proxy_secret_hashes` needs `proxies` of 1 or more; else every visitor would have the proxy's address."""
    proxies = "collector.trusted_proxies"
    if environment.items("collector.proxy_secret_hashes") and environment.number(proxies) in {None, 0}:
        message = "is 0, but proxy_secret_hashes admits only requests that come through proxies"
        yield Problem(proxies, message, 0, "1 behind CloudFront, or no proxy_secret_hashes")


@BOOK.error(limits.ENVIRONMENT_SIZE)
def origins_and_keys_fit_the_function(environment: Arguments) -> Iterator[Problem]:
    """Origins, keys and hashes reach the function as environment variables, which are 4 KiB at most together."""
    keys = environment.get("collector.keys")
    lists = ("collector.origins[]", "collector.proxy_secret_hashes[]")
    texts = [text for path in lists for _, text in environment.each(path) if isinstance(text, str)]
    if isinstance(keys, Mapping):
        texts += [f"{name}={key}" for name, key in keys.items()]
    size = sum(len(text.encode("utf-8", "replace")) + 1 for text in texts)
    if size > limits.VARIABLES_BYTES:
        allowed = f"{limits.VARIABLES_BYTES} bytes or fewer"
        yield Problem("collector", "has too many origins and keys for one function", f"{size} bytes", allowed)


@BOOK.error(sources.FIREHOSE_LAMBDA)
def addresses_do_not_reach_the_domain(environment: Arguments) -> Iterator[Problem]:
    """The collector adds the client's IP address, which only the transform shortens to a network."""
    if environment.present("collector") and environment.flag("transform.enabled", default=True) is False:
        message = "is off, so the full IP addresses that the collector adds would reach the domain"
        yield Problem("transform.enabled", message, False, "true, or no collector")


@BOOK.warning(limits.THROTTLING)
def throttle_fits_the_account(environment: Arguments) -> Iterator[Problem]:
    """By default API Gateway allows 10,000 requests a second and bursts of 5,000 for an account in a region."""
    for name, most in (("rate", limits.ACCOUNT_RATE), ("burst", limits.ACCOUNT_BURST)):
        path = f"collector.throttle.{name}"
        given = environment.number(path)
        if given is not None and given > most:
            allowed = f"{most} or fewer, or a quota increase first"
            yield Problem(path, "is above the default quota of an account", given, allowed)


@BOOK.warning(limits.SITES)
def the_collector_is_on_the_pages_site(environment: Arguments) -> Iterator[Problem]:
    """Browsers and blockers treat a collector on another site as a third party and may block its requests."""
    hosts = [urlsplit(origin).hostname or "" for origin in _pages(environment)]
    if not hosts:
        return
    path = "collector.domain_name"
    if environment.present(path) is False:
        allowed = f"a name on the pages' site, such as collect.{hosts[0].removeprefix('www.')}"
        yield Problem(path, "is not set, so pages send to an API Gateway host, which blockers may block", None, allowed)
    name = environment.text(path)
    if name and "." in name and not any(_site(name) == _site(host) for host in hosts):
        yield Problem(path, "is on another site than every origin", name, f"a name under {_site(hosts[0])}")


def _pages(environment: Arguments) -> list[str]:
    """The well-formed origins on the internet."""
    origins = [origin for _, origin in environment.each("collector.origins[]") if isinstance(origin, str)]
    return [one for one in origins if one.startswith("https://") and _wrong(one) is None and "localhost" not in one]


def _site(host: str) -> str:
    """The end of a host name that its site has at least: two labels."""
    return ".".join(host.split(".")[-2:])
