"""Account, region and partition of a stack, as values that constructs can build ARNs from."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from cdktf import Fn, TerraformLocal, TerraformStack, Token
from constructs import Construct, IConstruct

from constructs_lib.aws import DataAwsCallerIdentity, DataAwsPartition, DataAwsRegion

_ID = "context"
_contexts: WeakKeyDictionary[IConstruct, AwsContext] = WeakKeyDictionary()


class AwsContext(Construct):
    """Where a stack is deployed, one for each stack.

    Partition and region come from data sources that the provider resolves without AWS, so a plan needs no credentials.
    The account comes from `set_account` (the environment file's ``account_id``, or the account in the ARN of the
    deployment's key), or else from ``data.aws_caller_identity``, which calls AWS. It is a local value of the stack,
    ``local.account_id``.
    """

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self._given: str | None = None
        self._account: str | None = None
        self._source: DataAwsPartition | None = None
        self._partition: str | None = None
        self._region: str | None = None
        self._suffix: str | None = None

    @classmethod
    def of(cls, scope: IConstruct) -> AwsContext:
        """The context of the stack that ``scope`` is in."""
        # Cached for the stack and each scope, because a search of the tree calls Node each time.
        if scope not in _contexts:
            stack = TerraformStack.of(scope)
            if stack not in _contexts:
                _contexts[stack] = cls(stack, _ID)
            _contexts[scope] = _contexts[stack]
        return _contexts[scope]

    def _partition_source(self) -> DataAwsPartition:
        if self._source is None:
            self._source = DataAwsPartition(self, "partition")
            self._source.override_logical_id("current")
        return self._source

    @property
    def partition(self) -> str:
        """``aws``, ``aws-cn``, ``aws-us-gov`` ..."""
        if self._partition is None:
            self._partition = self._partition_source().partition
        return self._partition

    @property
    def dns_suffix(self) -> str:
        """``amazonaws.com`` or the partition's own."""
        if self._suffix is None:
            self._suffix = self._partition_source().dns_suffix
        return self._suffix

    @property
    def region(self) -> str:
        """The provider's region. ``id`` is the one attribute that versions 5 and 6 of the provider share."""
        if self._region is None:
            source = DataAwsRegion(self, "region")
            source.override_logical_id("current")
            self._region = source.id
        return self._region

    @property
    def account_id(self) -> str:
        """Twelve digits."""
        if self._account is None:
            given = self._given
            if given is None:
                source = DataAwsCallerIdentity(self, "identity")
                source.override_logical_id("current")
                given = source.account_id
            local = TerraformLocal(self, "account_id", given)
            local.override_logical_id("account_id")
            self._account = local.as_string
        return self._account

    def set_account(self, account_id: str) -> None:
        """Set the account, unless it is set already."""
        if self._given is None:
            self._given = account_id

    def set_account_from_arn(self, arn: str) -> None:
        """Set the account from the ARN of a resource in it."""
        if self._given is None:
            self._given = Fn.element(Fn.split(":", arn), 4)

    def arn(self, service: str, resource: str) -> str:
        """``arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE``."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"


def name_in(arn: str) -> str:
    """The NAME in an ARN ``...:KIND/NAME``; the ARN may be known only after an apply."""
    if Token.is_unresolved(arn):
        name: str = Fn.element(Fn.reverse(Fn.split("/", arn)), 0)
        return name
    return arn.rpartition("/")[2]
