"""IAM roles and policies; the constructs that a role uses grant the permissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from cdktf import TerraformStack, Token
from constructs import Construct, IConstruct

from constructs_lib.aws import DataAwsIamPolicyDocument, IamPolicy, IamRole, IamRolePolicy
from constructs_lib.aws_context import name_in
from constructs_lib.configuration.errors import Problem
from constructs_lib.configuration.iam import IamSettings
from constructs_lib.overriding import MAIN
from constructs_lib.reporting import report, settings_are_judged
from constructs_lib.rules.resources import GRANTS
from constructs_lib.service_construct import ServiceConstruct, logical_part, written_late


@dataclass(frozen=True)
class Condition:
    """One condition of a policy statement, such as ``StringEquals`` on ``aws:SourceAccount``."""

    test: str
    variable: str
    values: Sequence[str]


@dataclass(frozen=True)
class Statement:
    """One statement of a policy.

    ``principals`` maps a type (``Service``, ``AWS``) to identifiers and is for resource policies only.
    """

    sid: str
    actions: Sequence[str]
    resources: Sequence[str] = ()
    conditions: Sequence[Condition] = ()
    principals: Mapping[str, Sequence[str]] | None = None
    effect: str = "Allow"

    def block(self) -> dict[str, Any]:
        """The statement in the data source's shape; actions are sorted, so that plans show no change."""
        block: dict[str, Any] = {"sid": self.sid, "effect": self.effect, "actions": sorted(self.actions)}
        if self.resources:
            block["resources"] = list(self.resources)
        if self.principals:
            block["principals"] = [
                {"type": kind, "identifiers": list(identifiers)}
                for kind, identifiers in sorted(self.principals.items())
            ]
        if self.conditions:
            block["condition"] = [
                {"test": item.test, "variable": item.variable, "values": list(item.values)} for item in self.conditions
            ]
        return block


@dataclass
class PolicyDocument:
    """A policy document that grows until the stack is written."""

    json: str
    statements: list[Statement] = field(default_factory=list)


def policy_document(scope: ServiceConstruct, name: str, statements: Sequence[Statement] = ()) -> PolicyDocument:
    """A policy document, made by an ``aws_iam_policy_document`` data source; statements may be added later."""
    growing = list(statements)
    blocks = written_late(lambda: [statement.block() for statement in growing])
    source = scope.create(DataAwsIamPolicyDocument, name, {"statement": blocks})
    return PolicyDocument(source.json, growing)


def policy_json(scope: ServiceConstruct, name: str, statements: Sequence[Statement]) -> str:
    """A policy document that does not change any more, as JSON."""
    blocks = [statement.block() for statement in statements]
    text: str = scope.create(DataAwsIamPolicyDocument, name, {"statement": blocks}).json
    return text


class Grantee(ServiceConstruct):
    """A receiver of permissions from the ``grant_*`` methods of other constructs; they become one policy."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self._document: PolicyDocument | None = None

    def grant(
        self, sid: str, actions: Sequence[str], resources: Sequence[str], conditions: Sequence[Condition] = ()
    ) -> None:
        """Allow ``actions`` on ``resources``."""
        if self._document is None:
            self._document = policy_document(self, "permissions")
            self._attach(self._document.json)
        self._document.statements.append(Statement(sid, actions, resources, conditions))

    def _attach(self, policy: str) -> None:
        """Attach the policy (JSON); called at the first grant."""


class ManagedPolicy(Grantee):
    """A managed policy, for you to attach to roles of this account.

    Args:
        name: name of the policy, unique in the account.
        settings: path of IAM resources.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, description: str, settings: IamSettings | None = None
    ) -> None:
        super().__init__(scope, id_)
        self._values = {"name": name, "description": description, "path": (settings or IamSettings()).path}
        self.arn: str | None = None
        """None before the first grant."""

    def _attach(self, policy: str) -> None:
        self.arn = self.create(IamPolicy, MAIN, {**self._values, "policy": policy}).arn


