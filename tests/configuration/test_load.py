"""Each mistake in an environment file is one clear line, and all mistakes come at once."""

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
REACHED = {"access": {"administrators": ["arn:aws:iam::111122223333:role/People"]}, "monitoring": {"enabled": False}}
"""A minimal environment without warnings: with a reader of the domain and without alarms."""


def lines(document: dict[str, Any]) -> list[str]:
    """The mistakes in a document, as a person reads them."""
    with pytest.raises(ConfigurationError) as caught:
        parse_environment(document, "shop.yaml")
    return [str(problem) for problem in caught.value.problems if problem.severity == "error"]


def file_lines(path: Path) -> list[str]:
    """The mistakes in a file, without its folder."""
    with pytest.raises(ConfigurationError) as caught:
        load_environment(path)
    mistakes = [problem for problem in caught.value.problems if problem.severity == "error"]
    return [str(problem).replace(path.as_posix(), path.name) for problem in mistakes]


def test_minimal_environment_is_accepted() -> None:
    environment, warnings = parse_environment(BASE | REACHED, "shop.yaml")
    assert (environment.name, warnings) == ("shop", [])


def test_unknown_key_suggests_the_nearest_one() -> None:
    assert lines(BASE | {"stream": {"shard_cout": 1}}) == [
        "shop.yaml: stream.shard_cout: is not a known key; did you mean shard_count?"
    ]


def test_unknown_key_in_a_list_suggests_the_nearest_one() -> None:
    options = [{"node_type": "coordinator", "node_config": {"typ": "m7g.large.search"}}]
    assert lines(BASE | {"domain": {"cluster_config": {"node_options": options}}})[0] == (
        "shop.yaml: domain.cluster_config.node_options[0].node_config.typ: is not a known key; did you mean type?"
    )


def test_unlike_unknown_key_lists_the_known_ones() -> None:
    (line,) = lines(BASE | {"archive": {"zzz": 1}})
    assert line.startswith("shop.yaml: archive.zzz: is not a known key (allowed: bucket, ")


def test_wrong_type_says_what_was_given_and_what_is_allowed() -> None:
    assert lines(BASE | {"stream": {"shard_count": "2"}}) == [
        'shop.yaml: stream.shard_count: has the wrong type (given "2"; allowed: a whole number)'
    ]


def test_a_decimal_number_is_said_as_it_is_written() -> None:
    (line,) = lines(BASE | {"stream": {"shard_count": 2.0}})
    assert line.endswith("stream.shard_count: has the wrong type (given 2.0; allowed: a whole number)")


def test_a_key_of_several_types_has_one_message() -> None:
    (line,) = lines(BASE | {"domain": {"access_policies": 5}})
    allowed = "a mapping of keys, or text (in quotes where it looks like a number)"
    assert line.endswith(f"domain.access_policies: has the wrong type (given 5; allowed: {allowed})")


def test_wrong_choice_lists_the_choices() -> None:
    (line,) = lines(BASE | {"stream": {"stream_mode_details": {"stream_mode": "ON_DEMND"}}})
    assert line == (
        "shop.yaml: stream.stream_mode_details.stream_mode: is not a known value; did you mean ON_DEMAND? "
        '(given "ON_DEMND"; allowed: PROVISIONED, ON_DEMAND)'
    )


def test_missing_keys_are_named() -> None:
    assert lines({}) == ["shop.yaml: name: is required", "shop.yaml: region: is required"]


def test_all_problems_come_at_once() -> None:
    found = lines({"name": "Shop!", "region": "eu-wst-1", "strem": {}, "stream": {"retention_period": 23}})
    assert [line.split(": ")[1] for line in found] == ["strem", "name", "region", "stream.retention_period"]


def test_rules_check_the_rest_if_one_type_is_wrong() -> None:
    found = lines(BASE | {"stream": {"retention_period": 23, "shard_count": "one"}})
    assert [line.split(": ")[1] for line in found] == ["stream.shard_count", "stream.retention_period"]


def test_account_must_be_twelve_digits() -> None:
    assert lines(BASE | {"account_id": "12345"})[0].startswith("shop.yaml: account_id: has the wrong form")


