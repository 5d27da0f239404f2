"""What must hold between a pipeline's stream, domain, delivery stream, archive and functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from constructs_lib import limits
from constructs_lib.limits import engines, quotas, sources
from constructs_lib.limits.engines import Engine, parse
from constructs_lib.limits.instances import INSTANCE_TYPES, OPTIMIZED, OPTIMIZED_REFRESH_S, InstanceType, family
from constructs_lib.limits.quotas import FIREHOSE_LAMBDA_CALLS_PER_SHARD
from constructs_lib.rules import traffic
from constructs_lib.rules.finding import Finding
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook, counted
from constructs_lib.rules.schedules import seconds_of

BOOK = Rulebook()
BOOK.include(traffic.BOOK)

_DESTINATIONS = tuple(f"delivery.{block}" for block in limits.DESTINATIONS)


def check(
    *,
    stream: object = None,
    domain: object = None,
    delivery: object = None,
    archive: object = None,
    bootstrap: object = None,
    transform: object = None,
    **beside: object,
) -> list[Finding]:
    """Findings about how the parts fit, with paths that begin with ``stream.``, ``domain.`` and so on.

    Args:
        stream: arguments of the stream; None leaves a part and its rules out.
        domain: arguments of the domain.
        delivery: arguments of the delivery stream, network interfaces included.
        archive: ``enabled``: whether an archive of all events is wanted.
        bootstrap: ``number_of_shards``, ``number_of_replicas``, ``refresh_interval``, ``retention_days``,
            ``warm_after_days`` and ``index_patterns`` (those of templates and roles), each optional.
        transform: ``function`` and ``processor``.
        beside: further inputs of the capacity rules: ``traffic`` with its defaults, ``monitoring``, ``collector``,
            ``region``.
    """
    parts = {
        "stream": stream,
        "domain": domain,
        "delivery": delivery,
        "archive": archive,
        "bootstrap": bootstrap,
        "transform": transform,
        **beside,
    }
    return BOOK.check({name: part for name, part in parts.items() if part is not None})


def _destination(pipeline: Arguments) -> str | None:
    return next((block for block in _DESTINATIONS if pipeline.present(block)), None)


def _engine(pipeline: Arguments) -> Engine | None:
    return parse(pipeline.text("domain.engine_version") or "")


def _instance_type(pipeline: Arguments) -> InstanceType | None:
    return INSTANCE_TYPES.get(pipeline.text("domain.cluster_config.instance_type") or "")


@BOOK.error(sources.FIREHOSE_VPC)
def vpc_domain_is_reached_through_its_vpc(pipeline: Arguments) -> Iterator[Problem]:
    """Firehose reaches a domain in a VPC through network interfaces in that VPC."""
    block = _destination(pipeline)
    if block and pipeline.present("domain.vpc_options") and pipeline.present(f"{block}.vpc_config") is False:
        yield Problem(f"{block}.vpc_config", "is required by a domain in a VPC", None, "subnets and security groups")


@BOOK.warning(sources.FIREHOSE_VPC)
def public_domain_needs_no_interfaces(pipeline: Arguments) -> Iterator[Problem]:
    """Firehose reaches a public domain without network interfaces."""
    block = _destination(pipeline)
    public = pipeline.present("domain") and pipeline.present("domain.vpc_options") is False
    if block and public and pipeline.present(f"{block}.vpc_config"):
        yield Problem(f"{block}.vpc_config", "is set, but the domain is not in a VPC", None, "no vpc_config")


@BOOK.error(sources.DOMAIN_QUOTAS)
def bulk_request_fits_the_domain(pipeline: Arguments) -> Iterator[Problem]:
    """The buffer is not larger than an HTTP request may be: 10 MiB on t2, t3, small m and c types, else 100 MiB."""
    yield from _bulk_request(pipeline, full=False)


@BOOK.warning(sources.DOMAIN_QUOTAS)
def bulk_request_leaves_room(pipeline: Arguments) -> Iterator[Problem]:
    """The buffer stays below that maximum: a bulk request is larger than the records in it."""
    yield from _bulk_request(pipeline, full=True)


def _bulk_request(pipeline: Arguments, *, full: bool) -> Iterator[Problem]:
    block, facts = _destination(pipeline), _instance_type(pipeline)
    size = pipeline.number(f"{block}.buffering_size") if block else None
    if size is None or facts is None or facts.http_mib is None:
        return
    most = facts.http_mib
    if (size == most) if full else (size > most):
        whose = pipeline.text("domain.cluster_config.instance_type")
        verb = "fills" if full else "exceeds"
        message = f"{verb} the {most} MiB that {whose} accepts in one request"
        yield Problem(f"{block}.buffering_size", message, size, f"less than {most} MiB")


@BOOK.error(sources.DELIVERY_PROVIDER)
def type_name_suits_the_engine(pipeline: Arguments) -> Iterator[Problem]:
    """Elasticsearch 7 and OpenSearch have no document types."""
    block, engine = _destination(pipeline), _engine(pipeline)
    if block and engine is not None and engine.reaches(engines.TYPELESS):
        given = pipeline.text(f"{block}.type_name")
        if given:
            yield Problem(f"{block}.type_name", f"is refused by {engine}", given, "no type_name")


@BOOK.error(sources.ADVANCED_OPTIONS)
def bulk_requests_may_name_their_index(pipeline: Arguments) -> Iterator[Problem]:
    """Firehose names the index inside its bulk requests; the domain must allow that."""
    options = pipeline.get("domain.advanced_options")
    name = "rest.action.multi.allow_explicit_index"
    if _destination(pipeline) and isinstance(options, Mapping) and str(options.get(name)).lower() == "false":
        yield Problem(f"domain.advanced_options.{name}", "stops Firehose from writing", options[name], '"true"')


@BOOK.error(sources.MULTI_AZ)
def copies_fill_the_standby_zones(pipeline: Arguments) -> Iterator[Problem]:
    """With standby, every index has three or six copies: a primary with two or five replicas."""
    replicas = pipeline.number("bootstrap.number_of_replicas")
    standby = pipeline.flag("domain.cluster_config.multi_az_with_standby_enabled")
    if standby and replicas is not None and (replicas + 1) % quotas.STANDBY_ZONES:
        yield Problem("bootstrap.number_of_replicas", "is refused by a domain with standby", replicas, "2 or 5")


@BOOK.warning(sources.SIZING)
def replicas_fit_the_nodes(pipeline: Arguments) -> Iterator[Problem]:
    """Each copy of a shard needs its own node; with too few nodes the cluster stays yellow."""
    replicas = pipeline.number("bootstrap.number_of_replicas")
    nodes = pipeline.number("domain.cluster_config.instance_count", 1)
    if pipeline.present("domain") and replicas is not None and nodes is not None and replicas >= nodes:
        allowed = f"{max(int(nodes) - 1, 0)} or fewer"
        message = f"is too many for {counted(nodes, 'node')}, so the cluster stays yellow"
        yield Problem("bootstrap.number_of_replicas", message, replicas, allowed)


@BOOK.warning(sources.SIZING)
def shards_fit_the_nodes(pipeline: Arguments) -> Iterator[Problem]:
    """All shards within the retention stay below 25 for each GiB of heap and below the engine's limit for a node."""
    block, facts = _destination(pipeline), _instance_type(pipeline)
    rotation = pipeline.text(f"{block}.index_rotation_period") if block else None
    days = _hot_days(pipeline)
    nodes = pipeline.number("domain.cluster_config.instance_count", 1)
    shards = pipeline.number("bootstrap.number_of_shards", 1)
    replicas = pipeline.number("bootstrap.number_of_replicas", 1)
    if facts is None or rotation not in quotas.ROTATION_DAYS:
        return
    if days is None or nodes is None or shards is None or replicas is None:
        return
    indices = days / quotas.ROTATION_DAYS[rotation] + 1
    total = indices * shards * (1 + replicas)
    a_node = min(facts.heap_gib * quotas.SHARDS_PER_HEAP_GIB, _shards_per_node(pipeline, facts))
    if total > nodes * a_node:
        message = (
            f"makes {total:.0f} shards in {counted(days, 'day')} ({counted(shards, 'shard')} an index, "
            f"{counted(replicas, 'replica')}), more than {counted(nodes, 'node')} can carry"
        )
        allowed = f"{nodes * a_node:.0f} shards: a longer rotation, fewer shards, a shorter retention or larger nodes"
        yield Problem(f"{block}.index_rotation_period", message, rotation, allowed)


