"""HTTP APIs (API Gateway v2) that answer requests: each has an endpoint on loopback, `http_door`.

Stock moto stores APIs but does not serve them. It also lacks UpdateStage, and its answers lack fields that the provider
waits for or compares.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from moto.apigatewayv2.models import Api, ApiGatewayV2Backend, DomainName, Stage
from moto.apigatewayv2.responses import ApiGatewayV2Response

from rehearsal.emulated.extension import extends
from rehearsal.emulated.http_door import DOORS, HttpDoor

_stock_create = ApiGatewayV2Backend.create_api
_stock_delete = ApiGatewayV2Backend.delete_api
_stock_api = Api.to_json
_stock_domain = DomainName.to_json


@extends(ApiGatewayV2Backend)
def create_api(self: ApiGatewayV2Backend, *args: Any, **kwargs: Any) -> Api:
    """CreateApi; an HTTP API's endpoint is its server on loopback."""
    api: Api = _stock_create(self, *args, **kwargs)
    if api.protocol_type == "HTTP":
        door = DOORS[api.api_id] = HttpDoor(api, self.account_id, self.region_name)
        api.api_endpoint = door.url
    return api


@extends(ApiGatewayV2Backend)
def delete_api(self: ApiGatewayV2Backend, api_id: str) -> None:
    """DeleteApi, with its server."""
    _stock_delete(self, api_id)
    if (door := DOORS.pop(api_id, None)) is not None:
        door.close()


@extends(Api)
def to_json(self: Api) -> dict[str, Any]:
    """The API with its address type."""
    return {**_stock_api(self), "ipAddressType": "ipv4"}


def _domain_json(self: DomainName) -> dict[str, Any]:
    """The domain name as AWS describes a ready one, without moto's empty mutual TLS setting."""
    shown = _stock_domain(self)
    configurations = [
        {
            "apiGatewayDomainName": f"d-{self.domain_name.replace('.', '-')}.execute-api.amazonaws.com",
            "domainNameStatus": "AVAILABLE",
            "hostedZoneId": "Z2FDTNDATAQYW2",
            "ipAddressType": "ipv4",
            **given,
        }
        for given in self.domain_name_configurations
    ]
    if not shown.get("mutualTlsAuthentication"):
        shown.pop("mutualTlsAuthentication", None)
    return {**shown, "domainNameConfigurations": configurations, "routingMode": "API_MAPPING_ONLY"}


setattr(DomainName, "to_json", _domain_json)  # noqa: B010 - a second `to_json` in this module


@extends(ApiGatewayV2Backend)
def delete_domain_name(self: ApiGatewayV2Backend, domain_name: str) -> None:
    """DeleteDomainName; stock moto changes its mappings while it iterates over them."""
    known = self.get_domain_name(domain_name)
    for mapping_id in [one for one, mapping in self.api_mappings.items() if mapping.domain_name == domain_name]:
        del self.api_mappings[mapping_id]
    del self.domain_names[known.domain_name]


@extends(ApiGatewayV2Response)
def update_stage(self: ApiGatewayV2Response) -> tuple[int, dict[str, str], str]:
    """UpdateStage, which stock moto lacks: given values replace the present ones."""
    parts = self.path.split("/")
    stage: Stage = self.apigatewayv2_backend.get_stage(parts[-3], parts[-1].replace("%24", "$"))
    given = json.loads(self.body)
    for theirs, ours in (
        ("accessLogSettings", "access_log_settings"),
        ("autoDeploy", "auto_deploy"),
        ("defaultRouteSettings", "default_route_settings"),
        ("description", "description"),
        ("routeSettings", "route_settings"),
        ("stageVariables", "stage_variables"),
    ):
        if theirs in given:
            setattr(stage, ours, given[theirs])
    stage.updated = datetime.now()
    return 200, {}, json.dumps(stage.to_json())
