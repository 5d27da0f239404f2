"""The monthly quantities that AWS bills, and their costs from a price file of the user.

A price file is YAML: ``currency``, and ``prices`` by the name of a quantity, each for one of its unit::

    currency: USD
    prices:
      stream.shard_hours: 0.015
      domain.data_node_hours.r7g.large.search: 0.167

Names are those that ``size`` prints. Quantities without a price are listed as left out, not counted as zero.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from constructs_lib.configuration.errors import ConfigurationError
from constructs_lib.configuration.form import form_problems, placed
from constructs_lib.configuration.section import Section
from constructs_lib.configuration.yaml_file import read_yaml
from constructs_lib.limits import capacity, quotas, sources
from constructs_lib.rules.finding import sentence
from constructs_lib.rules.plan_values import is_number
from constructs_lib.sizing import formulae
from constructs_lib.sizing.demand import DAY_SECONDS, GIB, MIB, MONTH_DAYS, Demand
from constructs_lib.sizing.shape import Shape

HOURS = 730
"""Hours of a month, as AWS's calculators have it."""
_WEEK_HOURS = 168
_MILLION = 1e6
_LAMBDA_PRICING = "https://aws.amazon.com/lambda/pricing/"
_S3_PRICING = "https://aws.amazon.com/s3/pricing/"
_API_PRICING = "https://aws.amazon.com/api-gateway/pricing/"
_LOG_PRICING = "https://aws.amazon.com/cloudwatch/pricing/"
_LOG_BYTES = 1200
"""Bytes of log that a request to the collector writes: its metrics, Lambda's lines and the API's (measured)."""
_GZIP_SHARE = 0.2
"""Bytes of a compressed backup object to a byte of event (HOUSE: JSON packs to a fifth or less)."""


@dataclass(frozen=True)
class Driver:
    """One quantity a month."""

    name: str
    quantity: float
    unit: str
    source: str


@dataclass(frozen=True)
class Prices:
    """The content of a price file."""

    currency: str
    prices: Mapping[str, float]


def drivers(shape: Shape, demand: Demand, *, archived_days: float | None = None, vpc: bool = False) -> list[Driver]:
    """The quantities of a month, with disks and bucket at their steady size.

    Args:
        shape: the capacity.
        demand: the traffic.
        archived_days: days that the archive keeps every event; None: failures only, which are not counted.
        vpc: whether the delivery stream delivers into a VPC.
    """
    found = [
        *_requests(shape, demand),
        *_stream(shape, demand),
        *_delivery(shape, demand, vpc=vpc),
        *_domain(shape, demand),
    ]
    if archived_days is not None:
        stored = demand.average * DAY_SECONDS * demand.event_bytes / GIB * archived_days * _GZIP_SHARE
        found.append(Driver("archive.gib_months", stored, "GiB-months", _S3_PRICING))
    return [driver for driver in found if driver.quantity > 0]


def _requests(shape: Shape, demand: Demand) -> Iterator[Driver]:
    """Requests to the HTTP APIs; each is one call of a function and some lines of log."""
    month = DAY_SECONDS * MONTH_DAYS
    if shape.collector_rate is not None:
        requests = demand.average / demand.events_per_request * month / _MILLION
        yield Driver("collector.million_requests", requests, "million requests", _API_PRICING)
        yield Driver("collector.million_calls", requests, "million calls", _LAMBDA_PRICING)
        logs = requests * _MILLION * _LOG_BYTES / GIB
        yield Driver("collector.log_gib", logs, "GiB of logs", _LOG_PRICING)
    if shape.recommends:
        # Recommendations are stated at peak; over a day they follow the events.
        asked = demand.recommendations * demand.average / demand.peak * month / _MILLION
        if shape.recommender_rate is not None:
            yield Driver("recommender.million_requests", asked, "million requests", _API_PRICING)
        yield Driver("recommender.million_calls", asked, "million calls", _LAMBDA_PRICING)


def _stream(shape: Shape, demand: Demand) -> Iterator[Driver]:
    source = sources.KINESIS_PRICING
    records = demand.average / demand.events_per_record * DAY_SECONDS * MONTH_DAYS
    size = demand.event_bytes * demand.events_per_record
    gib = records * size / GIB
    hours = (shape.retention_seconds or 0) / 3600
    if shape.on_demand:
        yield Driver("stream.on_demand_hours", HOURS, "stream-hours", source)
        yield Driver("stream.on_demand_gib_in", gib, "GiB", source)
        yield Driver("stream.on_demand_gib_out", gib, "GiB", source)
    elif shape.shards:
        yield Driver("stream.shard_hours", shape.shards * HOURS, "shard-hours", source)
        units = records * math.ceil(size / quotas.PUT_UNIT_BYTES) / _MILLION
        yield Driver("stream.million_put_units", units, "million payload units of 25 KiB", source)
        if hours > quotas.RETENTION_MINIMUM_HOURS:
            yield Driver("stream.extended_retention_shard_hours", shape.shards * HOURS, "shard-hours", source)
    if hours > _WEEK_HOURS:
        stored = demand.average * DAY_SECONDS * demand.event_bytes / GIB * (hours - _WEEK_HOURS) / 24
        yield Driver("stream.long_retention_gib_months", stored, "GiB-months", source)


