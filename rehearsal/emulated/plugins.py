"""Stand-ins for the plugins of a managed domain that no published server has: their answers and refusals.

They store objects and return them, but run nothing. The emulated domains' endpoints and the tests of the bootstrap use
them. After the plugins' documentation and sources (Apache-2.0, read, not copied):

- opensearch-project/index-management (``TransportIndexPolicyAction.kt``, ``Policy.kt``, ``State.kt``): creating what
  exists and changing without the newest sequence number are conflicts, unknown fields are refused, each action gets a
  retry;
- opensearch-project/alerting (``TransportIndexMonitorAction.kt``): the same conflicts, names may repeat;
- opensearch-project/anomaly-detection (``AbstractTimeSeriesActionHandler.java``): names are unique, a running detector
  cannot be changed, indices without documents are refused;
- opensearch-project/security (https://docs.opensearch.org/latest/security/access-control/api/,
  ``AuditApiAction.java``): a read-only field cannot be changed;
- opensearch-project/notifications, and the saved objects of OpenSearch Dashboards.
"""

from __future__ import annotations

import copy
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

Body = dict[str, Any]
Reply = tuple[int, Any]
"""Status and document of an answer."""

RETRY = {"count": 3, "backoff": "exponential", "delay": "1m"}
"""The default retry that index management adds to an action."""
_POLICY_FIELDS = frozenset({"description", "default_state", "states", "ism_template", "error_notification"})
_STATE_FIELDS = frozenset({"name", "actions", "transitions"})
_DELETING = frozenset({"delete", "cold_delete"})


class Request(NamedTuple):
    """The parts of a request that the plugins read."""

    method: str
    parts: tuple[str | None, ...]
    """Groups of the path's pattern."""
    query: dict[str, str]
    headers: Mapping[str, str]
    """Headers by lower-case name."""
    data: bytes

    @property
    def body(self) -> Any:
        """The document; None if there is none, or it is not JSON."""
        try:
            return json.loads(self.data)
        except ValueError:
            return None


@dataclass
class Stored:
    """A document and its sequence number, which a change must name."""

    body: Body
    seq_no: int = 0


def error(status: int, kind: str, reason: str) -> Reply:
    """An error in the format of the engine and its plugins."""
    cause = {"type": kind, "reason": reason}
    return status, {"error": {"root_cause": [cause], **cause}, "status": status}


