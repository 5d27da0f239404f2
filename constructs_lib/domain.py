"""The search domain, OpenSearch or Elasticsearch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from constructs import Construct

from constructs_lib.aws import (
    CloudwatchLogResourcePolicy,
    IamServiceLinkedRole,
    OpensearchDomain,
    OpensearchDomainSamlOptions,
)
from constructs_lib.aws_context import AwsContext, name_in
from constructs_lib.configuration.domain import DomainSettings
from constructs_lib.configuration.domain_cluster import ClusterConfig
from constructs_lib.domain_requests import FOLD_APIS, RECOMMENDER_APIS, indices_of, setup_requests
from constructs_lib.encryption import EncryptionKey
from constructs_lib.iam import (
    Condition,
    PolicyDocument,
    Role,
    Statement,
    grantee,
    policy_document,
    policy_json,
    principal_of,
)
from constructs_lib.log_group import encrypted_log_group
from constructs_lib.network import Network, SecurityGroups
from constructs_lib.overriding import MAIN
from constructs_lib.rules import domain as rulebook
from constructs_lib.service_construct import ServiceConstruct

HTTP = ("es:ESHttpDelete", "es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPatch", "es:ESHttpPost", "es:ESHttpPut")
HTTP_READ = ("es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost")
"""Actions of a reader. Searches are POST requests; fine-grained access control restricts readers further."""
HTTP_WRITE = ("es:ESHttpPost", "es:ESHttpPut")
DESCRIBE = (
    "es:DescribeDomain",
    "es:DescribeDomainConfig",
    "es:DescribeDomains",
    "es:DescribeElasticsearchDomain",
    "es:DescribeElasticsearchDomainConfig",
    "es:DescribeElasticsearchDomains",
)
LOG_WRITE = ("logs:CreateLogStream", "logs:PutLogEvents", "logs:PutLogEventsBatch")


class Domain(ServiceConstruct):
    """A search domain and its grants. `SearchDomain` creates one, ``SearchDomain.from_attributes`` uses an existing
    one.

    Attributes:
        name: its name.
        arn: its ARN, computed from the name, so that policies on both sides can name it before it exists.
        resource_arn: the ARN as an attribute of the resource; references to it depend on the domain.
        resource_name: the name, as an attribute of the resource.
        endpoint: host name of its HTTPS endpoint.
        dashboard_endpoint: host and path of its dashboards.
        engine_version: such as ``OpenSearch_3.3``.
        cluster: its nodes; None if unknown.
        fine_grained: whether fine-grained access control is on.
        audited: whether audit logs are published.
        network: the VPC that it is in; None: its endpoint is public.
        subnet_ids: its subnets in that VPC.
        security_groups: its security groups there.
    """

    name: str
    arn: str
    resource_arn: str
    resource_name: str
    endpoint: str
    dashboard_endpoint: str
    engine_version: str
    cluster: ClusterConfig | None = None
    fine_grained: bool
    audited: bool
    network: Network | None = None
    subnet_ids: Sequence[str] = ()
    security_groups: SecurityGroups | None = None

    def allow(self, sid: str, principals: Sequence[str], actions: Sequence[str], paths: Sequence[str] = ("*",)) -> None:
        """Let principals (ARNs) call the domain's HTTP API, by the domain's own access policy.

        Does nothing if this stack does not manage the access policy.

        Args:
            paths: paths of the API; default: all.
        """

    def allow_read(self, sid: str, principals: Sequence[str]) -> None:
        """Let principals search; fine-grained access control must allow it too."""
        self.allow(sid, sorted(principals), HTTP_READ)

    def allow_administration(self, sid: str, principals: Sequence[str]) -> None:
        """Let principals use the whole API; fine-grained access control must allow it too."""
        self.allow(sid, sorted(principals), HTTP)

    def grant_read(self, role: Role) -> None:
        """Let a role search; fine-grained access control must allow it too."""
        self._grant_http("ReadDomain", role, HTTP_READ)

    def grant_write(self, role: Role) -> None:
        """Let a role index documents; fine-grained access control must allow it too."""
        self._grant_http("WriteDomain", role, HTTP_WRITE)

    def grant_read_write(self, role: Role) -> None:
        """Let a role search and index documents."""
        self._grant_http("ReadWriteDomain", role, sorted({*HTTP_READ, *HTTP_WRITE}))

    def _grant_http(self, sid: str, role: Role, actions: Sequence[str]) -> None:
        grantee(self, role).grant(sid, actions, [f"{self.arn}/*"])
        self._allow_role(sid, role, actions)

    def _allow_role(self, sid: str, role: Role, actions: Sequence[str], paths: Sequence[str] = ("*",)) -> None:
        """Allow a role in the domain's own policy too, for the same actions and paths as its own policy."""
        principal = principal_of(role)
        if principal is not None:
            self.allow(sid, [principal], actions, paths)

    def grant_index_write(self, role: Role, *, index_name: str) -> None:
        """Let Firehose's role describe the domain, write bulk requests, and read what Firehose checks first.

        Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-es
        """
        paths = (
            "_all/_settings",
            "_cluster/stats",
            *(f"{index}/{what}" for index in indices_of(index_name) for what in ("_mapping", "_mapping/*", "_stats")),
            "_nodes",
            "_nodes/stats",
            "_nodes/*/stats",
            "_stats",
        )
        who = grantee(self, role)
        who.grant("DescribeDomain", DESCRIBE, [self.arn])
        who.grant("WriteDocuments", HTTP_WRITE, [self.arn, f"{self.arn}/*"])
        who.grant("ReadIndexState", ["es:ESHttpGet"], [self.arn, *(f"{self.arn}/{path}" for path in paths)])
        self._allow_role("DeliveryWrites", role, HTTP_WRITE)
        self._allow_role("DeliveryReads", role, ["es:ESHttpGet"], paths)

    def grant_setup(self, role: Role, *, patterns: Sequence[str], indices: Sequence[str] = ()) -> None:
        """Let the bootstrap function's role set the domain up: by method and path, for the indices ``patterns``, those
        rotated from them, and single ``indices``. Fine-grained access control, if it is on, allows it as the master
        user.
        """
        requests = setup_requests(patterns, indices, opensearch=self.engine_version.startswith("OpenSearch"))
        self._grant_requests(role, "Bootstrap", requests)

    def grant_fold(self, role: Role, *, index_name: str) -> None:
        """Let a role fold events into sessions: search the events indices, and read and write the fold's own
        indices."""
        kept = [f"{index_name}.{kind}/{api}" for kind, apis in FOLD_APIS.items() for api in apis]
        requests = [
            ("ReadEvents", "es:ESHttpPost", [f"{index_name}-*/_search"]),
            ("KeepSessions", "es:ESHttpPost", kept),
            ("ReadProgress", "es:ESHttpGet", [f"{index_name}.recommender/_doc/*"]),
            ("WriteProgress", "es:ESHttpPut", [f"{index_name}.recommender/_doc/*"]),
        ]
        self._grant_requests(role, "Fold", requests)

    def grant_recommend(self, role: Role, *, index_name: str) -> None:
        """Let a role recommend: read sessions, profiles, items and the snapshot, and write items."""
        paths = [f"{index_name}.{kind}/{api}" for kind, apis in RECOMMENDER_APIS.items() for api in apis]
        requests = [
            ("ReadSessions", "es:ESHttpPost", paths),
            ("WriteItems", "es:ESHttpPost", [f"{index_name}.items/_bulk"]),
        ]
        self._grant_requests(role, "Recommender", requests)

    def _grant_requests(self, role: Role, whose: str, requests: Sequence[tuple[str, str, Sequence[str]]]) -> None:
        """Let a role make requests, each a name, an action, and paths below the domain's ARN."""
        who = grantee(self, role)
        for sid, action, paths in requests:
            who.grant(sid, [action], [f"{self.arn}/{path}" for path in paths])
            self._allow_role(f"{whose}{sid}", role, [action], paths)


