"""The search domain, OpenSearch or Elasticsearch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from constructs import Construct

from constructs_lib import limits
from constructs_lib.aws import (
    CloudwatchLogGroup,
    CloudwatchLogResourcePolicy,
    DataAwsIamPolicyDocument,
    IamServiceLinkedRole,
    OpensearchDomain,
    OpensearchDomainSamlOptions,
    arguments,
)
from constructs_lib.aws_context import AwsContext
from constructs_lib.configuration.domain import DomainSettings
from constructs_lib.encryption import Encryption
from constructs_lib.iam import Condition, ServiceRole, Statement, policy_json
from constructs_lib.limits.provider import split_beyond_bindings
from constructs_lib.network import Network, SecurityGroups

HTTP = ("es:ESHttpDelete", "es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPatch", "es:ESHttpPost", "es:ESHttpPut")
HTTP_READ = ("es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost")
"""Search bodies travel by POST; what a reader may do is narrowed further by fine-grained access control."""
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


class SearchDomain(Construct):
    """An OpenSearch Service domain: encrypted, HTTPS only, with logs, and an access policy that names who may call it.

    Where people sign in by SAML or JSON web tokens, the policy lets everybody's requests through to fine-grained access
    control, which refuses who is not signed in: a policy that names principals of IAM takes signed requests only, and a
    browser cannot sign (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html).

    `arn` is computed from the domain's name, so that policies on both sides can name it before it exists.

    Args:
        name: name of the domain, unless the settings have one.
        encryption: the key for indices and log groups.
        network: puts the domain into a VPC; without one the endpoint is public, guarded by the access policy.
        master_user_arn: IAM role that fine-grained access control starts with, unless the settings name one.
            It is on by default when there is such a role and the engine knows it.
        adopted: whether the domain exists already: another key would replace it, so only a key that the settings name
            is asked for, and fine-grained access control stays as it is unless the settings speak of it.
        retain: whether Terraform refuses to destroy the domain.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        encryption: Encryption,
        settings: DomainSettings | None = None,
        network: Network | None = None,
        master_user_arn: str | None = None,
        adopted: bool = False,
        retain: bool = True,
    ) -> None:
        super().__init__(scope, id_)
        settings = settings or DomainSettings()
        self.settings = settings
        self.network = network
        self.name = settings.domain_name or name
        self._context = AwsContext.of(scope)
        self.arn = self._context.arn("es", f"domain/{self.name}")
        self.security_groups: SecurityGroups | None = None
        self._statements: list[Statement] = []
        self._policy: DataAwsIamPolicyDocument | None = None
        values = settings.resource_arguments(master_user_arn=None if adopted else master_user_arn) | {
            "domain_name": self.name
        }
        if values["encrypt_at_rest"]["enabled"] and not adopted:
            values["encrypt_at_rest"].setdefault("kms_key_id", encryption.key_arn)
        if network is not None:
            values["vpc_options"] = self._join(network, settings)
        # What is off needs no log group, and is then nothing that the provider could be told.
        publishing = [
            options
            for options in values.get("log_publishing_options", [])
            if options.get("enabled", True) or "cloudwatch_log_group_arn" in options
        ]
        values["log_publishing_options"] = publishing
        depends_on = self._prerequisites(publishing, encryption)
        self.fine_grained: bool = values.get("advanced_security_options", {}).get("enabled", False)
        """Whether fine-grained access control is on."""
        self.audited: bool = self.fine_grained and any(
            options["log_type"] == "AUDIT_LOGS" and options.get("enabled", True) for options in publishing
        )
        """Whether audit logs are published."""
        known, beyond = split_beyond_bindings(limits.DOMAIN, values)
        self.resource = OpensearchDomain(
            self,
            "Resource",
            **arguments(OpensearchDomain, known),
            depends_on=depends_on or None,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if retain else None,
        )
        for path, value in beyond.items():
            self.resource.add_override(path, value)
        self.resource_arn: str = self.resource.arn
        """The ARN by way of the resource: whoever names it waits until the domain is there."""
        self.resource_name: str = self.resource.domain_name
        """The name, likewise."""
        self.endpoint: str = self.resource.endpoint
        self.dashboard_endpoint: str = self.resource.dashboard_endpoint
        policy = settings.access_policies
        if policy is not None:
            self.resource.access_policies = policy if isinstance(policy, str) else json.dumps(policy, sort_keys=True)
        if settings.saml_options is not None:
            OpensearchDomainSamlOptions(
                self,
                "saml",
                **arguments(
                    OpensearchDomainSamlOptions,
                    {
                        "domain_name": self.resource_name,
                        "saml_options": settings.saml_options.arguments("enabled"),
                    },
                ),
            )

        if self.fine_grained and settings.signs_people_in:
            self.allow("SignIn", ["*"], HTTP)

    def allow(self, sid: str, principals: Sequence[str], actions: Sequence[str]) -> None:
        """Let principals (ARNs) call the domain's HTTP API, unless the access policy is the user's own."""
        if self.settings.access_policies is not None:
            return
        self._statements.append(Statement(sid, actions, [f"{self.arn}/*"], principals={"AWS": list(principals)}))
        structs = [statement.struct() for statement in self._statements]
        if self._policy is None:
            self._policy = DataAwsIamPolicyDocument(self, "access", statement=structs)
            self.resource.access_policies = self._policy.json
        else:
            self._policy.put_statement(structs)

    def grant_http(self, sid: str, principals: Sequence[str], *, administer: bool = False) -> None:
        """Let principals search, or with ``administer`` do whatever fine-grained access control then lets them."""
        self.allow(sid, sorted(principals), HTTP if administer else HTTP_READ)

    def grant_delivery(self, role: ServiceRole, *, index_name: str) -> None:
        """Let Firehose's role describe the domain, write bulk requests, and read what Firehose looks at first.

        Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-es
        """
        paths = (
            "_all/_settings",
            "_cluster/stats",
            f"{index_name}*/_mapping",
            f"{index_name}*/_mapping/*",
            f"{index_name}*/_stats",
            "_nodes",
            "_nodes/stats",
            "_nodes/*/stats",
            "_stats",
        )
        role.grant("DescribeDomain", DESCRIBE, [self.arn])
        role.grant("WriteDomain", HTTP_WRITE, [self.arn, f"{self.arn}/*"])
        role.grant("ReadDomain", ["es:ESHttpGet"], [self.arn, *(f"{self.arn}/{path}" for path in paths)])
        self.allow("Delivery", [role.arn], ("es:ESHttpGet", *HTTP_WRITE))

    def grant_setup(self, role: ServiceRole, *, patterns: Sequence[str]) -> None:
        """Let the bootstrap function's role set the domain up: by method and path, and for indices whose names begin
        with ``patterns``. Fine-grained access control, where it is on, lets it by being its master user.
        """
        indices = [f"{name}*" for name in patterns]
        plugins = [
            f"{prefix}/{plugin}/*"
            for prefix in (("_plugins",) if self.settings.engine_version.startswith("OpenSearch") else ("_opendistro",))
            for plugin in ("_alerting", "_anomaly_detection", "_ism", "_notifications", "_security/api")
        ]
        dashboards = ["_dashboards/api/saved_objects/*", "_plugin/kibana/api/saved_objects/*"]
        templates = ["_component_template/*", "_index_template/*", "_template/*"]
        written = [*indices, *templates, *plugins]
        read = [*written, "", "_cat/nodes", "_cluster/health", "*/_alias", "_tasks/*", "_cold/indices/_search"]
        sent = [*indices, "_aliases", *plugins, *dashboards]
        for sid, action, paths in (
            ("Read", "es:ESHttpGet", read),
            ("Write", "es:ESHttpPut", written),
            ("Send", "es:ESHttpPost", sent),
            ("MapRoles", "es:ESHttpPatch", [path for path in plugins if "_security" in path]),
            ("GiveWay", "es:ESHttpDelete", [path for path in plugins if "_alerting" in path]),
        ):
            role.grant(sid, [action], [f"{self.arn}/{path}" for path in paths])
        self.allow("Bootstrap", [role.arn], HTTP)

    def _join(self, network: Network, settings: DomainSettings) -> dict[str, Any]:
        options = settings.vpc_options
        self.security_groups = SecurityGroups(
            self,
            "security-group",
            name=f"{self.name}-domain",
            description=f"HTTPS of the domain {self.name}",
            network=network,
            given=options.security_group_ids if options else None,
        )
        for number, group in enumerate(network.settings.client_security_group_ids):
            self.security_groups.allow_https_from_group(group, peer=f"client-group-{number}")
        for number, block in enumerate(network.settings.client_cidr_blocks):
            self.security_groups.allow_https_from_range(block, peer=f"client-range-{number}")
        subnets = (options.subnet_ids if options else None) or network.subnet_ids
        self.subnet_ids = subnets
        return {"subnet_ids": subnets, "security_group_ids": self.security_groups.ids}

    def _prerequisites(self, publishing: list[dict[str, Any]], encryption: Encryption) -> list[ITerraformDependable]:
        """Log groups for the logs that name none, a policy that lets the domain write them, the service-linked role."""
        needed: list[ITerraformDependable] = []
        if self.settings.service_linked_role:
            needed.append(
                IamServiceLinkedRole(self, "service-linked-role", aws_service_name="opensearchservice.amazonaws.com")
            )
        groups: list[str] = []
        for options in publishing:
            if options.get("enabled", True) and "cloudwatch_log_group_arn" not in options:
                kind = options["log_type"].lower().replace("_", "-")
                group = CloudwatchLogGroup(
                    self,
                    kind,
                    name=f"/aws/OpenSearchService/domains/{self.name}/{kind}",
                    retention_in_days=self.settings.log_retention_in_days,
                    kms_key_id=encryption.key_arn,
                )
                options["cloudwatch_log_group_arn"] = group.arn
                groups.append(options["cloudwatch_log_group_arn"])
        if groups and self.settings.log_resource_policy:
            write = Statement(
                "DomainLogs",
                LOG_WRITE,
                [f"{group}:*" for group in groups],
                principals={"Service": ["es.amazonaws.com"]},
                conditions=[
                    Condition("StringEquals", "aws:SourceAccount", [self._context.account_id]),
                    Condition("ArnLike", "aws:SourceArn", [self.arn]),
                ],
            )
            needed.append(
                CloudwatchLogResourcePolicy(
                    self,
                    "log-policy",
                    policy_name=f"{self.name}-domain-logs",
                    policy_document=policy_json(self, "log-permissions", [write]),
                )
            )
        return needed
