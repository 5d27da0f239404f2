"""What every test stands on: the packaged Node and the slim bindings, chosen before anything imports cdktf."""

from __future__ import annotations

from hypothesis import settings

from constructs_lib.aws import use_slim_bindings
from constructs_lib.node import use_packaged_node

use_packaged_node()
use_slim_bindings()

# Drawn examples have no time limit: a busy machine is no mistake of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
