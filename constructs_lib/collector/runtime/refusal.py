"""Reasons for refusing a request or an event; answers, metrics, tests and documentation use this list."""

from __future__ import annotations

REQUESTS: dict[str, tuple[int, str]] = {
    "not_found": (404, "no such path, or a method other than POST"),
    "origin_not_allowed": (403, "the page's origin is not among the deployment's origins"),
    "not_through_proxy": (403, "the request did not come through the site's own proxies"),
    "no_key": (401, "the deployment has keys and the request names none"),
    "unknown_key": (401, "the request names a key that the deployment does not have (any more)"),
    "body_too_large": (413, "the body is larger than 512 KiB, as it came or unpacked"),
    "too_many_events": (413, "the body holds more than 500 events"),
    "context_too_large": (413, "the batch's context, copied into each of its events, would be more than 1 MiB"),
    "empty_body": (400, "the body is empty"),
    "not_base64": (400, "the body is not the base64 that API Gateway makes of bytes"),
    "not_gzip": (
        400,
        "the body begins like gzip and is not: cut off, damaged, in too many parts, or with something behind it",
    ),
    "not_utf8": (400, "the body is not UTF-8"),
    "invalid_json": (400, "the body is not JSON, or nested too deeply"),
    "no_events": (400, "the body holds no event"),
    "no_valid_event": (400, "none of the body's events is valid; `rejected` says why of each"),
    "not_stored": (503, "the stream did not take every event; send again those that `rejected` names so"),
    "internal_error": (500, "a mistake in the collector; its metrics line names the type and the place"),
}
"""Reasons for refusing a request, each with its status. Those of 500 and more are worth a retry."""

EVENTS: dict[str, str] = {
    "not_an_object": "the event is not a JSON object",
    "unknown_shape": "neither a UBI event or query nor a call of Segment's or RudderStack's libraries",
    "no_action": "the event has no `action_name`, or the call of type `track` no `event`, or nothing of it can be seen",
    "invalid_field": "a field that must be a text, or an object, is something else",
    "event_too_large": "the event is larger than 32 KiB",
    "nested_too_deeply": "the event has more than 64 objects and lists inside one another",
    "not_stored": "the stream did not take the event: send it again, with the same `event_id`",
}
"""Reasons in the answer's ``rejected``. Only the last is worth a retry."""


class Refusal(Exception):  # noqa: N818 - a refusal is not an error of the function
    """A request or an event is refused; ``args[0]`` is a key of `REQUESTS` or of `EVENTS`."""
