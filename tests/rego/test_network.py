"""Addresses that a security group allows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rego.plans import Judged, configured, judged, module, plan, resource

OPEN = [
    ["0.0.0.0/0"],
    ["0.0.0.0/00"],
    ["0.0.0.0/1"],
    ["128.0.0.0/1"],
    ["64.0.0.0/2"],
    ["8.0.0.0/7"],
    ["::/0"],
    ["0::/0"],
    ["0:0:0:0:0:0:0:0/0"],
    ["::0/0"],
    ["2000::/3"],
    ["2000::/4"],
    ["10.0.0.0/16", "0.0.0.0/1", "128.0.0.0/1"],
    [f"{first}.0.0.0/8" for first in range(16, 32)],
    [f"{first}.{second}.0.0/12" for first in range(16) for second in range(0, 256, 16)],
]
CLOSED = [
    ["10.0.0.0/8"],
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
    ["198.51.100.7/32"],
    ["fc00::/7"],
    ["fe80::/10"],
    ["2001:db8::/32"],
    [f"{first}.0.0.0/8" for first in range(16, 31)],
]
PLACES: dict[str, Any] = {
    "aws_security_group": lambda blocks: {"ingress": [{"protocol": "tcp", **_by_family(blocks)}]},
    "aws_security_group_rule": lambda blocks: {"type": "ingress", **_by_family(blocks)},
    "aws_vpc_security_group_ingress_rule": lambda blocks: {"cidr_ipv6" if ":" in blocks[0] else "cidr_ipv4": blocks[0]},
}


def _by_family(blocks: list[str]) -> dict[str, list[str]]:
    return {
        "cidr_blocks": [block for block in blocks if ":" not in block],
        "ipv6_cidr_blocks": [block for block in blocks if ":" in block],
    }


@pytest.fixture(scope="module")
def opened() -> Judged:
    """What is open, in one plan."""
    return Judged(
        {
            f"{type_}.open_{number}": {"values": values(blocks)}
            for type_, values in PLACES.items()
            for number, blocks in enumerate(OPEN)
        }
    )


@pytest.mark.parametrize("type_", ["aws_security_group", "aws_security_group_rule"])
@pytest.mark.parametrize("number", range(len(OPEN)), ids=[",".join(blocks)[:30] for blocks in OPEN])
def test_every_spelling_of_the_internet_fails(type_: str, number: int, opened: Judged) -> None:
    assert "EC2.18" in opened.controls(f"{type_}.open_{number}")


@pytest.mark.parametrize("number", range(12))
def test_the_internet_in_a_separate_rule_fails(number: int, opened: Judged) -> None:
    assert "EC2.18" in opened.controls(f"aws_vpc_security_group_ingress_rule.open_{number}")


@pytest.mark.parametrize("blocks", CLOSED, ids=[",".join(blocks)[:30] for blocks in CLOSED])
def test_limited_networks_pass(blocks: list[str]) -> None:
    answer = judged(plan(resource("aws_security_group_rule.x", {"type": "ingress", **_by_family(blocks)})))
    assert (answer.failures, answer.not_judged) == ([], [])


def test_rules_that_together_cover_the_internet_fail() -> None:
    rules = [
        resource(f"aws_vpc_security_group_ingress_rule.x{first}", {"cidr_ipv4": f"{first}.0.0.0/8"})
        for first in range(16, 32)
    ]
    assert len(judged(plan(*rules)).failures) == 16


def test_egress_rules_are_not_checked() -> None:
    rule = resource("aws_security_group_rule.x", {"type": "egress", "cidr_blocks": ["0.0.0.0/0"]})
    assert judged(plan(rule)).failures == []


@settings(max_examples=25)
@given(st.integers(0, 128), st.booleans())
def test_the_prefix_length_decides(length: int, newer: bool) -> None:
    length = length if newer else length % 33
    block = f"2001:db8::/{length}" if newer else f"203.0.113.0/{length}"
    rule = resource("aws_security_group_rule.x", {"type": "ingress", **_by_family([block])})
    assert bool(judged(plan(rule)).failures) is (length < (16 if newer else 8))


@pytest.mark.parametrize(
    ("type_", "values", "unknown"),
    [
        ("aws_security_group_rule", {"type": "ingress"}, {"cidr_blocks": True}),
        ("aws_security_group_rule", {"type": "ingress", "cidr_blocks": [None]}, {"cidr_blocks": [True]}),
        ("aws_vpc_security_group_ingress_rule", {}, {"cidr_ipv4": True}),
        ("aws_vpc_security_group_ingress_rule", {"prefix_list_id": "pl-0123"}, {}),
        ("aws_security_group_rule", {"type": "ingress", "prefix_list_ids": ["pl-0123"]}, {}),
        ("aws_security_group", {"ingress": [{"prefix_list_ids": ["pl-0123"]}]}, {}),
        ("aws_security_group", {}, {"ingress": True}),
        ("aws_security_group", {"ingress": [{}]}, {"ingress": [{"cidr_blocks": True}]}),
    ],
)
def test_unknown_addresses_are_reported(type_: str, values: Any, unknown: Any) -> None:
    answer = judged(plan(resource(f"{type_}.x", values, unknown)))
    assert [message for message in answer.not_judged if message.startswith(f"EC2.18 {type_}.x: not judged")]


def _listed(*blocks: str) -> list[str]:
    rule = resource("aws_vpc_security_group_ingress_rule.x", {}, {"prefix_list_id": True})
    entries = resource("aws_ec2_managed_prefix_list.l", {"entry": [{"cidr": block} for block in blocks]})
    configuration = module(
        configured("aws_vpc_security_group_ingress_rule.x", prefix_list_id="aws_ec2_managed_prefix_list.l.id")
    )
    answer = judged(plan(rule, entries, configuration=configuration))
    assert answer.not_judged == []
    return list(answer.failures)


def test_a_prefix_list_of_the_plan_is_checked() -> None:
    assert _listed("0.0.0.0/1", "128.0.0.0/1") == [
        "EC2.18 aws_ec2_managed_prefix_list.l: lets the internet in (entry.cidr)"
    ]


def test_a_narrow_prefix_list_passes() -> None:
    assert _listed("198.51.100.0/24") == []


@pytest.mark.parametrize("reference", ["aws_vpc.v.default_security_group_id", "aws_default_security_group.d.id"])
@pytest.mark.parametrize("type_", ["aws_security_group_rule", "aws_vpc_security_group_ingress_rule"])
def test_a_rule_in_the_default_group_fails(type_: str, reference: str) -> None:
    rule = resource(f"{type_}.x", {"type": "ingress", "cidr_blocks": ["10.0.0.0/8"]}, {"security_group_id": True})
    configuration = module(configured(f"{type_}.x", security_group_id=reference))
    assert [m for m in judged(plan(rule, configuration=configuration)).failures if m.startswith("EC2.2 ")]


FIRST, SECOND = resource("aws_vpc.first", {}, {"id": True}), resource("aws_vpc.second", {}, {"id": True})
LOG = resource("aws_flow_log.first", {}, {"vpc_id": True})


def test_a_flow_log_belongs_to_the_network_in_its_reference() -> None:
    configuration = module(configured("aws_flow_log.first", vpc_id="aws_vpc.first.id"))
    answer = judged(plan(FIRST, SECOND, LOG, configuration=configuration))
    assert answer.failures == ["EC2.6 aws_vpc.second: no flow log"]


def test_two_flow_logs_of_one_network_do_not_cover_another() -> None:
    again = {**LOG, "address": "aws_flow_log.again"}
    configuration = module(
        *(configured(f"aws_flow_log.{name}", vpc_id="aws_vpc.first.id") for name in ("first", "again"))
    )
    assert judged(plan(FIRST, SECOND, LOG, again, configuration=configuration)).failures


def test_a_flow_log_of_an_unknown_network_is_reported() -> None:
    configuration = module(configured("aws_flow_log.first", vpc_id="local.vpc.id"))
    answer = judged(plan(FIRST, LOG, configuration=configuration))
    assert (answer.failures, answer.not_judged) == (
        [],
        ["EC2.6 aws_vpc.first: not judged: the network of a flow log is unknown until apply"],
    )
