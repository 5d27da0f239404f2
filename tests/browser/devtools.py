"""A real Chromium, driven by the DevTools protocol over a pipe: no driver, no port.

https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import itertools
import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rehearsal.panels.browser import BrowserUnavailableError, browser

_FLAGS = (
    *("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio"),
    "--window-size=1000,900",
    # Pages on the loopback interface and nothing else; a browser run by root has no sandbox.
    *("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost", "--no-sandbox"),
    *("--remote-debugging-pipe", "about:blank"),
)
PATIENCE = 30.0
"""Seconds that the browser may take for one thing."""


class DevToolsError(Exception):
    """The browser refused a command, a script threw, or something did not come true in time."""


class Chromium:
    """One browser process; each `tabs` is a profile of its own, whose tabs share storage."""

    def __init__(self, process: subprocess.Popen[bytes], to: int, back: int) -> None:
        self._process, self._to, self._back = process, to, back
        self._numbers = itertools.count(1)
        self._received = b""
        self.events: list[dict[str, Any]] = []
        """Events of the protocol, as they came."""

    def tell(self, method: str, session: str | None = None, **parameters: Any) -> int:
        """Give a command and wait for nothing; its number."""
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        return number

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """The result of one command."""
        number = self.tell(method, session, **parameters)
        while True:
            answer = self._next(PATIENCE)
            if answer is None:
                raise DevToolsError(f"{method}: no answer")
            if answer.get("id") != number:
                self.events.append(answer)
            elif "error" in answer:
                raise DevToolsError(f"{method}: {answer['error']['message']}")
            else:
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self, seconds: float) -> dict[str, Any] | None:
        until = time.monotonic() + seconds
        while b"\0" not in self._received:
            ready, _, _ = select.select([self._back], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                return None
            chunk = os.read(self._back, 1 << 16)
            if not chunk:
                raise DevToolsError("the browser ended")
            self._received += chunk
        text, _, self._received = self._received.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message

    @contextmanager
    def tabs(self) -> Iterator[Tabs]:
        """A fresh profile, closed with all its tabs."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        try:
            yield Tabs(self, context)
        finally:
            self.call("Target.disposeBrowserContext", browserContextId=context)


class Tabs:
    """The tabs of one profile."""

    def __init__(self, chromium: Chromium, context: str) -> None:
        self._chromium, self._context = chromium, context

    def open(self, url: str | None = None, *, first: str = "") -> Tab:
        """A new tab in front; ``first`` is a script that runs in each of its documents before any other."""
        target = self._chromium.call("Target.createTarget", url="about:blank", browserContextId=self._context)
        tab = Tab(self._chromium, target["targetId"])
        if first:
            tab.call("Page.addScriptToEvaluateOnNewDocument", source=first)
        if url is not None:
            tab.goto(url)
        return tab


class Tab:
    """One tab."""

    def __init__(self, chromium: Chromium, target: str) -> None:
        self._chromium, self._target = chromium, target
        attached = chromium.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session: str = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A command to this tab."""
        return self._chromium.call(method, self._session, **parameters)

    def goto(self, url: str) -> None:
        """Go to an address as a link would, and wait until the document has loaded."""
        answer = self.call("Page.navigate", url=url)
        if answer.get("errorText"):
            raise DevToolsError(f"{url}: {answer['errorText']}")
        self.until(f"document.readyState === 'complete' && location.href === {json.dumps(url)}")

    def back(self) -> None:
        """Go back in the history."""
        history = self.call("Page.getNavigationHistory")
        entry = history["entries"][history["currentIndex"] - 1]
        self.call("Page.navigateToHistoryEntry", entryId=entry["id"])
        self.until(f"document.readyState === 'complete' && location.href === {json.dumps(entry['url'])}")

    def js(self, expression: str) -> Any:
        """The value of an expression, awaited if it is a promise."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            raise DevToolsError(f"{expression}: {answer['exceptionDetails'].get('exception', {}).get('description')}")
        return answer["result"].get("value")

    def until(self, expression: str, seconds: float = PATIENCE) -> Any:
        """Wait until an expression is true, and return its value."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if value := self.js(expression):
                    return value
            except DevToolsError:  # the document is being replaced
                pass
            time.sleep(0.05)
        raise DevToolsError(f"never true: {expression}")

    def click(self, selector: str, button: str = "left") -> None:
        """Click into the middle of an element, as a hand would."""
        place = self.js(
            f"(() => {{ const element = document.querySelector({json.dumps(selector)});"
            " element.scrollIntoView({block: 'nearest'}); const place = element.getBoundingClientRect();"
            " return {x: place.x + place.width / 2, y: place.y + place.height / 2} })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, button=button, clickCount=1, **place)

    def offline(self, off: bool) -> None:
        """Cut the tab off the network, or let it back."""
        self.call(
            "Network.emulateNetworkConditions", offline=off, latency=0, downloadThroughput=-1, uploadThroughput=-1
        )

    def errors(self) -> list[str]:
        """What the console shows of errors so far: blocked by a policy, uncaught, failed."""
        self.js("0")  # what was said before is here then
        found = []
        for event in self._chromium.events:
            if event.get("sessionId") != self._session:
                continue
            entry = event["params"].get("entry", {})
            if event["method"] == "Log.entryAdded" and entry.get("level") == "error":
                found.append(str(entry.get("text")))
            if event["method"] == "Runtime.exceptionThrown":
                details = event["params"]["exceptionDetails"]
                found.append(str(details.get("exception", {}).get("description") or details["text"]))
        return found

    def crash(self) -> None:
        """Kill the tab's process, as a phone does with a page in the background: nobody is told."""
        self._chromium.tell("Page.crash", self._session)

    def close(self) -> None:
        """Close the tab, as a person does: the page is told."""
        self._chromium.call("Target.closeTarget", targetId=self._target)


@contextmanager
def chromium() -> Iterator[Chromium]:
    """A browser of its own, gone afterwards. Raises `BrowserUnavailableError` where there is none."""
    program = browser()
    if program is None:
        raise BrowserUnavailableError("no browser on PATH and BROWSER_PATH is not set")
    their_in, to = os.pipe()
    back, their_out = os.pipe()

    def place() -> None:
        """The browser reads commands from file descriptor 3 and answers on 4."""
        first, second = os.dup(their_in), os.dup(their_out)
        os.dup2(first, 3)
        os.dup2(second, 4)

    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [program, f"--user-data-dir={folder}", *_FLAGS],
            preexec_fn=place,  # noqa: PLW1509 - nothing else gives the two descriptors their numbers
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(their_in)
        os.close(their_out)
        try:
            yield Chromium(process, to, back)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            os.close(to)
            os.close(back)
