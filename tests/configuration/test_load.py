"""Every mistake in an environment file is one clear line, and all of them come at once."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.configuration import ConfigurationError, load_environment
from constructs_lib.configuration.load import parse_environment

BASE: dict[str, Any] = {"name": "shop", "region": "eu-west-1"}


def lines(document: dict[str, Any]) -> list[str]:
    """The mistakes in a document, as a person reads them."""
    with pytest.raises(ConfigurationError) as caught:
        parse_environment(document, "shop.yaml")
    return [str(problem) for problem in caught.value.problems if problem.severity == "error"]


def file_lines(path: Path) -> list[str]:
    """The problems of a file, without its folder."""
    with pytest.raises(ConfigurationError) as caught:
        load_environment(path)
    return [str(problem).replace(path.as_posix(), path.name) for problem in caught.value.problems]


def test_minimal_environment_is_accepted() -> None:
    environment, warnings = parse_environment(BASE, "shop.yaml")
    assert (environment.name, warnings) == ("shop", [])


def test_unknown_key_suggests_the_nearest_one() -> None:
    assert lines(BASE | {"stream": {"shard_cout": 1}}) == [
        "shop.yaml: stream.shard_cout: unknown key, did you mean shard_count?"
    ]


def test_unknown_key_in_a_list_suggests_the_nearest_one() -> None:
    options = [{"node_type": "coordinator", "node_config": {"typ": "m7g.large.search"}}]
    assert lines(BASE | {"domain": {"cluster_config": {"node_options": options}}})[0] == (
        "shop.yaml: domain.cluster_config.node_options[0].node_config.typ: unknown key, did you mean type?"
    )


def test_unlike_unknown_key_lists_the_known_ones() -> None:
    (line,) = lines(BASE | {"archive": {"zzz": 1}})
    assert line.startswith("shop.yaml: archive.zzz: unknown key, allowed bucket, ")


def test_wrong_type_says_what_was_given_and_what_is_allowed() -> None:
    assert lines(BASE | {"stream": {"shard_count": "2"}}) == [
        'shop.yaml: stream.shard_count: is of the wrong type, given "2", allowed a whole number'
    ]


def test_wrong_choice_lists_the_choices() -> None:
    (line,) = lines(BASE | {"stream": {"stream_mode_details": {"stream_mode": "ON_DEMND"}}})
    assert line == (
        "shop.yaml: stream.stream_mode_details.stream_mode: is not one of the known values (did you mean ON_DEMAND?), "
        'given "ON_DEMND", allowed PROVISIONED, ON_DEMAND'
    )


def test_missing_keys_are_named() -> None:
    assert lines({}) == ["shop.yaml: name: is required, given nothing", "shop.yaml: region: is required, given nothing"]


def test_all_problems_come_at_once() -> None:
    found = lines({"name": "Shop!", "region": "eu-wst-1", "strem": {}, "stream": {"retention_period": 23}})
    assert [line.split(": ")[1] for line in found] == ["strem", "name", "region", "stream.retention_period"]


def test_rules_judge_the_rest_beside_a_wrong_type() -> None:
    found = lines(BASE | {"stream": {"retention_period": 23, "shard_count": "one"}})
    assert [line.split(": ")[1] for line in found] == ["stream.shard_count", "stream.retention_period"]


def test_account_must_be_twelve_digits() -> None:
    assert lines(BASE | {"account_id": "12345"})[0].startswith("shop.yaml: account_id: is no AWS account")


def test_password_of_the_master_user_is_refused_and_not_repeated() -> None:
    master = {"master_user_name": "admin", "master_user_password": "Secret-123"}
    options = {"enabled": True, "internal_user_database_enabled": True, "master_user_options": master}
    (line,) = lines(BASE | {"domain": {"advanced_security_options": options}})
    assert line.startswith("shop.yaml: domain.advanced_security_options.master_user_options.master_user_password: is ")
    assert line.endswith('given "a password", allowed master_user_arn, the ARN of an IAM role')
    assert "Secret-123" not in line


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", "cn-north-1", "ap-southeast-5", "eusc-de-east-1"])
def test_regions_of_every_partition_are_accepted(region: str) -> None:
    assert parse_environment(BASE | {"region": region}, "shop.yaml")[0].region == region


@pytest.mark.parametrize("name", ["a" * 29, "ab", "1shop", "Shop", "sh_op"])
def test_names_that_do_not_fit_are_refused(name: str) -> None:
    assert lines(BASE | {"name": name})[0].startswith("shop.yaml: name: ")


@pytest.mark.parametrize("name", ["a" * 28, "abc"])
def test_names_at_the_bounds_are_accepted(name: str) -> None:
    assert parse_environment(BASE | {"name": name}, "shop.yaml")[0].name == name


BOMB = "a0: &a0 [1, 1]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10)
)
"""Nine levels of ten aliases, a thousand million values."""


def test_a_bomb_of_aliases_is_not_written_out(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(BOMB, encoding="utf-8")
    (line,) = file_lines(file)
    assert line.endswith("is over 100000 values, which no environment is")


def test_every_duplicate_key_is_named(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text("name: a\nname: b\nstream:\n  shard_count: 1\n  shard_count: 2\n", encoding="utf-8")
    assert [line.partition(": duplicate")[0] for line in file_lines(file)] == [
        "shop.yaml: line 2, column 1",
        "shop.yaml: line 5, column 3",
    ]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "shop.yaml")
    assert file_lines(tmp_path / "shop.yaml") == ["shop.yaml: is no file that can be read, but a device or a pipe"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"backend": {"s3": {"bucket": "states"}}},
        {"stream": {"shard_level_metrics": ["foo", "bar"]}},
        {"monitoring": {"subscriptions": [{"protocol": "fax", "endpoint": "x"}, {"protocol": "smoke"}]}},
    ],
    ids=["a part is missing", "two items", "two sections"],
)
def test_rules_judge_the_rest_beside_what_has_no_form(wrong: dict[str, Any]) -> None:
    found = lines(BASE | {"encryption": {"deletion_window_in_days": 31}} | wrong)
    assert "encryption.deletion_window_in_days" in [line.split(": ")[1] for line in found]


def test_a_key_of_two_lines_is_told_on_one() -> None:
    (line,) = lines(BASE | {"foo\nbar": 1})
    assert line.startswith("shop.yaml: foo?bar: unknown key")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "shop.yaml: is empty; an environment needs at least name and region"),
        ("# only a comment\n", "shop.yaml: is empty; an environment needs at least name and region"),
        ("- a\n", "shop.yaml: must be a mapping of keys, given a list"),
        ("name: a\nname: b\n", 'shop.yaml: line 2, column 1: duplicate key "name", first given on line 1'),
        ("name: !!python/object:os.system x\n", "shop.yaml: line 1, column 7: YAML tag"),
        ("name: !env NAME\n", "shop.yaml: line 1, column 7: YAML tag !env, allowed are none"),
        ("name: [a\n", "shop.yaml: line 2, column 1: "),
        ("1: a\n", "shop.yaml: line 1, column 1: a key must be text, given 1"),
        ("name: a\n\tregion: b\n", "shop.yaml: line 2, column 1: "),
        ("name: !!str a\n", "shop.yaml: line 1, column 7: YAML tag tag:yaml.org,2002:str, allowed are none"),
        ("name: !!int '-'\n", "shop.yaml: line 1, column 7: YAML tag"),
        ("name: a\n---\nname: b\n", "shop.yaml: line 2, column 1: a second document begins, allowed is one"),
        ("base: &b {a: 1}\nstream:\n  <<: *b\n", "shop.yaml: line 3, column 3: merge keys (<<) are not taken"),
        ("name: " + "[" * 200_000, "shop.yaml: line 1, column 56: is nested over 50 levels deep"),
        ("bootstrap: {daily_gib: 1e400}\n", "shop.yaml: line 1, column 24: 1e400 is beyond what a number can be"),
    ],
    ids=lambda text: text[:20],
)
def test_unreadable_yaml_is_one_line(tmp_path: Path, text: str, expected: str) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(text, encoding="utf-8")
    (line,) = file_lines(file)
    assert line.startswith(expected)


def test_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    assert file_lines(tmp_path / "shop.yaml") == ["shop.yaml: cannot be read: No such file or directory"]


def test_folder_is_one_line(tmp_path: Path) -> None:
    assert file_lines(tmp_path) == [f"{tmp_path.name}: cannot be read: Is a directory"]


def test_bytes_that_are_no_text_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_bytes(b"name: \xff\n")
    assert file_lines(tmp_path / "shop.yaml") == ["shop.yaml: is not UTF-8 text: invalid start byte at byte 6"]


def test_yaml_on_is_text_and_not_true(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text("name: shop\nregion: eu-west-1\narchive: {enabled: on}\n", encoding="utf-8")
    assert file_lines(file) == ['shop.yaml: archive.enabled: is of the wrong type, given "on", allowed true or false']


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
SECTIONS = st.sampled_from(
    ["stream", "domain", "delivery", "archive", "network", "backend", "adopt", "outputs", "tags"]
)


@given(st.dictionaries(SECTIONS | st.text(max_size=5), JSON, max_size=4))
def test_nothing_but_the_projects_own_error_is_raised(document: dict[str, Any]) -> None:
    with suppress(ConfigurationError):
        parse_environment(BASE | document, "shop.yaml")
