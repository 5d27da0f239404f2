"""Draw the dashboards with real data: ``make pictures`` writes docs/images."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stdout
from pathlib import Path

from rehearsal.engines import Server, engine
from rehearsal.panels.browser import picture
from rehearsal.panels.drawing import ROW, page
from tests.search.behaviour import all_panels, dashboards, search, set_up

ENGINE = "opensearch-2.19.4"
IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
WIDTH = 1216


def draw(server: Server, folder: Path) -> list[Path]:
    """A PNG for each dashboard."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for board in dashboards():
        names = {reference["name"]: reference["id"] for reference in board["references"]}
        panels = json.loads(board["attributes"]["panelsJSON"])
        places = {names[panel["panelRefName"]]: panel["gridData"] for panel in panels}
        found = {}
        for id_ in places:
            panel, times = all_panels()[id_]
            found[id_] = (panel, search(server, panel.search(times)))
        height = max(place["y"] + place["h"] for place in places.values()) * ROW + 50
        target = folder / f"{board['id'].partition('-')[2]}.png"
        picture(page(board["attributes"]["title"], places, found), target, (WIDTH, height))
        made.append(target)
    return made


def main() -> None:
    """Start an engine, load the documents, draw."""
    sys.stdout.write(f"starting {ENGINE} ...\n")
    with engine(ENGINE) as server:
        with redirect_stdout(io.StringIO()):  # the bootstrap's own report
            set_up(server)
        for target in draw(server, IMAGES):
            sys.stdout.write(f"{target.relative_to(IMAGES.parents[1])}: {target.stat().st_size // 1024} KiB\n")


if __name__ == "__main__":
    main()
