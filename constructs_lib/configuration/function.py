"""Settings that the transform and the bootstrap function share (provider resource ``aws_lambda_function``)."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class FunctionSettings(Section):
    """How a function runs."""

    memory_size: int = 1769
    """MiB of memory; CPU grows with it, and 1,769 MiB is one whole vCPU. Less memory costs the same and
    takes longer."""
    timeout: int = 60
    """Seconds that a call may take; Firehose waits 300 at most."""
    tracing: bool = True
    """Whether AWS X-Ray traces calls."""
    log_retention_in_days: int = 365
    """Days that the function's log is kept."""
