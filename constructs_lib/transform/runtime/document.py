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
from functools import lru_cache
from json import JSONEncoder
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any
from urllib.parse import quote

from constructs_lib.privacy import identity

from . import address, campaigns, clock, consent, page, redact, user_agent, values
from .formats.draft import Draft, mapping_of, text_of
from .pseudonym import KeySource, Pseudonymiser
from .reasons import Broken, Unwanted
from .settings import Settings

SCHEMA_VERSION = "1.0"
SHORTEST_SEARCHED = 3
"""Characters of a user id that is looked for in the event's texts; a shorter one is in every other word."""
NO_PLACE = {"xy": {"x": -1, "y": -1}}
"""Where an event has no place on the screen: User Behavior Insights asks for a position beside every object, and a
corner of the screen or a rank would be counted as one.
"""


def _encoder() -> Callable[[Any], str]:
    """Like ``JSONEncoder.encode``, made once: the library makes its C encoder anew for every text."""
    encode = JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"))
    c_make_encoder = getattr(json.encoder, "c_make_encoder", None)
    if c_make_encoder is None:
        return encode.encode
    made = c_make_encoder(None, encode.default, encode_basestring, None, ":", ",", False, False, False)
    return lambda value: "".join(made(value, 0))


_encode = _encoder()
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
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
_OBJECT_NAMES = (
    ("object_id_type", values.LONGEST_NAME),
    ("object_id_field", values.LONGEST_NAME),
    ("name", values.LONGEST_OBJECT_ID),
)


