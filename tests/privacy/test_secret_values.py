"""Secrets are found by their form, anywhere in a text, in linear time."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.privacy.named_values import without_named_values
from constructs_lib.privacy.secret_values import holds_secret, secret_spans, without_secrets

LETTERS = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5kM7nP9rS1uV3xY5"
SECRETS = {
    "aws": "AKIAIOSFODNN7EXAMPLE",
    "github": f"ghp_{LETTERS[:36]}",
    "github fine-grained": f"github_pat_{LETTERS[:22]}_{LETTERS}",
    "gitlab": f"glpat-{LETTERS[:20]}",
    "slack": "xoxb-1234567890-abcdefghij",
    "slack webhook": f"https://hooks.slack.com/services/T0000/B0000/{LETTERS[:24]}",
    "stripe": f"sk_live_{LETTERS[:24]}",
    "stripe webhook": f"whsec_{LETTERS[:32]}",
    "google": f"AIza{LETTERS[:35]}",
    "npm": f"npm_{LETTERS[:36]}",
    "sendgrid": f"SG.{LETTERS[:22]}.{LETTERS[:43]}",
    "hugging face": f"hf_{LETTERS[:34]}",
    "openai": f"sk-proj-{LETTERS[:40]}",
    "telegram": f"123456789:AA{LETTERS[:33]}",
    "web token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "encrypted web token": f"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..{LETTERS[:16]}.{LETTERS}.{LETTERS[:22]}",
}
INNOCENT = (
    "thermodynamics",
    "List_of_countries_by_GDP_2023_nominal",
    "sk-learn-tutorial-for-beginners-and-others",
    "https://cdn.example/package/react@18.2.0",
    "http://shop.example:8080/logo@2x.png",
    "npm_config_registry",
    "33198ee9-5912-453c-9173-3f92fd3cb1be",
    "AKIALONGWORD",
    "ghp_short",
    "d41d8cd98f00b204e9800998ecf8427e",
)
HARD = (
    "eyJ",
    "eyJ.",
    "ghp_",
    "://a:",
    "://a@",
    "-----BEGIN PRIVATE KEY-----",
    "a-",
    "a=",
    "password=",
    "[a",
    "--a ",
    "a: ",
)


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("around", ["{}", "the key {} is", "key={},", '"{}"', "({})", "/{}/", "_{}"])
def test_tokens_of_services_are_found(secret: str, around: str) -> None:
    left = without_secrets(around.format(secret))
    assert "[secret]" in left
    assert secret[-16:] not in left


@pytest.mark.parametrize("text", INNOCENT)
def test_harmless_texts_are_kept(text: str) -> None:
    assert without_secrets(text) == text
    assert not holds_secret(text)


def test_a_private_key_is_found_up_to_its_last_line() -> None:
    text = "key: -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- and more"
    assert without_secrets(text) == "key: [secret] and more"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("postgres://user:pw@db.example/x", "postgres://[secret]@db.example/x"),
        ("amqp://user:p/a@ss@host:5672", "amqp://[secret]@host:5672"),
        ("https://token@host.example", "https://[secret]@host.example"),
    ],
)
def test_a_password_in_a_url_is_found(text: str, left: str) -> None:
    assert without_secrets(text) == left


def test_spans_give_the_positions() -> None:
    text = f"a {SECRETS['github']} b {SECRETS['aws']}"
    assert [text[start:end] for start, end in secret_spans(text)] == [SECRETS["github"], SECRETS["aws"]]


@given(st.lists(st.sampled_from([*SECRETS.values(), *HARD, " ", "x", "/"]), max_size=8).map("".join))
def test_spans_are_ordered_and_do_not_overlap(text: str) -> None:
    spans = secret_spans(text)
    assert all(start < end <= following for (start, end), (following, _) in pairwise(spans))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('payload {"db_password": "correct horse", "a": 1}', 'payload {"db_password": "[secret]", "a": 1}'),
        (r"{\"db_password\": \"x y\", \"a\": 1}", r"{\"db_password\": \"[secret]\", \"a\": 1}"),
        (r"{\\\"db_password\\\":\\\"x y\\\"}", r"{\\\"db_password\\\":\\\"[secret]\\\"}"),
        ("client_secret=abc, next=1", "client_secret=[secret], next=1"),
        ("password => 'a b' next", "password => '[secret]' next"),
        ("Authorization: Token x", "Authorization: [secret]"),
        ("Authorization: AWS4-HMAC-SHA256 Credential=a/b, Signature=c done", "Authorization: [secret] done"),
        ("Cookie: a=b; theme=dark; c=d e", "Cookie: [secret]"),
        ('curl -H "Cookie: a=b; c=d" -H "X: y"', 'curl -H "Cookie: [secret]" -H "X: y"'),
        ("--password hunter2 --verbose", "--password [secret] --verbose"),
        ("<password>hunter2</password>", "<password>[secret]</password>"),
        ("customer_name: Jane Doe logged in", "customer_name: [personal] logged in"),
        ("GET /reset?code=abc&lang=de", "GET /reset?code=[secret]&lang=de"),
        ("?user[password]=x&page=2", "?user[password]=[secret]&page=2"),
        ("bearer 0123456789abcdef", "bearer [secret]"),
    ],
)
def test_values_of_private_names_are_found(text: str, left: str) -> None:
    assert without_named_values(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "password: required",
        "Password must be long",
        "secret: love",
        "token: expired",
        "token_count: 5, page_name=home",
        "phone: iPhone 15",
        "std::vector a: b",
        "at 10:05:03",
        "https://a.example/b?c=d",
    ],
)
def test_ordinary_pairs_are_kept(text: str) -> None:
    assert without_named_values(text) == text


@pytest.mark.parametrize("piece", HARD)
def test_cost_is_linear_in_the_length_of_the_text(piece: str) -> None:
    def cost(length: int) -> float:
        text = (piece * length)[:length]
        measured = []
        for _ in range(5):
            started = time.process_time()
            secret_spans(text)
            without_named_values(text)
            measured.append(time.process_time() - started)
        return min(measured)

    assert cost(32_768) < 10 * max(cost(8_192), 0.0005)
