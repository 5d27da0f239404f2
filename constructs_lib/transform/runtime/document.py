"""The canonical document, made of a draft: every value checked, redacted and within its limits, in a fixed order.

The order of steps is that of the privacy promise: lookups that need the raw user agent, referrer or address come
first, then everything that could identify a person is taken out, and only then is the document written and its
fingerprint taken.
"""

from __future__ import annotations

import hashlib
import json.encoder
import re
from collections import Counter
from collections.abc import Callable
from json import JSONEncoder
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any
from urllib.parse import quote

from constructs_lib.privacy import identity

from . import address, campaigns, clock, consent, page, parts, redact, user_agent, values
from .cache import remembered
from .formats import catalogue
from .formats.draft import Collected, Draft, is_canonical, mapping_of, text_of
from .formats.format import Found
from .pseudonym import KeySource, Pseudonymiser
from .reasons import Broken, Unwanted
from .settings import Settings

SCHEMA_VERSION = "1.0"
MOST_WORDS = 5
"""A longer event name is a sentence."""
SHORTEST_SEARCHED = 3
"""Characters of a user id that is looked for in the event's texts; a shorter one is in every other word."""


def _encoder() -> Callable[[Any], str]:
    """Like ``JSONEncoder.encode``, made once: the library makes its C encoder anew for every text."""
    encode = JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"))
    c_make_encoder = getattr(json.encoder, "c_make_encoder", None)
    if c_make_encoder is None:
        return encode.encode
    made = c_make_encoder(None, encode.default, encode_basestring, None, ":", ",", False, False, False)
    return lambda value: "".join(made(value, 0))


_encode = _encoder()
_TAKEN_OUT = re.compile(r"\[(?:email|phone|card|ip|mac|iban|secret|personal|user)\]")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TEXTS = (
    ("application", values.LONGEST_NAME),
    ("platform", values.LONGEST_NAME),
    ("query_id", values.LONGEST_NAME),
    ("user_query", values.LONGEST_QUERY),
    ("message_type", values.LONGEST_NAME),
    ("message", values.LONGEST_MESSAGE),
    ("recommendation_id", values.LONGEST_NAME),
)
_WITHOUT_USER = frozenset(
    {
        "timestamp",
        "user_id",
        "client_id",
        "session_id",
        "http",
        "device",
        "geo",
        "ip_prefix",
        "consent",
        "is_bot",
        "bot_reasons",
        "currency",
    }
    | {"event_value"}
)
"""Fields that hold no text of the client's, or ids of their own."""


