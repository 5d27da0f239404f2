"""Search domains that return every requested option, with an endpoint that answers.

Stock moto supports some of the options and returns an endpoint that nothing listens on. Here a domain stores every
option of the request, describes missing ones with the service's defaults, and opens an endpoint (`gateway`).
Descriptions leave out options that the service never returns (master user).
"""

from __future__ import annotations

import copy
import json
from datetime import datetime, timezone
from typing import Any

from moto.ec2.models import ec2_backends
from moto.opensearch.exceptions import ResourceNotFoundException
from moto.opensearch.models import OpenSearchDomain, OpenSearchServiceBackend
from moto.opensearch.responses import OpenSearchServiceResponse

from constructs_lib.limits.engines import VERSIONS, parse, upgrade_steps
from rehearsal.emulated import gateway
from rehearsal.emulated.extension import extends

_DEFAULTS: dict[str, Any] = {
    "ClusterConfig": {
        "InstanceType": "m4.large.search",
        "InstanceCount": 1,
        "DedicatedMasterEnabled": False,
        "ZoneAwarenessEnabled": False,
        "WarmEnabled": False,
        "MultiAZWithStandbyEnabled": False,
        "ColdStorageOptions": {"Enabled": False},
    },
    "EBSOptions": {"EBSEnabled": False},
    "AccessPolicies": "",
    "IPAddressType": "ipv4",
    "SnapshotOptions": {"AutomatedSnapshotStartHour": 0},
    "CognitoOptions": {"Enabled": False},
    "EncryptionAtRestOptions": {"Enabled": False},
    "NodeToNodeEncryptionOptions": {"Enabled": False},
    "AdvancedOptions": {"override_main_response_version": "false", "rest.action.multi.allow_explicit_index": "true"},
    "DomainEndpointOptions": {
        "EnforceHTTPS": False,
        "TLSSecurityPolicy": "Policy-Min-TLS-1-2-2019-07",
        "CustomEndpointEnabled": False,
    },
    "AdvancedSecurityOptions": {"Enabled": False, "InternalUserDatabaseEnabled": False, "AnonymousAuthEnabled": False},
    "AutoTuneOptions": {"DesiredState": "ENABLED"},
    "OffPeakWindowOptions": {
        "Enabled": True,
        "OffPeakWindow": {"WindowStartTime": {"Hours": 2, "Minutes": 0}},
    },
    "SoftwareUpdateOptions": {"AutoSoftwareUpdateEnabled": False},
}
"""The service's defaults for missing options."""

_NOT_OPTIONS = {"DomainName", "EngineVersion", "TagList", "DryRun", "DryRunMode"}


def _gp3(ebs: dict[str, Any]) -> dict[str, Any]:
    """The base performance of gp3 volumes, which the service reports if none was requested."""
    if ebs.get("VolumeType") == "gp3":
        return {"Iops": 3000, "Throughput": 125} | ebs
    return ebs


class EmulatedDomain(OpenSearchDomain):
    """A domain with its own options; it has moto's base class only for moto's listings."""

    def __init__(self, account_id: str, region: str, request: dict[str, Any]) -> None:
        self.domain_name = request["DomainName"]
        self.domain_id = f"{account_id}/{self.domain_name}"
        self.region, self.account_id = region, account_id
        partition = ec2_backends[account_id][region].partition
        self.arn = f"arn:{partition}:es:{region}:{account_id}:domain/{self.domain_name}"
        self.version: str = request.get("EngineVersion", "OpenSearch_2.19")
        self.engine_type = self.version.partition("_")[0]
        self.created = datetime.now(timezone.utc).timestamp()
        self.changes = 1
        self.deleted = False
        self.options: dict[str, Any] = copy.deepcopy(_DEFAULTS)
        self.merge(request)
        master = self.options["AdvancedSecurityOptions"].get("MasterUserOptions", {}).get("MasterUserARN")
        self.door = gateway.open_door(self.domain_name, region, master)

    def merge(self, request: dict[str, Any]) -> None:
        """Merge a request, option by option; missing keys keep their values."""
        for name, value in request.items():
            if name in _NOT_OPTIONS or value is None:
                continue
            known = self.options.get(name)
            if isinstance(known, dict) and isinstance(value, dict) and name not in {"AdvancedOptions", "EBSOptions"}:
                self.options[name] = known | value
            else:
                self.options[name] = value
        self.options["EBSOptions"] = _gp3(self.options["EBSOptions"])
        self.changes += 1

    def delete(self) -> None:
        """Close the endpoint with the domain."""
        self.deleted = True
        self.door.close()

    def _shown(self) -> dict[str, Any]:
        shown = copy.deepcopy(self.options)
        shown["AdvancedSecurityOptions"].pop("MasterUserOptions", None)
        saml = shown["AdvancedSecurityOptions"].pop("SAMLOptions", None)
        if saml:
            shown["AdvancedSecurityOptions"]["SAMLOptions"] = {
                name: value for name, value in saml.items() if not name.startswith("Master")
            }
        if shown.get("VPCOptions"):
            subnets = [
                ec2_backends[self.account_id][self.region].get_subnet(subnet)
                for subnet in shown["VPCOptions"].get("SubnetIds", [])
            ]
            shown["VPCOptions"]["VPCId"] = subnets[0].vpc_id if subnets else ""
            shown["VPCOptions"]["AvailabilityZones"] = sorted({subnet.availability_zone for subnet in subnets})
        logs = shown.get("LogPublishingOptions")
        if logs is not None:
            shown["LogPublishingOptions"] = {name: value for name, value in logs.items() if value.get("Enabled", True)}
        return shown

    def to_dict(self) -> dict[str, Any]:
        """DomainStatus."""
        shown = self._shown()
        tune = shown.pop("AutoTuneOptions")
        shown["AutoTuneOptions"] = {
            "State": tune["DesiredState"],
            "UseOffPeakWindow": tune.get("UseOffPeakWindow", False),
        }
        endpoint: dict[str, Any] = (
            {"Endpoints": {"vpc": self.door.address}} if shown.get("VPCOptions") else {"Endpoint": self.door.address}
        )
        return {
            "DomainId": self.domain_id,
            "DomainName": self.domain_name,
            "ARN": self.arn,
            "Created": True,
            "Deleted": self.deleted,
            "Processing": False,
            "UpgradeProcessing": False,
            "DomainProcessingStatus": "Active",
            "EngineVersion": self.version,
            **endpoint,
            **shown,
        }

    def to_config_dict(self) -> dict[str, Any]:
        """DomainConfig: each option with its status."""
        status = {
            "State": "Active",
            "CreationDate": self.created,
            "UpdateDate": self.created,
            "UpdateVersion": self.changes,
            "PendingDeletion": False,
        }
        shown = self._shown()
        shown["AutoTuneOptions"] = {"RollbackOnDisable": "NO_ROLLBACK", "MaintenanceSchedules": []} | shown[
            "AutoTuneOptions"
        ]
        config = {name: {"Options": value, "Status": status} for name, value in shown.items()}
        config["AutoTuneOptions"]["Status"] = status | {"State": shown["AutoTuneOptions"]["DesiredState"]}
        config["EngineVersion"] = {"Options": self.version, "Status": status}
        return config


