"""The archive of cards: those of children who study nowhere any more, and of the guardians of such children alone."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import exists, or_, select

from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.history.recorded import Author
from sgo_core.people import repository
from sgo_core.people.model import Guardian, Guardianship, Student


async def archive(uow: UnitOfWork, students: Mapping[UUID, date | None], author: Author) -> None:
    """Archive cards of students as of the day each left, bring back those without a day; then their guardians' cards."""
    for student in (await repository.lock_students(uow.session, students)).values():
        change(student, {"archived_on": students[student.id]}, author, uow.now)
    await uow.session.flush()
    in_force = or_(Guardianship.valid_to.is_(None), Guardianship.valid_to > uow.clock.today())
    goes_on = exists().where(
        Guardianship.guardian_id == Guardian.id,
        in_force,
        Guardianship.student_id == Student.id,
        Student.archived_on.is_(None),
    )
    ids = await repository.guardians_of(uow.session, students)
    query = select(Guardian, goes_on).where(Guardian.id.in_(ids), Guardian.merged_into.is_(None)).order_by(Guardian.id)
    for guardian, has_children in await uow.session.execute(query.with_for_update(of=Guardian)):
        day = None if has_children else guardian.archived_on or uow.clock.today()
        change(guardian, {"archived_on": day}, author, uow.now)
