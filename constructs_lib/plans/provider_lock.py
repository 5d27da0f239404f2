"""The lock file of the AWS provider: one version and its hashes, for every stack.

`FILE` in the project's folder has them. A synth copies it beside each stack whose version constraint that version
satisfies, so that all plans and applies of the stack use the same provider. Its first line lists the platforms whose
hashes it has. On another platform ``terraform init`` would refuse the provider, so the synth leaves the file out there;
``make provider-lock`` adds the platform, with access to the registry.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

FILE = Path("requirements", "provider.lock.hcl")
"""https://developer.hashicorp.com/terraform/language/files/dependency-lock describes the format."""
NAME = ".terraform.lock.hcl"
"""Its file name in a stack's folder."""
PLATFORMS = ("linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64")
"""Platforms to lock by default."""

_HEADER = "# Hashes for: {}. Made by make provider-lock; Terraform reads the rest.\n"
_PLATFORMS = re.compile(r"# Hashes for: ([a-z0-9_, ]+)\.")
_VERSION = re.compile(r'^\s*version\s*=\s*"([0-9][^"]*)"', re.MULTILINE)


def machine() -> str:
    """This machine as Terraform names it: ``linux_amd64``."""
    names = {"x86_64": "amd64", "aarch64": "arm64", "i686": "386"}
    found = platform.machine().lower()
    return f"{re.sub(r'win32|cygwin', 'windows', sys.platform)}_{names.get(found, found)}"


def with_header(text: str, platforms: Iterable[str]) -> str:
    """A lock file with a first line that lists its platforms."""
    return _HEADER.format(", ".join(platforms)) + text


def lay(root: Path, stacks: Iterable[Path]) -> list[Path]:
    """Copy the project's lock file beside synthesized stacks.

    Args:
        root: the project's folder; without a lock file there, nothing happens.
        stacks: folders with a ``cdk.tf.json``.

    Returns:
        The stacks that have it now: those whose constraint it satisfies, and none on a platform without hashes.
    """
    file = root / FILE
    if not file.is_file():
        return []
    text = file.read_text(encoding="utf-8")
    platforms, version = _PLATFORMS.match(text), _VERSION.search(text)
    if platforms is None or version is None or machine() not in platforms[1].split(", "):
        return []
    fitting = [stack for stack in stacks if _allows(stack / "cdk.tf.json", version[1])]
    for stack in fitting:
        shutil.copyfile(file, stack / NAME)
    return fitting


def _allows(stack: Path, version: str) -> bool:
    """Whether a stack's constraint allows a version of the AWS provider."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - a synth starts faster without

    required = json.loads(stack.read_bytes()).get("terraform", {}).get("required_providers", {}).get("aws", {})
    try:
        return version in SpecifierSet(required.get("version", ""))
    except InvalidSpecifier:  # Terraform's own operators, such as ~> 5.0
        return False
