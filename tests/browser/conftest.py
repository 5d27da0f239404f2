"""TEMP"""

from __future__ import annotations
import base64, json, time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
import pytest
from constructs_lib.collector.package import collector_archive
from constructs_lib.transform.runtime.handler import Transform
from constructs_lib.transform.runtime.settings import Settings
from rehearsal.delivery.aws import StreamSource
from rehearsal.emulator import ACCOUNT_ID, Emulator, emulator
from tests.browser.devtools import Chromium, Tabs, chromium as started
from tests.browser.site import Site, site as served
from tests.rehearsal.test_emulator import TRUST


@dataclass
class Deployed:
    aws: Emulator
    url: str
    source: Any
    log_group: str = "/aws/lambda/c"
    seen: list[dict[str, Any]] = field(default_factory=list)
    raw: list[dict[str, Any]] = field(default_factory=list)

    def documents(self) -> list[dict[str, Any]]:
        t = Transform(Settings(), lambda: b"key")
        for record in self.source.read():
            self.raw.append(json.loads(record.data))
            event = record.event()
            from constructs_lib.transform.runtime.reasons import Broken, Unwanted

            try:
                self.seen.append(json.loads(t.document(event["data"], event)))
            except (Broken, Unwanted) as e:
                print("FAILED", e, record.data[:300])
        return self.seen


@pytest.fixture(scope="session")
def deployed(shop: Site) -> Iterator[Deployed]:
    with emulator() as aws:
        kin = aws.client("kinesis")
        kin.create_stream(StreamName="s", ShardCount=2)
        role = aws.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        aws.client("logs").create_log_group(logGroupName="/aws/lambda/c")
        fn = aws.client("lambda").create_function(
            FunctionName="c",
            Runtime="python3.13",
            Handler="collector.handler.handler",
            Role=role,
            Code={"ZipFile": collector_archive().path.read_bytes()},
            Timeout=10,
            Environment={
                "Variables": {
                    "STREAM_NAME": "s",
                    "ORIGINS": shop.origin,
                    "KINESIS_ENDPOINT": "x",
                    "TRUSTED_PROXIES": "1",
                }
            },
        )
        gw = aws.client("apigatewayv2")
        api = gw.create_api(
            Name="c",
            ProtocolType="HTTP",
            CorsConfiguration={
                "AllowOrigins": [shop.origin],
                "AllowMethods": ["POST"],
                "AllowHeaders": ["content-type", "authorization", "anonymousid", "sentat"],
                "ExposeHeaders": ["retry-after"],
                "MaxAge": 600,
            },
        )
        i = gw.create_integration(
            ApiId=api["ApiId"],
            IntegrationType="AWS_PROXY",
            IntegrationUri=fn["FunctionArn"],
            PayloadFormatVersion="2.0",
        )["IntegrationId"]
        for k in ("POST /collect", "POST /v1/{call}", "POST /ubi_events", "POST /ubi_queries"):
            gw.create_route(ApiId=api["ApiId"], RouteKey=k, Target=f"integrations/{i}")
        gw.create_stage(ApiId=api["ApiId"], StageName="$default", AutoDeploy=True)
        aws.client("lambda").add_permission(
            FunctionName="c", StatementId="g", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com"
        )
        shop.endpoint = api["ApiEndpoint"] + "/collect"
        yield Deployed(
            aws, api["ApiEndpoint"], StreamSource(kin, f"arn:aws:kinesis:eu-west-1:{ACCOUNT_ID}:stream/s", None)
        )


@pytest.fixture(scope="session")
def shop() -> Iterator[Site]:
    with served() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    with started() as running:
        yield running


@pytest.fixture
def tabs(browser: Chromium) -> Iterator[Tabs]:
    with browser.tabs() as opened:
        yield opened


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.collector)
