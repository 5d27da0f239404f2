"""S3's server access log lines: requests for objects, by people where a bucket serves a site.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
"""

from __future__ import annotations

import re

from ..reasons import Unwanted
from ..settings import Settings
from . import request, words
from .draft import Draft, without_placeholder
from .format import Format

_BEGINS = re.compile(r"[0-9a-f]{64} [^ ]{1,255} \[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[^\]]{8,20}\] ", re.ASCII)
_INTERNAL = ("BATCH.", "S3.")


def line(given: str, settings: Settings) -> Draft | None:
    """A line's draft; the object's key is in its request."""
    if not _BEGINS.match(given):
        return None
    found = [word.text for word in words.of(given, 26)]
    if len(found) < 17:
        return None
    _, bucket, time, client, _, _, operation, key, asked, status, _, size = found[:12]
    if operation.startswith(_INTERNAL) or asked == "-":  # S3's own work, such as a lifecycle's
        raise Unwanted("no_behaviour")
    draft = request.described(
        request.of_line(settings, asked, status, size),
        time=time,
        hops=[client],
        host=_site(found, bucket),
        referrer=found[15],
        user_agent=found[16],
    )
    if without_placeholder(key) is not None:
        draft["object"] = {"object_id": key, "object_id_field": "key"}
    return draft


def _site(found: list[str], bucket: str) -> str:
    """The endpoint that was asked; a website's bucket has the site's name."""
    endpoint = found[22] if len(found) > 22 else ""
    if "s3-website" in endpoint and "." in bucket:
        return bucket
    return endpoint if "." in endpoint else ""


FORMAT = Format("s3", line=line)
