"""SQL of forms of study."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, column, or_, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.study_forms.model import StudyForm
from sgo_core.study_forms.titles import FORMS

# Stays and names of students belong to other slices; questions about them join their tables for reading.
_membership = table(
    "membership", *(column(name) for name in ("id", "student_id", "organization_id", "main", "valid_from", "valid_to"))
)
_student = table("student", *(column(name) for name in ("id", "last_name", "first_name", "middle_name")))

NAMES = ("last_name", "first_name", "middle_name")


def _on(stay: Any, day: date) -> Any:
    return and_(stay.valid_from <= day, or_(stay.valid_to.is_(None), stay.valid_to > day))


async def get(session: AsyncSession, study_form_id: UUID, *, lock: bool = False) -> StudyForm | None:
    """A form of study, locked if asked."""
    return await session.get(StudyForm, study_form_id, with_for_update=lock or None, populate_existing=True)


async def lock(session: AsyncSession, ids: Collection[UUID]) -> Sequence[StudyForm]:
    """Forms by id, locked."""
    query = select(StudyForm).where(StudyForm.id.in_(ids)).order_by(StudyForm.id)
    return (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).all()


async def of_student(session: AsyncSession, student_id: UUID) -> Sequence[StudyForm]:
    """All forms of a student in order of their beginning."""
    query = select(StudyForm).where(StudyForm.student_id == student_id)
    return (await session.scalars(query.order_by(StudyForm.valid_from, StudyForm.id))).all()


async def form_on(session: AsyncSession, student_id: UUID, day: date) -> StudyForm | None:
    """The form (not what goes beside it) of a day, locked."""
    query = select(StudyForm).where(StudyForm.student_id == student_id, StudyForm.kind.in_(FORMS), _on(StudyForm, day))
    return (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).one_or_none()


async def kinds_on(session: AsyncSession, student_ids: Collection[UUID], day: date) -> Sequence[Row[UUID, str]]:
    """What is recorded of the students' studying on a day."""
    query = select(StudyForm.student_id, StudyForm.kind)
    return (await session.execute(query.where(StudyForm.student_id.in_(student_ids), _on(StudyForm, day)))).all()


async def main_stay(
    session: AsyncSession, student_id: UUID, organization_id: UUID, day: date
) -> Row[UUID, date | None] | None:
    """The student's main membership in an organization on a day, and when it ends."""
    query = select(_membership.c.id, _membership.c.valid_to).where(
        _membership.c.student_id == student_id,
        _membership.c.organization_id == organization_id,
        _membership.c.main,
        _on(_membership.c, day),
    )
    return (await session.execute(query)).one_or_none()


async def page(
    session: AsyncSession, organization_id: UUID, day: date, kind: str | None, limit: int, after: UUID | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page of the forms of an organization's students on a day with their names, and one more."""
    query = (
        select(StudyForm, *(_student.c[name] for name in NAMES))
        .join(_student, _student.c.id == StudyForm.student_id)
        .where(StudyForm.organization_id == organization_id, _on(StudyForm, day))
    )
    if kind is not None:
        query = query.where(StudyForm.kind == kind)
    if after is not None:
        query = query.where(StudyForm.id > after)
    return (await session.execute(query.order_by(StudyForm.id).limit(limit + 1))).all()


async def untold(session: AsyncSession, limit: int) -> Sequence[StudyForm]:
    """Forms that changed since others were told, locked."""
    query = select(StudyForm).where(StudyForm.told_version < StudyForm.version).order_by(StudyForm.id)
    return (await session.scalars(query.limit(limit).with_for_update(skip_locked=True))).all()
