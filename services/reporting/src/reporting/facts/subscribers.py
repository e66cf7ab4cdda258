"""Events → facts."""

from collections.abc import Sequence

from asu_contracts.core import MovementRecorded, StudentStatisticsChanged
from asu_contracts.enrollment import ApplicationStatusChanged
from asu_contracts.journal import LessonRecorded
from reporting.facts import service
from servicekit.messaging import Received
from servicekit.uow import UnitOfWork


async def on_movement_recorded(uow: UnitOfWork, received: Sequence[Received[MovementRecorded]]) -> None:
    """A placement opened, closed, or both."""
    await service.apply_movements(uow.session, (item.event for item in received))


async def on_statistics_changed(uow: UnitOfWork, received: Sequence[Received[StudentStatisticsChanged]]) -> None:
    """What a learner is counted by changed."""
    await service.apply_statistics(uow.session, received)


async def on_application_status_changed(
    uow: UnitOfWork, received: Sequence[Received[ApplicationStatusChanged]]
) -> None:
    """An application moved on."""
    await service.apply_applications(uow.session, received)


async def on_lesson_recorded(uow: UnitOfWork, received: Sequence[Received[LessonRecorded]]) -> None:
    """Marks and attendance of a lesson were saved."""
    await service.apply_lessons(uow.session, received)