@dataclass
class Plugins:
    """The objects of one domain's plugins, in dictionaries that tests may read and change."""

    policies: dict[str, Stored] = field(default_factory=dict)
    managed: dict[str, Body] = field(default_factory=dict)
    """Indices with a policy."""
    monitors: dict[str, Stored] = field(default_factory=dict)
    destinations: dict[str, Stored] = field(default_factory=dict)
    """Alerting destinations, the predecessors of notification channels."""
    detectors: dict[str, Stored] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)
    """Ids of the running detectors."""
    channels: dict[str, Body] = field(default_factory=dict)
    access: dict[str, dict[str, Body]] = field(default_factory=dict)
    """Roles, their mappings and so on, by kind."""
    saved: dict[tuple[str, str], Body] = field(default_factory=dict)
    """Saved objects of Dashboards by type and id."""
    audit: Body = field(
        default_factory=lambda: {
            "enabled": False,
            "audit": {"log_request_body": True, "exclude_sensitive_headers": True},
            "compliance": {"enabled": True, "internal_config": True},
        }
    )
    """The audit configuration: disabled, as on a new AWS domain."""
    has_documents: Callable[[list[str]], bool] = lambda _: True
    """Whether indices of these names have documents that a detector could learn from."""
    _ids: int = 0
    _lock: Any = field(default_factory=threading.Lock)

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], data: bytes, *, own_access: bool = True
    ) -> Reply | None:
        """The plugin's answer to a request; None if the request is for the engine.

        Args:
            method: of HTTP.
            target: path and query.
            headers: by lower-case name.
            data: the body.
            own_access: whether to store roles and the audit configuration here; an engine with the real security plugin
                stores them itself.
        """
        url = urlsplit(target)
        path = unquote(url.path).lstrip("/")
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        for pattern, act, of_access in self._routes():
            found = re.fullmatch(pattern, path)
            if found and (own_access or not of_access):
                with self._lock:
                    try:
                        return act(Request(method, found.groups(), query, headers, data))
                    except (AttributeError, KeyError, TypeError, ValueError) as problem:
                        return error(400, "parsing_exception", f"Failed to parse the request: {problem!r}")
        return None

    def _routes(self) -> tuple[tuple[str, Callable[[Request], Reply], bool], ...]:
        plugins = "_(?:plugins|opendistro)"
        dashboards = "(_dashboards|_plugin/kibana)/api/"
        return (
            (rf"{plugins}/_ism/policies(?:/(.+))?", self._policy, False),
            (rf"{plugins}/_ism/explain/(.+)", self._explain, False),
            (rf"{plugins}/_ism/(add|change_policy)/(.+)", self._manage, False),
            (rf"{plugins}/_ism/(?:remove|retry)/.+", self._changed, False),
            (rf"{plugins}/_alerting/monitors(?:/(.+))?", self._monitor, False),
            (rf"{plugins}/_alerting/destinations(?:/(.+))?", self._destination, False),
            (rf"{plugins}/_anomaly_detection/detectors(?:/(.+))?", self._detector, False),
            (rf"{plugins}/_notifications/configs(?:/(.+))?", self._channel, False),
            (rf"{plugins}/_security/api/audit(/config)?", self._audit, True),
            (
                rf"{plugins}/_security/api/(roles|rolesmapping|tenants|actiongroups)(?:/([^/]+))?/?",
                self._access,
                True,
            ),
            (rf"{dashboards}(.*)", self._dashboards, False),
        )

    def _policy(self, request: Request) -> Reply:
        name = request.parts[0]
        if name is None:
            found = [_policy_document(each, stored) for each, stored in self.policies.items()]
            return 200, {"policies": found, "total_policies": len(found)}
        stored = self.policies.get(name)
        if request.method in {"GET", "DELETE"}:
            if stored is None:
                return error(404, "status_exception", "Policy not found")
            if request.method == "GET":
                return 200, _policy_document(name, stored)
            del self.policies[name]
            return 200, {"_id": name, "result": "deleted"}
        return self._put_policy(name, stored, request)

    def _put_policy(self, name: str, stored: Stored | None, request: Request) -> Reply:
        if not _current(stored, request.query):
            reason = "document already exists" if stored is None else f"[{name}]: version conflict, required seqNo"
            return error(409, "version_conflict_engine_exception", reason)
        policy = copy.deepcopy(request.body["policy"])
        if problem := policy_problem(policy):
            return error(400, "illegal_argument_exception", problem)
        for state in policy["states"]:
            state["actions"] = [{"retry": RETRY, **action} for action in state["actions"]]
        policy |= {"policy_id": name, "last_updated_time": 1, "schema_version": 21, "error_notification": None}
        for template in policy.get("ism_template", []):
            template["last_updated_time"] = 1
        self.policies[name] = Stored(policy, stored.seq_no + 1 if stored else 0)
        return 200 if stored else 201, _policy_document(name, self.policies[name])

    def _explain(self, request: Request) -> Reply:
        found = {index: each for index, each in self.managed.items() if fnmatchcase(index, request.parts[0] or "")}
        return 200, {**found, "total_managed_indices": len(found)}

    def _manage(self, request: Request) -> Reply:
        name, stored = request.body["policy_id"], self.policies.get(request.body["policy_id"])
        if stored is None:
            return error(404, "status_exception", f"Could not find policy={name}")
        self.managed[request.parts[1] or ""] = {"policy_id": name, "policy_seq_no": stored.seq_no}
        return self._changed(request)

    def _changed(self, _request: Request) -> Reply:
        return 200, {"updated_indices": 1, "failures": False, "failed_indices": []}

    def _monitor(self, request: Request) -> Reply:
        return self._named(self.monitors, "monitor", request)

    def _destination(self, request: Request) -> Reply:
        if request.method != "GET":
            return self._named(self.destinations, "destination", request)
        wanted = request.query.get("searchString", "")
        found = [
            {"id": id_, **each.body, "seq_no": each.seq_no, "primary_term": 1}
            for id_, each in self.destinations.items()
            if wanted in each.body["name"]
        ]
        return 200, {"totalDestinations": len(found), "destinations": found}

    def _detector(self, request: Request) -> Reply:
        id_ = request.parts[0] or ""
        name, _, act = id_.partition("/")
        if act in {"_start", "_stop"}:
            (self.running.add if act == "_start" else self.running.discard)(name)
            return 200, {"_id": name}
        if request.method == "POST" and not id_:
            indices, wanted = request.body["indices"], request.body["name"]
            if not self.has_documents(indices):
                reason = f"Can't create anomaly detector as no document is found in the indices: {indices}"
                return error(400, "illegal_argument_exception", reason)
            if any(each.body["name"] == wanted for each in self.detectors.values()):
                reason = f"Cannot create anomaly detector with name [{wanted}] as it's already used by detector"
                return error(400, "illegal_argument_exception", reason)
        if request.method == "PUT" and id_ in self.running:
            return error(400, "status_exception", "Detector job is running")
        status, answer = self._named(self.detectors, "anomaly_detector", request)
        if request.method == "GET" and status == 200:
            answer["anomaly_detector_job"] = {"enabled": id_ in self.running}
        return status, answer

    def _named(self, kept: dict[str, Stored], kind: str, request: Request) -> Reply:
        id_ = request.parts[0] or ""
        if id_ == "_search":
            if not kept:
                return error(404, "index_not_found_exception", "no such index [.config]")
            (name,) = request.body["query"]["match_phrase"].values()
            hits = [(key, each) for key, each in kept.items() if name in each.body["name"]]
            return 200, {"hits": {"hits": [{"_id": key, "_source": each.body} for key, each in hits]}}
        if request.method == "POST":
            self._ids += 1
            kept[f"id-{self._ids}"] = Stored(copy.deepcopy(request.body))
            return 201, {"_id": f"id-{self._ids}"}
        stored = kept.get(id_)
        if stored is None:
            return error(404, "status_exception", f"{kind} not found")
        if request.method == "DELETE":
            del kept[id_]
        elif request.method == "PUT":
            if not _current(stored, request.query):
                return error(409, "version_conflict_engine_exception", "required seqNo")
            kept[id_] = Stored(copy.deepcopy(request.body), stored.seq_no + 1)
        return 200, {"_id": id_, "_seq_no": stored.seq_no, "_primary_term": 1, kind: stored.body}

    def _channel(self, request: Request) -> Reply:
        name = request.parts[0]
        if request.method == "GET":
            if name not in self.channels:
                return error(404, "status_exception", "notification config not found")
            return 200, {"config_list": [{"config_id": name, "config": self.channels[name]}]}
        id_ = name or request.body["config_id"]
        self.channels[id_] = request.body["config"]
        return 200, {"config_id": id_}

    def _audit(self, request: Request) -> Reply:
        if request.method == "GET":
            return 200, {"_readonly": ["/audit/exclude_sensitive_headers"], "config": self.audit}
        fixed = "exclude_sensitive_headers"
        if request.parts[0] is None or request.body["audit"].get(fixed) != self.audit["audit"][fixed]:
            return 409, {"status": "CONFLICT", "message": "Attempted to update read-only property."}
        self.audit = request.body
        return 200, {"status": "OK", "message": "'config' updated."}

    def _access(self, request: Request) -> Reply:
        kind, name = request.parts
        store = self.access.setdefault(kind or "", {})
        if name is None:
            return 200, store
        known = store.get(name)
        if known is None and request.method in {"GET", "PATCH", "DELETE"}:
            return 404, {"status": "NOT_FOUND", "message": f"Resource '{name}' not found."}
        if request.method == "GET":
            return 200, {name: known}
        if request.method == "DELETE":
            del store[name]
            return 200, {"status": "OK", "message": f"'{name}' deleted."}
        if known is not None and request.method == "PATCH":
            for change in request.body:
                _patch(known, change)
        else:
            store[name] = {"reserved": False, "hidden": False, "static": False, **request.body}
        if known is None:
            return 201, {"status": "CREATED", "message": f"'{name}' created."}
        return 200, {"status": "OK", "message": f"'{name}' updated."}

    def _dashboards(self, request: Request) -> Reply:
        root, call = request.parts
        wanted = "osd-xsrf" if root == "_dashboards" else "kbn-xsrf"
        if wanted not in request.headers:
            return 400, {"statusCode": 400, "message": f"Request must contain a {wanted} header."}
        if call == "saved_objects/_bulk_get":
            missing = {"error": {"statusCode": 404, "error": "Not Found"}}
            found = [{**each, **self.saved.get((each["type"], each["id"]), missing)} for each in request.body]
            return 200, {"saved_objects": found}
        if call != "saved_objects/_import":
            return 200, {"saved_objects": list(self.saved.values()), "total": len(self.saved)}
        lines = [json.loads(line) for line in request.data.splitlines() if line.startswith(b"{")]
        taken = [each for each in lines if "type" in each and "id" in each]
        for each in taken:
            self.saved[each["type"], each["id"]] = {"updated_at": "now", **each}
        results = [{"type": each["type"], "id": each["id"]} for each in taken]
        return 200, {"success": True, "successCount": len(taken), "successResults": results}


