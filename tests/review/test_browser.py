"""The report in a real browser without a screen."""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any, ClassVar

import pytest

from constructs_lib.__main__ import main
from constructs_lib.review import html, markdown
from constructs_lib.review.report import Report, build
from tests.http_server import Handler, serving
from tests.review.recorded import plan, report

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="module")
def browser() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("needs a Chromium on the PATH")
    return found


def run(browser: str, tmp_path: Path, *arguments: str, of: Report | None = None) -> str:
    page = tmp_path / "review.html"
    page.write_text(html.render(of or report("loss")), encoding="utf-8")
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
        f"--user-data-dir={tmp_path / 'profile'}", "--window-size=800,480", "--enable-logging=stderr", "--v=0",
        *arguments, page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    refused = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert not refused, refused
    return done.stdout


def test_the_page_shows_its_marks(browser: str, tmp_path: Path) -> None:
    shot = tmp_path / "shot.png"
    run(browser, tmp_path, f"--screenshot={shot}")
    colours = pixels(shot)
    assert (255, 235, 233) in colours, "no station is marked as replaced"
    assert (207, 34, 46) in colours, "the banner does not warn"


def test_the_browser_reads_every_section(browser: str, tmp_path: Path) -> None:
    page = run(browser, tmp_path, "--dump-dom")
    assert re.findall(r"<h2>([^<(]+)", page) == [
        "Data flow",
        "What needs a look",
        "Policies",
        "Capacity against limits",
        "Replaced ",
        "Destroyed ",
        "Changed in place or by a deployment ",
    ]


class Attacker(Handler):
    """A server that receives requests only if the report redirects the reader."""

    came: ClassVar[list[str]] = []

    def answer(self) -> None:
        self.came.append(self.path)
        self.reply(204)


def hostile(address: str) -> dict[str, Any]:
    """A plan in which every text that anybody can write tries to be markup, a script or a way out."""
    payloads = [
        f'"><meta http-equiv="refresh" content="0;url={address}/meta">',
        f"'><script>location='{address}/script'</script>",
        f'"><img src="{address}/img" onerror="location=\'{address}/onerror\'">',
        f"</style></title></svg><base href='{address}/'><iframe src='{address}/frame'></iframe>",
        f"{{{{ 7*7 }}}}{{% include '{address}' %}}",
        f"javascript:location='{address}/href'",
        "\u202e\u2066\x1b[2J\r\n## All is well\r\n",
    ]
    text = " ".join(payloads)
    item: dict[str, Any] = {
        "address": text,
        "type": f"aws_{payloads[0]}",
        "name": text,
        "previous_address": payloads[1],
        "action_reason": payloads[0],
        "change": {
            "actions": ["update"],
            "before": {"a": "x", text: "y"},
            "after": {"a": text, text: text},
            "after_unknown": {"b": True},
        },
    }
    gone = {**item, "address": f"b{text}", "change": {"actions": ["delete"], "before": {"a": text}, "after": None}}
    unknown = {**item, "address": f"c{text}", "change": {"actions": payloads, "before": {}, "after": {"a": text}}}
    imported = {**item, "address": f"d{text}", "change": {**item["change"], "importing": {"id": text}}}
    named = {"name": text, "shard_count": 0}
    stream: dict[str, Any] = {"address": "aws_kinesis_stream.a", "type": "aws_kinesis_stream"}
    stream["change"] = {"actions": ["create"], "before": None, "after": named}
    return {
        "format_version": "1.2",
        "terraform_version": text,
        "timestamp": text,
        "resource_changes": [item, gone, unknown, imported, stream],
        "resource_drift": [{**item, "change": {**item["change"], "actions": payloads}}],
        "output_changes": {text: {"actions": payloads}},
        "checks": [{"address": {"to_display": text}, "status": "fail"}],
    }


def test_a_hostile_plan_cannot_redirect_the_reader(browser: str, tmp_path: Path) -> None:
    with serving(Attacker) as address:
        of = build(plan(hostile(address)), title=f"<script>location='{address}'</script>", policies=None)
        dom = run(browser, tmp_path, "--dump-dom", "--virtual-time-budget=5000", of=of)
    assert Attacker.came == []
    assert "Plan review: " in dom
    assert not re.search(r"<(script|img|iframe|base|meta http-equiv=\"refresh)", dom)


def test_a_hostile_plan_cannot_forge_a_line_of_the_markdown() -> None:
    of = build(plan(hostile("https://attacker.example")), title="a\n# All is well", policies=None)
    written = markdown.render(of)
    assert not re.search(r"^\s*#+ All is well|^<|\]\(https://attacker", written, re.MULTILINE)
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", written)
    assert "://attacker" not in outside
    assert written.replace("\n", "").isprintable()


def test_a_hostile_plan_cannot_forge_a_line_of_the_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(hostile("https://attacker.example")), encoding="utf-8")
    main(
        ["review", str(tmp_path / "plan.json"), "--out", str(tmp_path), "--policies", "none", "--title", "a\n\x1b[2Jb"]
    )
    said = capsys.readouterr().out
    assert said.replace("\n", "").isprintable()
    assert [line for line in said.splitlines() if line.startswith(("risk ", "## "))] == [
        "risk 4: refused: a policy fails, or AWS would not accept the configuration"
    ]


def pixels(path: Path) -> set[tuple[int, ...]]:
    """The colours of a PNG of 8 bits a channel, as RGB."""
    data = path.read_bytes()
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    assert depth == 8
    size = {2: 3, 6: 4}[kind]
    packed, at = b"", 8
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        at += 12 + length
    raw, stride = zlib.decompress(packed), width * size
    above, colours = bytearray(stride), set()
    for row in range(height):
        line = bytearray(raw[row * (stride + 1) + 1 : (row + 1) * (stride + 1)])
        _unfilter(raw[row * (stride + 1)], line, above, size)
        colours |= {tuple(line[n : n + 3]) for n in range(0, stride, size)}
        above = line
    return colours


def _unfilter(kind: int, line: bytearray, above: bytearray, size: int) -> None:
    """Undo one row's filter: https://www.w3.org/TR/png/#9Filters."""
    for n in range(len(line)):
        left, up = (line[n - size] if n >= size else 0), above[n]
        corner = above[n - size] if n >= size else 0
        if kind == 4:
            guess = left + up - corner
            distances = (abs(guess - left), abs(guess - up), abs(guess - corner))
            add = (left, up, corner)[distances.index(min(distances))]
        else:
            add = (0, left, up, (left + up) // 2)[kind]
        line[n] = (line[n] + add) & 255
