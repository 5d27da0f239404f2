"""``python -m constructs_lib check``: files of any kind, one line a problem, three exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.__main__ import main
from constructs_lib.plans import plan_file

STREAM = {"name": "events", "shard_count": 0}


def plan(*resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"format_version": "1.2", "resource_changes": list(resources), **more}


def resource(type_: str, after: Any, name: str = "this", **more: Any) -> dict[str, Any]:
    change = {"actions": ["create"], "before": None, "after": after, "after_unknown": {}}
    return {"address": f"{type_}.{name}", "mode": "managed", "type": type_, "name": name, "change": change | more}


def write(path: Path, content: Any) -> str:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("files", "said"), [(1, "1 file, no findings\n"), (3, "3 files, no findings\n")])
def test_plans_without_findings_exit_0_and_are_counted(
    files: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "plan.json", plan(resource("aws_kinesis_stream", STREAM | {"shard_count": 1})))
    assert (main(["check", *[path] * files]), capsys.readouterr().out) == (0, said)


def test_findings_are_counted_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two = plan(resource("aws_kinesis_stream", STREAM), resource("aws_kinesis_stream", STREAM, "that"))
    one = plan(resource("aws_kinesis_stream", STREAM | {"shard_count": 1001}))
    main(["check", write(tmp_path / "two.json", two), write(tmp_path / "one.json", one)])
    assert capsys.readouterr().out.splitlines()[-1] == "2 files, 2 errors, 1 warning"


def test_warning_exits_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "plan.json", plan(resource("aws_kinesis_stream", STREAM | {"shard_count": 1001})))
    assert main(["check", path]) == 0
    assert ": warning: " in capsys.readouterr().out


def test_error_exits_1_with_file_address_and_what_is_allowed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "plan.json", plan(resource("aws_kinesis_stream", STREAM)))
    assert main(["check", path]) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        f"{path}: aws_kinesis_stream.this.shard_count: is required by a PROVISIONED stream"
        " (given 0; allowed: 1 or more, or stream_mode ON_DEMAND)"
    )


def test_every_file_is_judged_and_the_worst_code_returned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environment = write(tmp_path / "shop.yaml", "name: shop\nregion: eu-west-1\nstream: {retention_period: 23}\n")
    wrong = write(tmp_path / "plan.json", plan(resource("aws_kinesis_stream", STREAM)))
    assert main(["check", environment, wrong, str(tmp_path / "missing.json")]) == 2
    captured = capsys.readouterr()
    errors = [line for line in captured.out.splitlines() if ": warning: " not in line]
    assert [line.partition(": ")[0] for line in errors] == [f"{environment}:3", wrong]
    assert captured.err == f"{tmp_path}/missing.json: No such file or directory\n"


def test_environment_is_recognised_by_its_content(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "environment.json", {"name": "shop", "region": "nowhere"})
    assert main(["check", path]) == 1
    assert f"{path}:1: region: is not an allowed value" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"format_version": "1.2", "resource_chan', "is not JSON: it is truncated"),
        ("[1, 2]", "is not a plan: "),
        ("[" * 100_000, "is not a plan: "),
        ({"format_version": "1.0", "values": {}}, "is a state, not a plan"),
        ({"format_version": "1.0"}, "is not a plan"),
        ("PK\x03\x04", "is a binary plan"),
    ],
)
def test_file_that_is_not_a_plan_gets_one_line_and_exits_2(
    content: Any, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "plan.json", content)
    assert main(["check", path]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{path}: {message}")


def test_folder_gets_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_too_large_a_file_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plan_file, "LARGEST", 10)
    assert main(["check", write(tmp_path / "plan.json", plan())]) == 2
    assert "is too large (allowed: 10 bytes)" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "- a\n- b\n", "\x00", "name: [", "{"])
def test_file_that_is_not_an_environment_gets_one_line(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "shop.yaml", content)
    assert main(["check", path]) == 1
    assert all(line.startswith(f"{path}:") for line in capsys.readouterr().out.splitlines()[:-1])


def test_address_with_a_line_break_stays_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    item = resource("aws_kinesis_stream", STREAM) | {"address": "aws_kinesis_stream.a\nb"}
    main(["check", write(tmp_path / "plan.json", plan(item))])
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_no_file_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["check"])
    assert stopped.value.code == 2


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_an_environment_in_another_encoding_is_refused_as_a_synth_refuses_it(
    encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "shop.yaml"
    path.write_bytes("name: shop\nregion: eu-west-1\ntags: {place: café}\n".encode(encoding))
    assert main(["check", str(path)]) == 1
    assert "is not UTF-8 text" in capsys.readouterr().out
