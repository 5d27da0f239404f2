"""Renews what is shipped of the browser client (`make client`): the minified module and its hash in the documentation.

The minifier is pinned in package-lock.json, so the same source gives the same bytes on any machine; once it is there it
needs no network.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import subprocess
import sys
from pathlib import Path

from clients.npm import installed, node

FOLDER = Path(__file__).resolve().parent
SOURCE, SHIPPED = FOLDER / "behaviour.js", FOLDER / "behaviour.min.js"
DOCUMENTATION = FOLDER.parents[1] / "docs" / "sending.md"
LARGEST = 3072
"""Bytes of the shipped module, packed with gzip -9."""

_HASH = re.compile(r"sha384-[A-Za-z0-9+/=]{64}")
_SIZE = re.compile(r"[\d,]+(?= bytes packed)")


def minified() -> bytes:
    """The shipped module, made of the source; raises `NpmUnavailableError` where the minifier cannot be had."""
    terser = installed(FOLDER) / "terser" / "bin" / "terser"
    options = ["--module", "--compress", "passes=3", "--mangle", "--ecma", "2022", "--comments", "false"]
    done = subprocess.run([node(), terser, SOURCE, *options], capture_output=True, check=True)
    return done.stdout


def integrity(content: bytes) -> str:
    """The hash by which a page names the module that it wants (https://www.w3.org/TR/SRI/)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def packed_size(content: bytes) -> int:
    """Bytes that a browser loads."""
    return len(gzip.compress(content, 9, mtime=0))


def documented(text: str, content: bytes) -> str:
    """The page of the documentation with the module's hash and size."""
    return _SIZE.sub(f"{packed_size(content):,}", _HASH.sub(integrity(content), text))


def main() -> int:
    """Write the module and its hash; 1 if it has become too large."""
    content = minified()
    SHIPPED.write_bytes(content)
    text = DOCUMENTATION.read_text(encoding="utf-8")
    size = packed_size(content)
    DOCUMENTATION.write_text(documented(text, content), encoding="utf-8")
    print(f"{SHIPPED.name}: {len(content)} bytes, {size} with gzip -9 (at most {LARGEST}), {integrity(content)}")
    return 0 if size <= LARGEST else 1


if __name__ == "__main__":
    sys.exit(main())
