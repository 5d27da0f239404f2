"""Security events of firewalls, gateways and sign-in services: ArcSight's CEF and QRadar's LEEF, as names and values.

https://www.microfocus.com/documentation/arcsight/arcsight-smartconnectors-8.4/pdfdoc/cef-implementation-standard/cef-implementation-standard.pdf,
https://www.ibm.com/docs/en/dsm?topic=overview-leef-event-components
"""

from __future__ import annotations

import re
from typing import Any

_HEADER = r"(?:<[0-9]{1,3}>)?(?:([A-Z][a-z]{2} [ 0-3][0-9] [0-9:]{8}|[0-9T:.Z+-]{19,48}) [^ ]{1,255} )?"
_CEF = re.compile(
    rf"{_HEADER}"
    r"CEF: ?[01]\|((?:[^|\\]|\\.){0,128})\|((?:[^|\\]|\\.){0,128})\|[^|]{0,64}\|((?:[^|\\]|\\.){0,256})\|"
    r"((?:[^|\\]|\\.){0,512})\|([A-Za-z0-9-]{0,16})\|(.*)",
    re.DOTALL,
)
_LEEF = re.compile(
    rf"{_HEADER}"
    r"LEEF: ?(1\.0|2\.0)\|([^|]{0,128})\|([^|]{0,128})\|[^|]{0,64}\|([^|]{0,256})\|(.*)",
    re.DOTALL,
)
_BEGINS = re.compile(r"(?<![^ ])([A-Za-z][A-Za-z0-9_.-]{0,63})=")
_MOST = 100
_LONGEST_VALUE = 4096
_NAMES = {
    "rt": "time", "start": "time", "end": "time", "devTime": "time", "act": "action", "src": "client_ip",
    "sourceAddress": "client_ip", "suser": "user", "duser": "user", "usrName": "user", "msg": "message",
    "request": "url", "requestMethod": "method", "requestClientApplication": "user_agent", "requestContext": "referer",
    "outcome": "outcome", "dhost": "host_name", "shost": "host_name", "identSrc": "client_ip",
}  # fmt: skip
"""The standard's names that mean what other producers call so."""
_LEFT_OUT = frozenset(
    """
    dst dvc dvchost dmac smac dpt spt spid dpid dvcpid deviceExternalId externalId cat proto in out cnt requestCookies
    suid duid identHostName identMac srcPort dstPort srcMAC dstMAC sev devTimeFormat fname filePath
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
_SEVERITIES = (
    "info",
    "info",
    "info",
    "info",
    "warning",
    "warning",
    "warning",
    "error",
    "error",
    "critical",
    "critical",
)


def pairs_of(given: str) -> dict[str, Any] | None:
    """An event's names and values, under the names that other producers have for them; None for another line."""
    if "|" not in given[:512]:
        return None
    if match := _CEF.match(given):
        time, vendor, product, _, name, severity, extension = match.groups()
        values = _of_extension(extension)
    elif match := _LEEF.match(given):
        time, version, vendor, product, name, rest = match.groups()
        values = _of_attributes(rest, with_delimiter=version == "2.0")
        severity = str(values.get("sev", ""))
    else:
        return None
    found: dict[str, Any] = {"application": f"{vendor} {product}".strip(), "message": name}
    if severity.isdecimal() and int(severity) < len(_SEVERITIES):
        found["level"] = _SEVERITIES[int(severity)]
    for key, value in values.items():
        if key in _LEFT_OUT or key.endswith("Label") or (label := str(values.get(f"{key}Label", ""))) == key:
            continue
        found.setdefault(label or _NAMES.get(key, key), value)
        if key == "msg":
            found["message"] = value
    if time:
        found.setdefault("time", time)
    return found


def _of_extension(text: str) -> dict[str, str]:
    """CEF's pairs, whose values have spaces: each ends where the next name begins."""
    found: dict[str, str] = {}
    begins = list(_BEGINS.finditer(text))[:_MOST]
    for at, match in enumerate(begins):
        end = begins[at + 1].start() if at + 1 < len(begins) else len(text)
        value = text[match.end() : end].strip()[:_LONGEST_VALUE]
        found[match[1]] = value.replace("\\=", "=").replace("\\n", " ").replace("\\\\", "\\")
    return found


def _of_attributes(text: str, *, with_delimiter: bool) -> dict[str, str]:
    """LEEF's pairs, between tabs or what its second version names."""
    delimiter = "\t"
    if with_delimiter:
        given, _, text = text.partition("|")
        if given.lower().startswith(("x", "0x")) and len(given) > 1:
            code = int(given.lower().removeprefix("0").removeprefix("x") or "9", 16) if _is_hex(given) else 9
            delimiter = chr(code) if 0 < code < 0x3000 else delimiter
        else:
            delimiter = given[:1] or delimiter
    pairs = (pair.partition("=") for pair in text.split(delimiter, _MOST)[:_MOST])
    return {name.strip()[:64]: value.strip()[:_LONGEST_VALUE] for name, equals, value in pairs if equals}


def _is_hex(given: str) -> bool:
    return re.fullmatch(r"0?[xX][0-9A-Fa-f]{1,4}", given) is not None