class ServiceRole(Grantee):
    """A role that one AWS service assumes for one resource of this account.

    The trust policy names the service and prevents the confused deputy problem by the account and, if known, by the ARN
    of the resource that the service works for (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
    The ``grant_*`` methods of other constructs call `grant` to add permissions.

    Args:
        name: name of the role, at most 64 characters.
        service: the service principal, such as ``firehose.amazonaws.com``.
        account_id: the account that the service must be working for.
        source_arn: ARN, or a pattern of ARNs, of the resource that the service must work for; None if AWS sends none.
        settings: path and permissions boundary of every role.
        adopted: whether the role exists already; it then keeps its path, since another path would replace it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        description: str,
        service: str,
        account_id: str,
        source_arn: str | None = None,
        settings: IamSettings | None = None,
        adopted: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        settings = settings or IamSettings()
        conditions = [Condition("StringEquals", "aws:SourceAccount", [account_id])]
        if source_arn is not None:
            conditions.append(Condition("ArnLike", "aws:SourceArn", [source_arn]))
        trust = Statement("Trust", ["sts:AssumeRole"], principals={"Service": [service]}, conditions=conditions)
        self.resource = self.create(
            IamRole,
            MAIN,
            {
                "name": name,
                "description": description,
                "assume_role_policy": policy_json(self, "trust", [trust]),
                "path": settings.path,
                "permissions_boundary": settings.permissions_boundary,
            },
            ignore_changes=["path"] if adopted else (),
        )
        self.arn: str = self.resource.arn
        self.name: str = self.resource.name
        self.policy: Any = None
        """The role's policy resource. Resources that use the role at once must depend on it. None before the first
        grant."""

    def _attach(self, policy: str) -> None:
        self.policy = self.create(IamRolePolicy, "policy", {"name": "permissions", "role": self.name, "policy": policy})


class AttachedPolicy(Grantee):
    """An inline policy with the grants to a role that this library did not create.

    Args:
        role_name: name of the role.
        policy_name: name of the policy, unique within the role.
    """

    def __init__(self, scope: Construct, id_: str, *, role_name: str, policy_name: str) -> None:
        super().__init__(scope, id_)
        self._role_name, self._policy_name = role_name, policy_name

    def _attach(self, policy: str) -> None:
        self.create(IamRolePolicy, MAIN, {"name": self._policy_name, "role": self._role_name, "policy": policy})


Role: TypeAlias = Grantee | IamRole | str
"""Receivers of grants: a role or policy of this library, any ``IamRole`` of the app, or the ARN of a role in this
account."""


def principal_of(role: Role) -> str | None:
    """ARN of a role, for the policy of a resource; None for a `ManagedPolicy`, whose roles are unknown."""
    if isinstance(role, str):
        return role
    arn: str | None = None if isinstance(role, Grantee) and not isinstance(role, ServiceRole) else role.arn
    return arn


_attached: WeakKeyDictionary[IConstruct, dict[str, AttachedPolicy]] = WeakKeyDictionary()


def grantee(scope: ServiceConstruct, role: Role) -> Grantee:
    """The receiver of a role's permissions; an external role gets one policy for all grants of a stack."""
    if isinstance(role, Grantee):
        return role
    if isinstance(role, str):
        _judge_role(scope, role)
        # Names of roles are unique in an account, whatever their path.
        stack, name, key = scope.stack, name_in(role), role if Token.is_unresolved(role) else name_in(role)
    elif isinstance(role, IamRole):
        # In the role's own stack, so that what is granted there and the role's stack do not need each other.
        stack, name, key = TerraformStack.of(role), role.name, role.node.path
    else:
        kind = type(role).__name__
        raise TypeError(f"{scope.node.path}: role must be a role of this library, an IamRole or an ARN, not {kind}")
    known = _attached.setdefault(stack, {})
    if key not in known:
        label = _label([policy.prefix for policy in known.values()], role, name)
        known[key] = AttachedPolicy(stack, label, role_name=name, policy_name=f"granted-by-{stack.node.id}")
    return known[key]


def _judge_role(scope: ServiceConstruct, role: str) -> None:
    """Refuse an ARN that names no role."""
    if settings_are_judged() or Token.is_unresolved(role) or "${" in role:
        return
    findings = GRANTS.check({"role": role})
    if findings:
        report([Problem(scope.node.path, item.path, str(item), item.severity) for item in findings])


def _label(taken: Sequence[str], role: IamRole | str, name: str) -> str:
    """The id of a role's policy: after the role, with a number where another role's policy has that id."""
    if not isinstance(role, str):
        label = "-".join(role.node.path.split("/")[1:])
    else:
        label = str(len(taken)) if Token.is_unresolved(role) else name
    numbered = (f"granted-{label}", *(f"granted-{label}-{number}" for number in range(2, len(taken) + 2)))
    return next(each for each in numbered if logical_part(each) not in taken)
