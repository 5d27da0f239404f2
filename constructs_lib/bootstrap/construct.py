"""The function that sets the domain up from inside, and the call that Terraform makes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cdktf import ITerraformDependable
from constructs import Construct

from constructs_lib.aws import (
    CloudwatchEventRule,
    CloudwatchEventTarget,
    LambdaInvocation,
    LambdaPermission,
)
from constructs_lib.configuration.bootstrap import BootstrapSettings
from constructs_lib.configuration.iam import IamSettings
from constructs_lib.encryption import Encryption
from constructs_lib.function import Function
from constructs_lib.lambda_archive import FunctionArchive, function_archive
from constructs_lib.network import Network

if TYPE_CHECKING:
    from constructs_lib.domain import SearchDomain

FOLDER = "bootstrap"
HANDLER = f"{FOLDER}.handler.handler"
RUNTIME = Path(__file__).with_name("runtime")
WAIT_SHARE = 2
"""A domain that is not ready is waited for this part of the function's time."""


@cache
def bootstrap_archive() -> FunctionArchive:
    """The function's archive, made once in a process: its own modules and files; Lambda's runtime has all it needs."""
    return function_archive(RUNTIME, folder=FOLDER)


class Bootstrap(Construct):
    """A function that installs templates, lifecycle, roles, dashboards and alerts in a domain, idempotently.

    It is made before the domain, whose master user its role is; `install` then tells it of the domain and has Terraform
    call it: once the domain is there, before the delivery stream is, and again exactly when what it installs changes.
    Terraform needs no network path to the domain. The call's answer lists each object and what became of it; a failed
    installation fails the apply with the reason.

    Args:
        name: what the function's name begins with.
        encryption: the key of its environment and its log.
        network: the VPC to run in, when the domain is in one.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        encryption: Encryption,
        settings: BootstrapSettings | None = None,
        network: Network | None = None,
        iam: IamSettings | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.settings = settings or BootstrapSettings()
        self._archive = bootstrap_archive()
        vpc = network is not None if self.settings.vpc is None else self.settings.vpc
        self.function = Function(
            self,
            "function",
            name=f"{name}-bootstrap",
            description="Sets the search domain up from inside: templates, lifecycle, roles, dashboards",
            archive=self._archive,
            handler=HANDLER,
            encryption=encryption,
            settings=self.settings.function,
            environment={},
            reserved_concurrent_executions=self.settings.function.reserved_concurrent_executions,
            network=network if vpc else None,
            iam=iam,
        )
        self.role = self.function.role
        self.invocation: LambdaInvocation | None = None

    def install(
        self,
        domain: SearchDomain,
        *,
        installed: Mapping[str, str],
        beside: Mapping[str, str] | None = None,
        depends_on: Sequence[ITerraformDependable] = (),
    ) -> ITerraformDependable:
        """Have the function called; what must find the domain ready depends on what this returns.

        Args:
            domain: the domain, which grants the function's role its API.
            installed: environment variables that decide what is installed (``runtime/settings.py``): a change of one
                calls the function again.
            beside: environment variables that do not.
            depends_on: what else must be there before the call.
        """
        domain.grant_setup(self.role, patterns=(installed["INDEX_NAME"], installed["QUERIES_NAME"]))
        if domain.security_groups is not None and self.function.security_groups is not None:
            self.function.security_groups.allow_https_to(domain.security_groups, peer="bootstrap")
        decisive = {"ENDPOINT": domain.endpoint, **installed}
        # An upgraded engine speaks another dialect; the function asks for it, so it is no variable.
        causes = {"CODE": self._archive.source_code_hash, "ENGINE": domain.settings.engine_version}
        waiting = {"WAIT_SECONDS": str(self.settings.function.timeout // WAIT_SHARE)}
        variables = decisive | dict(beside or {}) | waiting
        self.function.resource.put_environment(variables=dict(sorted(variables.items())))
        policy = [self.role.policy] if self.role.policy is not None else []
        self.invocation = LambdaInvocation(
            self,
            "invocation",
            function_name=self.function.resource_name,
            qualifier=self.function.alias.name,
            input=json.dumps({"action": "install"}),
            triggers={**causes, **dict(sorted(decisive.items()))},
            depends_on=[*policy, *depends_on],
        )
        if self.settings.schedule is not None:
            self._repeat(self.settings.schedule)
        done: ITerraformDependable = self.invocation
        return done

    def _repeat(self, schedule: str) -> None:
        """Run now and then: what had to wait for documents is installed, what was changed by hand is made right."""
        rule = CloudwatchEventRule(
            self,
            "schedule",
            name=self.function.name,
            description="Installs in the search domain what had to wait for documents",
            schedule_expression=schedule,
        )
        CloudwatchEventTarget(
            self,
            "schedule-target",
            rule=rule.name,
            arn=self.function.qualified_arn,
            input=json.dumps({"action": "install"}),
        )
        LambdaPermission(
            self,
            "schedule-permission",
            action="lambda:InvokeFunction",
            function_name=self.function.resource_name,
            qualifier=self.function.alias.name,
            principal="events.amazonaws.com",
            source_arn=rule.arn,
        )
