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


def test_one_interaction_fewer_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _ = exported(tmp_path, [document(number) for number in range(999)])
    assert status == 1
    assert "999 different interactions: a model needs at least 1000" in capsys.readouterr().err


def test_the_same_interaction_again_does_not_count(tmp_path: Path) -> None:
    documents = [document(number) for number in range(999)]
    status, rows = exported(tmp_path, [*documents, documents[0]])
    assert (status, len(rows)) == (1, 1000)


@pytest.mark.parametrize(("people", "status"), [(25, 0), (24, 1)])
def test_twenty_five_people_have_to_come_back(tmp_path: Path, people: int, status: int) -> None:
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


def test_products_that_were_in_a_cart_or_list_only_are_none(tmp_path: Path) -> None:
    items = [{"object_id": "a"}, {"object_id": "b"}]
    status, rows = exported(
        tmp_path, [document(1, action_name=name, items=items) for name in ("impression", "cart_viewed")]
    )
    assert (status, rows) == (1, [])


def test_ids_past_256_characters_are_left_out_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
def test_what_is_no_document_is_named_by_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    file = tmp_path / "documents.ndjson"
    file.write_text(f"{json.dumps(document(1))}\n{line}\n", encoding="utf-8")
    assert main(["interactions", str(file)]) == 2
    assert f"{file}:2:" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
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


def test_what_did_not_pass_the_transform_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = document(1) | {"user_id": "john.doe@example.com"}
    del raw["schema_version"]
    file = written(tmp_path, [document(0), raw])
    assert main(["interactions", str(file)]) == 2
    assert capsys.readouterr().err == f"{file}:2: did not pass the transform: it has no schema_version\n"


def test_an_earlier_data_set_stays_when_something_is_wrong(tmp_path: Path) -> None:
    target = tmp_path / "interactions.csv"
    target.write_text("earlier", encoding="utf-8")
    assert main(["interactions", str(tmp_path / "nothing"), "--output", str(target)]) == 2
    assert target.read_text(encoding="utf-8") == "earlier"
    assert list(tmp_path.iterdir()) == [target]
