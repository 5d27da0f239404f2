"""A shop of a few pages on its own origin, with the shipped client and no inline scripts.

Its pages forbid whatever a strict content security policy can forbid. What a test wants of the client comes in the
page's address: ``/list?consent=required``.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from clients.browser.build import SHIPPED, integrity
from tests.http_server import Handler, serving

_STYLE = """
body { margin: 0 } li { height: 200px; list-style: none }
.far { margin-top: 3000px } a, button, input { display: block }
"""
_LIST = """
<ul id="list">
  <li data-object-id="B01" data-object-id-field="sku" data-position="1"><a href="/item?id=B01">one</a></li>
  <li data-object-id="B02" data-object-id-field="sku" data-position="2"><button data-none>secret text</button></li>
  <li data-object-id="B03" data-action="add_to_cart" data-recommendation-id="r-1"><b>three</b></li>
  <li data-object-id="B99" class="far">far below</li>
</ul>
<input id="name" value="secret input"><a id="out" href="/item?id=B01#part">away</a>
"""
_SCRIPT = """
import { start } from "/behaviour.min.js";
const given = new URL(import.meta.url).searchParams;
window.behaviour = start({ endpoint: given.get("endpoint"), ...JSON.parse(given.get("options") || "{}") });
"""
_APP = """
const routes = { "/app": "Home", "/app/lamps": "Lamps", "/app/lamp": "Lamp" };
const draw = () => {
  document.title = routes[location.pathname];
  const items = location.pathname == "/app/lamps" ? ["L1", "L2"] : [];
  document.querySelector("#list").replaceChildren(
    ...items.map((id, place) => {
      const item = document.createElement("li");
      Object.assign(item.dataset, { objectId: id, position: place + 1 });
      return item;
    }),
  );
};
window.go = (path) => { history.pushState({}, "", path); draw(); };
addEventListener("popstate", draw);
draw();
"""


@dataclass
class Site:
    """A running site."""

    origin: str
    files: dict[str, Path] = field(default_factory=dict)
    """Further files that it serves, by path."""
    scripts: dict[str, str] = field(default_factory=dict)
    """Pages of others' libraries by path, each with the script that it runs."""
    libraries: dict[str, str] = field(default_factory=dict)
    """The file, by such a page's path, that is loaded before its script."""
    endpoint: str = ""
    """Where its pages send to."""
    purposes: list[tuple[str, str | None]] = field(default_factory=list)
    """Paths that were asked for, and what the browser said that it wants them for before they are shown."""

    def url(self, path: str = "/list", **options: Any) -> str:
        """The address of a page whose client has these options."""
        query = urlencode({"options": json.dumps(options)}) if options else ""
        return f"{self.origin}{path}?{query}" if query else f"{self.origin}{path}"


def _page(site: Site, path: str, query: Mapping[str, str]) -> str:
    """A page's HTML."""
    if path in site.scripts:
        return (
            f'<!doctype html><title>Lamp</title><script src="{site.libraries[path]}"></script>'
            f'<script src="{path}.js"></script>'
        )
    asked = urlencode({"endpoint": site.endpoint, "options": query.get("options", "{}")})
    more = '<script src="/app.js"></script>' if path.startswith("/app") else ""
    rules = query.get("prerender")
    speculation = f'<script type="speculationrules">{rules}</script>' if rules else ""
    hashed = integrity(SHIPPED.read_bytes())
    return (
        f'<!doctype html><meta charset="utf-8"><title>Shop {path}</title><link rel="stylesheet" href="/style.css">'
        f'<link rel="modulepreload" href="/behaviour.min.js" integrity="{hashed}">'
        f"<body>{_LIST if not path.startswith('/app') else '<ul id=list></ul>'}{more}"
        f'<script type="module" src="/site.js?{asked}"></script>{speculation}'.replace("&", "&amp;")
    )


@contextmanager
def site(host: str = "localhost") -> Iterator[Site]:
    """A site on a free port."""
    running = Site("")

    class Pages(Handler):
        def answer(self) -> None:
            url = urlsplit(self.path)
            running.purposes.append((url.path, self.headers.get("sec-purpose")))
            kind, body = self._content(url.path, dict(parse_qsl(url.query)))
            policy = (
                f"default-src 'none'; script-src 'self' 'inline-speculation-rules'; style-src 'self'; img-src 'self'; "
                f"connect-src {running.endpoint.rsplit('/', 1)[0]}/; base-uri 'none'; form-action 'none'"
                + ("" if url.path in running.scripts else "; require-trusted-types-for 'script'")
            )
            self.reply(200, body, {"content-type": kind, "content-security-policy": policy})

        def _content(self, path: str, query: dict[str, str]) -> tuple[str, bytes]:
            if path == "/behaviour.min.js":
                return "text/javascript", SHIPPED.read_bytes()
            if path in running.files:
                kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
                return kind, running.files[path].read_bytes()
            script = {"/site.js": _SCRIPT, "/app.js": _APP}.get(path, running.scripts.get(path.removesuffix(".js")))
            if path.endswith(".js") and script is not None:
                return "text/javascript", script.encode()
            if path == "/style.css":
                return "text/css", _STYLE.encode()
            return "text/html; charset=utf-8", _page(running, path, query).encode()

    with serving(Pages) as address:
        running.origin = address.replace("127.0.0.1", host)
        yield running
