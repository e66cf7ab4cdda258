"""Core's events that concern what is noted of students."""

from collections.abc import Sequence

from asu_contracts.core import StudentMerged
from servicekit.messaging import Received
from servicekit.uow import UnitOfWork
from sgo_journal.absence_notices import service as absence_notices
from sgo_journal.daycare import service as daycare
from sgo_journal.homework import service as homework
from sgo_journal.marks import service
from sgo_journal.rosters import service as rosters
from sgo_journal.totals import service as totals
from sgo_journal.transfers import service as transfers


async def on_student_merged(uow: UnitOfWork, received: Sequence[Received[StudentMerged]]) -> None:
    """Two cards were found to be one child's, or to be two children's after all: the newest state of each card counts."""
    newest = {item.event.student_id: item for item in sorted(received, key=lambda item: item.sequence)}
    merges = [(key, newest[key].event.merged_into, newest[key].sequence) for key in sorted(newest)]
    parted = await rosters.living(uow, set(newest))
    news = await rosters.apply_merges(uow, merges)
    await service.apply_merges(uow, news)
    await totals.apply_merges(uow, news, parted.values())
    await homework.apply_merges(uow, news)
    await daycare.apply_merges(uow, news)
    await transfers.apply_merges(uow, news, parted.values())
    await absence_notices.apply_merges(uow, news)
