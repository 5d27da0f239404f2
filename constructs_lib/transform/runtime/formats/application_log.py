"""Application logs: one JSON object a line, whatever the logging library calls its fields.

Read are pino, bunyan, winston, zap, zerolog, slog, logrus, structlog, Python's JSON formatters, Monolog, log4j2,
Logback's logstash encoder, ECS (nested and with dots), GELF, journald, lograge, Rust's tracing, Datadog's and Google's
attributes. A line with a method, a path and a status is a request and follows an access log's rules.
"""

from __future__ import annotations

import re
from typing import Any

from ..reasons import Unwanted
from ..settings import Settings
from . import levels, request, request_log, shop
from .draft import Draft, text_of
from .format import Format
from .names import (
    AGENTS,
    FORWARDED,
    METHODS,
    PEERS,
    PLACEHOLDERS,
    QUERIES,
    REFERRERS,
    SCHEMES,
    SITES,
    SIZES,
    STATUSES,
    TARGETS,
    TIMES,
    Fields,
    fields_of,
    plain,
)

_MESSAGES = (
    "message", "msg", "text", "shortmessage", "textpayload", "renderedmessage", "log", "body", "fullmessage",
    "messagetemplate", "eventoriginal", "logmessage", "data",
)  # fmt: skip
_ACTIONS = ("action", "eventaction", "event", "eventname", "eventtype", "activity", "actionname")
_LEVELS = (
    "level", "severity", "levelname", "loglevel", "lvl", "severitytext", "loglevelname", "priority", "loggerlevel",
    "logseverity", "levellevelstr",
)  # fmt: skip
_APPLICATIONS = (
    "application", "app", "appname", "applicationname", "service", "servicename", "serviceid", "syslogidentifier",
    "channel", "program", "eventdataset", "logger", "loggername", "loglogger", "target", "sourcecontext",
    "categoryname", "name",
)  # fmt: skip
_CLIENTS = (
    "clientid",
    "anonymousid",
    "visitorid",
    "deviceid",
    "distinctid",
    "browserid",
    "gaclientid",
    "installationid",
)
_SESSIONS = ("sessionid", "session", "sessionidentifier", "visitid")
_USERS = (
    "userid", "usrid", "user", "username", "usr", "uid", "customerid", "memberid", "enduserid", "remoteuser",
    "currentuserid", "currentuser", "usrname", "login", "principal", "actorid", "whodunnit",
)  # fmt: skip
_PLAIN: dict[str, tuple[str, ...]] = {
    "query_id": ("queryid",),
    "title": ("title", "pagetitle"),
    "event_value": ("eventvalue", "amount", "revenue"),
    "currency": ("currency", "currencycode"),
    "platform": ("platform",),
    "recommendation_id": ("recommendationid",),
}
_AMOUNTS = ("value", "total", "total_price", "totalPrice", "order_total", "orderTotal", "grand_total")
"""What an event is worth where it names a currency."""
_URLS = (
    "url", "uri", "requesturi", "requesturl", "path", "requestpath", "pageurl", "currenturl", "href", "urlfull",
    "urloriginal", "urlpath", "pagelocation", "pagepath",
)  # fmt: skip
_QUERIES = ("userquery", "searchterm", "searchquery", "query")
_EVENT_IDS = ("eventid", "messageid", "eventuuid", "id", "uuid")
_NO_QUERY = re.compile(
    r"\s{0,9}(?:select|insert|update|delete|with|begin|commit|rollback|mutation|query|\{)\b", re.IGNORECASE
)
_FILE = re.compile(
    r"(?:/(?:var|usr|opt|etc|proc|tmp|app/src)/.*|.*\.(?:log|py|rb|java|go|ts|php|rs|cs|out))", re.DOTALL
)
_OUTSIDE = frozenset(
    """
    kubernetes docker containerid containername containerimage p logtag ecscluster ecstaskarn ecstaskdefinition
    ec2instanceid version ecsversion ecs input prospector beat sourcetype logstashversion offset fileoffset host
    hostname pid v thread threadid threadname threadpriority endofbatch loggerfqcn levelvalue levelno levelint
    intlevel severitynumber caller callerfile process processname traceflags tags ddsource ddtags facility machineid
    bootid transport cursor monotonictimestamp gid comm exe cmdline systemdcgroup systemdunit systemdslice
    systemdinvocationid capeffective streamid syslogfacility syslogpid auditloginuid auditsession selinuxcontext
    insertid logname resource spans stack stacktrace lineno funcname pathname filename module relativecreated
    processid args exctext excinfo source stream file agent event log http url useragent client network traceid
    spanid timens observer related geo destination server
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
"""Names, without punctuation, of what a library or an agent says of itself and its machine; no property of the event.
Those that mean something else too (``source``, ``host``, ``event`` ...) are left out only as an object, or with other
names of an agent or a library beside."""
_EITHER = frozenset(
    {
        "source",
        "stream",
        "file",
        "agent",
        "event",
        "log",
        "http",
        "url",
        "useragent",
        "client",
        "network",
        "geo",
        "args",
    }
    | {
        "destination",
        "server",
        "tags",
        "resource",
        "host",
        "hostname",
        "version",
        "module",
        "process",
        "v",
        "p",
        "stack",
    }
    | {"offset", "thread", "facility", "transport", "caller", "filename", "pathname", "input", "related", "ecs"}
)
_REQUEST_PARTS = frozenset(
    """
    req res request response http httprequest headers requestheaders responseheaders httpversion protocol ident auth
    """.split()  # noqa: SIM905 - a list of words reads better as one
).union(METHODS, TARGETS, QUERIES, STATUSES, SIZES, PEERS, FORWARDED, SITES, SCHEMES, REFERRERS, AGENTS)


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """A line of a library: a time, a level, and a message or an event; or a request."""
    found = fields_of(value)
    if request_log.status_among(found) is not None and (asked := request_log.read(found, settings)) is not None:
        return _read(found, settings, asked)
    if not (found.name_of(_LEVELS) or _status_level(found)) or not found.name_of((*_MESSAGES, *_ACTIONS)):
        return None
    return _read(found, settings, None) if found.time() is not None else None


def anything(value: dict[str, Any], settings: Settings) -> Draft | None:
    """Whatever looks like an event: an action, or a message with a time or a level."""
    found = fields_of(value)
    if _action(found) is None:
        message = found.text(_MESSAGES)
        if message is None or (found.time() is None and not _level(found)):
            return None
    return _read(found, settings, None)


def read(value: dict[str, Any], settings: Settings) -> Draft:
    """The draft of what is known to be a log line."""
    found = fields_of(value)
    return _read(found, settings, request_log.read(found, settings))


def _read(found: Fields, settings: Settings, asked: Draft | None) -> Draft:
    """The draft of a log line, perhaps about a request."""
    level = _level(found)
    if level in settings.drop_levels:
        raise Unwanted("log_level")
    draft: Draft = {"timestamp": found.time()}
    used: set[str] = set()
    if asked is not None:
        draft.update(asked)
        used |= _REQUEST_PARTS
    _identify(draft, found, used)
    _describe(draft, found, used, is_request=asked is not None)
    draft.setdefault("application", settings.application)
    draft["message_type"] = level.upper() or None
    message = found.text(_MESSAGES) or ""
    if asked is not None and " HTTP/" in message and request.is_method(message.partition(" ")[0]):  # the request again
        message = ""
    action = _action(found)
    if message and message != action:
        draft["message"] = message
    if asked is None:
        _name(draft, found, level, action)
        if action is not None:
            used.update(_ACTIONS)
    products = next(
        (item for name in shop.PRODUCT_LISTS if isinstance(item := found.values.get(plain(name)), list)), None
    )
    if products:
        shop.place(draft, products)
        used.update(plain(name) for name in shop.PRODUCT_LISTS)
    if _status_level(found):
        used.add("status")
    used.update(_MESSAGES, _LEVELS, ("consent", "object", "position", "eventattributes"))
    properties = _properties(found, used, draft["timestamp"])
    if action is not None and draft.get("object") is None and draft.get("items") is None and shop.is_about(properties):
        properties = shop.place_of(draft, properties)
    draft["properties"] = properties
    if draft.get("event_value") is None and draft.get("currency") is not None:
        draft["event_value"] = next((properties.pop(name) for name in _AMOUNTS if name in properties), None)
    return draft


def _name(draft: Draft, found: Fields, level: str, action: str | None) -> None:
    """What was done: what the line says, a page that was read without trouble, or nothing but a message."""
    if action is not None:
        draft["event_name"] = action
        return
    method = found.text(METHODS)
    calm = level in {"", "info", "notice"} and (method is None or method.upper() == "GET")
    draft["action_name"] = "view" if draft.get("url") and calm else "log"


def _action(found: Fields) -> str | None:
    """What was done, where the line says it; Rails' ``action`` is a method of a controller."""
    for name in _ACTIONS:
        value = found.values.get(name)
        if value.__class__ is str and value.strip() and not (name == "action" and "controller" in found.values):
            return str(value).strip()
    return None


def _status_level(found: Fields) -> bool:
    return levels.is_word(found.values.get("status"))


def _level(found: Fields) -> str:
    """The level by the scale of the library whose other names are there."""
    values = found.values
    given = next((item for name in _LEVELS if text_of(item := values.get(name)) not in PLACEHOLDERS), None)
    if given is None:
        if _status_level(found):
            return levels.of(values["status"])
        return levels.of_python(values.get("levelno")) or levels.of_open_telemetry(values.get("severitynumber"))
    if given.__class__ is int and "levelname" in values:
        return levels.of(values["levelname"])
    if "reqid" in values and "remoteaddr" in values:
        return levels.of_nextcloud(given)
    return levels.of(given)


def _identify(draft: Draft, found: Fields, used: set[str]) -> None:
    """Client, session, person."""
    for field, names in (("client_id", _CLIENTS), ("session_id", _SESSIONS), ("user_id", _USERS)):
        for name in names:
            item = found.values.get(name)
            if name == "uid" and "machineid" in found.values:  # journald's: of the process
                continue
            if item.__class__ is dict:
                item = next((item[key] for key in ("id", "name", "user_id", "sub") if text_of(item.get(key))), None)
            if text_of(item) not in {"", "-", "--"}:
                draft.setdefault(field, item)
        used.update(names)


def _describe(draft: Draft, found: Fields, used: set[str], *, is_request: bool) -> None:
    """Whatever else has a place in the document."""
    values = found.values
    for field, names in _PLAIN.items():
        if (value := found.first(names)) is not None and not isinstance(value, dict):
            draft[field] = value
            used.update(names)
    named_by_a_library = not _NAME_SIGNS.isdisjoint(found.tops)
    candidates = (name for name in _APPLICATIONS if name != "name" or named_by_a_library)
    application = next((text for name in candidates if (text := text_of(values.get(name)))), None)
    if application is not None:
        draft["application"] = application
    used.update(name for name in _APPLICATIONS if name != "name" or values.get("name") == application)
    for name in _QUERIES:
        query = values.get(name)
        if query.__class__ is str and query and not _NO_QUERY.match(query) and not (is_request and "=" in query):
            draft["user_query"] = query
            used.add(name)
            break
    for name in _EVENT_IDS:
        identifier = values.get(name)
        if identifier.__class__ is str and identifier and (name not in {"id", "uuid"} or len(identifier) >= 16):
            draft["event_id"] = identifier
            used.add(name)
            break
    for field in ("consent", "object", "position"):
        if field in values:
            draft[field] = values[field]
    if is_request:
        used.update(_URLS)
    else:
        _describe_client(draft, found, used)


def _describe_client(draft: Draft, found: Fields, used: set[str]) -> None:
    """Page, browser and address, of a line that is about no request."""
    for name in _URLS:
        url = found.values.get(name)
        if url.__class__ is str and url.startswith(("/", "http://", "https://")) and not _FILE.fullmatch(url):
            draft["url"] = url
            used.update(_URLS)
            break
    for field, names in (("user_agent", AGENTS), ("referrer_url", REFERRERS)):
        if (text := found.text(names)) is not None:
            draft[field] = text
            used.update(names)
    hops = [one for one in (found.text(FORWARDED), found.text(PEERS)) if one]
    if hops:
        draft["ip"] = ", ".join(hops)
        used.update(PEERS, FORWARDED)
    status = request_log.status_among(found)
    if status is not None:
        draft["http"] = {"method": found.text(METHODS), "status": status}
        used.update(STATUSES, METHODS)


def _properties(found: Fields, used: set[str], time: Any) -> dict[str, Any]:
    """What is left: fields that no library and no agent writes of itself, without those that have a place."""
    tops = found.tops
    by_agent = not _AGENTS_SIGNS.isdisjoint(tops)
    kept: dict[str, Any] = {}
    for name, item in found.values.items():
        top = tops[name]
        if name != plain(top) or name in used or name in _TIME_NAMES or (name in TIMES and item == time):
            continue
        if name in _OUTSIDE and (name not in _EITHER or by_agent or item.__class__ is dict):
            continue
        if item.__class__ is str and (item in PLACEHOLDERS or (name == "stream" and item in _STREAMS)):
            continue
        kept[top] = _without(item, name, used) if item.__class__ is dict else item
    return kept


def _without(value: dict[str, Any], prefix: str, used: set[str], depth: int = 3) -> dict[str, Any]:
    """An object without the nested fields that have a place."""
    return {
        key: _without(item, name, used, depth - 1) if item.__class__ is dict and depth > 1 else item
        for key, item in value.items()
        if (name := prefix + plain(key)) not in used
    }


_STREAMS = frozenset({"stdout", "stderr"})
"""Where a container wrote a line."""
_TIME_NAMES = frozenset(
    {
        "realtimetimestamp",
        "sourcerealtimetimestamp",
        "observedtimestamp",
        "timestamp",
        "time",
        "ts",
        "datetime",
        "date",
        "asctime",
        "instant",
        "timemillis",
        "eventtime",
    }
)
_AGENTS_SIGNS = frozenset(
    {"kubernetes", "containerid", "containername", "agent", "ecs", "ecsversion", "input", "pid", "version", "hostname"}
    | {
        "logstashversion",
        "sourcetype",
        "logtag",
        "ddsource",
        "loggername",
        "thread",
        "threadname",
        "levelvalue",
        "loggerfqcn",
    }
    | {"levelno", "funcname", "syslogidentifier", "shortmessage", "facility", "caller"}
)
_NAME_SIGNS = _AGENTS_SIGNS | {"levelname", "lineno", "v", "process", "thread"}
"""Beside these a line's ``name`` is its logger's; elsewhere it is whatever the event is about, perhaps a person."""
FORMAT = Format("application_log", fields)
ANYTHING = Format("unmapped", anything, certain=False)
