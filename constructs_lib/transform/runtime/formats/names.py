"""What producers call the same thing: names without case and punctuation, nested ones joined.

``http.request.method``, ``{"http": {"request": {"method": ...}}}`` and ``httpRequestMethod`` are one name here. The
first name of a group that carries a value is taken.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from .. import clock

_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_DEEPEST = 4
_MOST = 400


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TIMES = _words(
    """
    timestamp time ts datetime date eventtime eventtimestamp asctime created createdat instant timemillis epochmillis
    timems epochms timestampms timeepoch msec timeiso8601 timelocal starttime startutc startlocal requesttime
    requesttimeepoch reqtimesec edgestarttimestamp edgeendtimestamp clienttimestamp clienttime occurredat sentat
    loggedat logtime logtimestamp receivedat at timeunixnano observedtimeunixnano timestampmicros timestampnanos
    eventtimestampmicros realtimetimestamp sourcerealtimetimestamp startedat httprequesttimestamp eventstart
    eventcreated isotimestamp iso8601 timeutc utctime epoch unixtime eventdate recordtime t occurredon happenedat
    emittedat triggeredat published publishedat
    """
)
"""When it happened. ``@timestamp`` is ``timestamp`` here."""
LOG_TIMES = ("timestamp", "time", "ts")
_SHORT = 1_000_000
"""A number below is no time of this century in any unit."""
METHODS = _words(
    """
    method httpmethod requestmethod httprequestmethod verb httpverb csmethod clientrequestmethod reqmethod
    httprequestrequestmethod requesthttpmethod httprequesthttpmethod requestinfomethod proxymethod requestverb
    spanmethod connectionmethod
    """
)
TARGETS = _words(
    """
    proxypath path uri url requesturi requesturl requestpath httppath httptarget httpurl httpurldetailspath urlpath
    urloriginal urlfull httprequesturl httprequesturi httprequestpath clientrequesturi reqpath requrl requri csuristem
    fullpath originalurl rawpath resourcepath httprequestrequesturl clientrequestpath spanuri connectionpath target
    requesturlpath httproute xenvoyorigpath xenvoyoriginpath xenvoyoriginalpath
    """
)
QUERIES = _words("querystring urlquery csuriquery args requestquery requestargs querystr reqquerystring httpquery")
STATUSES = _words(
    """
    status statuscode httpstatus httpstatuscode httpresponsestatuscode responsestatus responsestatuscode responsecode
    response code edgeresponsestatus downstreamstatus scstatus resstatuscode resstatus httprequeststatus
    httpresponsestatus connectionstatus elbstatuscode statuscodeint httpresponsecode httpcode
    """
)
REQUEST_LINES = _words("request requestline httprequest httprequestline req requestfirstline")
SIZES = _words(
    """
    bodybytessent bytessent bytes size responselength responsesize responsebytes edgeresponsebytes
    downstreamcontentsize scbytes contentlength httpresponsebodybytes httpresponsebytes responsebodysize
    httprequestresponsesize rescontentlength resheaderscontentlength responsebodysentbytes totalbytes sentbytes length
    """
)
PEERS = _words(
    """
    remoteaddr remoteip clientip ip clientaddr clientaddress clienthost sourceip remoteaddress requestremoteip
    requestclientip requestremoteaddr cip cliip httprequestremoteip httpclientip reqremoteaddress reqip networkclientip
    downstreamremoteaddress clientrealip xrealip realip ipaddress userip sourceaddress client peer proxyclientip
    sourceremoteaddress identitysourceip requestcontextidentitysourceip requestcontexthttpsourceip remote remotehost
    """
)
FORWARDED = _words(
    """
    xforwardedfor forwardedfor httpxforwardedfor requestheadersxforwardedfor reqheadersxforwardedfor
    requestxforwardedfor headersxforwardedfor xff fwd forwarded proxyaddxforwardedfor httprequestheadersxforwardedfor
    """
)
SITES = _words(
    """
    httphost vhost virtualhost servername site requesthost domainname clientrequesthost authority cshost xhostheader
    requestauthority urldomain reqheadershost requestheadershost reqhost reqhostname httprequesthost headershost domain
    httprequestheadershost serveraddress proxyhost
    """
)
SCHEMES = _words(
    "scheme urlscheme requestscheme httpscheme clientrequestscheme xforwardedproto forwardedproto reqprotocol"
)
REFERRERS = _words(
    """
    referer referrer httpreferer httpreferrer clientrequestreferer csreferer requestreferer requestreferrer
    reqheadersreferer requestheadersreferer httprequestreferrer httprequestreferer headersreferer
    httprequestheadersreferer pagereferrer documentreferrer refererurl referrerurl contextpagereferrer httpreferrerurl
    proxyreferer sourcereferer
    """
)
AGENTS = _words(
    """
    httpuseragent useragent agent clientrequestuseragent csuseragent requestuseragent reqheadersuseragent
    requestheadersuseragent useragentoriginal httprequestuseragent headersuseragent httprequestheadersuseragent ua
    browseruseragent contextuseragent clientuseragent httpuseragentdetailsraw proxyuseragent sourceuseragent
    """
)
REQUEST_USERS = _words("remoteuser authuser auth csusername clientusername httpauthuser userid user username usrid")


LIFTED = frozenset(
    _words(
        """
        message msg body context extra mdc contextmap fields attributes properties labels jsonpayload data meta metadata
        payload json nested eventproperties eventdata structureddata bindings
        """
    )
)
"""Names of objects whose fields are the line's own."""


