"""Golden JSON of the shipped environments: ``python -m tests.golden`` (`make golden`) renews it.

Digests of the functions' archives are left out: a change of their code is not a change of the infrastructure.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from constructs_lib.synth import bindings_cache
from constructs_lib.synth.node import use_packaged_node

FOLDER = Path(__file__).resolve().parent / "golden"
_DIGEST = re.compile(
    r'(?<=[/"])(?:[0-9A-F]{32}|[0-9a-f]{64}|[A-Za-z0-9+/]{43}=)(?=[/"])|(?<="TRANSFORM_VERSION": ")[0-9a-f]{12}'
)


def render(stack: object) -> str:
    """The stack as golden text: sorted, one value a line."""
    return _DIGEST.sub("DIGEST", json.dumps(stack, indent=1, sort_keys=True)) + "\n"


def main() -> None:
    """Write every golden file anew."""
    use_packaged_node()
    bindings_cache.use()
    from tests.stacks import ENVIRONMENTS, shipped  # noqa: PLC0415 - after the bindings' fast path is laid

    FOLDER.mkdir(exist_ok=True)
    for file in FOLDER.glob("*.json"):
        file.unlink()
    for name in ENVIRONMENTS:
        (FOLDER / f"{name}.json").write_text(render(shipped(name).json), encoding="utf-8")


if __name__ == "__main__":
    main()
