"""One change of each kind, and what the review must report about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from constructs_lib.review.risk import Risk


@dataclass(frozen=True)
class Expected:
    """What a change does to the one resource of a type."""

    type: str
    actions: list[str]
    """The actions in Terraform's plan."""
    risk: Risk
    words: str
    """The effect in the report; empty for a change without a consequence."""


UPDATE, REPLACE = ["update"], ["delete", "create"]

IN_PLACE = "in place"
"""A bigger volume, a longer retention, a longer buffer: applied for real, too."""

BLUE_GREEN = "blue/green"
"""Another instance type: AWS builds a second set of nodes."""

REPLACEMENT = "replacement"
"""Other names of domain and stream, another backup mode: what holds data is made anew, empty."""

EXPECTED: dict[str, list[Expected]] = {
    IN_PLACE: [
        Expected("aws_opensearch_domain", UPDATE, Risk.NONE, "in place"),
        Expected("aws_kinesis_stream", UPDATE, Risk.NONE, ""),
        Expected("aws_kinesis_firehose_delivery_stream", UPDATE, Risk.NONE, ""),
    ],
    BLUE_GREEN: [Expected("aws_opensearch_domain", UPDATE, Risk.HOURS, "blue/green")],
    REPLACEMENT: [
        Expected("aws_opensearch_domain", REPLACE, Risk.LOSS, "all indexes of the domain"),
        Expected("aws_kinesis_stream", REPLACE, Risk.LOSS, "all records in the stream"),
        Expected("aws_kinesis_firehose_delivery_stream", REPLACE, Risk.HOURS, "delivery stops"),
    ],
}


def overlay(kind: str, document: dict[str, Any]) -> dict[str, Any]:
    """The overlay of an environment file for a change of this kind."""
    domain, options = document["domain"], document.get("delivery", {}).get("opensearch_configuration", {})
    if kind == IN_PLACE:
        return {
            "domain": {"ebs_options": {"volume_size": domain["ebs_options"]["volume_size"] + 10}},
            "stream": {"retention_period": 400},
            "delivery": {"opensearch_configuration": {"buffering_interval": 75}},
        }
    if kind == BLUE_GREEN:
        family = domain["cluster_config"]["instance_type"].partition(".")[0]
        size = "medium" if family == "t3" else "xlarge"
        return {"domain": {"cluster_config": {"instance_type": f"{family}.{size}.search"}}}
    mode = options.get("s3_backup_mode", "FailedDocumentsOnly")
    other = "AllDocuments" if mode == "FailedDocumentsOnly" else "FailedDocumentsOnly"
    return {
        "domain": {"domain_name": f"{document['name']}-b"},
        "stream": {"name": f"{document['name']}-other"},
        "delivery": {"opensearch_configuration": {"s3_backup_mode": other}},
    }
