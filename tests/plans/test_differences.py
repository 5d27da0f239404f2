"""Comparing values, and never showing a secret."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.plans.differences import SENSITIVE, UNKNOWN, differences, is_secret_name, is_secret_value
from constructs_lib.plans.document import Change
from constructs_lib.review import html, markdown
from tests.review.configurations import PASSWORD
from tests.review.recorded import NAMES, document, report


def changes(before: Any, after: Any, **more: Any) -> dict[str, tuple[str | None, str | None]]:
    found = differences(Change(actions=["update"], before=before, after=after, **more))
    return {difference.name: (difference.before, difference.after) for difference in found}


def test_a_changed_value_is_found_where_it_stands() -> None:
    assert changes({"a": [{"b": 1, "c": 2}]}, {"a": [{"b": 1, "c": 3}]}) == {"a[0].c": ("2", "3")}


def test_true_and_one_are_different() -> None:
    assert changes({"a": True}, {"a": 1}) == {"a": ("true", "1")}


def test_nothing_and_empty_text_are_the_same() -> None:
    assert changes({"a": None, "b": ""}, {"a": "", "b": None}) == {}


def test_documents_in_text_are_compared_by_what_they_say() -> None:
    before, after = json.dumps({"x": 1, "y": [1]}), json.dumps({"y": [2], "x": 1})
    assert changes({"policy": before}, {"policy": after}) == {"policy.y[0]": ("1", "2")}


def test_a_value_known_after_the_apply_is_a_change() -> None:
    assert changes({"a": "x"}, {}, after_unknown={"a": True}) == {"a": ("x", UNKNOWN)}


def test_a_marked_value_is_hidden_on_both_sides() -> None:
    found = changes({"a": "one"}, {"a": "two"}, before_sensitive={"a": True}, after_sensitive={"a": True})
    assert found == {"a": (SENSITIVE, SENSITIVE)}


def test_a_mark_on_a_block_hides_all_of_it() -> None:
    assert changes({}, {"a": [{"b": "x"}]}, after_sensitive={"a": True}) == {"a": (None, SENSITIVE)}


def test_a_value_that_was_sensitive_before_is_hidden_before() -> None:
    assert changes({"a": "x"}, {"a": "y"}, before_sensitive={"a": True}) == {"a": (SENSITIVE, "y")}


@pytest.mark.parametrize(
    "key",
    ["master_user_password", "API_TOKEN", "db_secret", "client_secret", "private_key", "apiKey", "access_key", "SALT",
     "connection_string", "Authorization"],
)  # fmt: skip
def test_names_of_secrets(key: str) -> None:
    assert is_secret_name(key, "abc")


@pytest.mark.parametrize(
    "key",
    ["kms_key_id", "secret_arn", "token_endpoint_url", "password_policy", "partition_key", "name", "key", "tokenizer",
     "author", "secretary"],
)  # fmt: skip
def test_names_of_other_things(key: str) -> None:
    assert not is_secret_name(key, "abc")


@pytest.mark.parametrize(
    "value",
    ["AKIAIOSFODNN7EXAMPLE", "https://user:pass@host/x", "-----BEGIN RSA PRIVATE KEY-----",
     "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x"],
)  # fmt: skip
def test_texts_that_look_like_secrets(value: str) -> None:
    assert is_secret_value(value)


def test_an_ordinary_address_is_no_secret() -> None:
    assert not is_secret_value("https://search.example.com:443/path@2")


def test_a_field_called_token_in_an_index_template_is_shown() -> None:
    before, after = json.dumps({"token": {"type": "text"}}), json.dumps({"token": {"type": "keyword"}})
    assert changes({"body": before}, {"body": after}) == {"body.token.type": ("text", "keyword")}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("secret", [PASSWORD, "n3w-Horse-battery", "t0p-Secret-Token", "an0ther-Secret-Token"])
def test_no_secret_of_a_recorded_plan_is_in_a_report(name: str, secret: str) -> None:
    found = report(name)
    assert secret not in markdown.render(found)
    assert secret not in html.render(found)


def test_the_recorded_plans_hold_those_secrets() -> None:
    assert PASSWORD in json.dumps(document("blue_green"))


SECRET = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=30)


@settings(max_examples=30, deadline=None)
@given(core=SECRET, where=st.sampled_from(["domain_name", "tags", "access_policies", "cluster_config", "address"]))
def test_a_value_marked_sensitive_is_nowhere_even_where_it_is_repeated(core: str, where: str) -> None:
    secret = f"Zq7{core}"
    plan = document("blue_green")
    item = next(change for change in plan["resource_changes"] if change["type"] == "aws_opensearch_domain")
    item["change"]["after_sensitive"]["engine_version"] = True
    item["change"]["after"]["engine_version"] = secret
    if where == "address":
        item["address"] = f'aws_opensearch_domain.domain["{secret}"]'
    elif where == "tags":
        item["change"]["after"]["tags"] = {f"{secret}": f"a {secret} b"}
    elif where == "access_policies":
        item["change"]["after"][where] = json.dumps({"Statement": [{"Sid": secret}]})
    elif where == "cluster_config":
        item["change"]["after"][where][0]["instance_type"] = secret
    else:
        item["change"]["after"][where] = secret
    found = report(plan)
    assert secret not in markdown.render(found)
    written = html.render(found)
    assert secret not in written
    assert escape(secret) not in written