class SearchDomain(Domain):
    """An OpenSearch Service domain: encrypted, HTTPS only, with logs, and an access policy that lists its callers.

    If people sign in with SAML or JSON web tokens, the policy admits all requests to fine-grained access control, which
    refuses those without a sign-in. A policy with IAM principals accepts only signed requests, and a browser cannot
    sign (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html).

    Args:
        name: name of the domain, unless the settings have one.
        encryption: the key for indices and log groups.
        network: the VPC for the domain; without one the endpoint is public, protected by the access policy.
        master_user_arn: IAM role of the master user, unless the settings name one. With it, fine-grained access
            control is on by default, if the engine supports it.
        adopted: whether the domain exists already. Another key would replace it, so only a key in the settings is
            used; fine-grained access control does not change unless the settings set it.
        retain: whether Terraform refuses to destroy the domain.

    Raises:
        ConfigurationError: AWS would refuse the domain; with all reasons.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        encryption: EncryptionKey,
        settings: DomainSettings | None = None,
        network: Network | None = None,
        master_user_arn: str | None = None,
        adopted: bool = False,
        retain: bool = True,
    ) -> None:
        super().__init__(scope, id_)
        settings = self.judge_settings("domain", settings, DomainSettings)
        self.settings = settings
        self.network = network
        self.name = settings.domain_name or name
        self.engine_version = settings.engine_version
        self.cluster = settings.cluster_config
        self._context = AwsContext.of(self)
        self._encryption = encryption
        self._log_groups: list[str] = []
        self._policy: PolicyDocument | None = None
        self.arn = self.local("arn", self._context.arn("es", f"domain/{self.name}"))
        values = settings.resource_arguments(
            name=name,
            kms_key_id=None if adopted else encryption.key_arn,
            master_user_arn=None if adopted else master_user_arn,
            log_group_arn=self._log_group,
            vpc_options=self._join(network) if network is not None else None,
        )
        self.fine_grained = values.get("advanced_security_options", {}).get("enabled", False)
        self.audited = self.fine_grained and any(
            log["log_type"] == "AUDIT_LOGS" and log.get("enabled", True) for log in values["log_publishing_options"]
        )
        self.resource = self.create(OpensearchDomain, MAIN, values, depends_on=self._prerequisites(), retain=retain)
        self.resource_arn = self.resource.arn
        self.resource_name = self.resource.domain_name
        self.endpoint = self.resource.endpoint
        self.dashboard_endpoint = self.resource.dashboard_endpoint
        self._let_in()
        beside = settings.judged_beside(values)
        self.judge_by(lambda arguments: rulebook.check({**arguments, **beside}))

    @classmethod
    def from_attributes(
        cls,
        scope: Construct,
        id_: str,
        *,
        domain_arn: str,
        endpoint: str,
        engine_version: str,
        fine_grained: bool = True,
        dashboard_endpoint: str | None = None,
        network: Network | None = None,
        security_group_ids: Sequence[str] = (),
    ) -> Domain:
        """An existing domain. This stack does not change its access policy and roles; they must admit the app's roles.

        Args:
            domain_arn: its ARN.
            endpoint: host name of its HTTPS endpoint.
            engine_version: such as ``OpenSearch_3.3``.
            fine_grained: whether fine-grained access control is on.
            dashboard_endpoint: host and path of its dashboards; default: ``ENDPOINT/_dashboards``.
            network: its VPC and subnets, if it is in a VPC.
            security_group_ids: its security groups there; rules are added to the first of them.
        """
        domain = Domain(scope, id_)
        given = {"arn": domain_arn, "endpoint": endpoint, "engine_version": engine_version}
        domain.judge_keys("existing.domain", {**given, "security_group_ids": list(security_group_ids)})
        domain.name = domain.resource_name = name_in(domain_arn)
        domain.arn = domain.resource_arn = domain_arn
        domain.endpoint = endpoint
        domain.dashboard_endpoint = dashboard_endpoint or f"{endpoint}/_dashboards"
        domain.engine_version, domain.fine_grained, domain.audited = engine_version, fine_grained, False
        if network is not None:
            domain.network, domain.subnet_ids = network, network.subnet_ids
            domain.security_groups = SecurityGroups(
                domain,
                "security-group",
                name=domain.name,
                description="Of the existing domain",
                vpc_id=network.vpc_id,
                given=security_group_ids,
            )
        return domain

    def allow(self, sid: str, principals: Sequence[str], actions: Sequence[str], paths: Sequence[str] = ("*",)) -> None:
        """Let principals (ARNs) call the domain's HTTP API, unless the settings have an access policy.

        Args:
            paths: paths of the API; default: all.
        """
        if self.settings.access_policies is not None:
            return
        if self._policy is None:
            self._policy = policy_document(self, "access")
            self.resource.access_policies = self._policy.json
        resources = [f"{self.arn}/{path}" for path in paths]
        self._policy.statements.append(Statement(sid, actions, resources, principals={"AWS": list(principals)}))

    def _let_in(self) -> None:
        """Create the access policy (from the settings, or to be extended by grants) and the SAML options."""
        policy, saml = self.settings.access_policies, self.settings.saml_options
        if policy is not None:
            self.resource.access_policies = policy if isinstance(policy, str) else json.dumps(policy, sort_keys=True)
        if saml is not None:
            options = {"domain_name": self.resource_name, "saml_options": saml.arguments("enabled")}
            self.create(OpensearchDomainSamlOptions, "saml", options)
        if self.fine_grained and self.settings.signs_people_in:
            self.allow("SignIn", ["*"], HTTP)

    def _join(self, network: Network) -> dict[str, Any]:
        """Subnets and security groups, with rules for the network's clients."""
        options = self.settings.vpc_options
        self.security_groups = SecurityGroups(
            self,
            "security-group",
            name=f"{self.name}-domain",
            description=f"HTTPS of the domain {self.name}",
            vpc_id=network.vpc_id,
            given=options.security_group_ids if options else None,
        )
        for number, group in enumerate(network.settings.client_security_group_ids):
            self.security_groups.allow_https_from_group(group, peer=f"client-group-{number}")
        for number, block in enumerate(network.settings.client_cidr_blocks):
            self.security_groups.allow_https_from_range(block, peer=f"client-range-{number}")
        self.subnet_ids = (options.subnet_ids if options else None) or network.subnet_ids
        return {"subnet_ids": self.subnet_ids, "security_group_ids": self.security_groups.ids}

    def _log_group(self, log_type: str) -> str:
        """Create the log group of a log type; returns its ARN."""
        kind = log_type.lower().replace("_", "-")
        group = encrypted_log_group(
            self,
            kind,
            name=f"/aws/OpenSearchService/domains/{self.name}/{kind}",
            retention_in_days=self.settings.log_retention_in_days,
            encryption=self._encryption,
        )
        arn: str = group.arn
        self._log_groups.append(arn)
        return arn

    def _prerequisites(self) -> list[Any]:
        """Resources that the domain depends on: the service-linked role, and the policy for its log groups."""
        needed = []
        if self.settings.service_linked_role:
            role = {"aws_service_name": "opensearchservice.amazonaws.com"}
            needed.append(self.create(IamServiceLinkedRole, "service-linked-role", role))
        if self._log_groups and self.settings.log_resource_policy:
            write = Statement(
                "DomainLogs",
                LOG_WRITE,
                [f"{group}:*" for group in self._log_groups],
                principals={"Service": ["es.amazonaws.com"]},
                conditions=[
                    Condition("StringEquals", "aws:SourceAccount", [self._context.account_id]),
                    Condition("ArnLike", "aws:SourceArn", [self.arn]),
                ],
            )
            policy = {
                "policy_name": f"{self.name}-domain-logs",
                "policy_document": policy_json(self, "log-permissions", [write]),
            }
            needed.append(self.create(CloudwatchLogResourcePolicy, "log-policy", policy))
        return needed
