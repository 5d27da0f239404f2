"""jsii's kernel as one Node process: without extra output, with clear errors, and stopped with its owner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from constructs_lib.synth.jsii_kernel import PRIVATE_NAMES
from tests.programs import hear_interrupts, run_python
from tests.stacks import ROOT

START = """
from constructs_lib.synth.startup import start_framework
start_framework()
import cdktf, jsii
cdktf.App()
process = jsii._kernel.Kernel().provider._process._process
"""


def test_the_kernel_starts_without_an_intermediate_process() -> None:
    ended = run_python("-c", START + "print(process.args[-1])\n")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.endswith("/kernel/program.js\n")


STACK = (
    START
    + """
stack = cdktf.TerraformStack(cdktf.App(), "stack")
locals_ = [cdktf.TerraformLocal(stack, f"local-{number}", number) for number in range(250)]
"""
)


def test_answers_without_a_result_are_read_later() -> None:
    """More of them than may wait at once."""
    named = "for number, each in enumerate(locals_): each.override_logical_id(f'name_{number}')\n"
    asked = "print(locals_[0].friendly_unique_id, locals_[249].friendly_unique_id)\n"
    ended = run_python("-c", STACK + named + asked)
    assert (ended.stdout, ended.stderr) == ("name_0 name_249\n", "")


def test_an_error_in_a_deferred_answer_is_raised_at_the_next_request() -> None:
    script = """
locals_[0].fqn
locals_[0].override_logical_id("too_late")
locals_[1].override_logical_id("in_time")
try:
    locals_[2].fqn
except RuntimeError as error:
    print(error)
print(locals_[1].friendly_unique_id)
"""
    said, after = run_python("-c", STACK + script).stdout.splitlines()
    assert "Logical ID may not be overridden once .fqn has been requested" in said
    assert after == "in_time"


def test_a_crash_of_node_is_reported_in_one_line() -> None:
    ended = run_python("-c", STACK + "process.kill()\nprocess.wait()\nlocals_[0].fqn\n")
    assert ended.returncode == 1
    assert " ended before the stacks were written; has the machine enough memory?" in ended.stderr.splitlines()[-1]


def test_a_configured_runtime_is_started_by_jsii(tmp_path: Path) -> None:
    named = tmp_path / "runtime.js"
    named.write_text("console.error(JSON.stringify({stdout: Buffer.from('named').toString('base64')}))\n")
    assert "named" in run_python("-c", START, JSII_RUNTIME=str(named)).stdout


def test_output_of_node_on_stderr_is_shown() -> None:
    assert "[@jsii/kernel]" in run_python("-c", START, JSII_DEBUG="1").stderr


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ("no-such-node", "there is no program no-such-node; set JSII_NODE to the Node program"),
        ("true", "true does not run jsii's kernel; set JSII_NODE to the Node program"),
    ],
)
def test_an_unsupported_node_is_reported_in_one_line(node: str, said: str) -> None:
    ended = run_python("main.py", "seed", JSII_NODE=node)
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == said
    assert "Traceback" not in ended.stderr


LACKING = """
import runpy, sys
from jsii._kernel.providers import process
del process.{name}
from constructs_lib.synth import bindings_cache
print(bindings_cache.use())
"""


@pytest.mark.parametrize("name", ["_NodeProcess", *(f"_NodeProcess.{name}" for name in PRIVATE_NAMES)])
def test_a_missing_private_name_of_jsii_falls_back_to_the_ordinary_kernel(name: str) -> None:
    ended = run_python("-c", LACKING.format(name=name))
    assert (ended.returncode, ended.stdout) == (0, "False\n")
    (line,) = ended.stderr.splitlines()
    assert line.startswith("loading the whole AWS bindings, which is slow: jsii")
    assert name.rpartition(".")[2] in line


def test_an_interrupt_prints_no_stack_trace(tmp_path: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "main.py", "prod"],
        cwd=ROOT,
        env={**os.environ, "CDKTF_OUTDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear_interrupts,  # noqa: PLW1509 - the tests start no threads
    )
    while not list(tmp_path.glob(".synth-*")):
        assert run.poll() is None
        time.sleep(0.005)
    os.killpg(run.pid, signal.SIGINT)
    written, said = run.communicate(timeout=60)
    assert (run.returncode, written) == (130, "")
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_node_ends_with_its_owner() -> None:
    ended = run_python("-c", START + "import os\nprint(process.pid, flush=True)\nos._exit(0)\n")
    pid = int(ended.stdout)
    for _ in range(50):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("Node is still there")
