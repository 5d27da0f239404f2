"""Engine versions, and arguments that need a certain version."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import engines, sources
from constructs_lib.limits.engines import GROWING, LONGEST, OLDEST, OPENSEARCH, VERSIONS, Floor
from constructs_lib.limits.instances import FAMILY_FLOORS, family
from constructs_lib.rules.domain.facts import DATA_TYPE, MASTER_TYPE, engine_of
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook, did_you_mean

BOOK = Rulebook()

FLAG_FLOORS: dict[str, tuple[Floor, str]] = {
    "encrypt_at_rest.enabled": (engines.AT_REST, "encryption at rest"),
    "node_to_node_encryption.enabled": (engines.NODE_TO_NODE, "encryption between nodes"),
    "advanced_security_options.enabled": (engines.FINE_GRAINED, "fine-grained access control"),
    "advanced_security_options.jwt_options.enabled": (engines.JWT, "JWT sign-in"),
    "saml_options.enabled": (engines.SAML, "SAML sign-in"),
    "cognito_options.enabled": (engines.COGNITO, "Cognito sign-in"),
    "cluster_config.warm_enabled": (engines.ULTRAWARM, "UltraWarm"),
    "cluster_config.cold_storage_options.enabled": (engines.COLD_STORAGE, "cold storage"),
    "cluster_config.multi_az_with_standby_enabled": (engines.STANDBY, "multi-AZ with standby"),
    "aiml_options.s3_vectors_engine.enabled": (engines.S3_VECTORS, "the S3 vectors engine"),
}
"""Switches that need a version while they are on."""


@BOOK.error(sources.ENGINE_VERSIONS)
def version_is_offered(domain: Arguments) -> Iterator[Problem]:
    """The engine version is one that AWS offers; for a wrong one the provider replaces the domain."""
    engine = engine_of(domain)
    if engine is None or engine in VERSIONS or (engine.name == OPENSEARCH and engine.version[0] in GROWING):
        return
    offered = sorted((known for known in VERSIONS if known.name == engine.name), reverse=True)
    hint = did_you_mean(str(engine), offered)
    allowed = f"{engine.name}_" + ", ".join(f"{major}.{minor}" for _, (major, minor) in offered)
    yield Problem("engine_version", f"is not a version that AWS offers{hint}", str(engine), allowed)


@BOOK.error(sources.ENGINE_VERSIONS)
def version_is_written_out(domain: Arguments) -> Iterator[Problem]:
    """The engine version names its engine: `OpenSearch_2.19`, not `2.19` or `opensearch_2.19`."""
    given = domain.text("engine_version")
    if given is None or "${" in given or engine_of(domain) is not None:
        return
    bare = [str(version) for version in VERSIONS if str(version).endswith(f"_{given}")]
    hint = f"; did you mean {bare[0]}?" if bare else did_you_mean(given.replace(" ", "_"), VERSIONS)
    yield Problem("engine_version", f"does not name an engine and its version{hint}", given, "such as OpenSearch_3.3")


@BOOK.warning(sources.ENGINE_VERSIONS)
def version_is_known(domain: Arguments) -> Iterator[Problem]:
    """A version that is not in this list may be newer; if AWS does not offer it, the provider replaces the domain."""
    engine = engine_of(domain)
    if engine is not None and engine not in VERSIONS and engine.name == OPENSEARCH and engine.version[0] in GROWING:
        newest = max(known for known in VERSIONS if known.name == OPENSEARCH)
        yield Problem(
            "engine_version",
            "is not in the list of known versions",
            str(engine),
            f"{newest}, or check that AWS offers it",
        )


@BOOK.warning(sources.SUPPORT_WINDOWS)
def version_is_supported(domain: Arguments) -> Iterator[Problem]:
    """A version's standard support ends on a date; extended support costs extra and ends too.

    AWS recommends the last release of each OpenSearch major version, and no release of Elasticsearch.
    """
    engine = engine_of(domain)
    support = VERSIONS.get(engine) if engine is not None else None
    if engine is not None and support is not None and not (engine.name == OPENSEARCH and support == LONGEST):
        message = f"leaves standard support on {support.standard}, then costs extra until {support.extended}"
        *lasting, last = [str(known) for known, window in VERSIONS.items() if window is None]
        yield Problem("engine_version", message, str(engine), f"{', '.join(lasting)} or {last}")


@BOOK.error(sources.FEATURES_BY_VERSION)
def feature_is_in_the_version(domain: Arguments) -> Iterator[Problem]:
    """Encryption, access control, storage tiers, standby and sign-in each need a certain version or a later one."""
    engine = engine_of(domain)
    if engine is None:
        return
    for path, (floor, feature) in FLAG_FLOORS.items():
        if domain.flag(path) is True and not engine.reaches(floor):
            yield Problem(path, f"turns on {feature}, which {engine} lacks", True, f"{floor}, or false")
    if domain.text("auto_tune_options.desired_state") == "ENABLED" and not engine.reaches(engines.AUTO_TUNE):
        path = "auto_tune_options.desired_state"
        yield Problem(path, f"turns on Auto-Tune, which {engine} lacks", "ENABLED", f"{engines.AUTO_TUNE}, or DISABLED")
    path = "aiml_options.natural_language_query_generation_options.desired_state"
    if domain.text(path) == "ENABLED" and not engine.reaches(engines.NATURAL_LANGUAGE):
        yield Problem(
            path,
            f"turns on query generation, which {engine} lacks",
            "ENABLED",
            f"{engines.NATURAL_LANGUAGE}, or DISABLED",
        )


@BOOK.error(sources.FEATURES_BY_VERSION)
def log_is_in_the_version(domain: Arguments) -> Iterator[Problem]:
    """Error logs need Elasticsearch 5.1 or later, audit logs 6.7 or later."""
    engine = engine_of(domain)
    if engine is None:
        return
    floors = {"ES_APPLICATION_LOGS": engines.ERROR_LOGS, "AUDIT_LOGS": engines.FINE_GRAINED}
    for index, _ in enumerate(domain.items("log_publishing_options") or []):
        block = f"log_publishing_options[{index}]"
        floor = floors.get(domain.text(f"{block}.log_type") or "")
        if floor is not None and domain.flag(f"{block}.enabled", default=True) and not engine.reaches(floor):
            given = domain.text(f"{block}.log_type")
            yield Problem(f"{block}.log_type", f"is a log that {engine} lacks", given, f"{floor}, or no such log")


@BOOK.error(sources.FEATURES_BY_VERSION)
def coordinators_are_in_the_version(domain: Arguments) -> Iterator[Problem]:
    """Dedicated coordinator nodes need Elasticsearch 6.8 or later."""
    engine = engine_of(domain)
    if engine is None or engine.reaches(engines.COORDINATORS):
        return
    for index, _ in enumerate(domain.items("cluster_config.node_options") or []):
        block = f"cluster_config.node_options[{index}]"
        if domain.flag(f"{block}.node_config.enabled", default=False):
            path = f"{block}.node_config.enabled"
            yield Problem(
                path, f"adds coordinator nodes, which {engine} lacks", True, f"{engines.COORDINATORS}, or false"
            )


@BOOK.error(sources.INSTANCE_TYPES)
def instance_type_runs_the_version(domain: Arguments) -> Iterator[Problem]:
    """Instance families need a version: c5, i3, m5, r5 Elasticsearch 5.1, Graviton 7.9, optimized OpenSearch 2.11."""
    engine = engine_of(domain)
    if engine is None:
        return
    paths = [DATA_TYPE, *([MASTER_TYPE] if domain.flag("cluster_config.dedicated_master_enabled") else [])]
    for path in paths:
        instance_type = domain.text(path) or ""
        floor = FAMILY_FLOORS.get(family(instance_type))
        if floor is not None and not engine.reaches(floor):
            yield Problem(path, f"does not run {engine}", instance_type, f"{floor}, or another instance type")


@BOOK.error(sources.INSTANCE_TYPES)
def smallest_type_runs_old_versions_only(domain: Arguments) -> Iterator[Problem]:
    """t2.micro runs Elasticsearch 1.5 and 2.3 only."""
    engine = engine_of(domain)
    if engine is None or engine in OLDEST:
        return
    for path in (DATA_TYPE, *([MASTER_TYPE] if domain.flag("cluster_config.dedicated_master_enabled") else [])):
        if domain.text(path) == "t2.micro.search":
            yield Problem(path, f"does not run {engine}", "t2.micro.search", "t3.small.search or larger")
