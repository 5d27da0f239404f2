"""IAM roles whose permissions are granted by the owners of what they use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from constructs import Construct

from constructs_lib.aws import (
    DataAwsIamPolicyDocument,
    DataAwsIamPolicyDocumentStatement,
    DataAwsIamPolicyDocumentStatementCondition,
    DataAwsIamPolicyDocumentStatementPrincipals,
    IamPolicy,
    IamRole,
    IamRolePolicy,
)
from constructs_lib.configuration.iam import IamSettings


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

    def struct(self) -> DataAwsIamPolicyDocumentStatement:
        """The statement as the data source takes it; actions are sorted so that plans stay quiet."""
        return DataAwsIamPolicyDocumentStatement(
            sid=self.sid,
            effect=self.effect,
            actions=sorted(self.actions),
            resources=list(self.resources) or None,
            principals=[
                DataAwsIamPolicyDocumentStatementPrincipals(type=kind, identifiers=list(identifiers))
                for kind, identifiers in sorted((self.principals or {}).items())
            ]
            or None,
            condition=[
                DataAwsIamPolicyDocumentStatementCondition(
                    test=item.test, variable=item.variable, values=list(item.values)
                )
                for item in self.conditions
            ]
            or None,
        )


def policy_json(scope: Construct, id_: str, statements: Sequence[Statement]) -> str:
    """A policy document as JSON, made by an ``aws_iam_policy_document`` data source."""
    json: str = DataAwsIamPolicyDocument(scope, id_, statement=[statement.struct() for statement in statements]).json
    return json


class Grantee(Construct):
    """Whoever is granted permissions by the ``grant_*`` methods of other constructs; they are written as one policy."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self._statements: list[DataAwsIamPolicyDocumentStatement] = []
        self._collecting = False
        self._document: DataAwsIamPolicyDocument | None = None

    def grant(
        self, sid: str, actions: Sequence[str], resources: Sequence[str], conditions: Sequence[Condition] = ()
    ) -> None:
        """Allow ``actions`` on ``resources``."""
        self._statements.append(Statement(sid, actions, resources, conditions).struct())
        if not self._collecting:
            self._write()

    @contextmanager
    def granting(self) -> Iterator[None]:
        """Write the policy once, after all the grants made inside, and not anew with each of them."""
        outermost, known = not self._collecting, len(self._statements)
        self._collecting = True
        try:
            yield
        finally:
            self._collecting = not outermost
        if outermost and len(self._statements) > known:
            self._write()

    def _write(self) -> None:
        if self._document is None:
            self._document = DataAwsIamPolicyDocument(self, "permissions", statement=self._statements)
            self._attach(self._document.json)
        else:
            self._document.put_statement(self._statements)

    def _attach(self, policy: str) -> None:
        """Put the policy, as JSON, where it takes effect; called at the first grant."""


class ManagedPolicy(Grantee):
    """A policy of its own, for roles that are made elsewhere in this account to attach.

    Args:
        name: name of the policy, unique in the account.
        settings: the path that the account wants of IAM's resources.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, description: str, settings: IamSettings | None = None
    ) -> None:
        super().__init__(scope, id_)
        self._name, self._description, self._path = name, description, (settings or IamSettings()).path
        self.arn: str | None = None
        """None before the first grant."""

    def _attach(self, policy: str) -> None:
        resource = IamPolicy(
            self, "Resource", name=self._name, description=self._description, path=self._path, policy=policy
        )
        self.arn = resource.arn


class ServiceRole(Grantee):
    """A role that one AWS service assumes for one resource of this account.

    The trust policy names the service and guards against the confused deputy: by the account, and where it is known by
    the ARN of the resource that the service works for (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
    Permissions come by `grant`, which the ``grant_*`` methods of other constructs call.

    Args:
        name: name of the role, at most 64 characters.
        service: the service principal, such as ``firehose.amazonaws.com``.
        account_id: the account that the service must be working for.
        source_arn: ARN, or a pattern of ARNs, of what the service must be working for; None where AWS sends none.
        settings: path and permissions boundary that the account wants of every role.
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
    ) -> None:
        super().__init__(scope, id_)
        settings = settings or IamSettings()
        conditions = [Condition("StringEquals", "aws:SourceAccount", [account_id])]
        if source_arn is not None:
            conditions.append(Condition("ArnLike", "aws:SourceArn", [source_arn]))
        trust = Statement("Trust", ["sts:AssumeRole"], principals={"Service": [service]}, conditions=conditions)
        self.resource = IamRole(
            self,
            "Resource",
            name=name,
            description=description,
            assume_role_policy=policy_json(self, "trust", [trust]),
            path=settings.path,
            permissions_boundary=settings.permissions_boundary,
        )
        self.arn: str = self.resource.arn
        self.name: str = self.resource.name
        self.policy: IamRolePolicy | None = None
        """What the role may do; whoever uses the role at once depends on it. None before the first grant."""

    def _attach(self, policy: str) -> None:
        self.policy = IamRolePolicy(self, "policy", name="permissions", role=self.name, policy=policy)
