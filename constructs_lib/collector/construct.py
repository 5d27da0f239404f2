"""The collector: an HTTP API, and the function behind it that puts events on the stream."""

from __future__ import annotations

from constructs import Construct

from constructs_lib.aws import Apigatewayv2ApiMapping, Apigatewayv2DomainName
from constructs_lib.aws_context import AwsContext
from constructs_lib.collector.api import CORS_HEADERS, CORS_MAX_AGE, PATH, ROUTES, environment_variables
from constructs_lib.collector.package import HANDLER, collector_archive
from constructs_lib.configuration.collector import CollectorSettings
from constructs_lib.configuration.iam import IamSettings
from constructs_lib.encryption import EncryptionKey
from constructs_lib.function import Function
from constructs_lib.http_api import HttpApi, Rate
from constructs_lib.interfaces import WritableStream
from constructs_lib.service_construct import ServiceConstruct


class Collector(ServiceConstruct):
    """An endpoint on the public internet that takes events from browsers and apps and puts them on a stream.

    Its routes are open to everybody, because a page's visitors have no credentials. The throttle of the API's stage,
    the reserved concurrency of the function, the list of origins, which the function checks itself, and the limits of a
    body protect them (docs/collector.md). Its role may only put records on this stream.

    Args:
        name: beginning of the names of the API and the function.
        stream: the stream that receives the events.
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
        self.settings = settings = self.judge_settings("collector", settings, CollectorSettings)
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
        self.api = HttpApi(
            self,
            "api",
            name=f"{name}-collector",
            description="Takes events of browsers and apps",
            function=self.function,
            routes={route: (key, "NONE") for route, key in ROUTES.items()},
            rate=Rate(settings.throttle.rate, settings.throttle.burst),
            encryption=encryption,
            cors={
                "allow_origins": sorted(settings.origins),
                "allow_methods": ["POST"],
                "allow_headers": list(CORS_HEADERS),
                "expose_headers": ["retry-after"],
                "max_age": CORS_MAX_AGE,
            },
            log_retention_in_days=settings.function.log_retention_in_days,
            own_host=settings.domain_name is None,
        )
        self.domain_target: str | None = None
        """Target of the DNS record of ``domain_name``; None without one."""
        host = f"https://{settings.domain_name}" if settings.domain_name else self.api.endpoint
        if settings.domain_name is not None:
            self._serve_as(settings.domain_name)
        self.endpoint: str = f"{host}{PATH}"
        """URL that clients send to."""

    def _serve_as(self, domain_name: str) -> None:
        """Serve the API under the site's own domain name."""
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
            Apigatewayv2ApiMapping,
            "mapping",
            {"api_id": self.api.api_id, "domain_name": domain.id, "stage": self.api.stage.id},
        )
        self.domain_target = domain.domain_name_configuration.target_domain_name