class Writer:
    """Turns drafts into the JSON text of documents."""

    def __init__(self, settings: Settings, key_source: KeySource | None) -> None:
        self.settings = settings
        self.pseudonymiser = Pseudonymiser(key_source)
        self.counts: Counter[str] = Counter()
        """What happened besides: ``bots``, ``user_ids_left_out``, ``visit_ids_left_out``, ``replaced_in_text``,
        ``consent_not_understood``.
        """
        self.brief = 0
        """How much room there is for an answer. 0: enough; 1: where a record lay in the stream and its format are left
        out; 2: the fingerprint and all of ``ingest`` too."""
        self._truncate = address.truncator(settings.ipv4_prefix, settings.ipv6_prefix)
        self._client_hop = address.chooser(settings.trusted_proxies)
        self._ingest = f'"transform_version":{encode_basestring_ascii(settings.transform_version)}'

    def write(self, found: Found, arrival: int, raw: bytes, metadata: dict[str, Any]) -> str:
        """The document of one draft.

        ``arrival`` is when the record reached the stream (epoch milliseconds), ``raw`` what its event id is made of
        where it brings none, ``metadata`` what Kinesis says of the record.
        """
        settings = self.settings
        draft = found.draft
        get = draft.get
        agreed = self._consent(get("consent")) if "consent" in draft else {}
        collected: Any = get("collected")
        if collected.__class__ is not Collected:
            collected = Collected(None, ())
        agreed |= dict.fromkeys(collected.denied, False)
        if agreed.get("analytics", not settings.consent_required) is False:
            raise Unwanted("no_consent")
        canonical = is_canonical(draft)
        received = _received(get("received_at") if canonical else collected.received_at, arrival)
        sent = clock.parse(get("sent_at")) if "sent_at" in draft else None

        user = identity.normalised(given) if (given := get("user_id")) is not None else ""
        action, message = _action(get, user)
        doc: dict[str, Any] = {
            "action_name": action,
            "timestamp": self._time_or_arrival(draft, received, arrival, sent, canonical),
        }
        self._identities(doc, user, get)
        self._texts(doc, get, message)
        parts.attributes(doc, get)
        parts.worth(doc, get)
        parts.results(doc, get)
        if (request := get("http")).__class__ is dict and (answered := parts.answered(request)):
            doc["http"] = answered
        self._pages(doc, get)
        self._client(doc, get)
        if agreed:
            doc["consent"] = agreed
        body = _encode(doc)
        if _is_searched(user):
            lower = body.lower()
            for spelling in _spellings(user[: values.LONGEST_QUERY]):
                if spelling in lower:
                    body = _encode(self._without(doc, user))
                    break
        kind = found.format.name
        if canonical and (first_kind := mapping_of(get("ingest")).get("format")) in catalogue.NAMES:
            kind = first_kind
        return self._text(body, _event_id(get("event_id"), raw), received, sent, self._ingest_of(metadata, kind))

    def _texts(self, doc: dict[str, Any], get: Callable[[str], Any], message: str) -> None:
        """Single texts; ``message`` is what an event's name turned out to be."""
        for key, longest in _TEXTS:
            if (value := get(key)) is not None and (clean := values.line(value, longest)):
                doc[key] = clean
        if message and "message" not in doc:
            doc["message"] = message
        if self.settings.application and "application" not in doc:
            doc["application"] = self.settings.application

    def _time_or_arrival(self, draft: Draft, received: int, arrival: int, sent: int | None, canonical: bool) -> str:
        """The event's time. Where it cannot be and the event came by the collector, the arrival: anybody can send such
        a time, and clocks of visitors are wrong every day, so it is no reason to fail and to ring.
        """
        try:
            return self._time(draft, received, arrival, sent, canonical)
        except Broken:
            if draft.get("collected").__class__ is not Collected:
                raise
            self.counts["without_time"] += 1
            return clock.written(received)

    def _time(self, draft: Draft, received: int, arrival: int, sent: int | None, canonical: bool) -> str:
        """The event's time, with the difference between the client's clock and ours taken out where the client says
        when it sent.
        """
        given = draft.get("timestamp")
        latest = arrival + clock.AHEAD
        original = draft.get("original_time") if sent is not None and not canonical else None
        if original is None and given.__class__ is str and clock.is_written(given):
            if "2000" <= given <= clock.written(latest):
                return given
            raise Broken("timestamp_out_of_range")
        if original is None and (given is None or given == ""):
            self.counts["without_time"] += 1
            return clock.written(received)
        moment = clock.parse(given if original is None else original)
        if moment is None:
            moment = clock.near(given, latest)
        if moment is None:
            raise Broken("invalid_timestamp")
        if original is not None and sent is not None:
            moment = received - (sent - moment)
        if not clock.EARLIEST <= moment <= latest:
            raise Broken("timestamp_out_of_range")
        return clock.written(moment)

    def _pages(self, doc: dict[str, Any], get: Callable[[str], Any]) -> None:
        """Page, referrer and campaign."""
        host = ""
        found: dict[str, str] = {}
        campaign: dict[str, str] = {}
        if (url := get("url")) is not None and url.__class__ is str and url:
            read = page.read(url)
            found, campaign, host = read.fields, read.campaign, read.host
        if (value := get("title")) is not None and (title := values.line(value, values.LONGEST_TITLE)):
            found = {**found, "title": title}
        if found:
            doc["page"] = found
        if (url := get("referrer_url")) is not None and url.__class__ is str and url:
            if referrer := page.referrer(url, host, self.settings.own_hosts):
                doc["referrer"] = referrer
        elif (known := get("referrer_known")) is not None and (
            referrer := parts.named(known, ("host", "medium", "source"))
        ):
            doc["referrer"] = referrer
        if (value := get("campaign")) is not None and (own := parts.named(value, campaigns.FIELDS)):
            campaign = own
        if campaign:
            doc["campaign"] = campaign

    def _consent(self, given: Any) -> dict[str, bool]:
        said = consent.read(given, self.settings.consent_categories)
        self.counts["consent_not_understood"] += not said.understood
        return said.purposes

    def _identities(self, doc: dict[str, Any], user: str, get: Callable[[str], Any]) -> None:
        """Ids of the visit and the person, the former as they came where they say nothing about who it is."""
        for key in ("client_id", "session_id"):
            if (value := get(key)) is None or not (plain := identity.normalised(value)):
                continue
            if not _identifies(plain, user):
                doc[key] = plain
            elif self.pseudonymiser.configured:
                doc[key] = self.pseudonymiser.pseudonym(plain)
            else:
                self.counts["visit_ids_left_out"] += 1
        if not user:
            return
        if self.pseudonymiser.configured:
            doc["user_id"] = self.pseudonymiser.pseudonym(user)
        else:
            self.counts["user_ids_left_out"] += 1

    def _client(self, doc: dict[str, Any], get: Callable[[str], Any]) -> None:
        """Device, place, network and whether this is a bot."""
        reasons: tuple[str, ...] = ()
        device: dict[str, str] = {}
        agent = get("user_agent")
        if agent.__class__ is str:
            device, reasons, health_checker = user_agent.read(agent)
            if health_checker:
                raise Unwanted("health_check")
        if (hints := get("device_hints")) is not None:
            device = {**parts.named(hints, ("type", "browser", "os")), **device}
        if device:
            doc["device"] = device
        if (place := get("geo")) is not None and (found := parts.place(place)):
            doc["geo"] = found
        ip = get("ip")
        if ip.__class__ is str and "," in ip:
            ip = self._client_hop(ip[: address.LONGEST], agent == address.CLOUDFRONT)
        prefix = self._truncate(ip[:255]) if ip.__class__ is str else None
        if prefix is None and (known := get("ip_prefix")).__class__ is str:
            prefix = self._truncate(known[:64].partition("/")[0])
        if prefix is not None:
            doc["ip_prefix"] = prefix
        if (own := get("bot_reasons")).__class__ is list:
            more = [clean for item in own[:8] if item.__class__ is str and (clean := values.name(item))]
            reasons = (*reasons, *(item for item in dict.fromkeys(more) if item not in reasons))
        if reasons:
            if self.settings.drop_bots:
                raise Unwanted("bot")
            self.counts["bots"] += 1
            doc["is_bot"] = True
            doc["bot_reasons"] = list(reasons)
        elif agent is not None or get("is_bot") is False:
            doc["is_bot"] = False

    def _ingest_of(self, metadata: dict[str, Any], kind: str) -> str:
        """Where the record lay in the stream, and what it was read as."""
        if self.brief:
            return self._ingest
        get = metadata.get
        shard, sequence, subsequence = get("shardId"), get("sequenceNumber"), get("subsequenceNumber")
        ingest = f'"format":"{kind}",{self._ingest}'
        if shard.__class__ is str and sequence.__class__ is str:
            quoted = encode_basestring_ascii
            ingest = f'"shard":{quoted(shard[:100])},"sequence":{quoted(sequence[:100])},{ingest}'
            if subsequence.__class__ is int and 0 <= subsequence < values.GREATEST:
                ingest = f'"subsequence":{subsequence},{ingest}'
        return ingest

    def _text(self, body: str, event_id: str, received: int, sent: int | None, ingest: str) -> str:
        """The finished text: what the fingerprint covers, and around it what differs at each sending."""
        try:
            octets = body.encode()
        except UnicodeEncodeError:
            # Half of a surrogate pair is a text in JSON and none in UTF-8.
            octets = body.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
            body = octets.decode()
        sending = f'"sent_at":"{clock.written(sent)}",' if sent is not None else ""
        begins = f'{{"schema_version":"{SCHEMA_VERSION}","event_id":"{event_id}",'
        if self.brief > 1:
            return f'{begins}{sending}"received_at":"{clock.written(received)}",{body[1:]}'
        return (
            f'{begins}"fingerprint":"{hashlib.sha256(octets).hexdigest()}",{sending}'
            f'"received_at":"{clock.written(received)}",{body[1:-1]},"ingest":{{{ingest}}}}}'
        )

    def _without(self, doc: dict[str, Any], user: str) -> dict[str, Any]:
        """The document with ``[user]`` wherever else the raw user id stands, in names of properties too."""
        pattern = _anywhere(user)

        def replaced(value: Any) -> Any:
            if value.__class__ is str:
                # No limit of these texts is below a name's, and the text was within its own.
                return pattern.sub("[user]", value)[: max(len(value), values.LONGEST_NAME)]
            if value.__class__ is dict:
                return {
                    pattern.sub("user", key): item if key == "position" else replaced(item)
                    for key, item in value.items()
                    if item.__class__ is not int or str(item) != user
                }
            if value.__class__ is list:
                return [replaced(item) for item in value]
            return value

        found = {key: item if key in _WITHOUT_USER else replaced(item) for key, item in doc.items()}
        self.counts["replaced_in_text"] += found != doc
        return found


