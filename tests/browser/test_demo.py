"""``make rehearse COLLECTOR=1``: a person clicks on the demo's page and sees the documents arrive."""

from __future__ import annotations

import io
import json
import threading
import time
from pathlib import Path

import pytest

from rehearsal.collecting import Shop, collect
from rehearsal.rehearse import Options
from tests.browser.devtools import Tabs


def test_clicks_on_the_demo_page_are_shown(tabs: Tabs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "PSEUDONYM_KEY_ID"):
        monkeypatch.setenv(name, "")  # what the rehearsal sets for its own process is put back
    shop, said, stop = Shop(), io.StringIO(), threading.Event()
    options = Options([], documents=tmp_path / "documents.ndjson")
    running = threading.Thread(target=collect, args=(options, said), kwargs={"shop": shop, "stop": stop})
    running.start()
    try:
        end = time.monotonic() + 120
        while "Ctrl-C" not in said.getvalue():
            assert running.is_alive(), said.getvalue()
            assert time.monotonic() < end, said.getvalue()
            time.sleep(0.2)
        tab = tabs.open(f"{shop.origin}/")
        tab.click("#list li:nth-child(2) b")
        tab.click("nav a:nth-child(2)")
        tab.js("new Promise((done) => setTimeout(done, 50))")  # no hand is as fast as the next click would be
        tab.click("#list button")
        tab.js("dispatchEvent(new Event('online'))")
        tab.until("document.querySelector('#documents').textContent.includes('add_to_cart')")
        assert tab.errors() == []
    finally:
        stop.set()
        running.join(60)
    written = [json.loads(line) for line in (tmp_path / "documents.ndjson").read_text("utf-8").splitlines()]
    seen = {(one["action_name"], one["page"]["path"]) for one in written}
    assert seen >= {("view", "/"), ("click", "/"), ("view", "/lamp"), ("add_to_cart", "/lamp")}
    assert "add_to_cart  B01 " in said.getvalue()
