"""The report in a real browser without a screen."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pytest

from constructs_lib.review import html
from tests.review.recorded import report

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="module")
def browser() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("needs a Chromium on the PATH")
    return found


def run(browser: str, tmp_path: Path, *arguments: str) -> str:
    page = tmp_path / "review.html"
    page.write_text(html.render(report("loss")), encoding="utf-8")
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
        f"--user-data-dir={tmp_path / 'profile'}", "--window-size=800,480", "--enable-logging=stderr", "--v=0",
        *arguments, page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    refused = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert not refused, refused
    return done.stdout


def test_the_page_is_drawn_with_its_marks(browser: str, tmp_path: Path) -> None:
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
