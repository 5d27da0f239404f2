"""What Firehose does between a stream and a search domain, on one machine.

Emulators take a delivery stream's definition and move nothing. `Delivery` reads that definition through the API and
does what the service would: reads the stream as the delivery role, batches records for the transform, batches documents
for the domain's bulk API under the rotated index name, tries again, and writes what failed (and the backup, when asked
for) into the bucket as the service would, object names and error lines included.
"""

from rehearsal.delivery.loop import Delivery
from rehearsal.delivery.records import Outcome, Record
from rehearsal.delivery.settings import DeliverySettings

__all__ = ["Delivery", "DeliverySettings", "Outcome", "Record"]
