"""Plans made by real Terraform from a configuration and the state that an earlier one would have left."""

from __future__ import annotations

import json
import os
import subprocess
import uuid
from pathlib import Path
from typing import Any

ACCOUNT_REGION = "eu-central-1:123456789012"


def plugin_folder() -> Path | None:
    """The local provider mirror, where the machine has one."""
    named = os.environ.get("TF_PLUGIN_DIR")
    return Path(named) if named else None


class Workspace:
    """One folder that ``terraform init`` has seen; configurations and states are put there one after another."""

    def __init__(self, folder: Path, plugins: Path | None) -> None:
        self.folder = folder
        self._plugins = plugins
        self._ready = False

    def _run(self, *arguments: str) -> str:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "TF_"))}
        done = subprocess.run(
            ["terraform", *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def plan(self, configuration: dict[str, Any], state: dict[str, Any] | None = None, *arguments: str) -> dict[str, Any]:
        """The JSON of a plan from a state (None: nothing exists yet) to a configuration."""
        (self.folder / "main.tf.json").write_text(json.dumps(configuration))
        statefile = self.folder / "terraform.tfstate"
        statefile.unlink(missing_ok=True)
        if state is not None:
            statefile.write_text(json.dumps(state))
        if not self._ready:
            where = [f"-plugin-dir={self._plugins}"] if self._plugins else []
            self._run("init", "-input=false", "-no-color", *where)
            self._ready = True
        self._run("plan", "-input=false", "-refresh=false", "-no-color", "-lock=false", "-out=plan.bin", *arguments)
        answer: dict[str, Any] = json.loads(self._run("show", "-json", "plan.bin"))
        return answer


_KNOWN_LATER: dict[str, Any] = {"tags_all": {}, "advanced_options": {}, "architectures": ["x86_64"]}
"""What AWS would answer for attributes that a plan does not know, as far as a later plan compares them."""


def state_of(plan: dict[str, Any]) -> dict[str, Any]:
    """The state that applying a plan would leave, as far as it is known: ids and ARNs are made up."""
    resources = []
    for resource in plan["planned_values"]["root_module"]["resources"]:
        if resource["mode"] != "managed":
            continue
        later = {name: value for name, value in _KNOWN_LATER.items() if name not in resource["values"]}
        values = {**later, **resource["values"]}
        identity = values.get("name") or values.get("bucket") or values.get("domain_name") or resource["name"]
        arn = f"arn:aws:x:{ACCOUNT_REGION}:{identity}"
        values["id"] = arn if resource["type"] in {"aws_kinesis_stream", "aws_opensearch_domain"} else identity
        values["arn"] = arn
        if "tags" in values:
            values["tags_all"] = values["tags"] or {}
        resources.append(
            {
                "mode": "managed",
                "type": resource["type"],
                "name": resource["name"],
                "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
                "instances": [{"schema_version": resource["schema_version"], "attributes": values}],
            }
        )
    return {
        "version": 4,
        "terraform_version": plan["terraform_version"],
        "serial": 1,
        "lineage": str(uuid.UUID(int=1)),
        "outputs": {},
        "resources": resources,
    }
