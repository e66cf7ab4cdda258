"""Sample calls of the queue."""

from servicekit.testing.matrix import Listing, Sample

from .places import SENDERS, of_application

SINCE = "2026-01-01T00:00:00Z"

SAMPLES: dict[str, Sample | Listing] = {
    "get_position": Sample(of_application("/applications/{}/position"), visible=SENDERS),
    "get_position_changes": Sample(
        of_application("/applications/{}/position/changes", params={"since": SINCE}), visible=SENDERS
    ),
}
