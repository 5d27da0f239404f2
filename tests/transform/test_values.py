"""Single values: sums of money and ids in the notation of shops, and values that JSON or a document cannot contain."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.transform.runtime import values
from tests.transform.batches import document

VIEW: dict[str, Any] = {"action_name": "view", "timestamp": "2025-03-12T08:00:01.000Z"}


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        (19.5, 19.5),
        ("19.50", 19.5),
        ("19,50", 19.5),
        ("19,50 \u20ac", 19.5),
        ("\u20ac19.50", 19.5),
        ("EUR 19,50", 19.5),
        ("19.50 USD", 19.5),
        ("R$ 1.234,56", 1234.56),
        ("$1,234.56", 1234.56),
        ("1 234,56", 1234.56),
        ("1\u202f234,56\u00a0\u20ac", 1234.56),
        ("CHF 1'234.50", 1234.5),
        ("1,234", 1234),
        ("1.234.567", 1234567),
        ("49,-", 49),
        ("-5,00", -5),
    ],
)
def test_a_sum_of_money_is_a_number(written: Any, amount: float) -> None:
    assert values.amount(written) == amount
    assert document(VIEW | {"event_value": written})["event_value"] == amount


@pytest.mark.parametrize("written", ["free", "19,50 or 20", "from 19", "12/27", "", "EUR", "1e999"])
def test_an_invalid_sum_is_none(written: str) -> None:
    assert values.amount(written) is None


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_a_price_is_read_in_every_grouping(price: Any) -> None:
    plain = f"{price:,.2f}"
    swapped = plain.translate(str.maketrans(",.", ".,"))
    assert values.amount(plain) == values.amount(swapped) == values.amount(f"{swapped} \u20ac") == float(price)


def test_a_float_id_is_converted_to_the_products_id() -> None:
    thing = {"object": {"object_id": 632.0, "object_id_field": "product_id"}}
    assert document(VIEW | {"event_attributes": thing})["event_attributes"]["object"]["object_id"] == "632"


def test_the_last_of_duplicate_keys_is_used() -> None:
    assert document('{"action_name": "view", "action_name": "click"}')["action_name"] == "click"


def test_numbers_invalid_in_json_are_left_out() -> None:
    found = document(
        '{"action_name": "click", "event_value": NaN, "event_attributes": {"a": Infinity, "b": -1e999, "c": 1}}'
    )
    assert "event_value" not in found
    assert found["event_attributes"]["properties"] == {"c": 1}


def test_currency_that_is_a_number_is_left_out() -> None:
    assert "currency" not in document('{"action_name": "click", "currency": 1e999}')


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert document('{"action_name": "click", "message": "a\\ud800b"}')["message"] == "a\ufffdb"


def test_half_a_surrogate_pair_beside_a_secret_in_a_url() -> None:
    found = document(
        {"action_name": "view", "page": {"url": "https://shop.example/\ud800a@b.example?q=\udfffa@b.example"}}
    )
    assert found["page"]["url"] == "https://shop.example/%EF%BF%BDREDACTED?q=%EF%BF%BDREDACTED"


def test_half_a_megabyte_is_cut_to_its_limit() -> None:
    found = document(
        {"action_name": "click", "message": "lamp " * 100_000, "event_attributes": {"note": "x" * 500_000}}
    )
    assert len(found["message"]) <= 1024
    assert len(found["event_attributes"]["properties"]["note"]) <= 512


def test_deep_nesting_is_cut_when_flattened() -> None:
    deep: dict[str, Any] = {"leaf": 1}
    for _ in range(50):
        deep = {"down": deep}
    assert "event_attributes" not in document({"action_name": "click", "event_attributes": {"properties": deep}})
