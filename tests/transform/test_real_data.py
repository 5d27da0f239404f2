"""The public access log and the shop's search events, from bytes to documents."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from jsonschema import Draft202012Validator

from tests import inputs
from tests.transform.batches import Outcome, run
from tests.transform.schemas import DOCUMENT, UBI_EVENT


@pytest.fixture(scope="module")
def access_log() -> Outcome:
    return run(*inputs.lines("apache_access.log.gz"))


@pytest.fixture(scope="module")
def ubi() -> Outcome:
    return run(*inputs.lines("ubi_esci_sample.ndjson.gz"))


def test_no_line_of_the_access_log_fails(access_log: Outcome) -> None:
    assert access_log.metrics["ProcessingFailed"] == 0


def test_every_line_of_the_access_log_is_answered_once(access_log: Outcome) -> None:
    identifiers = Counter(answer["recordId"] for answer in access_log.answers)
    assert set(identifiers.values()) == {1}
    assert len(identifiers) == len(inputs.lines("apache_access.log.gz"))


def test_pages_of_the_access_log_are_kept_and_assets_dropped(access_log: Outcome) -> None:
    kinds = {document["action_name"] for document in access_log.documents}
    assert kinds <= {"view", "error", "redirect", "submit", "download"}
    assert access_log.metrics["Dropped_static_asset"] > 0
    assert not [one for one in access_log.documents if one["page"]["path"].endswith((".css", ".png"))]


def test_bots_of_the_access_log_have_reasons(access_log: Outcome) -> None:
    bots = [document for document in access_log.documents if document["is_bot"]]
    assert bots
    assert all(document["bot_reasons"] for document in bots)


def test_every_shop_event_becomes_a_document_and_every_action_line_is_dropped(ubi: Outcome) -> None:
    given = [json.loads(line) for line in inputs.lines("ubi_esci_sample.ndjson.gz")]
    events = [value for value in given if "index" not in value]
    assert len(ubi.documents) == len(events)
    assert ubi.metrics["Dropped_bulk_action"] == len(given) - len(events)


def test_shop_events_keep_their_ids_times_and_objects(ubi: Outcome) -> None:
    given = [json.loads(line) for line in inputs.lines("ubi_esci_sample.ndjson.gz")]
    events = [value for value in given if "action_name" in value]
    documents = [document for document in ubi.documents if document["action_name"] != "search"]
    kept = (
        "application",
        "action_name",
        "query_id",
        "session_id",
        "client_id",
        "timestamp",
        "user_query",
        "event_attributes",
    )
    assert [{name: one[name] for name in kept} for one in documents] == [
        {name: one[name] for name in kept} for one in events
    ]


def test_no_document_contains_null(access_log: Outcome, ubi: Outcome) -> None:
    assert "null" not in json.dumps([access_log.documents, ubi.documents]).replace('"null"', "")


@pytest.mark.parametrize("schema", [DOCUMENT, UBI_EVENT], ids=["document", "ubi"])
def test_every_document_is_valid(access_log: Outcome, ubi: Outcome, schema: dict[str, object]) -> None:
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    mistakes = [
        error.message
        for document in access_log.documents[:1500] + ubi.documents
        for error in validator.iter_errors(document)
    ]
    assert mistakes == []


def test_no_client_address_of_the_access_log_is_in_any_output(access_log: Outcome) -> None:
    addresses = {line.split(b" ", 1)[0].decode() for line in inputs.lines("apache_access.log.gz")}
    written = json.dumps(access_log.documents) + access_log.printed
    # An address that ends in .0 reads like its own network, which is followed by its bits.
    found = set(re.findall(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d./])", written))
    assert found & addresses == set()
