"""Routes of what was brought."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from servicekit.http import Uow, allow
from servicekit.security import Principal
from sgo_journal.files import routes as files
from sgo_journal.files.service import AttachedFile
from sgo_journal.journals import policies as journals
from sgo_journal.transfers import policies, service
from sgo_journal.transfers.schemas import (
    BroughtMarkOut,
    BroughtStatementOut,
    BroughtStatements,
    BroughtSubjectOut,
    JournalBrought,
    StudentBrought,
)

router = APIRouter(tags=["brought marks"])

Year = Annotated[int, Query(ge=2000, le=2100, description="Календарный год, в котором начинается учебный")]


def _statements(rows: Iterable[Any], scans: Mapping[UUID, Sequence[AttachedFile]]) -> list[BroughtStatementOut]:
    return [_statement(list(of), scans.get(key, ())) for key, of in groupby(rows, key=lambda row: row.statement_id)]


def _statement(rows: Sequence[Any], scans: Sequence[AttachedFile]) -> BroughtStatementOut:
    first = rows[0]
    return BroughtStatementOut(
        id=first.statement_id,
        organization_id=first.organization_id,
        arrived_on=first.arrived_on,
        from_organization_id=first.from_organization_id,
        source=first.source,
        from_paper=first.from_organization_id is None,
        document_number=first.document_number,
        document_date=first.document_date,
        version=first.statement_version,
        files=files.shown(scans),
        subjects=[_subject(list(of)) for _, of in groupby(rows, key=lambda row: row.subject_id)],
    )


def _subject(rows: Sequence[Any]) -> BroughtSubjectOut:
    first = rows[0]
    return BroughtSubjectOut(
        subject_id=first.subject_id,
        title=first.subject,
        course_id=first.course_id,
        stands_for=first.stands_for,
        version=first.version,
        marks=[BroughtMarkOut.model_validate(row, from_attributes=True) for row in rows],
    )


@router.get("/journals/{journal_id}/brought-marks")
async def read_journal_brought(
    journal_id: UUID, principal: Annotated[Principal, allow(journals.READ)], uow: Uow
) -> JournalBrought:
    """Отметки, которые ученики журнала принесли из других школ, и те, что ещё не отнесены ни к одному предмету."""
    journal, students, rows = await service.of_journal(uow, principal, journal_id)
    found = {student: _statements(of, {}) for student, of in groupby(rows, key=lambda row: row.student_id)}
    return JournalBrought(
        journal_id=journal.id,
        students=[
            StudentBrought(student_id=one.student_id, name=one.name, statements=found[one.student_id])
            for one in students
            if one.student_id in found
        ],
    )


@router.get("/students/{student_id}/brought-marks")
async def read_student_brought(
    student_id: UUID, academic_year: Year, principal: Annotated[Principal, allow(policies.READ)], uow: Uow
) -> BroughtStatements:
    """Отметки, с которыми ученик пришёл среди учебного года из других школ."""
    return BroughtStatements(items=_statements(*await service.of_student(uow, principal, student_id, academic_year)))
