"""What AWS accepts of the domain's resource."""

from __future__ import annotations

from constructs_lib import limits
from constructs_lib.rules.book import Rulebook

BOOK = Rulebook(limits.DOMAIN)
check = BOOK.check
