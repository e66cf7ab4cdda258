"""Core's loads: each gives its learners and subject a journal, and the journal a teacher."""

from collections.abc import Sequence

from asu_contracts.core import LoadChanged
from servicekit.messaging import Received
from servicekit.uow import UnitOfWork
from sgo_journal.journals import service


async def on_load_changed(uow: UnitOfWork, received: Sequence[Received[LoadChanged]]) -> None:
    """Keep journals and who teaches in them as the newest state of each load tells it."""
    newest = {item.event.load_id: item for item in sorted(received, key=lambda item: item.sequence)}
    await service.follow_loads(uow, [(newest[key].event, newest[key].sequence) for key in sorted(newest)])