def _delivery(shape: Shape, demand: Demand, *, vpc: bool) -> Iterator[Driver]:
    events = demand.average * DAY_SECONDS * MONTH_DAYS
    steps = math.ceil(demand.event_bytes / quotas.FIREHOSE_STEP_BYTES)
    billed = events * steps * quotas.FIREHOSE_STEP_BYTES / GIB
    yield Driver("delivery.gib_in_5_kib_steps", billed, "GiB, each record in steps of 5 KiB", sources.FIREHOSE_PRICING)
    if vpc:
        gib = events * demand.kept * demand.document_bytes / GIB
        yield Driver("delivery.vpc_gib", gib, "GiB", sources.FIREHOSE_PRICING)
        yield Driver("delivery.vpc_zone_hours", shape.zones * HOURS, "zone-hours", sources.FIREHOSE_PRICING)
    if shape.transform and shape.memory_mib:
        seconds = events * formulae.event_seconds(demand, shape.memory_mib)
        yield Driver("transform.gib_seconds", seconds * shape.memory_mib / 1024, "GiB-seconds", _LAMBDA_PRICING)
        calls = events * demand.event_bytes / ((shape.batch_mib or 1) * MIB)
        # Firehose calls the function for each shard at least once per buffer interval.
        least = (shape.shards or 1) * MONTH_DAYS * DAY_SECONDS / max(1.0, shape.batch_seconds or 60)
        yield Driver("transform.million_calls", max(calls, least) / _MILLION, "million calls", _LAMBDA_PRICING)


def _domain(shape: Shape, demand: Demand) -> Iterator[Driver]:
    source, nodes = sources.OPENSEARCH_PRICING, shape.nodes or 0
    if shape.instance_type:
        yield Driver(f"domain.data_node_hours.{shape.instance_type}", nodes * HOURS, "instance-hours", source)
    if shape.masters and shape.master_type:
        yield Driver(f"domain.master_hours.{shape.master_type}", shape.masters * HOURS, "instance-hours", source)
    if shape.warm_nodes and shape.warm_type:
        yield Driver(f"domain.warm_hours.{shape.warm_type}", shape.warm_nodes * HOURS, "instance-hours", source)
        yield Driver("domain.warm_gib_months", formulae.warm_gib(demand).value, "GiB-months", source)
    if shape.disk_gib:
        yield Driver("domain.disk_gib_months", nodes * shape.disk_gib, "GiB-months of gp3", source)
    cold = demand.daily_gib * capacity.MERGED_RATIO * demand.cold_days
    yield Driver("domain.cold_gib_months", cold, "GiB-months", source)


class PriceFile(Section):
    """The keys of a price file."""

    currency: str
    prices: dict[str, float]


def read_prices(path: Path) -> Prices:
    """The prices of a file.

    Raises:
        ConfigurationError: with every problem.
    """
    shown = path.as_posix()
    document = read_yaml(path, shown)
    try:
        found = PriceFile.parsed(document)
    except ValidationError as error:
        raise ConfigurationError(form_problems(error, PriceFile, document, shown)) from None
    problems = []
    for name, price in found.prices.items():
        if not known(name):
            near = difflib.get_close_matches(name, _NAMES, n=1)
            message = f"is not a quantity; did you mean {near[0]}?" if near else "is not a quantity"
            allowed = "" if near else "a name that size prints under the quantities of a month"
            problems.append(placed(document, shown, f"prices.{name}", sentence(message, None, allowed)))
        elif not is_number(price) or price < 0:
            message = sentence("is not a price", price, "a number of 0 or more")
            problems.append(placed(document, shown, f"prices.{name}", message))
    if problems:
        raise ConfigurationError(problems)
    return Prices(found.currency, found.prices)


_BY_TYPE = ("domain.data_node_hours", "domain.master_hours", "domain.warm_hours")
_NAMES = (
    "collector.million_requests",
    "collector.million_calls",
    "collector.log_gib",
    "recommender.million_requests",
    "recommender.million_calls",
    "stream.shard_hours",
    "stream.million_put_units",
    "stream.extended_retention_shard_hours",
    "stream.long_retention_gib_months",
    "stream.on_demand_hours",
    "stream.on_demand_gib_in",
    "stream.on_demand_gib_out",
    "delivery.gib_in_5_kib_steps",
    "delivery.vpc_gib",
    "delivery.vpc_zone_hours",
    "transform.gib_seconds",
    "transform.million_calls",
    "domain.warm_gib_months",
    "domain.disk_gib_months",
    "domain.cold_gib_months",
    "archive.gib_months",
    *(f"{name}.r7g.large.search" for name in _BY_TYPE),
)


def known(name: str) -> bool:
    """Whether a name is that of a quantity; those of nodes end with their type."""
    return name in _NAMES or any(name.startswith(f"{kind}.") and name.endswith(".search") for kind in _BY_TYPE)


def total(found: Iterable[Driver], prices: Prices) -> tuple[float, list[str]]:
    """The total cost of the quantities with a price, and the names of those without."""
    money, without = 0.0, []
    for driver in found:
        price = prices.prices.get(driver.name)
        if price is None:
            without.append(driver.name)
        else:
            money += driver.quantity * price
    return money, without
