"""What certificates ask of a closed year: who has finished a level, and with which final marks."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import text

from servicekit.uow import UnitOfWork
from sgo_core.year_closing import repository

_FINISHED = text(
    """
    SELECT o.student_id FROM year_outcome AS o JOIN year_closing AS c ON c.id = o.closing_id JOIN study_group AS g ON g.id = o.group_id
    WHERE c.organization_id = :organization AND c.academic_year = :year AND c.state IN ('closed', 'opened') AND o.movement_id IS NOT NULL
        AND g.grade = :grade AND (o.outcome = 'graduated' OR o.basis = 'continues')
    """
)


async def finished(uow: UnitOfWork, organization_id: UUID, academic_year: int, grade: int) -> set[UUID]:
    """Students who have finished the level that ends with the grade, by a year that is closed."""
    values = {"organization": organization_id, "year": academic_year, "grade": grade}
    return {row.student_id for row in await uow.session.execute(_FINISHED, values)}


async def studied(uow: UnitOfWork, organization_id: UUID, academic_year: int, students: Collection[UUID]) -> set[UUID]:
    """Those of the students who were in a class of the organization in the year."""
    return await repository.students_of_year(uow.session, organization_id, academic_year, students)


async def marks_of(
    uow: UnitOfWork, students: Collection[UUID], academic_year: int, *, annual: bool = False
) -> Mapping[UUID, list[dict[str, str]]]:
    """Final marks by student (with ``annual`` the year's where there is no final one), subjects in order of name."""
    found: dict[UUID, list[dict[str, str]]] = {}
    for one in await repository.results_of(uow.session, students, academic_year):
        mark = one.final or (one.annual if annual else None)
        if mark is not None:
            found.setdefault(one.student_id, []).append({"subject": one.subject, "mark": mark})
    return found