def _is_searched(user: str) -> bool:
    """Whether a user id is looked for in everything else that the event says."""
    return len(user) >= SHORTEST_SEARCHED and not identity.is_pseudonym(user)


def _action(get: Callable[[str], Any], user: str) -> tuple[str, str]:
    """What was done, and the sentence that said so where it was more than a name.

    It is in the document's own words, or made of the producer's once what identifies is out: a sentence would be
    one of thousands of actions, and one with a person in it would lose what makes an address recognisable.
    """
    given = get("action_name")
    if given is None and (event := text_of(get("event_name"))):
        text = event[: values.LONGEST_QUERY]
        if _is_searched(user) and user.lower() in text.lower():
            text = _anywhere(user).sub("[user]", text)
        clean = redact.text(text)
        if len(clean.split()) > MOST_WORDS or (clean != event and _TAKEN_OUT.search(clean)):
            return "log", values.line(clean, values.LONGEST_MESSAGE) or ""
        given = values.action(text)
    action = values.name(given if given.__class__ is str else text_of(given))
    if not action:
        raise Broken("no_action")
    return action, ""


def _identifies(plain: str, user: str) -> bool:
    """Whether an id of a visit identifies a person, or is too long to keep."""
    if len(plain) > identity.LONGEST or plain == user:
        return True
    if identity.is_pseudonym(plain):
        return False
    if _is_searched(user) and user.lower() in plain.lower() and _anywhere(user).search(plain):
        return True
    return redact.text(plain) != plain


