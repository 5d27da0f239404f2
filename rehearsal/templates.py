"""Installs a deployment's index templates in an engine, with the code that is used on AWS."""

from __future__ import annotations

import time
from collections.abc import Mapping

from constructs_lib.bootstrap.runtime import dialect, recommender, templates
from constructs_lib.bootstrap.runtime.client import Client, Refused
from constructs_lib.bootstrap.runtime.outcome import Report
from constructs_lib.bootstrap.runtime.settings import Settings


class TemplatesError(Exception):
    """The engine refused the templates; the message has the reason."""


def _unsigned(_method: str, _url: str, _body: bytes | None, headers: Mapping[str, str]) -> Mapping[str, str]:
    return headers


def install(url: str, index_name: str, rotation: str, seconds: float = 120.0) -> str:
    """Install them and return the engine.

    Raises:
        TemplatesError: the engine does not answer, or refused a template.
    """
    client = Client(url, _unsigned, deadline=time.monotonic() + seconds)
    settings = Settings(endpoint=url, index_name=index_name, index_rotation=rotation, replicas=0, recommender=True)
    report = Report()
    try:
        spoken = dialect.detect(client, client.wait(seconds))
        for part in (templates, recommender):
            part.install(client, settings, spoken, report)
    except Refused as error:
        raise TemplatesError(str(error)) from error
    if report.failures:
        raise TemplatesError("; ".join(report.failures))
    return spoken.name
