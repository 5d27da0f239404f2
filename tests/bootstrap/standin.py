"""A domain in memory, with the plugins that no published server has: their answers and their rules for writing.

After the plugins' sources (Apache-2.0, read, not copied):

- opensearch-project/index-management (``TransportIndexPolicyAction.kt``, ``Policy.kt``, ``State.kt``): creating what
  exists and changing without the newest sequence number are conflicts, unknown fields are refused, each action gets a
  retry;
- opensearch-project/alerting (``TransportIndexMonitorAction.kt``): the same conflicts, names may repeat;
- opensearch-project/anomaly-detection (``AbstractTimeSeriesActionHandler.java``): a name is used once, a running
  detector takes no change, indices without documents are refused;
- opensearch-project/security (``AuditApiAction.java``): a field that is read-only takes no other value;
- opensearch-project/notifications, OpenSearch-Dashboards' saved objects.
"""

from __future__ import annotations

import copy
import io
import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from email.message import Message
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from constructs_lib.bootstrap.runtime.client import Client

Body = dict[str, Any]
Reply = tuple[int, Any]
RETRY = {"count": 3, "backoff": "exponential", "delay": "1m"}


@dataclass
class Stored:
    """A document with what concurrency is controlled by."""

    body: Body
    seq_no: int = 0