def _received(given: Any, arrival: int) -> int:
    """When a document that comes round again was first received: no later than now."""
    received = clock.parse(given)
    if received is None:
        return arrival
    if not clock.EARLIEST <= received <= arrival + clock.AHEAD:
        raise Broken("timestamp_out_of_range")
    return received


@remembered(2048)
def _spellings(user: str) -> tuple[str, ...]:
    """How a user id can stand in a document's JSON, in lower case: as it is, and as a URL has it."""
    plain = encode_basestring(user)[1:-1].lower()
    quoted = quote(user, safe="", errors="replace").lower()
    return (plain,) if quoted == plain else (plain, quoted)


def _anywhere(user: str) -> re.Pattern[str]:
    """Finds a user id in a text; a short one as a word of its own, or ``view`` would be taken out of ``review``."""
    either = "|".join({re.escape(user), re.escape(quote(user, safe="", errors="replace"))})
    return re.compile(f"(?:{either})" if len(user) >= 8 else rf"(?<![^\W_])(?:{either})(?![^\W_])", re.IGNORECASE)


def _event_id(given: Any, raw: bytes) -> str:
    """The event's own id if it is a UUID, else one made of its own id or of its bytes, so that sending again changes
    nothing.
    """
    if given.__class__ is str and given:
        lower = given.strip().lower()
        if _UUID.fullmatch(lower):
            return lower
        raw = b"id:" + given[:1024].encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(raw).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"
