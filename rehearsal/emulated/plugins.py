"""The parts of a managed domain whose plugins no package registry has: lifecycle, saved objects, access control.

They keep what is put and give it back with the answers and the refusals of the plugins' APIs; they act on nothing.
Access control is forwarded to the engine when the engine has the real security plugin (see `gateway.set_engine`).
Index management: https://docs.opensearch.org/latest/im-plugin/ism/api/; security:
https://docs.opensearch.org/latest/security/access-control/api/; saved objects: Dashboards' `saved_objects/_import`.
"""

from __future__ import annotations

import json
import re
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, str, bytes]

_LIFECYCLE = re.compile(r"/_(?:plugins|opendistro)/_ism/policies(?:/(?P<name>[^/]+))?\Z")
_ATTACH = re.compile(r"/_(?:plugins|opendistro)/_ism/(?:add|change_policy|remove|explain|retry)(?:/.*)?\Z")
_ACCESS = re.compile(
    r"/_(?:plugins|opendistro)/_security/api/(?P<kind>roles|rolesmapping|tenants|actiongroups)(?:/(?P<name>[^/]+))?/?\Z"
)
_DASHBOARDS = re.compile(r"/(?P<root>_dashboards|_plugin/kibana)/api/(?P<call>.*)\Z")


def _json(status: int, document: Any) -> Answer:
    return status, "application/json; charset=UTF-8", json.dumps(document).encode()


def _error(status: int, kind: str, reason: str) -> Answer:
    cause = {"type": kind, "reason": reason}
    return _json(status, {"error": {"root_cause": [cause], **cause}, "status": status})


class Plugins:
    """What one domain's plugins hold."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sequence = 0
        self.policies: dict[str, dict[str, Any]] = {}
        self.access: dict[str, dict[str, dict[str, Any]]] = {}
        self.saved_objects: dict[str, dict[str, Any]] = {}

    def answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes, *, own_access: bool
    ) -> Answer | None:
        """The answer of a plugin that this request is for, or nothing: then it is the engine's.

        ``own_access`` is for an engine without the security plugin, whose part of the API is then kept here.
        """
        url = urlsplit(target)
        with self._lock:
            if match := _LIFECYCLE.match(url.path):
                return self._lifecycle(method, match["name"], parse_qs(url.query), body)
            if _ATTACH.match(url.path):
                return _json(200, {"updated_indices": 0, "failures": False, "failed_indices": []})
            if own_access and (match := _ACCESS.match(url.path)):
                return self._access(method, match["kind"], match["name"], body)
            if match := _DASHBOARDS.match(url.path):
                return self._dashboards(match["root"], match["call"], headers, body)
        return None

    def _lifecycle(  # noqa: PLR0911 - one answer a case
        self, method: str, name: str | None, query: dict[str, list[str]], body: bytes
    ) -> Answer:
        if name is None:
            found = [{"_id": key, **value} for key, value in self.policies.items()]
            return _json(200, {"policies": found, "total_policies": len(found)})
        known = self.policies.get(name)
        if method == "GET":
            return _json(200, {"_id": name, **known}) if known else _error(404, "status_exception", "Policy not found")
        if method == "DELETE":
            if self.policies.pop(name, None) is None:
                return _error(404, "status_exception", "Policy not found")
            return _json(200, {"_id": name, "result": "deleted"})
        try:
            policy = json.loads(body)["policy"]
        except (ValueError, KeyError, TypeError):
            return _error(400, "parsing_exception", "Failed to parse the policy")
        if known:
            given = (query.get("if_seq_no"), query.get("if_primary_term"))
            if given != ([str(known["_seq_no"])], [str(known["_primary_term"])]):
                return _error(409, "version_conflict_engine_exception", f"[{name}]: version conflict, required seqNo")
        self._sequence += 1
        self.policies[name] = {
            "_version": known["_version"] + 1 if known else 1,
            "_seq_no": self._sequence,
            "_primary_term": 1,
            "policy": {"policy_id": name, "schema_version": 21, "error_notification": None} | policy,
        }
        return _json(200 if known else 201, {"_id": name, **self.policies[name]})

    def _access(  # noqa: PLR0911 - one answer a case
        self, method: str, kind: str, name: str | None, body: bytes
    ) -> Answer:
        store = self.access.setdefault(kind, {})
        if name is None:
            return _json(200, store)
        known = store.get(name)
        if method in {"GET", "PATCH", "DELETE"} and known is None:
            return _json(404, {"status": "NOT_FOUND", "message": f"Resource '{name}' not found."})
        if method == "GET":
            return _json(200, {name: known})
        if method == "DELETE":
            del store[name]
            return _json(200, {"status": "OK", "message": f"'{name}' deleted."})
        document = json.loads(body)
        if method == "PATCH":
            assert known is not None  # noqa: S101 - answered with 404 above
            for change in document:
                _patch(known, change)
            return _json(200, {"status": "OK", "message": f"'{name}' updated."})
        store[name] = {"reserved": False, "hidden": False, "static": False, **document}
        if known is None:
            return _json(201, {"status": "CREATED", "message": f"'{name}' created."})
        return _json(200, {"status": "OK", "message": f"'{name}' updated."})

    def _dashboards(self, root: str, call: str, headers: dict[str, str], body: bytes) -> Answer:
        wanted = "osd-xsrf" if root == "_dashboards" else "kbn-xsrf"
        if wanted not in headers:
            return _json(400, {"statusCode": 400, "message": f"Request must contain a {wanted} header."})
        if not call.startswith("saved_objects/_import"):
            return _json(200, {"saved_objects": list(self.saved_objects.values()), "total": len(self.saved_objects)})
        taken = []
        for line in body.splitlines():
            if line.startswith(b"{"):
                document = json.loads(line)
                if "type" in document and "id" in document:
                    self.saved_objects[f"{document['type']}:{document['id']}"] = document
                    taken.append({"type": document["type"], "id": document["id"]})
        return _json(200, {"success": True, "successCount": len(taken), "successResults": taken})


def _patch(document: dict[str, Any], change: dict[str, Any]) -> None:
    """One operation of a JSON patch, as far as role mappings need it: a top-level field or the end of its list."""
    parts = change["path"].strip("/").split("/")
    if parts[-1] == "-":
        document.setdefault(parts[0], []).append(change["value"])
    elif change["op"] == "remove":
        document.pop(parts[0], None)
    else:
        document[parts[0]] = change["value"]