def test_password_of_the_master_user_is_refused_and_not_repeated() -> None:
    master = {"master_user_name": "admin", "master_user_password": "Secret-123"}
    options = {"enabled": True, "internal_user_database_enabled": True, "master_user_options": master}
    (line,) = lines(BASE | {"domain": {"advanced_security_options": options}})
    assert line.startswith(
        "shop.yaml: domain.advanced_security_options.master_user_options.master_user_password: would "
    )
    assert line.endswith('(given "a password"; allowed: master_user_arn, the ARN of an IAM role)')
    assert "Secret-123" not in line


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", "cn-north-1", "ap-southeast-5", "eusc-de-east-1"])
def test_regions_of_every_partition_are_accepted(region: str) -> None:
    assert parse_environment(BASE | {"region": region}, "shop.yaml")[0].region == region


@pytest.mark.parametrize("name", ["a" * 29, "ab", "1shop", "Shop", "sh_op"])
def test_names_of_invalid_form_or_length_are_refused(name: str) -> None:
    assert lines(BASE | {"name": name})[0].startswith("shop.yaml: name: ")


@pytest.mark.parametrize("name", ["a" * 28, "abc"])
def test_names_at_the_bounds_are_accepted(name: str) -> None:
    assert parse_environment(BASE | {"name": name}, "shop.yaml")[0].name == name


BOMB = "a0: &a0 [1, 1]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10)
)
"""Nine levels of ten aliases, a thousand million values."""


def test_nested_yaml_aliases_are_not_expanded(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(BOMB, encoding="utf-8")
    (line,) = file_lines(file)
    assert line.endswith("has more than 100000 values with its aliases expanded")


def test_every_duplicate_key_is_named(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    text = "name: a\nname: b\nstream:\n  shard_count: 1\n  shard_count: 2\n"
    consumers = "  consumers:\n    - {name: c, name: d, name: e}\n"
    file.write_text(text + consumers, encoding="utf-8")
    assert file_lines(file) == [
        "shop.yaml:2: name: repeats the key of line 1",
        "shop.yaml:5: stream.shard_count: repeats the key of line 4",
        "shop.yaml:7: stream.consumers[0].name: repeats the key of line 7",
        "shop.yaml:7: stream.consumers[0].name: repeats the key of line 7",
    ]


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "shop.yaml")
    assert file_lines(tmp_path / "shop.yaml") == ["shop.yaml: is a device or a pipe (allowed: a file)"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"backend": {"s3": {"bucket": "states"}}},
        {"stream": {"shard_level_metrics": ["foo", "bar"]}},
        {"monitoring": {"subscriptions": [{"protocol": "fax", "endpoint": "x"}, {"protocol": "smoke"}]}},
    ],
    ids=["a part is missing", "two items", "two sections"],
)
def test_rules_check_the_rest_if_one_section_is_invalid(wrong: dict[str, Any]) -> None:
    found = lines(BASE | {"encryption": {"deletion_window_in_days": 31}} | wrong)
    assert "encryption.deletion_window_in_days" in [line.split(": ")[1] for line in found]


def test_a_key_of_two_lines_is_reported_on_one_line() -> None:
    (line,) = lines(BASE | {"foo\nbar": 1})
    assert line.startswith("shop.yaml: foo bar: is not a known key")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a\n", "shop.yaml:1: must be a mapping of keys (given a list)"),
        ("name: !!python/object:os.system x\n", "shop.yaml:1: uses the YAML tag tag:yaml.org,2002:python"),
        ("name: !env NAME\n", "shop.yaml:1: uses the YAML tag !env; remove it"),
        ("name: [a\n", "shop.yaml:1: begins a list that is not closed, or lacks a comma (expected: , or ])"),
        ("name: {a: 1\nb: 2\n", "shop.yaml:1: begins a mapping that is not closed, or lacks a comma"),
        ("1: a\n", "shop.yaml:1: has a key that is not text (given 1)"),
        ("~: a\n", "shop.yaml:1: has a key that is not text (given null)"),
        ("true: a\n", "shop.yaml:1: has a key that is not text (given true)"),
        ("shop\n", "shop.yaml:1: must be a mapping of keys (given text)"),
        ("name: a\n\tregion: b\n", "shop.yaml:2: is indented with a tab (allowed: spaces)"),
        ("stream:\n\tshard_count: 1\n", "shop.yaml:2: is indented with a tab (allowed: spaces)"),
        ('name: a\ntags:\n  a: "b\n', "shop.yaml:3: begins a text in quotes that never ends; add the closing quote"),
        ('name: "a" b\n', "shop.yaml:1: has text after the closing quote"),
        ("name: a: b\n", "shop.yaml:1: has a second colon"),
        ("name shop\nregion: x\n", "shop.yaml:1: has no colon between key and value"),
        ("name: a\n  region: b\n", "shop.yaml:2: is indented below a key that has a value already"),
        ("stream:\n  a: b\n c: d\n", "shop.yaml:3: is not indented like the keys beside it"),
        ("name: @shop\n", "shop.yaml:1: has a value that begins with @; put the value into quotes"),
        ("name: *shop\n", "shop.yaml:1: refers to an anchor (*) that the file does not define"),
        ("name: &a [*a]\n", "shop.yaml:1: uses the alias *a inside the value that it stands for"),
        ("name: a\x07\n", "shop.yaml:1: holds the control character U+0007; remove it"),
        ("name: !!str a\n", "shop.yaml:1: uses the YAML tag tag:yaml.org,2002:str; remove it"),
        ("name: !!int '-'\n", "shop.yaml:1: uses the YAML tag"),
        ("name: a\n---\nname: b\n", "shop.yaml:2: begins a second document (---); write one document in a file"),
        ("base: &b {a: 1}\nstream:\n  <<: *b\n", "shop.yaml:3: uses a merge key (<<); write the keys out instead"),
        ("name: " + "[" * 200_000, "shop.yaml:1: is nested more than 50 levels deep"),
        ("traffic: {event_bytes: 1e400}\n", "shop.yaml:1: has a number that is too large (given 1e400)"),
    ],
    ids=lambda text: text[:20],
)
def test_unreadable_yaml_is_one_line(tmp_path: Path, text: str, expected: str) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(text, encoding="utf-8")
    (line,) = file_lines(file)
    assert line.startswith(expected)


