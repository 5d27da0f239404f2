"""Erasure finds every document of the transform, and its output contains no ids."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.bootstrap.runtime import erasure_request
from constructs_lib.bootstrap.runtime.client import Refused
from constructs_lib.bootstrap.runtime.erasure_request import RequestError
from constructs_lib.bootstrap.runtime.handler import run as call
from constructs_lib.bootstrap.runtime.settings import Settings
from constructs_lib.privacy import identity
from tests.bootstrap.standin import Domain, client
from tests.transform.batches import KEY, run

ODD_IDS = st.one_of(
    st.text(min_size=1, max_size=40),
    st.text(min_size=90, max_size=110),
    st.text("ab ", min_size=1020, max_size=1030),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["ann@example.com", "198.51.100.7", "+49 170 1234567", " ann ", "ann smith", "4111111111111111", "ANN", "u1_x",
         "a" * 100, "a" * 101, "a" * 1024, "a" * 1025, f" {'a' * 100} ", "an\u200bn", "2001:db8::1", "u1_" + "a" * 32]
    ),
)  # fmt: skip


def finds(terms: dict[str, list[str]], document: dict[str, Any]) -> bool:
    """Whether a search engine would find the document."""
    return any(document.get(field) in values for field, values in terms.items())


def asked(**event: Any) -> dict[str, list[str]]:
    """What is searched for, with the transform's key."""
    return erasure_request.read(event, lambda: KEY).terms


@settings(max_examples=300)
@given(ODD_IDS, ODD_IDS, ODD_IDS, st.booleans())
def test_each_document_of_the_transform_is_found_by_each_of_its_ids(
    user: Any, client_id: Any, session: Any, same: bool
) -> None:
    event = {"action_name": "view", "user_id": user, "client_id": user if same else client_id, "session_id": session}
    outcome = run(json.dumps(event))
    assert outcome.results == ["Ok"]
    (document,) = outcome.documents
    for name, field, value in (
        ("user_ids", "user_id", event["user_id"]),
        ("client_ids", "client_id", event["client_id"]),
        ("session_ids", "session_id", event["session_id"]),
    ):
        given_id = (
            value
            if isinstance(value, (str, int))
            else f"{value:.0f}"
            if value.is_integer() and abs(value) < 1e21
            else repr(value)
        )
        if field in document:
            assert finds(asked(**{name: [given_id]}), {field: document[field]}), (name, value)


def test_a_client_id_equal_to_the_user_id_is_found_by_the_user_id() -> None:
    (document,) = run({"action_name": "view", "user_id": "ann", "client_id": "ann"}).documents
    assert finds(asked(user_ids=["ann"]), {"client_id": document["client_id"]})


def test_other_people_are_not_found() -> None:
    (document,) = run(
        {"action_name": "view", "user_id": "bob", "client_id": "bobs-phone", "session_id": "s1"}
    ).documents
    assert not finds(asked(user_ids=["ann"], client_ids=["anns-phone"], session_ids=["s2"]), document)


def test_a_pseudonym_is_searched_in_every_field() -> None:
    made = "u1_" + "a" * 32
    assert erasure_request.read({"pseudonyms": [made]}, None).terms == {
        "client_id": [made],
        "session_id": [made],
        "user_id": [made],
    }


def test_without_a_key_ids_are_searched_unchanged() -> None:
    assert erasure_request.read({"client_ids": [" phone "]}, None).terms == {"client_id": ["phone"]}


def test_placeholders_are_counted_and_not_searched() -> None:
    request = erasure_request.read({"user_ids": ["guest", "ann"], "client_ids": ["null"]}, lambda: KEY)
    assert request.ignored == {"user_ids": 1, "client_ids": 1}
    assert "client_id" not in {field for field in request.terms if len(request.terms[field]) > 1}


def no_key() -> bytes:
    raise OSError("no route for secret-4711")


@pytest.mark.parametrize(
    ("event", "key"),
    [
        ({}, None),
        ({"user_ids": ["secret-4711"]}, None),
        ({"user_ids": ["secret-4711"]}, no_key),
        ({"client_ids": "secret-4711"}, None),
        ({"client_ids": [{"id": "secret-4711"}]}, None),
        ({"pseudonyms": ["secret-4711"]}, None),
        ({"session_ids": ["secret-4711"] * 1001}, None),
    ],
)
def test_the_reason_of_an_invalid_request_contains_no_ids(event: dict[str, Any], key: Any) -> None:
    with pytest.raises(RequestError) as raised:
        erasure_request.read(event, key)
    assert "4711" not in str(raised.value)


def test_when_kms_fails_ids_are_searched_unchanged_and_the_erasure_fails() -> None:
    request = erasure_request.read({"client_ids": ["phone"]}, no_key)
    assert request.terms == {"client_id": ["phone"]}
    assert "OSError" in request.unsearched


def test_the_largest_number_of_ids_is_accepted() -> None:
    assert (
        len(erasure_request.read({"session_ids": [str(each + 1) for each in range(1000)]}, None).terms["session_id"])
        == 1000
    )


def test_ids_in_the_domains_errors_are_removed(capsys: pytest.CaptureFixture[str]) -> None:
    domain = Domain()
    original = domain._plain
    index = {"settings": {"index.creation_date": "1767225600000"}}
    domain.plain["events-*/_settings"] = {"events-1": index}
    domain._plain = lambda method, path, body: (  # type: ignore[method-assign]
        (400, {"error": {"type": "parsing", "reason": f"cannot parse {body}"}})
        if path.endswith("_count")
        else original(method, path, body)
    )
    with pytest.raises(Exception, match="erase: 1 failed") as raised:
        call({"action": "erase", "client_ids": ['secret-"4711']}, Settings("https://domain.example"), client(domain))
    assert "4711" not in str(raised.value) + capsys.readouterr().out
    assert not isinstance(raised.value, Refused)


def test_an_answer_lists_fields_and_counts_but_no_ids() -> None:
    event = {"action": "erase", "client_ids": ["secret-4711"], "session_ids": ["null"]}
    answer = call(event, Settings("https://domain.example"), client(Domain()))
    assert answer["searched"] == {"values": {"client_id": 1}, "ignored": {"session_ids": 1}, "indices": []}
    assert "4711" not in json.dumps(answer)


def test_ids_that_identify_are_pseudonyms_of_the_same_key() -> None:
    (document,) = run({"action_name": "view", "client_id": "ann@example.com"}).documents
    assert document["client_id"] == identity.pseudonym("ann@example.com", identity.keyed(KEY))
