"""Topics that return their signature version and tracing, which stock moto leaves out."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.sns.responses import SNSResponse

from rehearsal.emulated.extension import extends

_SHOWN = {"signature_version": "SignatureVersion", "tracing_config": "TracingConfig"}

_stock_attributes = SNSResponse.get_topic_attributes


@extends(SNSResponse)
def get_topic_attributes(self: SNSResponse) -> ActionResult:
    """GetTopicAttributes, with every given attribute."""
    answer = _stock_attributes(self)
    shown: Any = answer.result
    topic = self.backend.get_topic(self._get_param("TopicArn"))
    shown["Attributes"] |= {name: vars(topic)[kept] for kept, name in _SHOWN.items() if vars(topic).get(kept)}
    return answer