def test_an_empty_file_lacks_what_is_required(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text("# only a comment\n", encoding="utf-8")
    assert file_lines(file) == ["shop.yaml:1: name: is required", "shop.yaml:1: region: is required"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stream:\n  shard_count: 0\n", "shop.yaml:4: stream.shard_count: "),
        ("stream: {shard_cout: 1}\n", "shop.yaml:3: stream.shard_cout: "),
        ("network:\n  vpc_id: vpc-0a1b2c3d\n", "shop.yaml:3: network.subnet_ids: "),
        ("backend:\n  s3:\n    bucket: states\n    key: a\n", "shop.yaml:4: backend.s3.region: is required"),
        ("access:\n  analysts:\n  - somebody\n", "shop.yaml:5: access.analysts[0]: "),
        ("tags:\n  a: b\n  x.y: ${z}\n", "shop.yaml:5: tags.x.y: "),
    ],
)
def test_a_problem_has_the_line_of_its_key_or_of_the_section_that_lacks_it(
    tmp_path: Path, text: str, expected: str
) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(f"name: shop\nregion: eu-west-1\n{text}", encoding="utf-8")
    assert any(line.startswith(expected) for line in file_lines(file)), file_lines(file)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            {"domain": {"instance_count": 3}},
            "is not a known key here; instance_count belongs under domain.cluster_config",
        ),
        ({"shard_count": 3}, "is not a known key here; shard_count belongs under stream"),
        ({"domain": {"region": "eu-west-1"}}, "is not a known key here; region belongs at the top of the file"),
        ({"domain": {"name": "search"}}, "is not a known key; did you mean domain_name?"),
    ],
)
def test_a_key_at_the_wrong_level_says_where_it_belongs(document: dict[str, Any], expected: str) -> None:
    assert any(expected in line for line in lines(BASE | document)), lines(BASE | document)


def test_missing_file_is_one_line(tmp_path: Path) -> None:
    assert file_lines(tmp_path / "shop.yaml") == ["shop.yaml: cannot be read: No such file or directory"]


def test_folder_is_one_line(tmp_path: Path) -> None:
    assert file_lines(tmp_path) == [f"{tmp_path.name}: cannot be read: Is a directory"]


def test_bytes_that_are_not_utf8_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_bytes(b"name: \xff\n")
    assert file_lines(tmp_path / "shop.yaml") == ["shop.yaml:1: is not UTF-8 text: invalid start byte"]


def test_yaml_on_is_text_and_not_true(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text("name: shop\nregion: eu-west-1\narchive: {enabled: on}\n", encoding="utf-8")
    assert file_lines(file) == ['shop.yaml:3: archive.enabled: has the wrong type (given "on"; allowed: true or false)']


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
SECTIONS = st.sampled_from(
    ["stream", "domain", "delivery", "archive", "network", "backend", "adopt", "outputs", "tags"]
)


@given(st.dictionaries(SECTIONS | st.text(max_size=5), JSON, max_size=4))
def test_only_the_projects_own_error_is_raised(document: dict[str, Any]) -> None:
    with suppress(ConfigurationError):
        parse_environment(BASE | document, "shop.yaml")
