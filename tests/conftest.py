"""What every test stands on: the packaged Node and the slim bindings, chosen before anything imports cdktf."""

from __future__ import annotations

from constructs_lib.aws import use_slim_bindings
from constructs_lib.node import use_packaged_node

use_packaged_node()
use_slim_bindings()
