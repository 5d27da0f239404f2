"""Requests to a search domain: signed with a role's keys for a domain's endpoint, plain for an engine."""

from __future__ import annotations

import http.client
import json
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


class Unreachable(Exception):  # noqa: N818 - describes the engine
    """The address does not answer; the message has the request."""


@dataclass
class SearchClient:
    """A search engine's HTTP API.

    ``credentials`` sign every request for the service ``es``; ``authorization`` is sent unchanged, for an engine with a
    password. ``trusted`` is the PEM file of a front door's certificate.
    """

    url: str
    region: str = "eu-west-1"
    credentials: Credentials | None = None
    authorization: str | None = None
    trusted: Path | None = None
    timeout: float = 120.0
    _connection: http.client.HTTPConnection | None = None

    def request(
        self, method: str, path: str, body: bytes | None = None, kind: str = "application/json"
    ) -> tuple[int, Any]:
        """Status and parsed answer of one request. Raises `Unreachable` when there is none."""
        headers = {"content-type": kind} if body is not None else {}
        if self.authorization:
            headers["authorization"] = self.authorization
        if self.credentials is not None:
            request = AWSRequest(method=method, url=f"{self.url}{path}", data=body, headers=headers)
            SigV4Auth(self.credentials, "es", self.region).add_auth(request)
            headers = dict(request.headers.items())
        for attempt in (1, 2):
            if self._connection is None:
                self._connection = self._connect()
            try:
                self._connection.request(method, path, body=body, headers=headers)
                answer = self._connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException) as error:
                # A kept connection may have been closed: retry once with a new one.
                self._connection.close()
                self._connection = None
                if attempt == 2:
                    raise Unreachable(f"{self.url} does not answer: {error}") from error
                continue
            try:
                return answer.status, json.loads(content) if content else None
            except ValueError:
                return answer.status, content.decode(errors="replace")
        raise AssertionError("every way out of the loop is inside it")

    def _connect(self) -> http.client.HTTPConnection:
        url = urlsplit(self.url)
        if url.scheme == "https":
            context = ssl.create_default_context(cafile=None if self.trusted is None else str(self.trusted))
            return http.client.HTTPSConnection(url.netloc, timeout=self.timeout, context=context)
        return http.client.HTTPConnection(url.netloc, timeout=self.timeout)


def bulk_body(documents: list[tuple[str, str | None, bytes]]) -> bytes:
    """The body of a bulk request that indexes documents: (index, id or none, the document's JSON on one line)."""
    lines = []
    for index, document_id, document in documents:
        action = {"_index": index} if document_id is None else {"_index": index, "_id": document_id}
        lines += [json.dumps({"index": action}).encode(), document]
    return b"\n".join(lines) + b"\n"