def _hot_days(pipeline: Arguments) -> float | None:
    """Days that indices stay on the data nodes, until they move to warm nodes or are deleted."""
    warm = pipeline.number("bootstrap.warm_after_days")
    return warm if warm is not None else pipeline.number("bootstrap.retention_days")


def _shards_per_node(pipeline: Arguments, facts: InstanceType) -> float:
    engine = _engine(pipeline)
    if engine is not None and engine.name == engines.OPENSEARCH and engine.version >= quotas.LARGE_HEAP_ENGINE:
        steps = max(1, int(facts.heap_gib // quotas.LARGE_HEAP_GIB))
        return min(quotas.SHARDS_PER_NODE * steps, quotas.LARGE_HEAP_SHARDS_PER_NODE)
    return quotas.SHARDS_PER_NODE


@BOOK.error(sources.FINE_GRAINED)
def index_is_covered(pipeline: Arguments) -> Iterator[Problem]:
    """Index patterns of templates, roles and policies match the delivery's index and the date that rotation appends."""
    block, patterns = _destination(pipeline), pipeline.items("bootstrap.index_patterns")
    name = pipeline.text(f"{block}.index_name") if block else None
    rotation = pipeline.text(f"{block}.index_rotation_period", "OneDay") if block else None
    if not patterns or name is None or rotation is None or not all(isinstance(item, str) for item in patterns):
        return
    written = name if rotation == "NoRotation" else f"{name}-2027-01-31"
    if not any(_covers(pattern, written) for pattern in patterns):
        allowed = f"an index name that matches {' or '.join(patterns)}"
        yield Problem(
            f"{block}.index_name",
            f"creates indices such as {written}, which no index pattern of the templates matches",
            name,
            allowed,
        )


def _covers(pattern: str, name: str) -> bool:
    """Whether a pattern, in which ``*`` stands for any characters, covers a name."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == name
    if not name.startswith(first) or not name.endswith(rest[-1]):
        return False
    position = len(first)
    for part in rest[:-1]:
        found = name.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return position <= len(name) - len(rest[-1])


@BOOK.warning(sources.KINESIS_RETENTION)
def stream_outlasts_an_outage(pipeline: Arguments) -> Iterator[Problem]:
    """A failure on a Friday evening is found on Monday: with 72 hours of retention nothing is lost."""
    hours = pipeline.number("stream.retention_period", quotas.RETENTION_MINIMUM_HOURS)
    if not pipeline.present("stream") or not _destination(pipeline) or hours is None:
        return
    if quotas.RETENTION_MINIMUM_HOURS <= hours < quotas.OUTAGE_HOURS:
        given = pipeline.get("stream.retention_period")
        allowed = f"{quotas.OUTAGE_HOURS} hours or more"
        yield Problem("stream.retention_period", "covers less than a weekend outage", given, allowed)


@BOOK.warning(sources.KINESIS_LARGE_RECORDS)
def records_fit_the_delivery(pipeline: Arguments) -> Iterator[Problem]:
    """A stream may take records above 1,024 KiB, but Firehose does not guarantee to deliver them to a domain."""
    size = pipeline.number("stream.max_record_size_in_kib")
    if _destination(pipeline) and size is not None and size > quotas.LARGE_RECORD_KIB:
        message = "accepts records that Firehose does not guarantee to deliver"
        allowed = f"{quotas.LARGE_RECORD_KIB} KiB; put larger data into S3 and its location on the stream"
        yield Problem("stream.max_record_size_in_kib", message, size, allowed)


@BOOK.warning(sources.FIREHOSE_FAILURES)
def delivery_retries(pipeline: Arguments) -> Iterator[Problem]:
    """Without retries, Firehose sends documents to the bucket at every short outage of the domain."""
    block = _destination(pipeline)
    if block and pipeline.number(f"{block}.retry_duration") == 0:
        yield Problem(
            f"{block}.retry_duration",
            "makes Firehose give up at the first failure",
            0,
            f"{quotas.RETRY_SECONDS} seconds or more",
        )


@BOOK.error(sources.DELIVERY_PROVIDER)
def backup_mode_matches_the_archive(pipeline: Arguments) -> Iterator[Problem]:
    """`archive.enabled: true` needs `s3_backup_mode: AllDocuments`; false needs `FailedDocumentsOnly`."""
    block, asked = _destination(pipeline), pipeline.get("archive.enabled")
    if not block or not isinstance(asked, bool):
        return
    mode = pipeline.text(f"{block}.s3_backup_mode", "FailedDocumentsOnly")
    given = pipeline.get(f"{block}.s3_backup_mode")
    if mode == "AllDocuments" and not asked:
        yield Problem(
            f"{block}.s3_backup_mode", "keeps all events, but archive.enabled is false", given, "FailedDocumentsOnly"
        )
    if mode == "FailedDocumentsOnly" and asked:
        yield Problem(
            f"{block}.s3_backup_mode", "keeps failures only, but archive.enabled is true", given, "AllDocuments"
        )


@BOOK.warning(sources.FIREHOSE_QUOTAS)
def transform_takes_the_calls_of_every_shard(pipeline: Arguments) -> Iterator[Problem]:
    """Firehose calls the transform up to 5 times at once for each shard; throttled batches fail as a whole."""
    path = "transform.function.reserved_concurrent_executions"
    calls, shards = pipeline.number(path), pipeline.number("stream.shard_count", 1)
    on_demand = pipeline.text("stream.stream_mode_details.stream_mode", "PROVISIONED") != "PROVISIONED"
    if calls is None or shards is None or on_demand or not pipeline.present("stream"):
        return
    needed = FIREHOSE_LAMBDA_CALLS_PER_SHARD * shards
    # 0 stops the function, which another rule reports; -1 reserves nothing.
    if 0 < calls < needed:
        yield Problem(
            path,
            f"is fewer than the concurrent calls that Firehose makes for {counted(shards, 'shard')}",
            calls,
            f"{needed:g} or more",
        )


@BOOK.warning(sources.ULTRAWARM)
def warm_data_cannot_be_erased(pipeline: Arguments) -> Iterator[Problem]:
    """Warm indices are read-only: a request to erase a person's events does not reach them."""
    days = pipeline.number("bootstrap.warm_after_days")
    if days is not None and pipeline.flag("domain.cluster_config.warm_enabled"):
        path = "bootstrap.warm_after_days"
        allowed = "no warm_after_days, or a short retention_days"
        yield Problem(path, "moves events to read-only indices, where they cannot be erased", days, allowed)


@BOOK.error(sources.OPTIMIZED)
def optimized_nodes_refresh_slowly(pipeline: Arguments) -> Iterator[Problem]:
    """On OpenSearch-optimized data nodes (or1, or2, om2, oi2) an index refreshes every 10 seconds or less often."""
    path = "bootstrap.refresh_interval"
    given = pipeline.text(path) or ""
    seconds = seconds_of(given)
    kind = family(pipeline.text("domain.cluster_config.instance_type") or "")
    if seconds is not None and kind in OPTIMIZED and seconds < OPTIMIZED_REFRESH_S:
        yield Problem(path, f"is too short for {kind} data nodes", given, f"{OPTIMIZED_REFRESH_S}s or longer")
