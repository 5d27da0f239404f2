"""Reports contain no secrets, recognised by the plan's marks, by name, or by the form of a value."""

from __future__ import annotations

import json
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.plans.redaction import SENSITIVE, Redactor, is_secret_name, is_secret_value, without_secret_values
from constructs_lib.review import html, markdown
from tests.review.configurations import PASSWORD
from tests.review.recorded import NAMES, document, report


@pytest.mark.parametrize(
    "key",
    ["master_user_password", "API_TOKEN", "db_secret", "client_secret", "private_key", "apiKey", "access_key",
     "PASSWORD_SALT", "connection_string", "Authorization", "DB_PASS",
     "STRIPE_KEY", "MYSQL_PWD", "jwt_token"],
)  # fmt: skip
def test_values_under_secret_names_are_redacted(key: str) -> None:
    assert is_secret_name(key, "abc")


@pytest.mark.parametrize(
    "key",
    ["kms_key_id", "kms_master_key_id", "customer_master_key_spec", "roles_key", "Sid",
     "terraform_key", "secret_arn", "token_endpoint_url",
     "password_policy", "partition_key", "name", "key", "tokenizer",
     "author", "secretary"],
)  # fmt: skip
def test_values_under_ordinary_names_are_shown(key: str) -> None:
    assert not is_secret_name(key, "abc")


@pytest.mark.parametrize(
    "value",
    ["AKIA" + "IOSFODNN7EXAMPLE", "https://user:pass@host/x", "-----BEGIN RSA PRIVATE KEY-----",
     "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x", "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc",
     "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "AIza" + "SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe",
     "GOCSPX-" + "abcdefghijklmnopqrstuvwx", "glpat-" + "abcdefghijklmnopqrst", "npm_" + "a" * 36,
     "xoxb-" + "123456789012-abcdefghij", "https://hooks.slack.com/services/" + "T00000000/B00000000/" + "X" * 24,
     "ghp_" + "a" * 36, "github_pat_" + "a" * 40],
)  # fmt: skip
def test_texts_that_look_like_secrets_are_redacted(value: str) -> None:
    assert is_secret_value(value)


def test_an_ordinary_address_is_shown() -> None:
    assert not is_secret_value("https://search.example.com:443/path@2")


@pytest.mark.parametrize(
    "value",
    ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-x", "alias/app", "0a1b2c3d-1111-4222-8333-444455556666"],
)
def test_references_to_a_secret_are_not_secrets(value: str) -> None:
    assert not is_secret_name("db_secret", value)


def test_a_script_is_shown_without_the_values_of_secret_names() -> None:
    assert "hunter2" not in without_secret_values("export DB_PASSWORD=hunter2-and-more")


def learned(*secrets: str) -> Redactor:
    redactor = Redactor()
    for secret in secrets:
        redactor.learn({"a": secret}, {"a": True})
    return redactor


@pytest.mark.parametrize("length", [6, 63, 64, 65, 66, 500])
def test_a_secret_is_removed_from_a_text(length: int) -> None:
    secret = ("s3cret-" * 80)[:length]
    cleaned = learned(secret).clean(f"before {secret}")
    assert cleaned == f"before {SENSITIVE}"


def test_short_secrets_stay_in_other_texts() -> None:
    assert learned("s3cre").clean("a s3cre b") == "a s3cre b"


def test_the_longer_of_two_secrets_with_one_beginning_is_removed_completely() -> None:
    assert learned("s3cret", "s3cret-more").clean("x s3cret-more y") == f"x {SENSITIVE} y"


def test_a_secret_is_found_where_it_is_escaped() -> None:
    secret = 'quo"te\\back'
    assert "quo" not in learned(secret).clean(json.dumps({"k": secret}))


def test_texts_that_look_like_keys_are_removed_everywhere() -> None:
    assert Redactor().clean("given AKIA" + "IOSFODNN7EXAMPLE here") == f"given {SENSITIVE} here"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("secret", [PASSWORD, "n3w-Horse-battery", "t0p-Secret-Token", "an0ther-Secret-Token"])
def test_reports_on_recorded_plans_contain_no_secret(name: str, secret: str) -> None:
    found = report(name)
    assert secret not in markdown.render(found)
    assert secret not in html.render(found)


def test_the_recorded_plans_contain_those_secrets() -> None:
    assert PASSWORD in json.dumps(document("blue_green"))


SECRET = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=30)


@settings(max_examples=30, deadline=None)
@given(core=SECRET, where=st.sampled_from(["domain_name", "tags", "access_policies", "cluster_config", "address"]))
def test_a_sensitive_value_is_redacted_everywhere(core: str, where: str) -> None:
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
