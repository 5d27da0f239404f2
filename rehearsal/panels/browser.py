"""A real browser without a window, and the libraries that draw Vega panels in it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# The versions that Kibana 7.10 and OpenSearch Dashboards draw with (their package.json: vega 5, vega-lite 4).
_LIBRARIES = ("vega-5.21.0.js", "vega-lite-4.17.0.js")
_SECONDS = 120


class BrowserUnavailableError(Exception):
    """There is no browser, or it failed."""


def browser() -> str | None:
    """The browser in ``BROWSER_PATH``, or the first found on PATH."""
    return os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, _NAMES)), None)


def libraries() -> list[Path]:
    """Vega and Vega-Lite, from the package that carries them (found, not imported: it would load pandas' relatives)."""
    spec = importlib.util.find_spec("altair_viewer")
    if spec is None or not spec.submodule_search_locations:
        raise BrowserUnavailableError("the package altair-viewer, which carries Vega, is not installed")
    return [Path(spec.submodule_search_locations[0], "scripts", name) for name in _LIBRARIES]


def document(page: str) -> str:
    """The page's HTML after its scripts have run."""
    return _run(page, ["--dump-dom"])


def picture(page: str, target: Path, size: tuple[int, int]) -> None:
    """Write a PNG of the page, ``size`` being width and height in pixels."""
    _run(page, [f"--screenshot={target.resolve()}", f"--window-size={size[0]},{size[1]}", "--hide-scrollbars"])


def _run(page: str, wishes: Sequence[str]) -> str:
    program = browser()
    if program is None:
        raise BrowserUnavailableError(f"no browser: none of {', '.join(_NAMES)} is on PATH and BROWSER_PATH is not set")
    with tempfile.TemporaryDirectory(prefix="panels-") as folder:
        file = Path(folder, "page.html")
        file.write_text(page, encoding="utf-8")
        command = [
            *(program, "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND"),
            # The page is generated here and loads nothing external; Chromium run by root needs this option.
            *("--no-sandbox", f"--user-data-dir={folder}/profile"),
            *("--virtual-time-budget=20000", *wishes, file.as_uri()),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if done.returncode != 0:
        raise BrowserUnavailableError(f"{program} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return done.stdout
