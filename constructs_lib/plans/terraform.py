"""Run Terraform on synthesized stacks, with AWS or without.

Terraform needs a provider, a place for its state, and credentials. The provider comes from the source in Terraform's
own configuration (the public registry, unless ``provider_installation`` names another), or from the local mirror that
``TF_PLUGIN_DIR`` names. ``Terraform.prepare`` copies a stack into a work folder and, without credentials, adds an
override file that gives the provider dummy ones and keeps the state in that folder. ``plan`` then needs no AWS, since a
stack reads nothing from AWS to plan.

Used by ``make plan`` and by the tests that prove that real Terraform accepts the stacks::

    terraform = Terraform.find()
    folder = terraform.prepare("cdktf.out/stacks/dev", "build/plan/dev")
    terraform.init(folder)
    plan = terraform.plan(folder)  # the plan's JSON; build/plan/dev/plan.bin is the plan itself
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.version import Version

from constructs_lib.plans import provider_lock
from constructs_lib.plans.provider_lock import machine

OVERRIDE = "offline_override.tf.json"
"""Terraform merges files that end in ``_override`` over the others of their folder."""

PLAN = "plan.bin"


_REATTACH = "TF_REATTACH_PROVIDERS"
"""https://developer.hashicorp.com/terraform/plugin/debugging#running-terraform-with-a-provider-in-debug-mode"""

_ASKING_AWS = (
    "allowed_account_ids",
    "assume_role",
    "assume_role_with_web_identity",
    "forbidden_account_ids",
    "profile",
    "shared_config_files",
    "shared_credentials_files",
)
"""Provider arguments that make it ask AWS, or this machine, for credentials and the account."""

AWS_PROVIDER = Path("registry.terraform.io", "hashicorp", "aws")
SYNTHESIZED = ("cdk.tf.json", "assets", provider_lock.NAME)
"""Files that a synth writes into a stack's folder; others (working data, state, plans) are Terraform's and the
user's."""


class TerraformError(Exception):
    """Terraform is missing, did not run, or reported a problem of the stack; the message is Terraform's."""


@dataclass(frozen=True)
class Diagnostic:
    """One message of Terraform about a stack."""

    severity: str
    summary: str
    detail: str
    address: str

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Diagnostic:
        """From one entry of Terraform's JSON."""
        return cls(
            severity=raw["severity"],
            summary=raw["summary"],
            detail=raw.get("detail", ""),
            address=raw.get("address") or (raw.get("snippet") or {}).get("context") or "",
        )

    def __str__(self) -> str:
        """One line, as a person reads it."""
        where = f" ({self.address})" if self.address else ""
        return f"{self.severity}{where}: {self.summary}. {' '.join(self.detail.split())}".rstrip(". ")