class Writer:
    """Turns drafts into the JSON text of documents."""

    def __init__(self, settings: Settings, key_source: KeySource | None) -> None:
        self.settings = settings
        self.pseudonymiser = Pseudonymiser(key_source)
        self.counts: Counter[str] = Counter()
        """What happened besides: ``bots``, ``user_ids_left_out``, ``visit_ids_left_out``, ``replaced_in_text``,
        ``consent_not_understood``.
        """
        self._truncate = address.truncator(settings.ipv4_prefix, settings.ipv6_prefix)
        self._ingest = f'"transform_version":{encode_basestring_ascii(settings.transform_version)}'

    def write(self, draft: Draft, arrival: int, raw: bytes, metadata: dict[str, Any]) -> str:
        """The document of one draft.

        ``arrival`` is when the record reached the stream (epoch milliseconds), ``raw`` what its event id is made of
        where it brings none, ``metadata`` what Kinesis says of the record.
        """
        settings = self.settings
        get = draft.get
        agreed = self._consent(get("consent")) if "consent" in draft else {}
        if agreed.get("analytics", not settings.consent_required) is False:
            raise Unwanted("no_consent")
        canonical = "fingerprint" in draft and "schema_version" in draft
        received = _received(get("received_at"), arrival) if canonical else arrival
        sent = clock.parse(get("sent_at")) if "sent_at" in draft else None

        user = identity.normalised(given) if (given := get("user_id")) is not None else ""
        action = _action(get, user)
        if not action:
            raise Broken("no_action")
        doc: dict[str, Any] = {"action_name": action, "timestamp": _time(draft, received, sent, canonical)}
        self._identities(doc, user, get)
        for key, longest in _TEXTS:
            if (value := get(key)) is not None and (clean := values.line(value, longest)):
                doc[key] = clean
        if settings.application and "application" not in doc:
            doc["application"] = settings.application
        _attributes(doc, get)
        _worth(doc, get)
        if (request := get("http")).__class__ is dict and (found := _http(request)):
            doc["http"] = found
        _pages(doc, get)
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
        return self._text(body, _event_id(get("event_id"), raw), received, sent, metadata)

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
            device, reasons = user_agent.read(agent[: user_agent.LONGEST])
        if (hints := get("device_hints")) is not None:
            device = {**_named(hints, ("type", "browser", "os")), **device}
        if device:
            doc["device"] = device
        if (place := get("geo")) is not None and (found := _geo(place)):
            doc["geo"] = found
        ip = get("ip")
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

    def _text(self, body: str, event_id: str, received: int, sent: int | None, metadata: dict[str, Any]) -> str:
        """The finished text: what the fingerprint covers, and around it what differs at each sending."""
        try:
            octets = body.encode()
        except UnicodeEncodeError:
            # Half of a surrogate pair is a text in JSON and none in UTF-8.
            octets = body.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
            body = octets.decode()
        get = metadata.get
        shard, sequence, subsequence = get("shardId"), get("sequenceNumber"), get("subsequenceNumber")
        ingest = self._ingest
        if shard.__class__ is str and sequence.__class__ is str:
            quoted = encode_basestring_ascii
            ingest = f'"shard":{quoted(shard[:100])},"sequence":{quoted(sequence[:100])},{ingest}'
            if subsequence.__class__ is int and 0 <= subsequence < values.GREATEST:
                ingest = f'"subsequence":{subsequence},{ingest}'
        sending = f'"sent_at":"{clock.written(sent)}",' if sent is not None else ""
        return (
            f'{{"schema_version":"{SCHEMA_VERSION}","event_id":"{event_id}",'
            f'"fingerprint":"{hashlib.sha256(octets).hexdigest()}",{sending}'
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


def _action(get: Callable[[str], Any], user: str) -> str:
    """What was done: in the document's own words, or made of the producer's once what identifies is out of them."""
    if (event := get("event_name")) is not None:
        text = text_of(event)[: values.LONGEST_QUERY]
        if _is_searched(user) and user.lower() in text.lower():
            text = _anywhere(user).sub("[user]", text)
        return values.action(text)
    action = get("action_name")
    return values.name(action if action.__class__ is str else text_of(action))


def _identifies(plain: str, user: str) -> bool:
    """Whether an id of a visit says who somebody is, or is too long to stay."""
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


@lru_cache(maxsize=2048)
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


def _time(draft: Draft, received: int, sent: int | None, canonical: bool) -> str:
    """The event's time, with the difference between the client's clock and ours taken out where the client says when
    it sent.
    """
    given = draft.get("timestamp")
    original = draft.get("original_time") if sent is not None and not canonical else None
    if original is None and given.__class__ is str and clock.is_written(given):
        if "2000" <= given <= clock.written(received + clock.AHEAD):
            return given
        raise Broken("timestamp_out_of_range")
    if original is None and (given is None or given == ""):
        return clock.written(received)
    moment = clock.parse(given if original is None else original)
    if moment is None:
        raise Broken("invalid_timestamp")
    if original is not None and sent is not None:
        moment = received - (sent - moment)
    if not clock.EARLIEST <= moment <= received + clock.AHEAD:
        raise Broken("timestamp_out_of_range")
    return clock.written(moment)


def _named(given: Any, names: tuple[str, ...]) -> dict[str, str]:
    get = mapping_of(given).get
    longest = values.LONGEST_NAME
    return {key: text for key in names if (value := get(key)) is not None and (text := values.line(value, longest))}


def _geo(place: Any) -> dict[str, str]:
    found = _named(place, ("country", "region"))
    country = found.pop("country", "")
    return {"country": country.upper(), **found} if _COUNTRY.fullmatch(country) else found


def _attributes(doc: dict[str, Any], get: Callable[[str], Any]) -> None:
    """``event_attributes``: what was acted on, where, and whatever else the event says."""
    attributes: dict[str, Any] = {}
    if (thing := get("object")).__class__ is dict and (found := _object(thing)):
        attributes["object"] = found
    position = _position(place) if (place := get("position")) is not None else None
    if (properties := get("properties")) and (found := values.flat(properties)):
        attributes["properties"] = found
    if attributes or position:
        attributes["position"] = position or NO_PLACE
        doc["event_attributes"] = attributes


def _worth(doc: dict[str, Any], get: Callable[[str], Any]) -> None:
    """What the event was worth, and which offers it answered."""
    if (value := get("event_value")) is not None and (amount := values.number(value)) is not None:
        doc["event_value"] = amount
    if (value := get("currency")).__class__ is str and _CURRENCY.fullmatch(value):
        doc["currency"] = value.upper()
    if (value := get("impressions")) is not None and (
        shown := values.strings(value, values.MOST_IMPRESSIONS, values.LONGEST_OBJECT_ID)
    ):
        doc["impressions"] = shown


def _http(request: dict[str, Any]) -> dict[str, Any]:
    """A request's method, and status and size of its answer."""
    found: dict[str, Any] = {}
    get = request.get
    if (method := get("method")).__class__ is str and (clean := values.name(method[:16])):
        found["method"] = clean
    if (status := values.whole(get("status"))) is not None and 100 <= status <= 599:
        found["status"] = status
    if (size := values.whole(get("bytes"))) is not None and size >= 0:
        found["bytes"] = size
    return found


def _object(thing: dict[str, Any]) -> dict[str, Any] | None:
    identifier = values.line(thing.get("object_id"), values.LONGEST_OBJECT_ID)
    if identifier is None:
        return None
    found: dict[str, Any] = {"object_id": identifier}
    if len(thing) == 1:
        return found
    get = thing.get
    for key, longest in _OBJECT_NAMES:
        if (value := get(key)) is not None and (clean := values.line(value, longest)):
            found[key] = clean
    if len(thing) > len(found):
        if (value := get("category")) is not None and (
            found_categories := values.strings(value, values.MOST_CATEGORIES, values.LONGEST_NAME)
        ):
            found["category"] = found_categories
        if (value := get("brand")) is not None and (clean := values.line(value, values.LONGEST_NAME)):
            found["brand"] = clean
        if (value := get("price")) is not None and (price := values.number(value)) is not None:
            found["price"] = price
    return found


def _position(place: Any) -> dict[str, Any] | None:
    if place.__class__ is not dict:
        ordinal = values.whole(place)
        return {"ordinal": ordinal} if ordinal is not None else None
    if (value := place.get("ordinal")) is not None and (ordinal := values.whole(value)) is not None:
        return {"ordinal": ordinal}
    # The published mapping writes position.x, the specification position.xy.x: both are met.
    point = mapping_of(place.get("xy")) or place
    x, y = values.number(point.get("x")), values.number(point.get("y"))
    return {"xy": {"x": x, "y": y}} if x is not None and y is not None else None


def _pages(doc: dict[str, Any], get: Callable[[str], Any]) -> None:
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
        if referrer := page.referrer(url[: redact.WINDOW], host):
            doc["referrer"] = referrer
    elif (known := get("referrer_known")) is not None and (referrer := _named(known, ("host", "medium", "source"))):
        doc["referrer"] = referrer
    if (value := get("campaign")) is not None and (own := _named(value, campaigns.FIELDS)):
        campaign = own
    if campaign:
        doc["campaign"] = campaign
