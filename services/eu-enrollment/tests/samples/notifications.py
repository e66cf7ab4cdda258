"""Sample calls of notifications."""

from servicekit.testing.matrix import Listing, Sample

from .places import SENDERS, of_application, of_referred

SAMPLES: dict[str, Sample | Listing] = {
    "list_notifications": Sample(of_referred("/applications/{}/notifications"), visible=SENDERS),
    "note_told": Sample(
        of_application("/applications/{}/notifications/1/told", json={"means": "phone"}), visible=SENDERS
    ),
}
