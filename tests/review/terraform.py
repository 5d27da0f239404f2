"""Plans made by real Terraform from a configuration and the state that an earlier one would have left."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

from constructs_lib.plans.terraform import Terraform

ACCOUNT_REGION = "eu-central-1:123456789012"


class Workspace:
    """One folder that ``terraform init`` has seen; configurations and states are put there one after another."""

    def __init__(self, folder: Path, terraform: Terraform) -> None:
        self._folder = folder
        self._terraform = terraform
        self._ready = False

    def plan(self, configuration: dict[str, Any], state: dict[str, Any] | None = None) -> dict[str, Any]:
        """The JSON of a plan from a state (None: nothing exists yet) to a configuration."""
        (self._folder / "main.tf.json").write_text(json.dumps(configuration), encoding="utf-8")
        statefile = self._folder / "terraform.tfstate"
        statefile.unlink(missing_ok=True)
        if state is not None:
            statefile.write_text(json.dumps(state), encoding="utf-8")
        if not self._ready:
            self._terraform.init(self._folder)
            self._ready = True
        return self._terraform.plan(self._folder, "-refresh=false", strict=False)


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
