"""The emulated API Gateway between a client and a function."""

from __future__ import annotations

import base64
import http.client
import json
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from rehearsal.emulator import ACCOUNT_ID, REGION, Emulator
from tests.rehearsal.test_emulator import function

pytestmark = pytest.mark.rehearsal

ECHO = """
    def handler(event, context):
        if event["rawPath"] == "/v1/fail":
            raise ValueError("no")
        if event["rawPath"] == "/v1/plain":
            return {"saw": event["routeKey"]}
        headers = {"x-own": "1", "access-control-allow-origin": "*"}
        return {"statusCode": 201, "headers": headers, "body": __import__("json").dumps(event)}
    """
CORS = {
    "AllowOrigins": ["https://shop.example"],
    "AllowMethods": ["POST"],
    "AllowHeaders": ["content-type"],
    "ExposeHeaders": ["retry-after"],
    "MaxAge": 600,
}


def api(aws: Emulator, name: str, *, permitted: bool = True, rate: float = 1000, burst: int = 500) -> str:
    """An HTTP API before a function that echoes its event; its address."""
    made = function(aws, name, ECHO)
    gateway = aws.client("apigatewayv2")
    created = gateway.create_api(Name=name, ProtocolType="HTTP", CorsConfiguration=CORS)
    api_id = created["ApiId"]
    integration = gateway.create_integration(
        ApiId=api_id,
        IntegrationType="AWS_PROXY",
        IntegrationUri=made["FunctionArn"],
        PayloadFormatVersion="2.0",
    )["IntegrationId"]
    for key in ("POST /collect", "POST /v1/{call}"):
        gateway.create_route(ApiId=api_id, RouteKey=key, Target=f"integrations/{integration}")
    aws.client("logs").create_log_group(logGroupName=f"/api/{name}")
    gateway.create_stage(
        ApiId=api_id,
        StageName="$default",
        AutoDeploy=True,
        DefaultRouteSettings={"ThrottlingBurstLimit": burst, "ThrottlingRateLimit": rate},
        AccessLogSettings={
            "DestinationArn": f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:/api/{name}",
            "Format": "$context.requestId $context.routeKey $context.status",
        },
    )
    if permitted:
        aws.client("lambda").add_permission(
            FunctionName=name,
            StatementId="gateway",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT_ID}:{api_id}/*/*",
        )
    return str(created["ApiEndpoint"])


def ask(
    url: str, path: str = "/collect", body: bytes = b"", method: str = "POST", **headers: str
) -> tuple[int, dict[str, str], Any]:
    """Status, headers and body of an answer; underscores in names of headers are hyphens."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return (
        answer.status,
        {name.lower(): value for name, value in answer.getheaders()},
        json.loads(content) if content else None,
    )


@pytest.fixture(scope="module")
def url(aws: Emulator) -> str:
    """An API that may call its function."""
    return api(aws, "echo")


def test_the_event_is_of_format_2(url: str) -> None:
    status, headers, event = ask(
        url, "/v1/t?a=1&a=2", b"{}", content_type="application/json", x_forwarded_for="192.0.2.1"
    )
    assert (status, headers["x-own"]) == (201, "1")
    assert event["routeKey"] == "POST /v1/{call}"
    assert event["pathParameters"] == {"call": "t"}
    assert event["queryStringParameters"] == {"a": "1,2"}
    assert event["headers"]["x-forwarded-for"] == "192.0.2.1, 127.0.0.1"
    assert event["requestContext"]["http"]["sourceIp"] == "127.0.0.1"
    assert abs(event["requestContext"]["timeEpoch"] / 1000 - time.time()) < 60
    assert (event["body"], event["isBase64Encoded"]) == ("{}", False)


@pytest.mark.parametrize(
    ("kind", "encoding", "text"),
    [
        ("text/plain;charset=UTF-8", "", True),
        ("application/json", "", True),
        ("application/json", "gzip", False),
        ("application/octet-stream", "", False),
        ("application/x-www-form-urlencoded", "", False),
        ("", "", False),
    ],
)
def test_text_bodies_are_passed_as_text_and_others_as_base64(url: str, kind: str, encoding: str, text: bool) -> None:
    given = {name: value for name, value in (("content_type", kind), ("content_encoding", encoding)) if value}
    _, _, event = ask(url, body=b"body", **given)
    assert event["isBase64Encoded"] is not text
    assert event["body"] == ("body" if text else base64.b64encode(b"body").decode())


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/collect"), ("POST", "/"), ("POST", "/v1/a/b"), ("POST", "/v1/")]
)
def test_a_path_without_a_route_is_not_found(url: str, method: str, path: str) -> None:
    assert ask(url, path, method=method)[0] == 404


def test_a_failing_function_gives_500(url: str) -> None:
    assert ask(url, "/v1/fail")[0] == 500


def test_an_answer_without_a_status_is_the_body(url: str) -> None:
    assert ask(url, "/v1/plain")[::2] == (200, {"saw": "POST /v1/{call}"})


def test_the_gateway_needs_the_functions_permission(aws: Emulator) -> None:
    assert ask(api(aws, "forbidden", permitted=False))[0] == 500


def test_a_preflight_is_answered_by_the_gateway(url: str) -> None:
    status, headers, _ = ask(url, method="OPTIONS", origin="https://shop.example", access_control_request_method="POST")
    assert status == 204
    assert headers["access-control-allow-origin"] == "https://shop.example"
    assert headers["access-control-allow-headers"] == "content-type"
    assert headers["access-control-max-age"] == "600"


def test_another_origin_gets_no_cors_headers(url: str) -> None:
    for method in ("OPTIONS", "POST"):
        _, headers, _ = ask(url, method=method, origin="https://evil.example", access_control_request_method="POST")
        assert not [name for name in headers if name.startswith("access-control-")]


def test_cors_headers_of_the_function_are_ignored(url: str) -> None:
    _, headers, _ = ask(url, origin="https://shop.example")
    assert headers["access-control-allow-origin"] == "https://shop.example"
    assert headers["access-control-expose-headers"] == "retry-after"


def test_a_request_above_the_rate_gives_429(aws: Emulator) -> None:
    slow = api(aws, "trickle", rate=0.01, burst=2)
    assert [ask(slow)[0] for _ in range(3)] == [201, 201, 429]
    assert ask(slow, "/v1/t")[0] == 201  # another route has a rate of its own


def test_a_body_of_more_than_10_mib_gives_413(url: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.putrequest("POST", "/collect")
    connection.putheader("content-length", str(10 * 1024 * 1024 + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_faults_occur_with_the_requested_frequency(aws: Emulator, url: str) -> None:
    aws.fail(throttled=1)
    assert [ask(url)[0] for _ in range(2)] == [429, 201]
    aws.fail(lost=1)
    with pytest.raises(http.client.RemoteDisconnected):
        ask(url)
    assert ask(url)[0] == 201


def test_the_access_log_follows_its_format(aws: Emulator) -> None:
    ask(api(aws, "logged"))
    (entry,) = aws.client("logs").get_log_events(logGroupName="/api/logged", logStreamName="access")["events"]
    request_id, *rest = entry["message"].split(" ")
    assert len(request_id) == 36
    assert rest == ["POST", "/collect", "201"]


def test_a_stage_is_updated_in_place(aws: Emulator) -> None:
    gateway = aws.client("apigatewayv2")
    api(aws, "updated", burst=7)
    (found,) = [one["ApiId"] for one in gateway.get_apis()["Items"] if one["Name"] == "updated"]
    gateway.update_stage(ApiId=found, StageName="$default", DefaultRouteSettings={"ThrottlingBurstLimit": 9})
    assert gateway.get_stage(ApiId=found, StageName="$default")["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 9


def test_a_custom_domain_is_ready(aws: Emulator) -> None:
    gateway = aws.client("apigatewayv2")
    gateway.create_domain_name(
        DomainName="collect.shop.example",
        DomainNameConfigurations=[{"CertificateArn": f"arn:aws:acm:{REGION}:{ACCOUNT_ID}:certificate/1"}],
    )
    shown = gateway.get_domain_name(DomainName="collect.shop.example")
    assert shown["DomainNameConfigurations"][0]["DomainNameStatus"] == "AVAILABLE"
    assert "MutualTlsAuthentication" not in shown
    gateway.delete_domain_name(DomainName="collect.shop.example")


def test_a_deleted_api_does_not_answer(aws: Emulator) -> None:
    url = api(aws, "deleted")
    gateway = aws.client("apigatewayv2")
    (found,) = [one["ApiId"] for one in gateway.get_apis()["Items"] if one["Name"] == "deleted"]
    gateway.delete_api(ApiId=found)
    with pytest.raises(ConnectionError):
        ask(url)
