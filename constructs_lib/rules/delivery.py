"""What AWS accepts of the delivery's resource."""

from __future__ import annotations

from constructs_lib import limits
from constructs_lib.rules.book import Rulebook

BOOK = Rulebook(limits.DELIVERY)
check = BOOK.check
