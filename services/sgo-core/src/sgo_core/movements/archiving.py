"""Cards go to the archive when the child has left every organization, and come back with the next enrolment; guardians' with them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, column, exists, func, or_, select, table

from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork
from sgo_core.history.recorded import Author
from sgo_core.movements.model import Membership
from sgo_core.movements.sight import lasts
from sgo_core.people import archive
from sgo_core.transfers import carrying as transfers

_BATCH = 200
_CLERK = Author("core", "Архив карточек: выбытие или зачисление")
_student = table("student", column("id", Uuid), column("archived_on", Date), column("merged_into", Uuid))


async def archive_left(runtime: Runtime) -> None:
    """Daily work: archive the cards of those who left, as of the day they did; take back those who came again."""
    after: UUID | None = None
    while True:
        async with runtime.uow() as uow:
            students = await _turned(uow, after)
            on_the_way = await transfers.on_the_way(uow, students)
            await archive.archive(uow, {one: day for one, day in students.items() if one not in on_the_way}, _CLERK)
        if len(students) < _BATCH:
            return
        after = max(students)


async def _turned(uow: UnitOfWork, after: UUID | None) -> dict[UUID, Any]:
    """Students whose card is not where it belongs, in id order: the day they left everything, None for those who are back."""
    today = uow.clock.today()
    mine = Membership.student_id == _student.c.id
    stays = exists().where(mine, lasts(Membership), or_(Membership.valid_to.is_(None), Membership.valid_to > today))
    last = select(
        func.coalesce(func.max(Membership.valid_to).filter(lasts(Membership)), func.max(Membership.valid_to))
    ).where(mine)
    query = select(_student.c.id, last.scalar_subquery().label("left_on"), stays.label("there")).where(
        _student.c.merged_into.is_(None),
        or_(
            (_student.c.archived_on.is_(None)) & exists().where(mine) & ~stays,
            (_student.c.archived_on.is_not(None)) & stays,
        ),
    )
    if after is not None:
        query = query.where(_student.c.id > after)
    rows: Sequence[Any] = (await uow.session.execute(query.order_by(_student.c.id).limit(_BATCH))).all()
    return {row.id: None if row.there else row.left_on for row in rows}
