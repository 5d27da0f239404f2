"""The lifecycle of one environment: synthesized, applied, re-planned, used, changed, destroyed.

Each step stores its results for the tests. Environments run concurrently in threads: most of the time is spent in fixed
waits of the provider.
"""

from __future__ import annotations

import base64
import copy
import http.client
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from constructs_lib.plans.terraform import Terraform
from rehearsal.definition import synthesize
from rehearsal.delivery import DeliverySettings, Outcome, Record
from rehearsal.delivery.aws import delivery, front_door
from rehearsal.delivery.bulk import SearchClient
from rehearsal.emulator import Emulator, emulator
from rehearsal.engines import ADMINISTRATOR, ENGINES, Server, engine
from rehearsal.ledger import SearchEngine
from rehearsal.rehearse import engine_for
from tests.apply.changes import BLUE_GREEN, IN_PLACE, REPLACEMENT, overlay
from tests.apply.inventory import inventory
from tests.apply.project import emulate, run, synthesized

ROOT = Path(__file__).resolve().parent.parent.parent

TRIES = 6

SHORT_WAITS = {"domain": {"timeouts": {"create": "10s", "update": "10s", "delete": "10s"}}}
"""The provider sleeps through its timeout before it first asks for a new domain: the same setting that users have."""


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """One document over another: mappings are merged, anything else is replaced."""
    merged = copy.deepcopy(dict(base))
    for key, value in over.items():
        known = merged.get(key)
        merged[key] = merge(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged


@dataclass
class Step:
    """One run of Terraform."""

    status: int
    output: str
    seconds: float


@dataclass
class Lifecycle:
    """One environment, its emulator and its engine."""

    name: str
    folder: Path
    aws: Emulator
    server: Server
    terraform: Terraform
    steps: dict[str, Step] = field(default_factory=dict)
    plans: dict[str, dict[str, Any]] = field(default_factory=dict)
    before: dict[str, list[str]] = field(default_factory=dict)
    applied: dict[str, list[str]] = field(default_factory=dict)
    after: dict[str, list[str]] = field(default_factory=dict)
    outcomes: list[tuple[Record, Outcome]] = field(default_factory=list)
    documents: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """The engine's documents of the put records, by index and id."""
    elsewhere: int = 0
    """The engine's answer to a write of the delivery role to another index."""
    templates: list[str] = field(default_factory=list)
    """Names of the index templates that the engine has after the apply."""
    requests: list[dict[str, Any]] = field(default_factory=list)
    """Requests to the domain's endpoint."""
    folded: dict[str, Any] = field(default_factory=dict)
    """The fold's answer; empty without a recommender."""
    recommended: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """Status and body of the recommender's API: of a signed request, and of one that is not."""
    said: list[str] = field(default_factory=list)
    """What the recommender's function wrote into its log."""
    state: dict[str, Any] = field(default_factory=dict)
    """Terraform's state after the apply."""

    @property
    def document(self) -> dict[str, Any]:
        """The environment file."""
        shipped: dict[str, Any] = yaml.safe_load((ROOT / "environments" / f"{self.name}.yaml").read_text("utf-8"))
        return shipped

    @property
    def region(self) -> str:
        """The environment's region."""
        return str(self.document["region"])

    @property
    def work(self) -> Path:
        """Where Terraform runs."""
        return self.folder / "work"

    def synthesize(self, over: Mapping[str, Any], *, file_switch: bool, synth_switch: bool) -> None:
        """The stack of the environment file with something laid over it, where Terraform finds it.

        The two switches that let data be destroyed: ``removal_policy`` in the file, and the one given to synth.
        """
        policy = {"removal_policy": "destroy" if file_switch else "retain"}
        document = merge(merge(merge(self.document, SHORT_WAITS), over), policy)
        made = synthesized(self.folder, self.name, document, allow_destroy=self.name if synth_switch else "")
        self.terraform.prepare(made, self.work, offline=False)
        emulate(self.work, self.folder / "terraform.tfstate")

    def run(self, step: str, *arguments: str) -> Step:
        """Run Terraform and keep what came of it under the step's name."""
        began = time.monotonic()
        done = run(self.terraform, self.work, *arguments)
        taken = self.steps[step] = Step(done.returncode, done.stdout + done.stderr, time.monotonic() - began)
        print(f"{self.name}: {step} in {taken.seconds:.0f} s (exit {taken.status})", flush=True)
        return taken

    def plan(self, step: str) -> None:
        """Plan, and keep the plan's JSON; a plan that Terraform refuses is kept as its step alone."""
        if self.run(step, "plan", "-out=plan.bin", "-detailed-exitcode").status != 1:
            self.plans[step] = self.terraform.show(self.work)

    def apply(self, step: str) -> Step:
        """Apply what is synthesized."""
        return self.run(step, "apply", "-auto-approve", "-parallelism=30")

    def put(self, lines: list[bytes]) -> None:
        """Put records on the applied stream and deliver them, as the applied delivery stream is configured."""
        resources = json.loads((self.folder / "terraform.tfstate").read_text("utf-8"))["resources"]
        names = {
            resource["type"]: resource["instances"][0]["attributes"]["name"]
            for resource in resources
            if resource["type"] in {"aws_kinesis_stream", "aws_kinesis_firehose_delivery_stream"}
        }
        kinesis = self.aws.client("kinesis", self.region)
        answer = kinesis.put_records(
            StreamName=names["aws_kinesis_stream"],
            Records=[{"Data": line, "PartitionKey": str(number)} for number, line in enumerate(lines)],
        )
        assert answer["FailedRecordCount"] == 0
        name = names["aws_kinesis_firehose_delivery_stream"]
        description = self.aws.client("firehose", self.region).describe_delivery_stream(DeliveryStreamName=name)
        settings = DeliverySettings.from_description(description["DeliveryStreamDescription"])
        search = front_door(self.aws, settings, self.aws.trusted)
        loop = delivery(
            self.aws,
            name,
            self.region,
            search,
            report=lambda record, outcome: self.outcomes.append((record, outcome)),
            most_retry_seconds=20,
        )
        loop.drain(quiet=1.0, most=60.0)
        self.elsewhere, _ = search.request("PUT", "/another-index/_doc/1", b"{}")

        self.server.request("POST", "/_refresh")
        client = SearchClient(self.server.url, authorization=self.authorization)
        if self.server.authority is not None:
            client.trusted = self.server.authority
        addresses = [(str(o.index), str(o.document_id)) for _, o in self.outcomes if o.kind == "indexed"]
        self.documents = SearchEngine(client.request).present(addresses)

    def recommend(self) -> None:
        """Fold what was delivered, once, and ask the API what goes with a kettle; where there is a recommender."""
        outputs = json.loads((self.folder / "terraform.tfstate").read_text("utf-8"))["outputs"]
        if "recommender_endpoint" not in outputs:
            return
        name = str(self.document["name"])
        functions = self.aws.client("lambda", self.region)
        folded = functions.invoke(FunctionName=f"{name}-fold", Qualifier="live", Payload=b"{}")
        self.folded = json.loads(folded["Payload"].read())
        self.server.request("POST", "/_refresh")
        url = f"{outputs['recommender_endpoint']['value']}/recommendations?recentItems=kettle&n=3&client_id=new"
        signed = AWSRequest(method="GET", url=url, headers={"Host": urlsplit(url).netloc})
        keys = self.aws.environment(self.region)
        operator = Credentials(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"])
        SigV4Auth(operator, "execute-api", self.region).add_auth(signed)
        for headers in (dict(signed.headers.items()), {}):
            for _ in range(TRIES):
                status, answer = _get(url, headers)
                # Beside other environments the engine may be slower than the function waits; it says when to come back.
                if status != HTTPStatus.SERVICE_UNAVAILABLE:
                    break
                time.sleep(5)
            self.recommended.append((status, answer))
        log = self.aws.client("logs", self.region).filter_log_events(logGroupName=f"/aws/lambda/{name}-recommender")
        self.said = [each["message"] for each in log["events"]]

    @property
    def authorization(self) -> str | None:
        """What the engine wants from its administrator."""
        given = ":".join(ADMINISTRATOR).encode()
        return f"Basic {base64.b64encode(given).decode()}" if self.server.security else None

    def look(self) -> None:
        """Store the results of the apply: in the account, the state, the engine and its endpoint."""
        self.applied = self.inventory()
        self.state = json.loads((self.folder / "terraform.tfstate").read_text("utf-8"))
        for path in ("_index_template", "_template"):
            answer = self.server.request("GET", path).json
            if isinstance(answer, dict):
                listed = answer.get("index_templates")
                names = [entry["name"] for entry in listed] if isinstance(listed, list) else list(answer)
                self.templates += [name for name in names if name not in {"error", "status"}]
        self.requests = [request for door in self.aws.requests().values() for request in door]

    def inventory(self) -> dict[str, list[str]]:
        """The existing resources, from the API."""
        return inventory(self.aws, self.region)

    def live(self, lines: list[bytes]) -> None:
        """Run the whole lifecycle; an error is stored as a step and checked by the tests."""
        self.before = self.inventory()
        self.synthesize({}, file_switch=False, synth_switch=False)
        self.terraform.init(self.work)
        if self.apply("apply").status != 0:
            return
        self.plan("re-plan")
        self.put(lines)
        self.recommend()
        self.look()
        for kind, switches in ((BLUE_GREEN, False), (REPLACEMENT, True), (IN_PLACE, False)):
            self.synthesize(overlay(kind, self.document), file_switch=switches, synth_switch=switches)
            self.plan(kind)
        self.run("change", "apply", "plan.bin")
        self.plan("re-plan after the change")
        self.run("destroy without a switch", "destroy", "-auto-approve")
        self.synthesize(overlay(IN_PLACE, self.document), file_switch=True, synth_switch=True)
        self.apply("apply with both switches")  # the bucket's objects may go from now on, and not before
        self.run("destroy", "destroy", "-auto-approve", "-parallelism=30")
        self.after = self.inventory()


def _get(url: str, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """Status and body of one request."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}", headers=dict(headers))
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


@contextmanager
def lifecycle(name: str, folder: Path) -> Iterator[Lifecycle]:
    """An environment with an emulator and a search engine of its own.

    A domain with fine-grained access control gets an engine with the security plugin, where there is one; elsewhere the
    front door stands in for the plugin's API.
    """
    document = yaml.safe_load((ROOT / "environments" / f"{name}.yaml").read_text("utf-8"))
    (domain,) = synthesize(name)["resource"]["aws_opensearch_domain"].values()
    wanted = engine_for(domain["engine_version"])
    guarded = bool((domain.get("advanced_security_options") or {}).get("enabled"))
    fine_grained = guarded and ENGINES[wanted].security is not None
    folder.mkdir(parents=True, exist_ok=True)
    with (
        emulator(account_id=str(document.get("account_id", "123456789012")), log=folder / "requests.log") as aws,
        engine(wanted, security=fine_grained) as server,
    ):
        aws.use_engine(server.url, ADMINISTRATOR if fine_grained else None)
        terraform = Terraform.find(aws.environment(str(document["region"])))
        print(f"{name}: emulated AWS and {server.name} are up", flush=True)
        yield Lifecycle(name, folder, aws, server, terraform)
