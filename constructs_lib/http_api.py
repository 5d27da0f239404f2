"""An HTTP API of API Gateway in front of a function: routes, authorization, throttling, access log."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from constructs import Construct

from constructs_lib.aws import (
    Apigatewayv2Api,
    Apigatewayv2Authorizer,
    Apigatewayv2Integration,
    Apigatewayv2Route,
    Apigatewayv2Stage,
    LambdaPermission,
)
from constructs_lib.encryption import EncryptionKey
from constructs_lib.function import ALIAS, Function
from constructs_lib.iam import Role, grantee
from constructs_lib.log_group import encrypted_log_group
from constructs_lib.overriding import MAIN
from constructs_lib.service_construct import ServiceConstruct

ACCESS_LOG = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "latency": "$context.responseLatency",
    "integrationStatus": "$context.integrationStatus",
    "error": "$context.error.message",
}
"""Fields of the access log, without query, body and address."""
INVOKE_API = ("execute-api:Invoke",)

Authorization = Literal["NONE", "AWS_IAM", "JWT"]


@dataclass(frozen=True)
class Jwt:
    """Accepted JSON web tokens: issuer and audiences."""

    issuer: str
    audience: Sequence[str]


@dataclass(frozen=True)
class Rate:
    """Throttle of each route: requests a second, and burst."""

    rate: int
    burst: int


class HttpApi(ServiceConstruct):
    """An HTTP API whose routes all call one function's alias.

    Args:
        name: name of the API and of its log group.
        function: the integration.
        routes: by name, the route key (``GET /recommendations``) and its authorization type.
        rate: throttle of the stage; API Gateway answers other requests with 429.
        encryption: the key of the access log.
        jwt: accepted tokens of routes with ``JWT``.
        cors: provider block ``cors_configuration``; None: no CORS.
        log_retention_in_days: of the access log.
        own_host: whether the API answers under API Gateway's own host name; False where a name of the site's own leads
            to it, so that requests cannot bypass a proxy before that name.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        description: str,
        function: Function,
        routes: Mapping[str, tuple[str, Authorization]],
        rate: Rate,
        encryption: EncryptionKey,
        jwt: Jwt | None = None,
        cors: Mapping[str, Any] | None = None,
        log_retention_in_days: int = 365,
        own_host: bool = True,
    ) -> None:
        super().__init__(scope, id_)
        self.routes = dict(routes)
        self.resource = self.create(
            Apigatewayv2Api,
            MAIN,
            {
                "name": name,
                "description": description,
                "protocol_type": "HTTP",
                "cors_configuration": None if cors is None else dict(cors),
                "disable_execute_api_endpoint": None if own_host else True,
            },
        )
        self._lead_to(function, self._authorizer(name, jwt))
        self.stage = self._stage(name, rate, encryption, log_retention_in_days)
        self.create(
            LambdaPermission,
            "permission",
            {
                "statement_id": "api-gateway",
                "action": "lambda:InvokeFunction",
                "function_name": function.resource_name,
                "qualifier": ALIAS,
                "principal": "apigateway.amazonaws.com",
                "source_arn": f"{self.resource.execution_arn}/*/*",
            },
            depends_on=[function.alias],
        )
        self.endpoint: str = self.resource.api_endpoint
        """URL without a path."""
        self.api_id: str = self.resource.id
        """Id of the API, the dimension of its CloudWatch metrics."""

    def grant_call(self, role: Role, *routes: str) -> None:
        """Let a role call routes, by their names here."""
        resources = [f"{self.resource.execution_arn}/*/{self.routes[name][0].replace(' ', '')}" for name in routes]
        grantee(self, role).grant("CallApi", INVOKE_API, resources)

    def _authorizer(self, name: str, jwt: Jwt | None) -> Any:
        if jwt is None:
            return None
        return self.create(
            Apigatewayv2Authorizer,
            "authorizer",
            {
                "api_id": self.resource.id,
                "name": name,
                "authorizer_type": "JWT",
                "identity_sources": ["$request.header.Authorization"],
                "jwt_configuration": {"issuer": jwt.issuer, "audience": list(jwt.audience)},
            },
        )

    def _lead_to(self, function: Function, authorizer: Any) -> None:
        integration = self.create(
            Apigatewayv2Integration,
            "integration",
            {
                "api_id": self.resource.id,
                "integration_type": "AWS_PROXY",
                "integration_method": "POST",
                "integration_uri": function.alias.invoke_arn,
                "payload_format_version": "2.0",
            },
        )
        for name, (key, authorization) in self.routes.items():
            self.create(
                Apigatewayv2Route,
                name,
                {
                    "api_id": self.resource.id,
                    "route_key": key,
                    "target": f"integrations/{integration.id}",
                    "authorization_type": authorization,
                    "authorizer_id": authorizer.id if authorization == "JWT" else None,
                },
            )

    def _stage(self, name: str, rate: Rate, encryption: EncryptionKey, retention: int) -> Apigatewayv2Stage:
        group = f"/aws/apigateway/{name}"
        log = encrypted_log_group(self, "access-log", name=group, retention_in_days=retention, encryption=encryption)
        return self.create(
            Apigatewayv2Stage,
            "stage",
            {
                "api_id": self.resource.id,
                "name": "$default",
                "auto_deploy": True,
                "default_route_settings": {
                    "detailed_metrics_enabled": False,
                    "throttling_rate_limit": rate.rate,
                    "throttling_burst_limit": rate.burst,
                },
                "access_log_settings": {"destination_arn": log.arn, "format": json.dumps(ACCESS_LOG)},
            },
        )