def _domain(response: OpenSearchServiceResponse, name: str) -> EmulatedDomain:
    domain = response.opensearch_backend.describe_domain(name)
    assert isinstance(domain, EmulatedDomain)  # noqa: S101 - the only kind that this process creates
    return domain


def _named(response: OpenSearchServiceResponse) -> str:
    """The domain in a path `.../domain/NAME[/...]`."""
    parts = response.path.strip("/").split("/")
    return parts[parts.index("domain") + 1]


@extends(OpenSearchServiceResponse)
def create_domain(self: OpenSearchServiceResponse) -> str:
    """CreateDomain."""
    backend: OpenSearchServiceBackend = self.opensearch_backend
    request = json.loads(self.body)
    domain = EmulatedDomain(self.current_account, self.region, request)
    backend.domains[domain.domain_name] = domain
    if request.get("TagList"):
        backend.add_tags(domain.arn, request["TagList"])
    return json.dumps({"DomainStatus": domain.to_dict()})


@extends(OpenSearchServiceResponse)
def describe_domain(self: OpenSearchServiceResponse) -> str:
    """DescribeDomain."""
    return json.dumps({"DomainStatus": _domain(self, _named(self)).to_dict()})


@extends(OpenSearchServiceResponse)
def describe_domain_config(self: OpenSearchServiceResponse) -> str:
    """DescribeDomainConfig."""
    return json.dumps({"DomainConfig": _domain(self, _named(self)).to_config_dict()})


@extends(OpenSearchServiceResponse)
def update_domain_config(self: OpenSearchServiceResponse) -> str:
    """UpdateDomainConfig."""
    domain = _domain(self, _named(self))
    domain.merge(json.loads(self.body))
    return json.dumps({"DomainConfig": domain.to_config_dict()})


@extends(OpenSearchServiceBackend)
def get_compatible_versions(self: OpenSearchServiceBackend, domain_name: str | None) -> list[dict[str, Any]]:
    """GetCompatibleVersions: the upgrades in place that AWS supports, of one domain or of every version."""
    if domain_name and domain_name not in self.domains:
        raise ResourceNotFoundException(domain_name)
    domain = self.domains.get(domain_name) if domain_name else None
    of = parse(domain.version) if isinstance(domain, EmulatedDomain) else None
    sources = list(VERSIONS) if of is None else [of]
    targets = {
        engine: [target for target in VERSIONS if upgrade_steps(engine, target) == [target]] for engine in sources
    }
    return [
        {"SourceVersion": str(engine), "TargetVersions": list(map(str, found))} for engine, found in targets.items()
    ]


@extends(OpenSearchServiceResponse)
def upgrade_domain(self: OpenSearchServiceResponse) -> str:
    """UpgradeDomain: done at once."""
    request = json.loads(self.body)
    domain = _domain(self, request["DomainName"])
    domain.version = request["TargetVersion"]
    return json.dumps({"DomainName": domain.domain_name, "TargetVersion": domain.version, "UpgradeId": "1"})


@extends(OpenSearchServiceResponse)
def get_upgrade_status(_self: OpenSearchServiceResponse) -> str:
    """GetUpgradeStatus: always at its end."""
    return json.dumps({"UpgradeStep": "UPGRADE", "StepStatus": "SUCCEEDED", "UpgradeName": "upgrade"})


@extends(OpenSearchServiceBackend)
def delete_domain(self: OpenSearchServiceBackend, domain_name: str) -> OpenSearchDomain:
    """DeleteDomain, with the tags."""
    domain = self.domains.pop(domain_name, None)
    if domain is None:
        raise ResourceNotFoundException(domain_name)
    domain.delete()
    self.tagger.delete_all_tags_for_resource(domain.arn)
    return domain
