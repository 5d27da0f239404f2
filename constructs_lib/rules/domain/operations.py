"""Auto-Tune, logs, and settings whose switch is off."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits import sources
from constructs_lib.limits.instances import BURSTABLE
from constructs_lib.rules.domain.facts import DATA_TYPE, data_family
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook
from constructs_lib.rules.schedules import cron_complaint, read_time

BOOK = Rulebook()

_TUNE = "auto_tune_options"
_STATE = f"{_TUNE}.desired_state"
_SCHEDULE = f"{_TUNE}.maintenance_schedule"


@BOOK.error(sources.AUTO_TUNE)
def auto_tune_is_off_on_burstable_nodes(domain: Arguments) -> Iterator[Problem]:
    """Auto-Tune does not work on t2 and t3, and must be DISABLED there."""
    if domain.text(_STATE) == "ENABLED" and data_family(domain) in BURSTABLE:
        yield Problem(_STATE, f"does not work on {domain.text(DATA_TYPE)}", "ENABLED", "DISABLED")


@BOOK.warning(sources.DOMAIN_PROVIDER)
def rollback_has_a_window(domain: Arguments) -> Iterator[Problem]:
    """Auto-Tune rolls back in a maintenance window or the off-peak window; without one it cannot."""
    path = f"{_TUNE}.rollback_on_disable"
    window = domain.present(_SCHEDULE) is not False or domain.flag(f"{_TUNE}.use_off_peak_window") is not False
    if domain.text(path) == "DEFAULT_ROLLBACK" and not window:
        allowed = "NO_ROLLBACK, or use_off_peak_window, or a maintenance_schedule"
        yield Problem(path, "has no window to roll back in", "DEFAULT_ROLLBACK", allowed)


@BOOK.error(sources.AUTO_TUNE)
def tuning_has_one_window(domain: Arguments) -> Iterator[Problem]:
    """Auto-Tune uses maintenance windows or the off-peak window, not both."""
    path = f"{_TUNE}.use_off_peak_window"
    if domain.flag(path) and domain.items(_SCHEDULE):
        yield Problem(path, "cannot be true with a maintenance_schedule", True, "false, or no maintenance_schedule")


@BOOK.error(sources.AUTO_TUNE)
def windows_recur_by_a_cron_expression(domain: Arguments) -> Iterator[Problem]:
    """A maintenance window recurs by an AWS cron expression of six fields."""
    for path, given in domain.each(f"{_SCHEDULE}[].cron_expression_for_recurrence"):
        said = cron_complaint(given) if isinstance(given, str) and "${" not in given else None
        if said is not None:
            yield Problem(path, said, given, "such as cron(0 3 ? * 1 *)")


@BOOK.error(sources.DOMAIN_PROVIDER)
def windows_start_at_a_time(domain: Arguments) -> Iterator[Problem]:
    """A maintenance window starts at a time that exists, as RFC 3339."""
    for path, given in domain.each(f"{_SCHEDULE}[].start_at"):
        if isinstance(given, str) and "${" not in given and read_time(given) is None:
            yield Problem(path, "is not a time", given, "a time such as 2027-01-31T03:00:00Z")


@BOOK.error(sources.AUTO_TUNE)
def windows_of_a_new_domain_start_later(domain: Arguments) -> Iterator[Problem]:
    """A new domain's maintenance windows start in the future."""
    now = read_time(domain.context.now or "")
    if domain.context.existing is not False or now is None:
        return
    for path, given in domain.each(f"{_SCHEDULE}[].start_at"):
        start = read_time(given) if isinstance(given, str) else None
        if start is not None and start < now:
            yield Problem(path, "is in the past", given, "a time in the future")


@BOOK.error(sources.DOMAIN_PROVIDER)
def logs_are_named_once(domain: Arguments) -> Iterator[Problem]:
    """Each log type is published once: AWS keeps one log group for a type; later plans show the other as a change."""
    seen: set[str] = set()
    for index, _ in enumerate(domain.items("log_publishing_options") or []):
        path = f"log_publishing_options[{index}].log_type"
        kind = domain.text(path)
        if kind is None:
            continue
        if kind in seen:
            yield Problem(path, "repeats an earlier log type", kind, "each log type once")
        seen.add(kind)


_SWITCHES: dict[str, tuple[str, ...]] = {
    "cluster_config.dedicated_master_enabled": ("dedicated_master_count", "dedicated_master_type"),
    "cluster_config.warm_enabled": ("warm_count", "warm_type"),
    "cluster_config.zone_awareness_enabled": ("zone_awareness_config",),
    "domain_endpoint_options.custom_endpoint_enabled": ("custom_endpoint", "custom_endpoint_certificate_arn"),
    "ebs_options.ebs_enabled": ("volume_type", "volume_size", "iops", "throughput"),
    "encrypt_at_rest.enabled": ("kms_key_id",),
    "advanced_security_options.enabled": ("internal_user_database_enabled", "master_user_options"),
    "off_peak_window_options.enabled": ("off_peak_window",),
}
"""Switches, and the settings beside each that need it."""
_ON_BY_DEFAULT = ("off_peak_window_options.enabled",)


@BOOK.warning(sources.DOMAIN_PROVIDER)
def settings_have_their_switch(domain: Arguments) -> Iterator[Problem]:
    """Settings of masters, warm nodes, zones, endpoint, disks, key, users have no effect while their switch is off."""
    for switch, names in _SWITCHES.items():
        block, _, flag = switch.rpartition(".")
        if not domain.present(block) or domain.flag(switch, default=switch in _ON_BY_DEFAULT) is not False:
            continue
        for name in names:
            path = f"{block}.{name}"
            given = domain.get(path)
            # Plans show zeros, false and empty blocks for what was never set.
            if given and given != [{}] and domain.present(path):
                shown = given if isinstance(given, (str, int)) and given is not True else None
                yield Problem(path, f"has no effect while {flag} is off", shown, f"{flag}: true, or no {name}")
