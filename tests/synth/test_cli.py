"""`python main.py` with its arguments and with invalid files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from constructs_lib.synth.cli import STACK, main
from tests.stacks import EXAMPLES

GOOD = (
    "name: shop\nregion: eu-west-1\nmonitoring: {enabled: false}\n"
    "access: {administrators: ['arn:aws:iam::111122223333:role/People']}\n"
)
BAD = "name: shop\nregion: nowhere\nstream: {shards: 1}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project folder with one good environment."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "shop.yaml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def stack(root: Path, name: str = "shop") -> Path:
    return root / "cdktf.out" / "stacks" / name / "cdk.tf.json"


def files(root: Path) -> dict[str, bytes]:
    """Everything under the output folder."""
    output = root / "cdktf.out"
    return {str(path.relative_to(output)): path.read_bytes() for path in output.rglob("*") if path.is_file()}


def test_every_environment_becomes_a_stack(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "environments" / "other.yaml").write_text(GOOD, encoding="utf-8")
    assert main([], root=root) == 0
    assert capsys.readouterr().out == "cdktf.out/stacks/other/cdk.tf.json\ncdktf.out/stacks/shop/cdk.tf.json\n"
    assert stack(root).is_file()
    assert stack(root, "other").is_file()


def test_one_environment_can_be_picked(root: Path) -> None:
    (root / "environments" / "other.yaml").write_text(BAD, encoding="utf-8")
    assert main(["shop"], root=root) == 0
    assert not stack(root, "other").exists()


def test_unknown_environment_lists_the_known_ones(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shpo"], root=root) == 2
    assert capsys.readouterr().err == "no environment shpo; did you mean shop? (allowed: shop)\n"


@pytest.mark.parametrize("given", ["environments/shop.yaml", "{root}/environments/shop.yaml"])
def test_an_environment_can_be_given_by_its_path(root: Path, given: str) -> None:
    assert main([given.format(root=root)], root=root) == 0
    assert stack(root).is_file()


def test_a_project_without_environments_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], root=tmp_path) == 2
    assert capsys.readouterr().err == "environments/: has no .yaml file\n"


def test_errors_of_all_files_are_reported_at_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        (root / "environments" / f"{name}.yaml").write_text(BAD, encoding="utf-8")
    assert main([], root=root) == 1
    lines = [line for line in capsys.readouterr().err.splitlines() if ": warning: " not in line]
    assert [line.split(": ")[:2] for line in lines] == [
        ["environments/one.yaml:2", "region"],
        ["environments/one.yaml:3", "stream.shards"],
        ["environments/two.yaml:2", "region"],
        ["environments/two.yaml:3", "stream.shards"],
    ]


def test_an_error_in_one_file_writes_nothing(root: Path) -> None:
    assert main([], root=root) == 0
    before = files(root)
    (root / "environments" / "shop.yaml").write_text(GOOD + "tags: {a: b}\n", encoding="utf-8")
    (root / "environments" / "wrong.yaml").write_text(BAD, encoding="utf-8")
    assert main([], root=root) == 1
    assert files(root) == before


def test_an_error_creates_no_output_folder(root: Path) -> None:
    (root / "environments" / "wrong.yaml").write_text(BAD, encoding="utf-8")
    assert main([], root=root) == 1
    assert not (root / "cdktf.out").exists()


def test_terraforms_own_files_are_kept(root: Path) -> None:
    assert main([], root=root) == 0
    state = stack(root).parent / "terraform.tfstate"
    state.write_text("{}", encoding="utf-8")
    assert main([], root=root) == 0
    assert state.read_text(encoding="utf-8") == "{}"


def test_no_scratch_files_are_left(root: Path) -> None:
    assert main([], root=root) == 0
    assert not [path for path in (root / "cdktf.out").iterdir() if path.name.startswith(".")]


def test_second_run_writes_the_same_bytes(root: Path) -> None:
    assert main([], root=root) == 0
    before = files(root)
    assert main([], root=root) == 0
    assert files(root) == before


def test_the_cli_can_set_the_output_folder(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDKTF_OUTDIR", str(root / "elsewhere"))
    assert main([], root=root) == 0
    assert (root / "elsewhere" / "stacks" / "shop" / "cdk.tf.json").is_file()


def test_both_settings_together_let_terraform_destroy(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "environments" / "shop.yaml").write_text(GOOD + "removal_policy: destroy\n", encoding="utf-8")
    monkeypatch.setenv("ALLOW_DESTROY", "shop")
    assert main([], root=root) == 0
    (domain,) = json.loads(stack(root).read_text(encoding="utf-8"))["resource"]["aws_opensearch_domain"].values()
    assert "lifecycle" not in domain


def test_one_destroy_setting_alone_is_reported(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALLOW_DESTROY", "shop")
    assert main([], root=root) == 0
    assert capsys.readouterr().err.startswith("environments/shop.yaml: removal_policy: warning: ")


def test_destroy_option_for_an_unknown_stack_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOW_DESTROY", "shpo")
    assert main([], root=root) == 1


def test_examples_are_synthesized_only_by_name(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "environments" / "examples").mkdir()
    (root / "environments" / "examples" / "big.yaml").write_text(GOOD, encoding="utf-8")
    assert main([], root=root) == 0
    assert main(["examples/big"], root=root) == 0
    assert capsys.readouterr().out.splitlines() == [
        "cdktf.out/stacks/shop/cdk.tf.json",
        "cdktf.out/stacks/big/cdk.tf.json",
    ]


def test_an_example_does_not_overwrite_an_environment(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "environments" / "examples").mkdir()
    (root / "environments" / "examples" / "shop.yaml").write_text(GOOD, encoding="utf-8")
    assert main(["examples/shop"], root=root) == 1
    said = "environments/examples/shop.yaml: has the same name as environments/shop.yaml; rename one of them\n"
    assert capsys.readouterr().err == said
    assert not stack(root).exists()


@pytest.mark.parametrize("name", ["my shop.yaml", "${x}.yaml", "a*b.yaml", "-x.yaml"])
def test_a_file_name_invalid_for_a_stack_is_reported(root: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "environments" / name).write_text(GOOD.replace("shop", "other"), encoding="utf-8")
    assert main([], root=root) == 1
    assert capsys.readouterr().err.startswith(f"environments/{name}: cannot name a stack ")


def test_another_file_extension_is_reported(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "environments" / "clicks.yml").write_text(GOOD, encoding="utf-8")
    assert main([], root=root) == 1
    assert capsys.readouterr().err == (
        'environments/clicks.yml: is not read: its ending is wrong (given ".yml"; allowed: .yaml)\n'
    )
    assert main(["clicks"], root=root) == 2
    assert capsys.readouterr().err.startswith(
        "no environment clicks; environments/clicks.yml is not read: rename it to clicks.yaml "
    )


def test_hidden_files_are_ignored(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "environments" / ".#shop.yaml").symlink_to("nowhere")
    assert main([], root=root) == 0
    assert capsys.readouterr().out == "cdktf.out/stacks/shop/cdk.tf.json\n"


def test_a_stack_without_an_environment_is_reported(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "environments" / "gone.yaml").write_text(GOOD.replace("shop", "gone"), encoding="utf-8")
    assert main([], root=root) == 0
    (root / "environments" / "gone.yaml").unlink()
    assert main([], root=root) == 0
    said = "cdktf.out/stacks/gone: warning: no longer has a file in environments/\n"
    assert capsys.readouterr().err.endswith(said)
    assert stack(root, "gone").exists()


def test_an_empty_output_folder_setting_means_the_default(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDKTF_OUTDIR", "")
    assert main([], root=root) == 0
    assert stack(root).exists()


@pytest.mark.parametrize("place", ["cdktf.out", "cdktf.out/stacks"])
def test_an_invalid_output_folder_is_reported_in_one_line(
    root: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).write_text("in the way", encoding="utf-8")
    assert main([], root=root) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(place)
    assert ": cannot be written: " in line
    assert (root / place).read_text(encoding="utf-8") == "in the way"


def test_both_destroy_settings_work_for_an_example(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "environments" / "examples").mkdir()
    text = GOOD.replace("shop", "trial") + "removal_policy: destroy\n"
    (root / "environments" / "examples" / "trial.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("ALLOW_DESTROY", "trial")
    assert main(["examples/trial"], root=root) == 0
    assert "prevent_destroy" not in stack(root, "trial").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_can_name_a_stack(name: str) -> None:
    assert STACK.fullmatch(name)


OUT_OF_RANGE = "is out of range (given 64; allowed: 128 to 10240 MiB)"
WRONG_OVERRIDES = GOOD.replace("{enabled: false}", "{alarms: {domain-cpux: {threshold: 90}}}") + (
    "overrides:\n  stream:\n    shard_cout: 2\n  transform.function.memory_size: 64\n"
)


def test_what_a_construct_refuses_has_the_files_line(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "environments" / "shop.yaml").write_text(WRONG_OVERRIDES, encoding="utf-8")
    (root / "environments" / "other.yaml").write_text(GOOD + "overrides: {domian: {}}\n", encoding="utf-8")
    assert main([], root=root) == 1
    said = [line for line in capsys.readouterr().err.splitlines() if "warning: " not in line]
    assert said == [
        "environments/other.yaml:5: overrides.domian: unknown name; did you mean domain?",
        "environments/shop.yaml:3: monitoring.alarms.domain-cpux: unknown name; did you mean domain-cpu?",
        "environments/shop.yaml:7: overrides.stream.shard_cout: unknown name; did you mean shard_count?",
        f"environments/shop.yaml:8: overrides.transform.function.memory_size: {OUT_OF_RANGE}",
    ]
    assert files(root) == {}
