"""Why a record does not become a document: the one list that metrics, tests and the documentation share."""

from __future__ import annotations

DROPPED: dict[str, str] = {
    "bot": "a bot, where bots are set to be dropped",
    "bulk_action": "the action line of a bulk request body, which carries no event",
    "empty": "nothing but white space, or a list of no events",
    "header": "the header of a log file (#Fields, #Version), which carries no event",
    "health_check": "a request for a path on the list of health checks",
    "log_level": "an application log line of a level on the list of unwanted levels",
    "method": "a request method that nobody's behaviour causes (HEAD, OPTIONS, TRACE)",
    "no_behaviour": "what a service says of itself or of accounts (alias, group, a subscription's control message)",
    "no_consent": "consent to analytics was denied, or not given where the policy requires it",
    "static_asset": "a request for a file extension on the list of static assets",
}
"""Reasons for ``Dropped``: the record is unwanted, and nothing is kept of it."""

FAILED: dict[str, str] = {
    "internal_error": "a mistake in the transform; the metrics line names the exception's type and place, not its text",
    "invalid_base64": "the record's data is not base64",
    "invalid_json": "begins like JSON and is not: cut off, malformed, or with a number of thousands of digits",
    "invalid_timestamp": "the event's time is there and not a date, time or epoch time",
    "no_action": "nothing says what was done",
    "not_utf8": "JSON in another encoding than UTF-8, or UTF-16 without its byte order mark",
    "nested_too_deeply": "JSON nested deeper than the parser goes, or an event in more than six envelopes",
    "no_pseudonym_key": "has a user id, and KMS gave no key to pseudonymise it with; send it again when KMS answers",
    "response_full": "the answer would pass 6 MiB with this document; a smaller buffer of the processor avoids it",
    "several_events": "more than one event in a record; a record becomes one document, so send one event a record",
    "timestamp_out_of_range": "the event's time is before 2000 or more than a day after its arrival",
    "too_large": "compressed, and larger than 8 MiB when it is not",
    "unrecognised": "no known shape: neither a known JSON object nor a log line",
    "unsupported_shape": "a known shape that is not read, such as a vendor's export or a service's own log",
}
"""Reasons for ``ProcessingFailed``: the record is broken; its raw bytes go to the bucket's ``processing-failed``
prefix.
"""


class Unwanted(Exception):  # noqa: N818 - says what the record is, not that something went wrong
    """The record is well formed and not wanted; ``args[0]`` is a key of :data:`DROPPED`."""

    format: str | None = None
    """The format that it was read as, where one knew it."""


class Broken(Exception):  # noqa: N818
    """The record cannot become a document; ``args[0]`` is a key of :data:`FAILED`."""

    format: str | None = None
    """The format that it was read as, where one knew it."""
