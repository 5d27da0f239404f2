"""``archive``: the bucket behind the delivery stream (provider resource ``aws_s3_bucket``)."""

from __future__ import annotations

from typing import Literal

from constructs_lib.configuration.section import Section


class LifecycleSettings(Section):
    """When objects of the archive move to cheaper storage, and when they are deleted."""

    transition_days: int | None = 90
    """Days after which backed-up events move to ``transition_storage_class``; null: never."""
    transition_storage_class: Literal[
        "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"
    ] = "GLACIER_IR"
    """Storage class that backed-up events move to."""
    expiration_days: int | None = 730
    """Days after which backed-up events are deleted; null: never."""
    failed_expiration_days: int = 30
    """Days after which undelivered records are deleted; they hold raw personal data."""
    noncurrent_expiration_days: int = 30
    """Days that overwritten and deleted versions are kept."""


class ArchiveSettings(Section):
    """The bucket behind the delivery stream."""

    bucket: str | None = None
    """Name of the bucket. Default: a unique name that begins with the deployment's name and ``-archive-``."""
    enabled: bool | None = None
    """Whether every event is archived. It must agree with ``s3_backup_mode``, from which the default follows.
    Undelivered records are kept in any case."""
    lifecycle: LifecycleSettings = LifecycleSettings()
    access_log_bucket: str | None = None
    """Existing bucket for the archive's server access logs. Default: no such logs."""
