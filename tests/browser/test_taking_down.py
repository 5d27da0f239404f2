"""The last tests of this folder: the applied collector gets a custom domain name, then everything is destroyed."""

from __future__ import annotations

import json

from tests.apply.lifecycle import Lifecycle, merge
from tests.browser.deployed import Deployed, collector_of
from tests.browser.site import Site

NAME = "collect.shop.example"


def test_a_custom_domain_name_is_added_in_place(life: Lifecycle, deployed: Deployed, shop: Site) -> None:
    certificate = f"arn:aws:acm:{life.region}:{life.aws.account_id}:certificate/0a1b2c3d"
    named = {"collector": {"domain_name": NAME, "certificate_arn": certificate}}
    life.synthesize(merge(collector_of(shop), named), file_switch=True, synth_switch=True)
    applied = life.apply("apply a name")
    assert applied.status == 0, applied.output[-3000:]
    state = json.loads((life.folder / "terraform.tfstate").read_text("utf-8"))
    outputs = {name: output["value"] for name, output in state["outputs"].items()}
    assert outputs["collector_endpoint"] == f"https://{NAME}/collect"
    assert "execute-api" in outputs["collector_domain_target"]
    life.plan("re-plan with a name")
    assert [
        change["address"]
        for change in life.plans["re-plan with a name"]["resource_changes"]
        if change["change"]["actions"] not in (["no-op"], ["read"])
    ] == []


def test_everything_is_destroyed(life: Lifecycle, deployed: Deployed) -> None:
    destroyed = life.run("destroy", "destroy", "-auto-approve", "-parallelism=30")
    assert destroyed.status == 0, destroyed.output[-3000:]
    gateway = life.aws.client("apigatewayv2", life.region)
    assert gateway.get_apis()["Items"] == []
    assert gateway.get_domain_names()["Items"] == []
