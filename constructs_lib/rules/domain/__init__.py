"""What AWS accepts of an ``aws_opensearch_domain`` (and of an ``aws_elasticsearch_domain`` put into its shape).

One module a side of the domain: `engine` (versions and what they can do), `nodes` (counts, types, zones), `tiers`
(standby, warm and cold storage), `storage` (disks), `security` (encryption, users), `sign_in` (SAML, JSON web tokens,
Cognito), `access` (endpoint and access policy), `options` (advanced options), `operations` (Auto-Tune, logs, switches).
"""

from constructs_lib import limits
from constructs_lib.rules.domain import access, engine, nodes, operations, options, security, sign_in, storage, tiers
from constructs_lib.rules.rulebook import Rulebook

BOOK = Rulebook(limits.DOMAIN)
for side in (engine, nodes, tiers, storage, security, sign_in, access, options, operations):
    BOOK.include(side.BOOK)
check = BOOK.check

__all__ = ["BOOK", "check"]
