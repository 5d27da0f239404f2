"""What the expected traffic requires of stream, transform and domain (section ``traffic`` of an environment file)."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import capacity, quotas, sources
from constructs_lib.rules.capacity import demand_of, possible, shape_of
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook
from constructs_lib.sizing import formulae, proposal
from constructs_lib.sizing.demand import Demand
from constructs_lib.sizing.hops import Hop, hops
from constructs_lib.sizing.numbers import share, shown
from constructs_lib.sizing.one_deployment import Wishes
from constructs_lib.sizing.shape import Shape

BOOK = Rulebook()

_AVERAGE, _PEAK = "traffic.events_per_second", "traffic.peak_events_per_second"


@BOOK.error(sources.SIZING)
def peak_is_not_below_the_average(pipeline: Arguments) -> Iterator[Problem]:
    """The peak of the traffic is not below its average."""
    average, peak = pipeline.number(_AVERAGE), pipeline.number(_PEAK)
    if average is None or peak is None or not possible("events_per_second", average):
        return
    if peak < average and possible("peak_events_per_second", peak):
        yield Problem(_PEAK, "is below the average of the day", peak, f"{average:g} or more")


@BOOK.error(sources.COLD_STORAGE)
def cold_days_follow_warm_ones(pipeline: Arguments) -> Iterator[Problem]:
    """Only warm indices become cold, so `cold_days` needs `warm_days`."""
    warm, cold = pipeline.number("traffic.warm_days", 0), pipeline.number("traffic.cold_days", 0)
    if cold and possible("cold_days", cold) and warm == 0:
        yield Problem(
            "traffic.cold_days", "need warm days: only warm indices become cold", cold, "0, or warm_days of 1 or more"
        )


@BOOK.error(sources.KINESIS_QUOTAS)
def traffic_fits_an_account(pipeline: Arguments) -> Iterator[Problem]:
    """Traffic fits the default quotas of one account in one region: 20,000 shards and 100 domains."""
    found = _read(pipeline)
    if found is None:
        return
    demand, shape = found
    try:
        proposal.propose(demand, shape, Wishes())
    except proposal.TooMuchError as error:
        allowed = "less traffic or fewer days; split larger traffic over accounts or regions, one file each"
        yield Problem(_AVERAGE, str(error), pipeline.get(_AVERAGE), allowed)


@BOOK.warning(quotas.API_SOURCE)
def collector_takes_the_requests(pipeline: Arguments) -> Iterator[Problem]:
    """The collector's throttle admits the requests of peak traffic with 20 % headroom."""
    for hop, _, _ in _strained(pipeline, "collector: requests"):
        yield _problem(pipeline, hop, f"{formulae.whole(hop.must / hop.target):,} requests a second or more")


@BOOK.warning(quotas.LAMBDA_CONCURRENCY)
def collector_has_the_calls(pipeline: Arguments) -> Iterator[Problem]:
    """The reserved concurrency of the collector's function covers the requests of peak traffic."""
    for hop, _, _ in _strained(pipeline, "collector: calls at once"):
        yield _problem(pipeline, hop, f"by_rate, or {formulae.whole(hop.must):,} or more")


@BOOK.warning(quotas.API_SOURCE)
def recommender_answers_the_requests(pipeline: Arguments) -> Iterator[Problem]:
    """The recommender's throttle admits the recommendations of peak traffic with 20 % headroom."""
    for hop, _, _ in _strained(pipeline, "recommender: requests"):
        yield _problem(pipeline, hop, f"{formulae.whole(hop.must / hop.target):,} requests a second or more")


@BOOK.warning(quotas.LAMBDA_CONCURRENCY)
def recommender_has_the_calls(pipeline: Arguments) -> Iterator[Problem]:
    """The reserved concurrency of the recommender's function covers the recommendations of peak traffic."""
    for hop, _, _ in _strained(pipeline, "recommender: calls at once"):
        yield _problem(pipeline, hop, f"{formulae.whole(hop.must):,} or more")


