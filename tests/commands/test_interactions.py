"""Documents become a data set that Amazon Personalize takes."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.__main__ import main
from constructs_lib.commands import interactions
from tests import inputs
from tests.transform.batches import run


def document(number: int, **changes: Any) -> dict[str, Any]:
    """A click of one of a hundred people on one of fifty items."""
    return {
        "schema_version": "1.0",
        "action_name": "click",
        "timestamp": f"2025-05-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.900Z",
        "client_id": f"person-{number % 100}",
        "event_attributes": {"object": {"object_id": f"item-{number % 50}"}},
        **changes,
    }


def written(folder: Path, documents: list[dict[str, Any]]) -> Path:
    file = folder / "documents.ndjson"
    file.write_text("".join(json.dumps(one) + "\n" for one in documents), encoding="utf-8")
    return file


def exported(folder: Path, documents: list[dict[str, Any]], *options: str) -> tuple[int, list[dict[str, str]]]:
    target = folder / "interactions.csv"
    status = main(["interactions", str(written(folder, documents)), "--output", str(target), *options])
    return status, list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))


def test_a_thousand_interactions_of_a_hundred_people_are_enough(tmp_path: Path) -> None:
    status, rows = exported(tmp_path, [document(number) for number in range(1000)])
    assert (status, len(rows)) == (0, 1000)


def test_one_interaction_fewer_is_not_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _ = exported(tmp_path, [document(number) for number in range(999)])
    assert status == 1
    assert "999 different interactions: a model needs at least 1000" in capsys.readouterr().err


def test_a_repeated_interaction_does_not_count(tmp_path: Path) -> None:
    documents = [document(number) for number in range(999)]
    status, rows = exported(tmp_path, [*documents, documents[0]])
    assert (status, len(rows)) == (1, 1000)


@pytest.mark.parametrize(("people", "status"), [(25, 0), (24, 1)])
def test_twenty_five_people_need_two_interactions(tmp_path: Path, people: int, status: int) -> None:
    documents = [document(number, client_id=f"p{number % people}") for number in range(1000)]
    assert exported(tmp_path, documents)[0] == status


def test_a_row_has_the_columns_of_the_schema(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, rows = exported(tmp_path, [document(61, event_value=3, recommendation_id="r")])
    capsys.readouterr()
    assert main(["interactions", "--schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert list(rows[0]) == [field["name"] for field in schema["fields"]]
    assert rows[0]["TIMESTAMP"] == "1746057661"


def test_an_order_is_one_interaction_for_each_of_its_items(tmp_path: Path) -> None:
    order = document(1, action_name="purchase", event_value=42)
    del order["event_attributes"]
    order["items"] = [
        {"object_id": "lamp", "price": 9.5, "quantity": 2},
        {"object_id": "bulb", "price": 3},
        {"object_id": "gift"},
    ]
    _, rows = exported(tmp_path, [order])
    assert [(row["ITEM_ID"], row["EVENT_VALUE"]) for row in rows] == [("lamp", "19.0"), ("bulb", "3.0"), ("gift", "")]
    assert {(row["USER_ID"], row["EVENT_TYPE"], row["TIMESTAMP"]) for row in rows} == {
        ("person-1", "purchase", "1746057601")
    }


def test_an_item_is_one_interaction_however_often_it_is_named(tmp_path: Path) -> None:
    several = document(1, items=[{"object_id": "item-1"}, {"object_id": "item-2"}, {"object_id": "item-2"}])
    _, rows = exported(tmp_path, [several])
    assert [row["ITEM_ID"] for row in rows] == ["item-1", "item-2"]


def test_products_only_in_a_cart_or_list_are_no_interactions(tmp_path: Path) -> None:
    items = [{"object_id": "a"}, {"object_id": "b"}]
    status, rows = exported(
        tmp_path, [document(1, action_name=name, items=items) for name in ("impression", "cart_viewed")]
    )
    assert (status, rows) == (1, [])


def test_ids_of_more_than_256_characters_are_left_out_and_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, rows = exported(tmp_path, [document(1, client_id="x" * 256), document(2, client_id="x" * 257)])
    assert [len(row["USER_ID"]) for row in rows] == [256]
    assert "1 interactions left out" in capsys.readouterr().err


def test_only_the_named_verbs_count(tmp_path: Path) -> None:
    _, rows = exported(tmp_path, [document(1), document(2, action_name="watch")], "--verbs", "watch")
    assert [row["EVENT_TYPE"] for row in rows] == ["watch"]


def test_too_many_verbs_are_a_usage_error(tmp_path: Path) -> None:
    file = written(tmp_path, [document(1)])
    assert main(["interactions", str(file), "--verbs", ",".join("abcdefghi")]) == 2


@pytest.mark.parametrize("line", ["not json", "[1]", '"text"', '{"action_name": "click"}'])
def test_an_invalid_document_is_reported_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    file = tmp_path / "documents.ndjson"
    file.write_text(f"{json.dumps(document(1))}\n{line}\n", encoding="utf-8")
    assert main(["interactions", str(file)]) == 2
    assert f"{file}:2:" in capsys.readouterr().err


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    assert main(["interactions", str(tmp_path / "nothing")]) == 2


def test_search_hits_and_compressed_files_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "hits.ndjson.gz"
    file.write_bytes(gzip.compress(json.dumps({"_id": "1", "_source": document(1)}).encode() + b"\n"))
    main(["interactions", str(file)])
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_the_shops_clicks_are_interactions(tmp_path: Path) -> None:
    documents = run(*inputs.lines("ubi_esci_sample.ndjson.gz")).documents
    _, rows = exported(tmp_path, documents)
    clicks = [one for one in documents if one["action_name"] == "click"]
    assert [row["ITEM_ID"] for row in rows] == [one["event_attributes"]["object"]["object_id"] for one in clicks]


def test_untransformed_documents_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = document(1) | {"user_id": "john.doe@example.com"}
    del raw["schema_version"]
    file = written(tmp_path, [document(0), raw])
    assert main(["interactions", str(file)]) == 2
    assert capsys.readouterr().err == f"{file}:2: did not pass the transform: it has no schema_version\n"


def test_an_error_keeps_the_earlier_data_set(tmp_path: Path) -> None:
    target = tmp_path / "interactions.csv"
    target.write_text("earlier", encoding="utf-8")
    assert main(["interactions", str(tmp_path / "nothing"), "--output", str(target)]) == 2
    assert target.read_text(encoding="utf-8") == "earlier"
    assert list(tmp_path.iterdir()) == [target]


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_an_id_that_looks_like_a_formula_is_quoted_in_every_column(tmp_path: Path, formula: str) -> None:
    item = {"object": {"object_id": formula}}
    one = document(1, client_id=formula, event_attributes=item, impressions=["a", formula], recommendation_id=formula)
    _, (row,) = exported(tmp_path, [one])
    guarded = f"'{formula}"
    assert (row["USER_ID"], row["ITEM_ID"], row["RECOMMENDATION_ID"]) == (guarded,) * 3
    assert row["IMPRESSION"] == f"a|{guarded}"


@pytest.mark.parametrize("id_", ["1=1", "a-b", "u1_0", "'=1", " =1"])
def test_other_ids_stay_as_they_are(tmp_path: Path, id_: str) -> None:
    _, (row,) = exported(tmp_path, [document(1, client_id=id_)])
    assert row["USER_ID"] == id_


def test_ids_that_look_like_formulas_are_reported_and_may_be_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(tmp_path, [document(1, client_id="=1"), document(2)])
    assert "1 interactions with an id that looks like a formula" in capsys.readouterr().err
    _, (row,) = exported(tmp_path, [document(1, client_id="=1")], "--verbatim")
    assert row["USER_ID"] == "=1"


@pytest.mark.parametrize("id_", ["\t=1", "a\r=1", "a\n=1", "a\0"])
def test_an_id_with_a_control_character_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], id_: str
) -> None:
    _, rows = exported(tmp_path, [document(1, client_id=id_), document(2)])
    assert len(rows) == 1
    assert "1 interactions left out: an id holds a control character" in capsys.readouterr().err


@pytest.mark.parametrize("over", [0, 1])
def test_the_quoting_apostrophe_counts_towards_the_length(tmp_path: Path, over: int) -> None:
    _, rows = exported(tmp_path, [document(1, client_id="=" + "x" * (254 + over))])
    assert len(rows) == 1 - over


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"timestamp": "yesterday"}, 'timestamp: is no time (given "yesterday"; allowed: a time such as 2026-'),
        ({"event_attributes": []}, "event_attributes: is of the wrong type (given []; allowed: an object)"),
        ({"event_attributes": {"object": 1}}, "event_attributes.object: is of the wrong type (given 1; allowed: an"),
        ({"event_attributes": {"object": {"object_id": 1}}}, "event_attributes.object.object_id: is of the wrong type"),
        ({"action_name": ["click"]}, 'action_name: is of the wrong type (given ["click"]; allowed: a text)'),
        ({"user_id": {}}, "user_id: is of the wrong type (given {}; allowed: a text)"),
        ({"client_id": None}, "client_id: is of the wrong type (given null; allowed: a text)"),
        ({"client_id": "\ud800"}, "client_id: holds half a character"),
        ({"is_bot": "no"}, 'is_bot: is of the wrong type (given "no"; allowed: true or false)'),
        ({"event_value": "dear"}, 'event_value: is of the wrong type (given "dear"; allowed: a number)'),
        ({"event_value": True}, "event_value: is no number that a float can hold (given true; allowed: a finite"),
        ({"event_value": float("nan")}, "event_value: is no number that a float can hold (given NaN"),
        ({"event_value": 10**400}, "event_value: is no number that a float can hold"),
        ({"impressions": "a"}, 'impressions: is of the wrong type (given "a"; allowed: a list of item ids)'),
        ({"impressions": ["a", 1]}, "impressions.1: is of the wrong type (given 1; allowed: a text)"),
        ({"consent": True}, "consent: is of the wrong type (given true; allowed: an object)"),
        ({"consent": {"personalization": "no"}}, "consent.personalization: is of the wrong type"),
        ({"recommendation_id": 1}, "recommendation_id: is of the wrong type"),
        ({"event_id": []}, "event_id: is of the wrong type"),
        ({"items": {}}, "items: is of the wrong type (given {}; allowed: a list of items)"),
        ({"items": ["a"]}, 'items.0: is of the wrong type (given "a"; allowed: an object)'),
        ({"items": [{"object_id": "a"}, {}]}, "items.1.object_id: is of the wrong type (given null; allowed: a text)"),
        ({"items": [{"object_id": "a", "price": "1"}]}, "items.0.price: is of the wrong type"),
        ({"items": [{"object_id": "a", "price": 1e308, "quantity": 10}]}, "items.0.price: is no number that a float"),
    ],
)
def test_a_malformed_document_is_reported_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, Any], problem: str
) -> None:
    file = written(tmp_path, [document(0), document(1, **changes)])
    assert main(["interactions", str(file)]) == 2
    assert capsys.readouterr().err.startswith(f"{file}:2: {problem}")


def test_malformed_documents_are_reported_up_to_a_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, [document(number, is_bot=1) for number in range(2)])
    assert main(["interactions", str(file)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    file = written(tmp_path, [document(number, is_bot=1) for number in range(30)])
    assert main(["interactions", str(file)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert (len(lines), lines[-1]) == (21, f"{file}: the rest was not read")


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, [document(1, is_bot="\x1b[2J\u202e" + "x" * 1000)])
    main(["interactions", str(file)])
    (line,) = capsys.readouterr().err.splitlines()
    assert line.isascii()
    assert line.isprintable()
    assert len(line) < 300


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff\xfe", "is not UTF-8"),
        (b"[" * 200_000, "is nested too deeply"),
        (b'{"a": ' * 200_000, "is nested too deeply"),
    ],
)
def test_a_hostile_line_is_reported_with_its_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, problem: str
) -> None:
    file = tmp_path / "documents.ndjson"
    file.write_bytes(json.dumps(document(1)).encode() + b"\n" + content)
    assert main(["interactions", str(file)]) == 2
    assert capsys.readouterr().err == f"{file}:2: {problem}\n"


@pytest.mark.parametrize("cut", [5, 40, -4])
def test_damaged_gzip_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str], cut: int) -> None:
    file = tmp_path / "documents.ndjson.gz"
    file.write_bytes(gzip.compress(json.dumps(document(1)).encode())[:cut])
    assert main(["interactions", str(file)]) == 2
    assert f"{file}:" in capsys.readouterr().err
    file.write_bytes(gzip.compress(b"x" * 1000)[:12] + b"\xff" * 30)
    assert main(["interactions", str(file)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_duplicate_event_is_one_interaction(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    documents = [document(1, event_id="a"), document(2, event_id="b"), document(1, event_id="a"), document(3)]
    _, rows = exported(tmp_path, documents)
    assert len(rows) == 3
    assert "1 repeated documents" in capsys.readouterr().err


def test_duplicates_are_found_within_the_remembered_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interactions, "MOST_REMEMBERED", 2)
    documents = [document(number, event_id=id_) for number, id_ in enumerate("abca")]
    assert len(exported(tmp_path, documents)[1]) == 4
    documents = [document(number, event_id=id_) for number, id_ in enumerate("abb")]
    assert len(exported(tmp_path, documents)[1]) == 2
