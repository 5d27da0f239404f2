"""``domain``: logs, tuning, maintenance windows, snapshots and updates."""

from __future__ import annotations

from typing import Literal

from constructs_lib.configuration.section import Section

LogType = Literal["INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "ES_APPLICATION_LOGS", "AUDIT_LOGS"]


class LogPublishingOptions(Section):
    """One kind of log. Default: into the deployment's own log group."""

    log_type: LogType
    """Kind of log; each kind once."""
    enabled: bool = True
    """Whether this kind of log is published."""
    cloudwatch_log_group_arn: str | None = None
    """ARN of an existing log group; default: a new one."""


class MaintenanceDuration(Section):
    """How long a maintenance window is."""

    value: int
    """Length of the window."""
    unit: Literal["HOURS"] = "HOURS"
    """Unit of the length; AWS knows hours only."""


class MaintenanceSchedule(Section):
    """A maintenance window of Auto-Tune; the off-peak window has replaced it."""

    start_at: str
    """Start of the first window, such as ``2027-01-31T03:00:00Z``; in the future for a new domain."""
    duration: MaintenanceDuration
    cron_expression_for_recurrence: str
    """When the window recurs, such as ``cron(0 3 ? * 1 *)``."""


class AutoTuneOptions(Section):
    """Auto-Tune: AWS adjusts memory and queues."""

    desired_state: Literal["ENABLED", "DISABLED"] | None = None
    """Whether Auto-Tune is on. Default: ENABLED where instance type and engine support it."""
    rollback_on_disable: Literal["DEFAULT_ROLLBACK", "NO_ROLLBACK"] | None = None
    """Whether the tuning is undone when Auto-Tune is disabled. Default: as AWS chooses."""
    use_off_peak_window: bool | None = None
    """Whether Auto-Tune uses the off-peak window; not together with ``maintenance_schedule``. Default:
    false."""
    maintenance_schedule: list[MaintenanceSchedule] | None = None
    """Maintenance windows of Auto-Tune, 100 at most."""


class WindowStartTime(Section):
    """Start in UTC."""

    hours: int = 0
    """Hour at which the window begins, in UTC."""
    minutes: int = 0
    """Minute at which the window begins."""


class OffPeakWindow(Section):
    """The ten hours of each day in which AWS may change the domain."""

    window_start_time: WindowStartTime = WindowStartTime()


class OffPeakWindowOptions(Section):
    """The off-peak window; default: from 00:00 UTC."""

    enabled: bool = True
    """Whether the domain has an off-peak window. AWS cannot turn it off again."""
    off_peak_window: OffPeakWindow = OffPeakWindow()


class SnapshotOptions(Section):
    """Daily snapshots, for engines before Elasticsearch 5.3; AWS takes hourly snapshots of all others."""

    automated_snapshot_start_hour: int
    """Hour of the daily snapshot, in UTC."""


class SoftwareUpdateOptions(Section):
    """Service software updates in the off-peak window."""

    auto_software_update_enabled: bool = True
    """Whether AWS installs service software updates in the off-peak window by itself."""