@BOOK.warning(sources.KINESIS_QUOTAS)
def stream_takes_the_traffic(pipeline: Arguments) -> Iterator[Problem]:
    """A stream takes peak traffic with 20 % headroom: a shard takes 1 MiB or 1,000 records a second."""
    found = _strained(pipeline, "stream: bytes", "stream: records")
    for hop, demand, shape in sorted(found, key=lambda item: -item[0].strain)[:1]:
        needed = formulae.shards(demand).value
        allowed = f"at most {shown(hop.can)} {hop.unit}" if shape.on_demand else f"{needed:,.0f} shards or more"
        yield _problem(pipeline, hop, allowed)


@BOOK.warning(sources.FIREHOSE_QUOTAS)
def transform_keeps_up(pipeline: Arguments) -> Iterator[Problem]:
    """Peak traffic needs at most half of the concurrent calls that Firehose makes and the function may run."""
    for hop, _, shape in _strained(pipeline, "transform: calls at once"):
        calls = formulae.whole(hop.must / hop.target)
        shards = formulae.whole(calls / quotas.FIREHOSE_LAMBDA_CALLS_PER_SHARD)
        yield _problem(pipeline, hop, f"{calls:,} or more" if shape.reserved_calls else f"{shards:,} shards or more")


@BOOK.warning(sources.SIZING)
def domain_indexes_the_traffic(pipeline: Arguments) -> Iterator[Problem]:
    """Peak traffic needs at most half of the data nodes' CPU, and each shard that is written to has 1.5 vCPUs."""
    found = _strained(pipeline, "domain: CPU", "domain: active shards")
    hop = max((hop for hop, _, _ in found), key=lambda hop: hop.strain, default=None)
    if hop is not None:
        shape = shape_of(pipeline.values)
        needed = (shape.vcpus or 0) * hop.strain
        yield _problem(pipeline, hop, f"{shown(needed)} vCPUs or more in all data nodes")


@BOOK.warning(sources.STORAGE_SIZING)
def storage_holds_the_data(pipeline: Arguments) -> Iterator[Problem]:
    """Disks hold the hot days of all copies and keep more free space than the storage alarm's threshold."""
    for hop, _, shape in _strained(pipeline, "domain: disk"):
        needed = formulae.disk_gib(hop.must / (shape.nodes or 1), shape.free_share)
        yield _problem(pipeline, hop, f"{needed:,.0f} GiB or more a data node")


@BOOK.warning(sources.INSTANCE_SIZING)
def memory_serves_the_disk(pipeline: Arguments) -> Iterator[Problem]:
    """A data node has a GiB of memory for every 60 GiB of index that it holds."""
    for hop, _, _ in _strained(pipeline, "domain: memory for the disk"):
        needed = hop.must / capacity.DISK_GIB_PER_MEMORY_GIB
        yield _problem(pipeline, hop, f"{shown(needed)} GiB of memory or more in all data nodes")


@BOOK.warning(sources.SIZING)
def shards_have_a_good_size(pipeline: Arguments) -> Iterator[Problem]:
    """A shard holds at most 50 GiB when the period of its index ends."""
    for hop, _, shape in _strained(pipeline, "index: size of a shard"):
        needed = formulae.whole(hop.share * (shape.primaries or 1))
        yield _problem(pipeline, hop, f"{needed:,} primary shards or more")


@BOOK.warning(sources.MASTERS)
def masters_manage_the_shards(pipeline: Arguments) -> Iterator[Problem]:
    """Dedicated masters have the memory that AWS recommends for the data nodes and shards that they manage."""
    for hop, _, shape in _strained(pipeline, "masters: shards"):
        name = formulae.masters(shape.nodes or 1, hop.must, shape.engine)
        yield _problem(pipeline, hop, f"{name or 'fewer shards'} or larger")


