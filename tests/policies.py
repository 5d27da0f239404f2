"""A small simulator of IAM's policy evaluation over synthesized stacks.

References between resources are replaced by the ARNs and names that AWS would give them, in one account and region, so
that statements can be evaluated by IAM's own rules: an explicit Deny wins, wildcards match, every condition of a
statement must hold (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from tests.stacks import Terraform

ACCOUNT = "111122223333"
REGION = "eu-west-1"
_REFERENCE = re.compile(r"\$\{(?P<data>data\.)?(?P<type>\w+)\.(?P<id>[\w-]+)\.(?P<attribute>\w+)\}")
_ACCOUNT = re.compile(r'\$\{element\(split\(":", [^)]*\), 4\)\}')


@dataclass(frozen=True)
class Call:
    """One call of an API: an action on a resource, with what the request carries for conditions."""

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


class Policies:
    """The policies of a stack, resolved."""

    def __init__(self, stack: Terraform) -> None:
        self._stack = stack

    def role(self, logical_id: str) -> list[dict[str, Any]]:
        """Statements of the permissions of the role with a logical id."""
        match = _REFERENCE.fullmatch(self._stack.one("aws_iam_role_policy", f"{logical_id}_policy")["policy"])
        assert match is not None
        return self.document(match["id"])

    def document(self, logical_id: str) -> list[dict[str, Any]]:
        """Statements of the policy document with a logical id."""
        return [self._resolved(statement) for statement in self._stack.document(logical_id)]

    def allows(self, statements: Iterable[Mapping[str, Any]], call: Call) -> bool:
        """Whether a role with these statements may make a call."""
        effects = {statement.get("effect", "Allow") for statement in statements if _matches(statement, call)}
        return effects == {"Allow"}

    def text(self, value: str) -> str:
        """A string with its references replaced."""
        value = _ACCOUNT.sub(ACCOUNT, self._stack.expanded(value))
        return _REFERENCE.sub(self._value, value)

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._resolved(item) for item in value]
        if isinstance(value, dict):
            return {key: self._resolved(item) for key, item in value.items()}
        return value

    def _value(self, match: re.Match[str]) -> str:
        kind, id_, attribute = match["type"], match["id"], match["attribute"]
        if match["data"]:
            return {"partition": "aws", "dns_suffix": "amazonaws.com", "id": REGION, "account_id": ACCOUNT}[attribute]
        arguments = self._stack.all(kind)[id_]
        if (kind, attribute) == ("aws_kms_key_policy", "id"):
            return self.text(arguments["key_id"])
        if (kind, attribute) == ("aws_kms_key", "key_id"):
            return id_
        if (kind, attribute) == ("aws_lambda_alias", "arn"):
            function = self.text(arguments["function_name"])
            return f"{self._arn('aws_lambda_function', function, id_)}:{arguments['name']}"
        if attribute in arguments:
            return self.text(str(arguments[attribute]))
        name = next(
            (str(arguments[key]) for key in ("name", "domain_name", "function_name", "bucket") if key in arguments), id_
        )
        return {"arn": self._arn(kind, self.text(name), id_), "qualified_arn": self._arn(kind, name, id_) + ":1"}.get(
            attribute, f"{kind}-{id_}-{attribute}"
        )

    @staticmethod
    def _arn(kind: str, name: str, id_: str) -> str:
        place = f"{REGION}:{ACCOUNT}"
        return {
            "aws_iam_role": f"arn:aws:iam::{ACCOUNT}:role/{name}",
            "aws_s3_bucket": f"arn:aws:s3:::{id_}",
            "aws_kinesis_stream": f"arn:aws:kinesis:{place}:stream/{name}",
            "aws_opensearch_domain": f"arn:aws:es:{place}:domain/{name}",
            "aws_kinesis_firehose_delivery_stream": f"arn:aws:firehose:{place}:deliverystream/{name}",
            "aws_cloudwatch_log_group": f"arn:aws:logs:{place}:log-group:{name}",
            "aws_kms_key": f"arn:aws:kms:{place}:key/{id_}",
            "aws_lambda_function": f"arn:aws:lambda:{place}:function:{name}",
            "aws_sqs_queue": f"arn:aws:sqs:{place}:{name}",
            "aws_sns_topic": f"arn:aws:sns:{place}:{name}",
        }.get(kind, f"arn:aws:other:{place}:{kind}/{name}")


def _matches(statement: Mapping[str, Any], call: Call) -> bool:
    actions, resources = statement.get("actions", []), statement.get("resources", [])
    return (
        any(fnmatchcase(call.action.lower(), action.lower()) for action in actions)
        and any(fnmatchcase(call.resource, resource) for resource in resources)
        and all(_holds(condition, call.context) for condition in statement.get("condition", []))
    )


def _holds(condition: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    given = context.get(condition["variable"])
    if given is None:
        return False
    test = condition["test"]
    if test in {"StringLike", "ArnLike"}:
        return any(fnmatchcase(given, value) for value in condition["values"])
    assert test in {"StringEquals", "ArnEquals", "Bool"}, test
    return given in condition["values"]
