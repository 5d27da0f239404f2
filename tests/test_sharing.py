"""Tests that share a fixture run in one process, so that it is created once."""

from __future__ import annotations

import re

import pytest

from tests.programs import run_python

FILES = ("tests/test_iam.py", "tests/aws/test_block_arguments.py")


def test_tests_of_a_file_run_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(variable, raising=False)
    ended = run_python("-m", "pytest", "-n", "2", "-vv", "-p", "no:cacheprovider", *FILES)
    assert ended.returncode == 0, ended.stdout
    ran = set(re.findall(r"^\[(gw\d)\] .* PASSED (\S+)::", ended.stdout, re.MULTILINE))
    assert sorted(file for _, file in ran) == sorted(FILES)
    assert len({worker for worker, _ in ran}) == 2
