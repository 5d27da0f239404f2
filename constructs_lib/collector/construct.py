"""The collector: an HTTP API, and the function behind it that puts what it takes on the stream."""

from __future__ import annotations

import json

from constructs import Construct

from constructs_lib.aws import (
    Apigatewayv2Api,
    Apigatewayv2ApiMapping,
    Apigatewayv2DomainName,
    Apigatewayv2Integration,
    Apigatewayv2Route,
    Apigatewayv2Stage,
    CloudwatchLogGroup,
    LambdaPermission,
)
from constructs_lib.aws_context import AwsContext
from constructs_lib.collector.api import CORS_HEADERS, CORS_MAX_AGE, PATH, ROUTES, environment_variables
from constructs_lib.collector.package import HANDLER, collector_archive
from constructs_lib.configuration.collector import CollectorSettings
from constructs_lib.configuration.iam import IamSettings
from constructs_lib.encryption import EncryptionKey
from constructs_lib.function import ALIAS, Function
from constructs_lib.interfaces import WritableStream
from constructs_lib.service_construct import MAIN, ServiceConstruct

ACCESS_LOG = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "latency": "$context.responseLatency",
    "integrationStatus": "$context.integrationStatus",
    "error": "$context.error.message",
}
"""What is logged of each request: nothing of its body, and no address."""


class Collector(ServiceConstruct):
    """An endpoint on the public internet that takes events from browsers and apps and puts them on a stream.

    Its routes are open to everybody, as a page's visitors have no credentials; what guards them is the rate of the
    API's stage, the reserved concurrency of the function, the list of origins, which the function checks itself, and
    the limits of a body (docs/collector.md). Its role may put records on the one stream and nothing else.

    Args:
        name: what the names of the API and the function begin with.
        stream: where events go.
        encryption: the key of the function's environment and of the logs.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        stream: WritableStream,
        encryption: EncryptionKey,
        settings: CollectorSettings,
        iam: IamSettings | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.settings = settings
        self.judge_settings("collector", settings)
        self._context = context = AwsContext.of(scope)
        self.function = Function(
            self,
            "function",
            name=f"{name}-collector",
            description="Puts events of browsers and apps on the stream",
            archive=collector_archive(),
            handler=HANDLER,
            encryption=encryption,
            settings=settings.function,
            environment={
                **environment_variables(settings),
                "STREAM_NAME": stream.name,
                "KINESIS_ENDPOINT": f"https://kinesis.{context.region}.{context.dns_suffix}",
            },
            reserved_concurrent_executions=settings.function.reserved(settings.throttle.rate),
            iam=iam,
        )
        stream.grant_put(self.function.role)
        self.api = self._api(name)
        stage = self._stage(name, encryption)
        self.permission = self.create(
            LambdaPermission,
            "permission",
            {
                "statement_id": "api-gateway",
                "action": "lambda:InvokeFunction",
                "function_name": self.function.resource_name,
                "qualifier": ALIAS,
                "principal": "apigateway.amazonaws.com",
                "source_arn": f"{self.api.execution_arn}/*/*",
            },
            depends_on=[self.function.alias],
        )
        self.domain_target: str | None = None
        """What the DNS record of ``domain_name`` points at; None without one."""
        host = f"https://{settings.domain_name}" if settings.domain_name else self.api.api_endpoint
        if settings.domain_name is not None:
            self._serve_as(settings.domain_name, stage.id)
        self.endpoint: str = f"{host}{PATH}"
        """URL that clients send to."""

    @property
    def api_id(self) -> str:
        """Id of the API, by which CloudWatch counts."""
        identifier: str = self.api.id
        return identifier

    def _api(self, name: str) -> Apigatewayv2Api:
        """The API with its routes to the function."""
        api = self.create(
            Apigatewayv2Api,
            MAIN,
            {
                "name": f"{name}-collector",
                "description": "Takes events of browsers and apps",
                "protocol_type": "HTTP",
                "cors_configuration": {
                    "allow_origins": sorted(self.settings.origins),
                    "allow_methods": ["POST"],
                    "allow_headers": list(CORS_HEADERS),
                    "expose_headers": ["retry-after"],
                    "max_age": CORS_MAX_AGE,
                },
                # Whoever goes around the site's own name goes around what stands before it.
                "disable_execute_api_endpoint": self.settings.domain_name is not None,
            },
        )
        integration = self.create(
            Apigatewayv2Integration,
            "integration",
            {
                "api_id": api.id,
                "integration_type": "AWS_PROXY",
                "integration_method": "POST",
                "integration_uri": self.function.alias.invoke_arn,
                "payload_format_version": "2.0",
            },
        )
        for route, key in ROUTES.items():
            self.create(
                Apigatewayv2Route,
                route,
                {
                    "api_id": api.id,
                    "route_key": key,
                    "target": f"integrations/{integration.id}",
                    "authorization_type": "NONE",
                },
            )
        return api

    def _stage(self, name: str, encryption: EncryptionKey) -> Apigatewayv2Stage:
        """The stage that every path leads to, with its rate and its access log."""
        log = self.create(
            CloudwatchLogGroup,
            "access-log",
            {
                "name": f"/aws/apigateway/{name}-collector",
                "retention_in_days": self.settings.function.log_retention_in_days,
                "kms_key_id": encryption.key_arn,
            },
        )
        throttle = self.settings.throttle
        return self.create(
            Apigatewayv2Stage,
            "stage",
            {
                "api_id": self.api.id,
                "name": "$default",
                "auto_deploy": True,
                "default_route_settings": {
                    "detailed_metrics_enabled": False,
                    "throttling_rate_limit": throttle.rate,
                    "throttling_burst_limit": throttle.burst,
                },
                "access_log_settings": {"destination_arn": log.arn, "format": json.dumps(ACCESS_LOG)},
            },
        )

    def _serve_as(self, domain_name: str, stage: str) -> None:
        """Serve the API under a name of the site's own."""
        domain = self.create(
            Apigatewayv2DomainName,
            "domain-name",
            {
                "domain_name": domain_name,
                "domain_name_configuration": {
                    "certificate_arn": self.settings.certificate_arn,
                    "endpoint_type": "REGIONAL",
                    "security_policy": "TLS_1_2",
                },
            },
        )
        self.create(
            Apigatewayv2ApiMapping, "mapping", {"api_id": self.api.id, "domain_name": domain.id, "stage": stage}
        )
        self.domain_target = domain.domain_name_configuration.target_domain_name