@BOOK.warning(sources.ULTRAWARM)
def warm_nodes_hold_the_warm_days(pipeline: Arguments) -> Iterator[Problem]:
    """Warm nodes serve the warm days: 1.5 TiB each of the medium type, 20 TiB of the large one."""
    found = _read(pipeline)
    if found is None or not pipeline.present("domain"):
        return
    demand, shape = found
    held = formulae.warm_gib(demand).value
    nodes = {name: max(2, formulae.whole(held / each)) for name, each in capacity.WARM_GIB.items()}
    allowed = " or ".join(f"{count:,} of {name}" for name, count in nodes.items())
    if demand.warm_days and not shape.warm_nodes:
        message = f"keeps the {demand.warm_days:g} warm days of the traffic on the data nodes"
        yield Problem("domain.cluster_config.warm_count", message, None, allowed)
    for hop, _, _ in _strained(pipeline, "warm: storage"):
        yield _problem(pipeline, hop, allowed)


@BOOK.warning(sources.ISM)
def ages_are_those_of_the_traffic(pipeline: Arguments) -> Iterator[Problem]:
    """`bootstrap` moves and deletes indices after the days that `traffic` gives."""
    hot, warm, cold = (pipeline.number(f"traffic.{key}_days") for key in ("hot", "warm", "cold"))
    days = (("warm_days", warm), ("cold_days", cold))
    if not all(value is None or possible(key, value) for key, value in days):
        return
    ages = {key: pipeline.number(f"bootstrap.{key}") for key in ("warm_after_days", "retention_days")}
    if hot is None or not possible("hot_days", hot) or not pipeline.present("bootstrap"):
        return
    total = hot + (warm or 0) + (cold or 0)
    kept = ages["retention_days"]
    if kept is not None and kept != total:
        message = f"differs from the {total:g} days that traffic keeps events"
        yield Problem("bootstrap.retention_days", message, kept, f"{total:g}, or other days in traffic")
    moved = ages["warm_after_days"]
    if moved is not None and moved != hot:
        message = f"differs from the {hot:g} hot days of traffic"
        yield Problem("bootstrap.warm_after_days", message, moved, f"{hot:g}, or other days in traffic")


@BOOK.warning(sources.FIREHOSE_QUOTAS)
def outage_outlasts_the_retry(pipeline: Arguments) -> Iterator[Problem]:
    """Firehose retries for two hours at most; after a longer outage `replay` sends documents from the bucket again."""
    for block in ("opensearch_configuration", "elasticsearch_configuration"):
        path = f"delivery.{block}.retry_duration"
        given, hours = pipeline.number(path), pipeline.number("stream.retention_period", quotas.RETENTION_MINIMUM_HOURS)
        if given is None or hours is None or not 0 < given < quotas.FIREHOSE_RETRY_MOST_S:
            continue
        message = f"sends documents to the bucket after {given:g} s, although the stream holds them for {hours:g} hours"
        allowed = f"{quotas.FIREHOSE_RETRY_MOST_S} seconds, the maximum; replay sends the bucket's documents again"
        yield Problem(path, message, given, allowed)


def _read(pipeline: Arguments) -> tuple[Demand, Shape] | None:
    demand = demand_of(pipeline.get("traffic"), recommends=pipeline.present("recommender") is True)
    return None if demand is None else (demand, shape_of(pipeline.values))


def _strained(pipeline: Arguments, *names: str) -> Iterator[tuple[Hop, Demand, Shape]]:
    """Hops of the given names whose headroom is used up."""
    found = _read(pipeline)
    if found is not None:
        demand, shape = found
        for hop in hops(shape, demand):
            if hop.name in names and hop.status != "ok":
                yield hop, demand, shape


def _problem(pipeline: Arguments, hop: Hop, allowed: str) -> Problem:
    verb = "does not carry" if hop.status == "breaks" else "leaves no room for"
    used = f"{shown(hop.must)} of {shown(hop.can)} {hop.unit} ({share(hop.share)}, {share(hop.target)} at most)"
    return Problem(hop.path, f"{verb} the traffic: {used}; {hop.breaks}", pipeline.get(hop.path), allowed)
