"""Does the work of Firehose between a stream and a search domain, on one machine.

Emulators store a delivery stream's definition but move no records. `Delivery` reads that definition through the API and
does the service's work: reads the stream as the delivery role, batches records for the transform, batches documents for
the domain's bulk API under the rotated index name, retries, and writes failed records (and the configured backup) into
the bucket like the service, with the same object names and error lines.
"""

from rehearsal.delivery.loop import Delivery
from rehearsal.delivery.records import Outcome, Record
from rehearsal.delivery.settings import DeliverySettings

__all__ = ["Delivery", "DeliverySettings", "Outcome", "Record"]
