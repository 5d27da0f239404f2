"""Records that were or are costly, found by `tests.fuzz.costliest`."""

from __future__ import annotations

import json


def _event(**fields: str) -> bytes:
    return json.dumps({"action_name": "a", **fields}, separators=(",", ":"), ensure_ascii=False).encode()


def _line(url: str) -> bytes:
    return f'198.51.100.7 - - [12/Mar/2025:08:00:01 +0000] "GET {url} HTTP/1.1" 200 5 "-" "x"'.encode()


KNOWN_COSTLY = (
    _event(user_agent="HTC " * 100),
    _event(user_agent="rchiver" + " " * 390),
    _event(user_agent="Teams/1" * 57),
    _event(user_agent="Obigo_" * 66),
    _event(user_agent="Mozilla Android" * 26),
    _event(user_agent="MiroDilloTrendsmapResolver"),
    _event(
        user_agent="-yandex.com/botsCravingExplorer=SkypeUriPreviewSeekporttelF-token:Joypadbaiduboxapp ResearchBot(1)"
    ),
    _event(message="eyJ" * 2700),
    _event(message="1 " * 4000),
    _event(message="::1 " * 2000),
    _event(message="a=" * 4000),
    _event(message="password=a,a" * 600),
    _event(message="http://a/?" * 800),
    _event(message="%2525" * 1600),
    _event(client_id="a" * 8000),
    _line("/?a=%2525" * 80),
    _line("/" + "a=http://a/?" * 80),
    _line("/" + "-----BEGINViafree?a=X06HTqc12" * 80),
    _line("/" + "a;" * 1500),
)
