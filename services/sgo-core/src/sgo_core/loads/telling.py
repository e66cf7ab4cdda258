"""Tells readers of lines of the load: who teaches whom, and what the hours are counted by."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.core import LoadChanged
from servicekit.uow import UnitOfWork
from sgo_core.loads import repository
from sgo_core.loads.events import load_changed
from sgo_core.loads.model import TeachingLoad
from sgo_core.vault import vault_in


async def described(session: AsyncSession, loads: Sequence[TeachingLoad]) -> list[LoadChanged]:
    """Lines as readers are told of them, in their order."""
    vault = vault_in(session)
    with session.no_autoflush:  # whoever changed a line flushes it, and knows its refusals
        subjects = await repository.counted_as(session, {one.subject_id for one in loads})
        grades = await repository.grades(session, {one.group_id or one.teaching_group_id for one in loads})
    return [
        load_changed(one, subjects[one.subject_id], grades[one.group_id or one.teaching_group_id], vault)
        for one in loads
    ]


async def tell(uow: UnitOfWork, loads: Sequence[TeachingLoad]) -> None:
    """Tell of lines as they are now."""
    for one, event in zip(loads, await described(uow.session, loads), strict=True):
        one.told_version = one.version
        uow.publish(event, version=one.version)
