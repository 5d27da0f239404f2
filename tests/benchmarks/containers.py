"""Containers of functions as Lambda starts them: fresh processes before a service that answers over TLS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rehearsal.certificates import Certificates


def environment(trusted: Certificates) -> dict[str, str]:
    """What Lambda sets, and the authority that the service's certificate is by."""
    return {
        "PATH": os.defpath,
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "token",
        "SSL_CERT_FILE": str(trusted.authority),
        "AWS_CA_BUNDLE": str(trusted.authority),
    }


def measured(script: str, packages: Path, variables: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    """Run a script once in a process that sees the standard library and one folder, without compiled modules, as on
    Lambda; the figures that it prints.
    """
    code = (
        f"import sys; sys.path.insert(0, {str(packages)!r}); "
        f"import runpy; runpy.run_path({script!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", code, *arguments],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures: dict[str, Any] = json.loads(done.stderr.splitlines()[-1])
    return figures
