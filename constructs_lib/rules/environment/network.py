"""``network``: an existing VPC, or one of the deployment's own."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from constructs_lib.limits import sources
from constructs_lib.limits.environment import network as limits
from constructs_lib.rules.environment.book import has_network, new_book
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem

BOOK = new_book()

_VPC = "a network section with vpc_id and subnet_ids, or with cidr_block and availability_zones"


@BOOK.error(limits.SECURITY_GROUP_NAMES)
def names_do_not_look_like_ids(environment: Arguments) -> Iterator[Problem]:
    """Security groups are named after the deployment, and their names may not begin with `sg-`."""
    name = environment.text("name") or ""
    if has_network(environment) and name.startswith("sg-"):
        yield Problem("name", "begins with sg-, which names of security groups may not", name, "another beginning")


@BOOK.error(sources.VPC)
def vpc_options_have_their_network(environment: Arguments) -> Iterator[Problem]:
    """`domain.vpc_options`, and `vpc` of a function, need a network section."""
    if has_network(environment):
        return
    if environment.at("domain").values.get("vpc_options") is not None:
        yield Problem("domain.vpc_options", "needs a network section, but there is none", None, _VPC)
    if environment.flag("transform.enabled", default=True) and environment.flag("transform.vpc"):
        yield Problem("transform.vpc", "is true, but there is no network section", True, f"false, or {_VPC}")
    for function in ("bootstrap", "recommender"):
        if environment.flag(f"{function}.enabled", default=True) and environment.flag(f"{function}.vpc"):
            yield Problem(f"{function}.vpc", "is true, but there is no network section", True, f"false, or {_VPC}")


@BOOK.error(sources.VPC)
def existing_network_is_whole(environment: Arguments) -> Iterator[Problem]:
    """An existing network names its VPC and the domain's subnets."""
    if not has_network(environment) or environment.present("network.cidr_block"):
        return
    if environment.present("network.vpc_id") is False:
        allowed = "the id of a VPC, or cidr_block and availability_zones for a new one"
        yield Problem("network.vpc_id", "is required without cidr_block", None, allowed)
    if environment.present("network.subnet_ids") is False and not environment.present("domain.vpc_options.subnet_ids"):
        yield Problem("network.subnet_ids", "are required with vpc_id", None, "one subnet for each zone of the domain")


@BOOK.error(sources.VPC)
def own_network_is_whole(environment: Arguments) -> Iterator[Problem]:
    """A new network (`cidr_block`) lists zones of the region, each once, and no existing VPC or subnets."""
    if not environment.present("network.cidr_block"):
        return
    for key in ("vpc_id", "subnet_ids"):
        if environment.present(f"network.{key}"):
            message = "names an existing network, but cidr_block makes a new one"
            yield Problem(f"network.{key}", message, None, f"either cidr_block or {key}")
    zones = environment.items("network.availability_zones") or []
    if not zones:
        allowed = "one zone for each subnet, such as eu-west-1a"
        yield Problem("network.availability_zones", "are required with cidr_block", None, allowed)
    region = environment.text("region")
    for index, zone in enumerate(zones):
        path = f"network.availability_zones[{index}]"
        if isinstance(zone, str) and region is not None and not re.fullmatch(rf"{re.escape(region)}[a-z]", zone):
            yield Problem(path, f"is not a zone of {region}", zone, f"{region}a, {region}b and so on")
        if zone in zones[:index]:
            yield Problem(path, "repeats an earlier zone", zone, "each zone once")


@BOOK.warning(sources.VPC)
def zones_are_of_the_own_network(environment: Arguments) -> Iterator[Problem]:
    """Availability zones are for a network of the deployment's own; existing subnets have theirs."""
    zones = environment.items("network.availability_zones")
    if zones and has_network(environment) and environment.present("network.cidr_block") is False:
        message = "has no effect without cidr_block: the zones are those of the subnets"
        yield Problem("network.availability_zones", message, ", ".join(map(str, zones)), "no availability_zones")


@BOOK.error(limits.VPC_SIZES)
def own_network_has_a_size(environment: Arguments) -> Iterator[Problem]:
    """The address range of a VPC is /16 to /24, written with the address that it begins with."""
    path = "network.cidr_block"
    given = environment.text(path)
    if given is None:
        return
    block = _range(given)
    if block is None:
        allowed = "a range such as 10.20.0.0/16, written with its first address"
        yield Problem(path, "is not an IPv4 address range", given, allowed)
    elif not limits.LARGEST_VPC <= block.prefixlen <= limits.SMALLEST_OWN_VPC:
        allowed = f"/{limits.LARGEST_VPC} to /{limits.SMALLEST_OWN_VPC}"
        yield Problem(path, "has the wrong size", given, allowed)


@BOOK.error(sources.SECURITY_GROUP_RULES)
def ranges_begin_with_their_first_address(environment: Arguments) -> Iterator[Problem]:
    """An address range of a security group rule is written with its first address: 10.0.0.0/8, not 10.0.0.5/8."""
    for who in ("client", "aws_api"):
        for path, given in environment.each(f"network.{who}_cidr_blocks[]"):
            if not isinstance(given, str) or _range(given) is not None:
                continue
            try:
                network = ipaddress.IPv4Network(given, strict=False)
            except ValueError:
                continue  # the table of limits refuses it
            yield Problem(path, "is not written with the first address of its range", given, str(network))


@BOOK.warning(sources.VPC)
def clients_are_not_everybody(environment: Arguments) -> Iterator[Problem]:
    """`client_cidr_blocks` names the networks of clients; a very wide range admits everybody who reaches the VPC."""
    for path, given in environment.each("network.client_cidr_blocks[]"):
        block = _range(given) if isinstance(given, str) else None
        if block is not None and block.prefixlen <= limits.WIDE_RANGE:
            allowed = "the ranges of the clients' networks, such as 10.50.0.0/16"
            yield Problem(path, f"lets {block.num_addresses:,} addresses reach the domain", given, allowed)


@BOOK.error(sources.KMS_ENDPOINTS)
def transform_reaches_kms(environment: Arguments) -> Iterator[Problem]:
    """A transform in an existing VPC needs a way to KMS, or every record with a user id fails."""
    if not environment.flag("transform.vpc") or not environment.flag("transform.enabled", default=True):
        return
    ways = ("cidr_block", "aws_api_security_group_ids", "aws_api_cidr_blocks")
    if has_network(environment) and all(environment.present(f"network.{way}") is False for way in ways):
        allowed = (
            "also network.aws_api_security_group_ids (of an interface endpoint of KMS) or network.aws_api_cidr_blocks"
            " (0.0.0.0/0 behind a NAT gateway)"
        )
        yield Problem("transform.vpc", "is true, but the network has no way to KMS", True, allowed)


def _range(given: str) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(given)
    except ValueError:
        return None