def _policy_document(name: str, stored: Stored) -> Body:
    numbers = {"_version": stored.seq_no + 1, "_seq_no": stored.seq_no, "_primary_term": 1}
    return {"_id": name, **numbers, "policy": stored.body}


def _current(stored: Stored | None, query: dict[str, str]) -> bool:
    """Whether a request has the current sequence numbers of an existing object, and none for a new one."""
    named = (query.get("if_seq_no"), query.get("if_primary_term"))
    return named == ((None, None) if stored is None else (str(stored.seq_no), "1"))


def policy_problem(policy: Body) -> str:  # noqa: PLR0911 - one for each rule
    """Why index management refuses a policy; empty if it accepts it."""
    unknown = set(policy) - _POLICY_FIELDS
    if unknown:
        return f"Invalid field: [{', '.join(sorted(unknown))}] found in Policy."
    names = [state["name"] for state in policy["states"]]
    if len(set(names)) != len(names) or policy.get("default_state") not in names:
        return "Policy must have a valid default state and no duplicate state names"
    for state in policy["states"]:
        if set(state) != _STATE_FIELDS:
            return "Invalid field found in State."
        kinds = [next(iter(set(action) - {"retry", "timeout"})) for action in state["actions"]]
        if _DELETING & set(kinds) and (state["transitions"] or kinds[-1] not in _DELETING):
            return f"State={state['name']} cannot contain transitions if using delete action"
        if any(transition["state_name"] not in names for transition in state["transitions"]):
            return f"Policy contains a transition in state={state['name']} pointing to a nonexistent state"
        if any(len(transition["conditions"]) != 1 for transition in state["transitions"]):
            return "Cannot provide more than one Transition condition"
    return ""


def _patch(document: Body, change: Body) -> None:
    """One operation of a JSON patch, as far as role mappings need it: a top-level field or the end of its list."""
    parts = change["path"].strip("/").split("/")
    if parts[-1] == "-":
        document.setdefault(parts[0], []).append(change["value"])
    elif change["op"] == "remove":
        document.pop(parts[0], None)
    else:
        document[parts[0]] = change["value"]
