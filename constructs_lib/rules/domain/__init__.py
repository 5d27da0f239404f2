"""What AWS accepts of an ``aws_opensearch_domain`` (and of an ``aws_elasticsearch_domain`` put into its shape).

One module a side of the domain: `engine` (versions and what they can do), `nodes` (counts, types, zones), `storage`
(disks), `security` (encryption, users, logs), `access` (endpoint and access policy).
"""

from constructs_lib import limits
from constructs_lib.rules.domain import access, engine, nodes, security, storage
from constructs_lib.rules.rulebook import Rulebook

BOOK = Rulebook(limits.DOMAIN)
for side in (engine, nodes, storage, security, access):
    BOOK.include(side.BOOK)
check = BOOK.check

__all__ = ["BOOK", "check"]