@dataclass(frozen=True)
class Terraform:
    """A Terraform binary and, if ``TF_PLUGIN_DIR`` names one, the local mirror its providers come from."""

    binary: Path
    mirror: Path | None
    environment: Mapping[str, str] = field(default_factory=dict)
    """Further environment variables for every run."""

    @classmethod
    def find(cls, environment: Mapping[str, str] | None = None) -> Terraform:
        """The Terraform on the PATH; TerraformError if there is none, or if ``TF_PLUGIN_DIR`` names no mirror."""
        binary = shutil.which("terraform")
        if binary is None:
            raise TerraformError("Terraform is not on the PATH; https://developer.hashicorp.com/terraform/install")
        return cls(Path(binary), named_mirror(), environment or {})

    def prepare(self, stack: Path | str, folder: Path | str, *, offline: bool = True) -> Path:
        """Copy a synthesized stack into ``folder`` (emptied first, except for Terraform's own files).

        Only synthesized files are copied, not working data and state. ``offline`` adds the override: dummy credentials
        without checks, local state. An override cannot remove ``assume_role``, ``allowed_account_ids`` and the like,
        which ask AWS for the caller's identity, and import blocks, which read from AWS; the copy leaves them out.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            if not old.name.startswith(".terraform"):
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        for name in SYNTHESIZED:
            source = Path(stack, name)
            if source.is_dir():
                shutil.copytree(source, folder / name)
            elif source.is_file():
                shutil.copy2(source, folder / name)
        if offline:
            file = folder / "cdk.tf.json"
            document = json.loads(file.read_bytes())
            asking = [(block, key) for block in _providers(document) for key in _ASKING_AWS if key in block]
            asking += [(document, "import")] if "import" in document else []
            for block, key in asking:
                del block[key]
            if asking:
                file.write_text(json.dumps(document, indent=2), encoding="utf-8")
            (folder / OVERRIDE).write_text(json.dumps(offline_override(document), indent=2) + "\n", encoding="utf-8")
        return folder

    def init(self, folder: Path | str, *, backend: bool = True) -> None:
        """Install the providers, from the mirror if there is one, and set up the backend if asked to.

        Raises:
            TerraformError: with Terraform's message, and other sources of a provider.
        """
        source = [] if self.mirror is None else [f"-plugin-dir={self.mirror}"]
        try:
            self._run(folder, "init", "-input=false", "-no-color", f"-backend={str(backend).lower()}", *source)
        except TerraformError as error:
            if "provider" in str(error).lower():
                raise TerraformError(f"{error}\n{_elsewhere(self.mirror)}") from None
            raise

    def lock(self, folder: Path | str, platforms: Sequence[str]) -> None:
        """Write the lock file of a folder, with hashes for these platforms; from the mirror if there is one."""
        source = [] if self.mirror is None else [f"-fs-mirror={self.mirror}"]
        wanted = [f"-platform={platform}" for platform in platforms]
        try:
            self._run(folder, "providers", "lock", "-no-color", *source, *wanted)
        except TerraformError as error:
            raise TerraformError(f"{error}\n{_elsewhere(self.mirror)}") from None

    def validate(self, folder: Path | str) -> list[Diagnostic]:
        """Messages of ``terraform validate`` for an initialized folder; empty if it is valid without warnings."""
        answer = json.loads(self._run(folder, "validate", "-json", check=False))
        return [Diagnostic.of(raw) for raw in answer["diagnostics"]]

    def plan(self, folder: Path | str, *arguments: str, strict: bool = True) -> dict[str, Any]:
        """Plan an initialized folder as `write_plan` does, and return the plan's JSON."""
        self.write_plan(folder, *arguments, strict=strict)
        return self.show(folder, PLAN)

    def write_plan(self, folder: Path | str, *arguments: str, strict: bool = True) -> dict[str, str]:
        """Plan an initialized folder into ``plan.bin`` beside the stack, and return the action of each address.

        Raises TerraformError with every error and, if ``strict``, every warning: a deprecation is a warning.
        """
        said = self._run(
            folder, "plan", "-json", "-input=false", "-lock=false", f"-out={PLAN}", *arguments, check=False
        )
        messages = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
        found = [Diagnostic.of(entry["diagnostic"]) for entry in messages if entry.get("type") == "diagnostic"]
        bad = [each for each in found if strict or each.severity == "error"]
        if bad:
            raise TerraformError("\n".join(map(str, bad)))
        changes = (entry["change"] for entry in messages if entry.get("type") == "planned_change")
        return {change["resource"]["addr"]: change["action"] for change in changes}

    def show(self, folder: Path | str, file: str = PLAN) -> dict[str, Any]:
        """The JSON of a plan or a state."""
        shown: dict[str, Any] = json.loads(self._run(folder, "show", "-json", "-no-color", file))
        return shown

    def provider_schema(self, folder: Path | str) -> dict[str, Any]:
        """The AWS provider's own schema: ``provider``, ``resource_schemas``, ``data_source_schemas``."""
        answer = json.loads(self._run(folder, "providers", "schema", "-json"))
        schema: dict[str, Any] = answer["provider_schemas"][AWS_PROVIDER.as_posix()]
        return schema

    def _run(self, folder: Path | str, *arguments: str, check: bool = True) -> str:
        run = subprocess.run(
            [str(self.binary), *arguments],
            cwd=folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if (check and run.returncode != 0) or (run.returncode != 0 and not run.stdout):
            raise TerraformError(f"terraform {arguments[0]}:\n{run.stderr.strip() or run.stdout.strip()}")
        return run.stdout

    def _environment(self) -> dict[str, str]:
        environment = {**os.environ, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
        configuration = environment.get("TF_CLI_CONFIG_FILE")
        if configuration and not Path(configuration).is_file():
            del environment["TF_CLI_CONFIG_FILE"]  # else every run begins with a warning
        return {**environment, **self.environment}


@contextmanager
def served_provider(mirror: Path | None) -> Iterator[dict[str, str]]:
    """Keep one AWS provider process for many runs of Terraform; yields the environment variables that attach to it.

    Starting the provider and sending its schema takes most of a small run (four of five seconds). Runs that use one
    process must not overlap, because each configures it. ``init`` does not install an attached provider. Where the
    mirror has no unpacked provider, runs start their own.
    """
    found = [] if mirror is None else (mirror / AWS_PROVIDER).glob(f"*/{machine()}/terraform-provider-aws_*")
    newest = max(found, key=lambda binary: Version(binary.parent.parent.name), default=None)
    if newest is None:
        yield {}
        return
    # A served provider keeps its schema in memory; garbage collection costs time and frees little.
    environment = {**os.environ, "GOGC": "off", "GOMEMLIMIT": "3GiB"}
    environment.pop("AWS_CA_BUNDLE", None)  # with it, the provider cannot be configured a second time
    with subprocess.Popen(
        [str(newest), "-debug"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        try:
            yield {_REATTACH: _address(process)}
        finally:
            process.terminate()


def _address(process: subprocess.Popen[str]) -> str:
    """The address that a provider in debug mode prints."""
    for line in process.stdout or ():
        name, found, value = line.strip().partition("=")
        if found and name == _REATTACH:
            return value.strip("'")
    raise TerraformError("the AWS provider ended before it printed its address")


def offline_override(stack: Mapping[str, Any]) -> dict[str, Any]:
    """The override with which a stack plans without AWS: dummy credentials, local state."""
    dummy = {
        "access_key": "offline",
        "secret_key": "offline",
        "skip_credentials_validation": True,
        "skip_metadata_api_check": "true",
        "skip_requesting_account_id": True,
        "allowed_account_ids": None,  # no request for the account's id
    }
    aliases = [provider.get("alias") for provider in _providers(stack)]
    return {
        "terraform": {"backend": {"local": {"path": "terraform.tfstate"}}},
        "provider": {"aws": [{**dummy, **({"alias": alias} if alias else {})} for alias in aliases]},
    }


def _providers(stack: Mapping[str, Any]) -> list[dict[str, Any]]:
    blocks = stack.get("provider", {}).get("aws", [{}])
    return blocks if isinstance(blocks, list) else [blocks]


def _elsewhere(mirror: Path | None) -> str:
    """Advice for a provider that cannot be installed."""
    if mirror is None:
        return (
            "Without access to the public registry, set TF_PLUGIN_DIR to a local provider mirror (terraform providers "
            "mirror makes one), or provider_installation in Terraform's own configuration."
        )
    wanted = f"{provider_lock.NAME} has the required version (make provider-lock renews it)"
    return f"TF_PLUGIN_DIR names {mirror}; {wanted}."


def named_mirror() -> Path | None:
    """The folder that ``TF_PLUGIN_DIR`` names; None where it names none.

    Raises:
        TerraformError: it does not hold the AWS provider for this machine in the layout of a local mirror.
    """
    named = os.environ.get("TF_PLUGIN_DIR")
    if not named:
        return None
    if not is_mirror(Path(named)):
        raise TerraformError(f"TF_PLUGIN_DIR: {named} has no {AWS_PROVIDER.as_posix()} for {machine()}")
    return Path(named)


def is_mirror(folder: Path) -> bool:
    """Whether a folder has ``registry.terraform.io/hashicorp/aws/<version>/<os>_<arch>`` or the packed form of it."""
    provider = folder / AWS_PROVIDER
    return any(provider.glob(f"*/{machine()}")) or any(provider.glob(f"*_{machine()}.zip"))