class Answered:
    """What an opener gives for a good answer."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self._body = body

    def read(self) -> bytes:
        return self._body

    def __enter__(self) -> Answered:
        return self

    def __exit__(self, *_: object) -> None:
        return None


@dataclass
class Domain:
    """The domain; its parts are dictionaries that tests look into and change as somebody else would."""

    documents: bool = False
    """Whether there is anything that a detector could learn from."""
    version: str = "2.19.0"
    opensearch: bool = True
    lacking: tuple[str, ...] = ()
    """Beginnings of paths that this domain does not know."""
    faults: list[int | Exception] = field(default_factory=list)
    """What the next requests get instead of an answer."""
    requests: list[str] = field(default_factory=list)
    plain: dict[str, Body] = field(default_factory=dict)
    policies: dict[str, Stored] = field(default_factory=dict)
    managed: dict[str, Body] = field(default_factory=dict)
    monitors: dict[str, Stored] = field(default_factory=dict)
    detectors: dict[str, Stored] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)
    channels: dict[str, Body] = field(default_factory=dict)
    saved: dict[tuple[str, str], Body] = field(default_factory=dict)
    audit: Body = field(
        default_factory=lambda: {
            "enabled": False,
            "audit": {"log_request_body": True, "exclude_sensitive_headers": True},
            "compliance": {"enabled": True, "internal_config": True},
        }
    )
    """How the domain logs requests: off, as AWS makes it."""
    ids: int = 0

    def open(self, request: urllib.request.Request, timeout: float) -> Answered:
        assert timeout > 0
        parts = urlsplit(request.full_url)
        method, path = request.get_method(), unquote(parts.path).lstrip("/")
        self.requests.append(f"{method} {path}")
        if self.faults:
            fault = self.faults.pop(0)
            if isinstance(fault, Exception):
                raise fault
            status, answer = fault, {"message": "try again"}
        else:
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            data = request.data if isinstance(request.data, bytes) else b""
            status, answer = self._answer(method, path, query, data)
        raw = json.dumps(answer).encode()
        if status >= 300:
            raise urllib.error.HTTPError(request.full_url, status, "", Message(), io.BytesIO(raw))
        return Answered(status, raw)

    def _answer(self, method: str, path: str, query: dict[str, str], data: bytes) -> Reply:
        if path.startswith(self.lacking) and self.lacking:
            return 400, {"error": f"no handler found for uri [/{path}] and method [{method}]"}
        if path.endswith("saved_objects/_import"):
            return self._import(data)
        body = json.loads(data) if data else None
        for pattern, act in (
            (r"", self._root),
            (r"_cluster/health", lambda *_: (200, {"status": "green"})),
            (r"_plugins/_ism/policies/(.+)", self._policy),
            (r"_plugins/_ism/explain/(.+)", self._explain),
            (r"_plugins/_ism/(add|change_policy)/(.+)", self._manage),
            (r"_plugins/_security/api/audit(/config)?", self._audit),
            (r"_plugins/_alerting/monitors(?:/(.+))?", self._monitor),
            (r"_plugins/_anomaly_detection/detectors(?:/(.+))?", self._detector),
            (r"_plugins/_notifications/configs(?:/(.+))?", self._channel),
            (r"_dashboards/api/saved_objects/_bulk_get", self._bulk_get),
        ):
            found = re.fullmatch(pattern, path)
            if found:
                reply: Reply = act(method, found.groups(), query, body)
                return reply
        return self._plain(method, path, body)

    def _root(self, *_: Any) -> Reply:
        version = {"number": self.version, **({"distribution": "opensearch"} if self.opensearch else {})}
        return 200, {"version": version}

    def _plain(self, method: str, path: str, body: Any) -> Reply:
        """Templates and whatever else is written and read under its own path."""
        if method == "GET":
            kind, _, name = path.partition("/")
            if path not in self.plain:
                return 404, {}
            if kind in {"_index_template", "_component_template"}:
                return 200, {f"{kind[1:]}s": [{"name": name, kind[1:]: self.plain[path]}]}
            return 200, self.plain[path]
        self.plain[path] = body
        return 200, {"acknowledged": True}

    def _policy(self, method: str, names: tuple[str, ...], query: dict[str, str], body: Any) -> Reply:
        name = names[0]
        stored = self.policies.get(name)
        if method == "GET":
            if stored is None:
                return 404, {"error": {"type": "status_exception", "reason": "Policy not found"}}
            return 200, {"_id": name, "_seq_no": stored.seq_no, "_primary_term": 1, "policy": stored.body}
        if not _current(stored, query):
            return 409, {"error": {"type": "version_conflict_engine_exception", "reason": "document already exists"}}
        policy = copy.deepcopy(body["policy"])
        problem = policy_problem(policy)
        if problem:
            return 400, {"error": {"type": "illegal_argument_exception", "reason": problem}}
        for state in policy["states"]:
            state["actions"] = [{"retry": RETRY, **action} for action in state["actions"]]
        policy |= {"policy_id": name, "last_updated_time": 1, "schema_version": 21, "error_notification": None}
        for template in policy.get("ism_template", []):
            template["last_updated_time"] = 1
        self.policies[name] = Stored(policy, stored.seq_no + 1 if stored else 0)
        return 201, {"_id": name}

    def _explain(self, _method: str, names: tuple[str, ...], *_: Any) -> Reply:
        found = {index: each for index, each in self.managed.items() if fnmatchcase(index, names[0])}
        return 200, {**found, "total_managed_indices": len(found)}

    def _manage(self, _method: str, names: tuple[str, ...], _query: Any, body: Any) -> Reply:
        policy = body["policy_id"]
        self.managed[names[1]] = {"policy_id": policy, "policy_seq_no": self.policies[policy].seq_no}
        return 200, {"updated_indices": 1, "failures": False, "failed_indices": []}

    def _monitor(self, method: str, names: tuple[str | None, ...], query: dict[str, str], body: Any) -> Reply:
        return self._named(self.monitors, "monitor", method, names[0], query, body)

    def _detector(self, method: str, names: tuple[str | None, ...], query: dict[str, str], body: Any) -> Reply:
        id_ = names[0] or ""
        name, _, act = id_.partition("/")
        if act in {"_start", "_stop"}:
            (self.running.add if act == "_start" else self.running.discard)(name)
            return 200, {"_id": name}
        if method == "POST" and not id_:
            if not self.documents:
                reason = "Can't create anomaly detector as no document is found in the indices: [events-*]"
                return 400, {"error": {"type": "illegal_argument_exception", "reason": reason}}
            if any(each.body["name"] == body["name"] for each in self.detectors.values()):
                reason = f"Cannot create anomaly detector with name [{body['name']}] as it's already used by detector"
                return 400, {"error": {"type": "illegal_argument_exception", "reason": reason}}
        if method == "PUT" and id_ in self.running:
            return 400, {"error": {"type": "status_exception", "reason": "Detector job is running"}}
        status, answer = self._named(self.detectors, "anomaly_detector", method, names[0], query, body)
        if method == "GET" and status == 200:
            answer["anomaly_detector_job"] = {"enabled": id_ in self.running}
        return status, answer

    def _named(  # noqa: PLR0917 - a request's parts
        self, kept: dict[str, Stored], kind: str, method: str, id_: str | None, query: dict[str, str], body: Any
    ) -> Reply:
        if id_ == "_search":
            if not kept:
                return 404, {"error": {"type": "index_not_found_exception", "reason": "no such index [.config]"}}
            (name,) = body["query"]["match_phrase"].values()
            hits = [(key, each) for key, each in kept.items() if name in each.body["name"]]
            return 200, {"hits": {"hits": [{"_id": key, "_source": each.body} for key, each in hits]}}
        if method == "POST":
            self.ids += 1
            kept[f"id-{self.ids}"] = Stored(copy.deepcopy(body))
            return 201, {"_id": f"id-{self.ids}"}
        stored = kept.get(id_ or "")
        if stored is None:
            return 404, {"error": {"type": "status_exception", "reason": f"{kind} not found"}}
        if method == "DELETE":
            del kept[id_ or ""]
        elif method == "PUT":
            if not _current(stored, query):
                return 409, {"error": {"type": "version_conflict_engine_exception", "reason": "required seqNo"}}
            kept[id_ or ""] = Stored(copy.deepcopy(body), stored.seq_no + 1)
        return 200, {"_id": id_, "_seq_no": stored.seq_no, "_primary_term": 1, kind: stored.body}

    def _audit(self, method: str, names: tuple[str | None, ...], _query: Any, body: Any) -> Reply:
        if method == "GET":
            return 200, {"_readonly": ["/audit/exclude_sensitive_headers"], "config": self.audit}
        fixed = "exclude_sensitive_headers"
        if names[0] is None or body["audit"].get(fixed) != self.audit["audit"][fixed]:
            return 409, {"status": "CONFLICT", "message": "Attempted to update read-only property."}
        self.audit = body
        return 200, {"status": "OK", "message": "'config' updated."}

    def _channel(self, method: str, names: tuple[str | None, ...], _query: Any, body: Any) -> Reply:
        if method == "GET":
            if names[0] not in self.channels:
                return 404, {"error": {"type": "status_exception", "reason": "notification config not found"}}
            return 200, {"config_list": [{"config_id": names[0], "config": self.channels[names[0] or ""]}]}
        self.channels[names[0] or body["config_id"]] = body["config"]
        return 200, {"config_id": names[0] or body["config_id"]}

    def _bulk_get(self, _method: str, _names: Any, _query: Any, body: Any) -> Reply:
        missing = {"error": {"statusCode": 404, "error": "Not Found"}}
        found = [{**each, **self.saved.get((each["type"], each["id"]), missing)} for each in body]
        return 200, {"saved_objects": found}

    def _import(self, data: bytes) -> Reply:
        lines = [json.loads(line) for line in data.decode().splitlines() if line.startswith("{")]
        for each in lines:
            self.saved[each["type"], each["id"]] = {"updated_at": "now", **each}
        return 200, {"success": True, "successCount": len(lines)}


def _current(stored: Stored | None, query: dict[str, str]) -> bool:
    """What is new needs no sequence number, what exists needs its own."""
    return query.get("if_seq_no") == (None if stored is None else str(stored.seq_no))


def policy_problem(policy: Body) -> str:  # noqa: PLR0911 - one for each rule
    unknown = set(policy) - {"description", "default_state", "states", "ism_template", "error_notification"}
    if unknown:
        return f"Invalid field: [{', '.join(sorted(unknown))}] found in Policy."
    names = [state["name"] for state in policy["states"]]
    if len(set(names)) != len(names) or policy["default_state"] not in names:
        return "Policy must have a valid default state and no duplicate state names"
    for state in policy["states"]:
        if set(state) != {"name", "actions", "transitions"}:
            return "Invalid field found in State."
        kinds = [next(iter(set(action) - {"retry", "timeout"})) for action in state["actions"]]
        if {"delete", "cold_delete"} & set(kinds) and (
            state["transitions"] or kinds[-1] not in {"delete", "cold_delete"}
        ):
            return f"State={state['name']} cannot contain transitions if using delete action"
        if any(transition["state_name"] not in names for transition in state["transitions"]):
            return f"Policy contains a transition in state={state['name']} pointing to a nonexistent state"
        if any(len(transition["conditions"]) != 1 for transition in state["transitions"]):
            return "Cannot provide more than one Transition condition"
    return ""


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def client(domain: Domain, *, seconds: float = 600.0, clock: Clock | None = None) -> Client:
    """A client of the domain in memory, whose time costs nothing."""
    clock = clock or Clock()
    return Client(
        "https://domain.example", lambda _m, _u, _d, headers: headers, deadline=seconds,
        opener=domain, clock=clock, sleep=clock.sleep,  # type: ignore[arg-type]
    )  # fmt: skip