PLACEHOLDERS = frozenset({"", "-", "--"})
"""What logs write where there is nothing."""


class Fields(NamedTuple):
    """A JSON object's values by their plain names, and what each was called on the first level."""

    values: dict[str, Any]
    tops: dict[str, str]

    def name_of(self, names: tuple[str, ...]) -> str | None:
        """The first of the names that carries something."""
        values = self.values
        for name in names:
            found = values.get(name)
            if found is not None and not (found.__class__ is str and found in PLACEHOLDERS):
                return name
        return None

    def first(self, names: tuple[str, ...]) -> Any:
        """The value of that name."""
        name = self.name_of(names)
        return None if name is None else self.values[name]

    def text(self, names: tuple[str, ...]) -> str | None:
        """The first value that is a text, or a list of them as headers are."""
        for name in names:
            found = self.values.get(name)
            if found.__class__ is list and found and found[0].__class__ is str:
                found = ", ".join(one for one in found[:8] if one.__class__ is str)
            if found.__class__ is str and found not in PLACEHOLDERS:
                return str(found)
        return None

    def time(self, names: tuple[str, ...] = TIMES) -> Any:
        """The first value that is a plausible time; else the first of the usual names that is there at all, so that it
        is told to be none.
        """
        for name in names:
            found = self.values.get(name)
            if found is not None and (moment := clock.parse(found)) is not None and moment >= clock.EARLIEST:
                return found
        for name in LOG_TIMES:
            found = self.values.get(name)
            # How long something took is called its time too.
            is_duration = name == "time" and isinstance(found, (int, float)) and 0 <= found < _SHORT
            if found is not None and found != "" and not is_duration:
                return found
        return None


def lifted(value: dict[str, Any]) -> dict[str, Any]:
    """The object with the fields of its context, its attributes and the like beside its own."""
    inner = [item for key, item in value.items() if item.__class__ is dict and plain(key) in LIFTED]
    if not inner:
        return value
    found = {key: item for key, item in value.items() if item.__class__ is not dict or plain(key) not in LIFTED}
    for item in inner:
        for key, one in item.items():
            found.setdefault(key, one)
    return found


def fields_of(value: dict[str, Any]) -> Fields:
    """A JSON object's fields by their plain names; those on the first level, or lifted to it, go before nested ones."""
    value = lifted(value)
    found: dict[str, Any] = {}
    tops: dict[str, str] = {}
    for key, item in value.items():
        if len(found) >= _MOST:
            break
        name = plain(key)
        if name not in found or found[name] is None:
            found[name] = item
            tops[name] = key
    fields = Fields(found, tops)
    for key, item in value.items():
        if item.__class__ is dict:
            _nested(item, plain(key), key, _DEEPEST, fields)
    return fields


def _nested(value: dict[str, Any], prefix: str, top: str, depth: int, fields: Fields) -> None:
    for key, item in value.items():
        if len(fields.values) >= _MOST:
            return
        name = prefix + plain(key)
        if name not in fields.values:
            fields.values[name] = item
            fields.tops[name] = top
        if item.__class__ is dict and depth > 1:
            _nested(item, name, top, depth - 1, fields)


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    return _PUNCTUATION.sub("", name.lower())


def plain(name: str) -> str:
    """A name without case and punctuation."""
    return _plain(name[:100])
