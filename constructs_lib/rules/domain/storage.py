"""Disks of the data nodes."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import ebs_bandwidth, instances, sources
from constructs_lib.limits.instances import NO_MAGNETIC, OPTIMIZED, OWN_DISKS_OR_EBS
from constructs_lib.rules.domain.facts import DATA_TYPE, data_facts, data_family
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook

BOOK = Rulebook()

EBS = "ebs_options.ebs_enabled"
SIZE = "ebs_options.volume_size"
KIND = "ebs_options.volume_type"
IOPS = "ebs_options.iops"
THROUGHPUT = "ebs_options.throughput"


def _attached(domain: Arguments) -> bool | None:
    return domain.flag(EBS)


def _positive(domain: Arguments, path: str) -> float | None:
    """A number above zero: AWS reports zeros where nothing was set, and the provider does not send them."""
    value = domain.number(path)
    return value or None


@BOOK.error(sources.DOMAIN_QUOTAS)
def instance_type_takes_the_disks(domain: Arguments) -> Iterator[Problem]:
    """Types with own disks (i3, i4g, i4i, i7i, i8g, im4gn, oi2, r6gd, r7gd, r8gd) take no EBS; others need it."""
    facts, attached, instance_type = data_facts(domain), _attached(domain), domain.text(DATA_TYPE)
    if facts is None or attached is None:
        return
    if attached and not facts.takes_ebs:
        yield Problem(EBS, f"attaches EBS volumes to {instance_type}, which has its own disks", True, "false")
    if not attached and facts.takes_ebs and data_family(domain) not in OWN_DISKS_OR_EBS:
        yield Problem(EBS, f"leaves {instance_type} without disks", domain.get(EBS), "true, with a volume_size")


@BOOK.error(sources.DOMAIN_QUOTAS)
def instance_type_takes_the_volume_type(domain: Arguments) -> Iterator[Problem]:
    """Older types take no gp3, types since the seventh generation no gp2, Graviton types no magnetic volumes."""
    facts, kind = data_facts(domain), domain.text(KIND)
    if facts is None or not facts.takes_ebs or not _attached(domain):
        return
    instance_type = domain.text(DATA_TYPE)
    if kind == "gp2" and facts.gp2_gib is None:
        yield Problem(KIND, f"is not possible on {instance_type}", kind, "gp3")
    if kind == "gp3" and facts.gp3_gib is None:
        yield Problem(KIND, f"is not possible on {instance_type}", kind, "gp2")
    if kind == "standard" and (facts.gp2_gib is None or data_family(domain) in NO_MAGNETIC):
        yield Problem(KIND, f"is not possible on {instance_type}", kind, "gp3")


@BOOK.error(sources.DOMAIN_QUOTAS)
def volume_fits_the_instance_type(domain: Arguments) -> Iterator[Problem]:
    """A volume has at least 10 GiB (20 for OpenSearch-optimized types), and at most what its instance type takes."""
    size, kind, attached = domain.number(SIZE), domain.text(KIND), _attached(domain)
    if size is None or not attached:
        return
    optimized = data_family(domain) in OPTIMIZED
    least = instances.OPTIMIZED_EBS_MINIMUM_GIB if optimized else instances.EBS_MINIMUM_GIB
    most = _largest(domain, kind)
    if size < least or (most is not None and size > most):
        allowed = f"{least} to {most} GiB" if most is not None else f"{least} GiB or more"
        whose = domain.text(DATA_TYPE) or "a data node"
        what = f"a volume of kind {kind}" if kind else "a volume"
        yield Problem(SIZE, f"is out of range for {what} of {whose}", size, allowed)


def _largest(domain: Arguments, kind: str | None) -> int | None:
    """Largest volume in GiB; of any kind where the kind is unknown, None where the instance type is."""
    facts = data_facts(domain)
    if facts is None:
        return None
    if kind == "standard" and domain.text(DATA_TYPE) not in instances.BURSTABLE_MAGNETIC_FREE:
        return instances.MAGNETIC_MAXIMUM_GIB
    sizes = {"gp2": [facts.gp2_gib], "gp3": [facts.gp3_gib]}.get(kind or "", [facts.gp2_gib, facts.gp3_gib])
    return max((size for size in sizes if size is not None), default=None)


@BOOK.error(sources.EBS_OPTIONS)
def performance_fits_the_volume_type(domain: Arguments) -> Iterator[Problem]:
    """iops are for gp3 and io1, throughput is for gp3 only; io1 requires iops."""
    kind, attached = domain.text(KIND), _attached(domain)
    if kind is None or not attached:
        return
    iops, throughput = _positive(domain, IOPS), _positive(domain, THROUGHPUT)
    if iops is not None and kind in ("gp2", "standard"):
        yield Problem(IOPS, f"is not possible with {kind}", iops, "no iops, or volume_type gp3 or io1")
    if throughput is not None and kind in ("gp2", "standard", "io1"):
        yield Problem(THROUGHPUT, f"is not possible with {kind}", throughput, "no throughput, or volume_type gp3")
    if kind == "io1" and domain.present(IOPS) is False:
        yield Problem(IOPS, "is required by io1", None, f"up to {instances.IO1_IOPS_PER_GIB} a GiB")


@BOOK.error(sources.EBS_PROVISIONED)
def io1_stays_within_its_size(domain: Arguments) -> Iterator[Problem]:
    """io1 has at most 50 IOPS a GiB."""
    iops, size = _positive(domain, IOPS), _positive(domain, SIZE)
    if domain.text(KIND) == "io1" and _attached(domain) and iops is not None and size is not None:
        most = size * instances.IO1_IOPS_PER_GIB
        if iops > most:
            yield Problem(IOPS, f"is too many for an io1 volume of {size:g} GiB", iops, f"{most:g} or fewer")


@BOOK.error(sources.EBS_VOLUME_TYPES)
def gp3_iops_stay_within_the_size(domain: Arguments) -> Iterator[Problem]:
    """gp3 has at least 3,000 IOPS, at most 500 for each GiB, and at most 80,000 for every 3 TiB of a node."""
    iops, size = _positive(domain, IOPS), _positive(domain, SIZE)
    if domain.text(KIND) != "gp3" or not _attached(domain) or iops is None:
        return
    least = instances.GP3_IOPS_MINIMUM
    if size is None:
        if iops < least:
            yield Problem(IOPS, "is below the minimum of gp3", iops, f"{least} or more")
        return
    most = min(size * instances.GP3_IOPS_PER_GIB, instances.GP3_IOPS_MAXIMUM * _volumes(size))
    if not least <= iops <= max(most, least):
        yield Problem(
            IOPS, f"is out of range for a gp3 volume of {size:g} GiB", iops, f"{least} to {max(most, least):g}"
        )


@BOOK.error(sources.EBS_VOLUME_TYPES)
def gp3_throughput_stays_within_the_iops(domain: Arguments) -> Iterator[Problem]:
    """gp3 has at least 125 MiB/s, at most a quarter of its IOPS, and at most 2,000 MiB/s for every 3 TiB of a node."""
    throughput, size = _positive(domain, THROUGHPUT), _positive(domain, SIZE)
    if domain.text(KIND) != "gp3" or not _attached(domain) or throughput is None:
        return
    least = instances.GP3_THROUGHPUT_MINIMUM
    if throughput < least:
        yield Problem(THROUGHPUT, "is below the minimum of gp3", throughput, f"{least} MiB/s or more")
    if domain.get(IOPS) is not None and domain.number(IOPS) is None:
        return
    included = max(instances.GP3_IOPS_MINIMUM, instances.GP3_INCLUDED_IOPS_PER_GIB * (size or 0))
    iops = _positive(domain, IOPS) or included
    most = iops * instances.GP3_THROUGHPUT_PER_IOPS
    if size is not None:
        most = min(most, instances.GP3_THROUGHPUT_MAXIMUM * _volumes(size))
    if throughput > most:
        yield Problem(THROUGHPUT, f"is too much for {iops:g} IOPS", throughput, f"{most:g} MiB/s or less, or more iops")


@BOOK.error(sources.GP3_FLOOR)
def large_gp3_has_its_throughput(domain: Arguments) -> Iterator[Problem]:
    """A gp3 volume of 256 GiB or more has at least 250 MiB/s; AWS refuses less."""
    throughput, size = _positive(domain, THROUGHPUT), _positive(domain, SIZE)
    if domain.text(KIND) != "gp3" or not _attached(domain) or throughput is None or size is None:
        return
    least = instances.GP3_THROUGHPUT_MINIMUM
    if size >= instances.GP3_LARGE_GIB and least <= throughput < instances.GP3_LARGE_THROUGHPUT:
        allowed = f"{instances.GP3_LARGE_THROUGHPUT} MiB/s or more"
        yield Problem(THROUGHPUT, f"is refused for a gp3 volume of {size:g} GiB", throughput, allowed)


@BOOK.error(ebs_bandwidth.SOURCE)
def gp3_stays_within_the_instance(domain: Arguments) -> Iterator[Problem]:
    """A gp3 volume has no more throughput and IOPS than its instance type carries; AWS refuses more."""
    instance_type = domain.text(DATA_TYPE) or ""
    most = ebs_bandwidth.bandwidth_of(instance_type)
    if domain.text(KIND) != "gp3" or not _attached(domain) or most is None:
        return
    for path, limit, unit in ((THROUGHPUT, most.throughput, " MiB/s"), (IOPS, most.iops, "")):
        value = _positive(domain, path)
        if value is not None and value > limit:
            yield Problem(path, f"is more than {instance_type} carries", value, f"{limit}{unit} or less")


@BOOK.warning(sources.GP3_IN_DOMAINS)
def gp3_performance_is_documented(domain: Arguments) -> Iterator[Problem]:
    """OpenSearch Service documents 16,000 IOPS and 1,000 MiB/s for every 3 TiB; EBS allows more since 2025."""
    size = _positive(domain, SIZE)
    if domain.text(KIND) != "gp3" or not _attached(domain) or size is None:
        return
    for path, limit in ((IOPS, instances.GP3_DOCUMENTED_IOPS), (THROUGHPUT, instances.GP3_DOCUMENTED_THROUGHPUT)):
        value, most = _positive(domain, path), limit * _volumes(size)
        if value is not None and value > most:
            yield Problem(path, f"is more than AWS documents for {size:g} GiB", value, f"{most:g} or less")


@BOOK.warning(sources.GP3_IN_DOMAINS)
def gp3_performance_is_chosen(domain: Arguments) -> Iterator[Problem]:
    """gp3's defaults, 3,000 IOPS and 125 MiB/s, are half of a large gp2's: set both for a volume of 256 GiB or more."""
    size = _positive(domain, SIZE)
    if domain.text(KIND) != "gp3" or not _attached(domain) or size is None or size < instances.GP3_LARGE_GIB:
        return
    carried = ebs_bandwidth.bandwidth_of(domain.text(DATA_TYPE) or "")
    included = instances.GP3_INCLUDED_IOPS_PER_GIB * size
    included = included if carried is None else min(included, carried.iops)
    wanted = max(instances.GP3_IOPS_MINIMUM, int(included))
    for path, example in ((IOPS, f"{wanted} or more"), (THROUGHPUT, f"{instances.GP3_LARGE_THROUGHPUT} or more")):
        if domain.present(path) is False:
            yield Problem(path, f"is not set for a gp3 volume of {size:g} GiB", None, example)
    iops = _positive(domain, IOPS)
    if iops is not None and iops < min(included, instances.GP3_DOCUMENTED_IOPS):
        message = "is below the IOPS included for this size; AWS may refuse it"
        yield Problem(IOPS, message, iops, f"{included:g} or more")


def _volumes(size: float) -> int:
    """Number of volumes that AWS combines for a data node of a size."""
    return 1 + int(size // instances.GP3_STRIPE_GIB)
