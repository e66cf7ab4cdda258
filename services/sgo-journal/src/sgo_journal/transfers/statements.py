"""Use cases of statements from paper: what a student from outside the region brought is entered, changed, taken away.

A statement counts as one that came by a transfer does, and goes on with the student as that does. All that became of it is kept
(``brought_change``). Marks in closed days of the student stand, and with them the arrival and what their subjects count as (triggers
``guard_brought_…``).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from servicekit import audit
from servicekit.errors import FieldError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.dates import academic_year
from sgo_journal.files import service as files
from sgo_journal.files.service import AttachedFile
from sgo_journal.people import author
from sgo_journal.rosters import service as rosters
from sgo_journal.scales import service as scales
from sgo_journal.transfers import holding, paper, service
from sgo_journal.transfers import statement_repository as kept
from sgo_journal.transfers.errors import StatementFollowsError, StatementInvalidError, StatementKnownError
from sgo_journal.transfers.model import BroughtStatement
from sgo_journal.transfers.paper import PaperMark, plain
from sgo_journal.transfers.statement_schemas import StatementIn


async def enter(uow: UnitOfWork, principal: Principal, student_id: UUID, body: StatementIn) -> BroughtStatement:
    """Enter a statement of a student who was admitted in this school year.

    Raises ``NotFoundError``, ``StatementInvalidError``, ``StatementKnownError``, ``UploadUnknownError``, ``PeriodClosedError``.
    """
    await rosters.hold_merges(uow)
    year = academic_year(uow.clock.today())
    organization_id = await service.require_staff(uow, principal, student_id, year)
    statement = BroughtStatement(
        organization_id=organization_id,
        academic_year=year,
        id=new_id(),
        student_id=student_id,
        version=1,
        **_said(uow, principal, body),
    )
    await _hold(uow, statement)
    await _check(uow, statement, body)
    uow.session.add(statement)
    await uow.session.flush()
    await _written(uow, principal, statement, "entered", body)
    return statement


async def change(
    uow: UnitOfWork, principal: Principal, student_id: UUID, statement_id: UUID, version: int, body: StatementIn
) -> BroughtStatement:
    """Let a statement say what the paper does: marks that stay as they were are not touched, files are added.

    Raises what ``enter`` does, ``StatementFollowsError``, ``VersionMismatchError``.
    """
    statement = await _own(uow, principal, student_id, statement_id)
    await _check(uow, statement, body)
    if not await kept.change(uow.session, statement, version, _said(uow, principal, body)):
        raise VersionMismatchError
    await uow.session.refresh(statement)
    await _written(uow, principal, statement, "changed", body)
    return statement


async def remove(uow: UnitOfWork, principal: Principal, student_id: UUID, statement_id: UUID, version: int) -> None:
    """Take a statement away with its files; what it said stays in its history. Raises what ``change`` does."""
    statement = await _own(uow, principal, student_id, statement_id)
    if statement.version != version:
        raise VersionMismatchError
    contents = await kept.last_contents(uow.session, statement)
    subjects = [one.id for one in await kept.subjects(uow.session, statement)]
    marks = [one.id for one in await kept.marks(uow.session, statement, subjects)]
    await kept.put(uow.session, statement, [], [], subjects, marks)
    await files.detach(uow, statement.organization_id, statement.academic_year, statement.id)
    if not await kept.remove(uow.session, statement, version):
        raise VersionMismatchError
    await _keep(uow, principal, statement, "removed", contents)
    await _bring_on(uow, statement)


async def history(
    uow: UnitOfWork, principal: Principal, student_id: UUID, year: int, after: UUID | None, limit: int
) -> Sequence[Any]:
    """What became of a student's statements, those that were removed too, one more than ``limit``; audited."""
    organization_id = await service.require_staff(uow, principal, student_id, year)
    await audit.record(uow, principal, "student.brought.history", [student_id])
    return await kept.changes(uow.session, organization_id, year, student_id, after, limit)


async def read_file(
    uow: UnitOfWork, runtime: Runtime, principal: Principal, student_id: UUID, statement_id: UUID, file_id: UUID
) -> tuple[AttachedFile, bytes]:
    """A scan of a statement that the caller may read; audited, but for families."""
    statement = await kept.statement(uow.session, student_id, statement_id, principal.unit.organization_id)
    if statement is None:
        raise NotFoundError
    await service.require_reader(uow, principal, student_id, statement.academic_year)
    key = statement.organization_id, statement.academic_year, statement.id
    return await files.read(uow, runtime, *key, file_id)


async def _own(uow: UnitOfWork, principal: Principal, student_id: UUID, statement_id: UUID) -> BroughtStatement:
    """A statement from paper in the caller's organization, held until the transaction ends."""
    await rosters.hold_merges(uow)
    statement = await kept.statement(uow.session, student_id, statement_id, principal.unit.organization_id)
    if statement is None:
        raise NotFoundError
    await service.require_staff(uow, principal, student_id, statement.academic_year)
    if statement.from_organization_id is not None:
        raise StatementFollowsError
    await _hold(uow, statement)
    return statement


async def _hold(uow: UnitOfWork, statement: BroughtStatement) -> None:
    """Let nobody enter another statement of the student, accept the student elsewhere or close a period meanwhile."""
    await holding.hold_students(uow.session, [statement.student_id])
    await holding.hold_periods(uow.session, statement.organization_id, statement.academic_year, statement.student_id)


def _said(uow: UnitOfWork, principal: Principal, body: StatementIn) -> dict[str, Any]:
    return {
        "source_name": body.source,
        "document_number": body.document_number,
        "document_date": body.document_date,
        "arrived_on": body.arrived_on,
        "changed_by": author(principal),
        "changed_at": uow.now,
    }


async def _check(uow: UnitOfWork, statement: BroughtStatement, body: StatementIn) -> None:
    key = statement.organization_id, statement.academic_year, statement.student_id
    wrong = [*paper.wrong(body, statement.academic_year)]
    if not await kept.arrives(uow.session, *key, body.arrived_on):
        title = "В этот день ученик не зачислен сюда в учебном году ведомости или учился здесь и накануне"
        wrong.append(FieldError("/body/arrived_on", "brought.not-admitted", title))
    if body.document_date > uow.clock.today():
        wrong.append(FieldError("/body/document_date", "brought.document-date", "Дата документа ещё не наступила"))
    wrong += await _wrong_values(uow, statement.organization_id, body)
    have = (await files.of(uow, *key[:2], [statement.id]))[statement.id]
    if len(have) + len(body.upload_ids) > files.MOST_FILES:
        title = f"Не больше {files.MOST_FILES} файлов"
        wrong.append(FieldError("/body/upload_ids", "brought.files", title))
    if wrong:
        raise StatementInvalidError(errors=wrong)
    document = body.source, body.document_number, body.document_date
    if await kept.has_document(uow.session, statement, *document):
        raise StatementKnownError


async def _wrong_values(uow: UnitOfWork, organization_id: UUID, body: StatementIn) -> list[FieldError]:
    if not await scales.usable(uow, organization_id, body.scale_id):
        return [FieldError("/body/scale_id", "brought.scale-unknown", "Такой шкалы в организации нет")]
    values = (await scales.values_of(uow, {body.scale_id}))[body.scale_id]
    known = {one.code for one in values if one.active and not one.debt}
    return [
        FieldError(f"{pointer}/value", "brought.unknown-code", "Значение не из шкалы ведомости")
        for pointer, mark in paper.marks_of(body)
        if mark.value not in known
    ]


async def _written(
    uow: UnitOfWork, principal: Principal, statement: BroughtStatement, action: str, body: StatementIn
) -> None:
    await _fill(uow, statement, body)
    key = statement.organization_id, statement.academic_year
    await files.attach(uow, principal, *key, statement.id, body.upload_ids)
    await _keep(uow, principal, statement, action, body.model_dump(mode="json", exclude={"upload_ids"}))
    await _bring_on(uow, statement)


async def _fill(uow: UnitOfWork, statement: BroughtStatement, body: StatementIn) -> None:
    """Let a statement have the subjects and marks of the body; a subject keeps the course it was said to be, known by its plain title."""
    before = {one.source_id: one.id for one in await kept.subjects(uow.session, statement)}
    wanted = {uuid5(statement.id, plain(one.title)): one for one in body.subjects}
    ids = {source: before.get(source) or new_id() for source in wanted}
    region = await kept.region_subjects(uow.session, [plain(one.title) for one in wanted.values()])
    subjects = [
        {
            "id": ids[source],
            "source_id": source,
            "title": one.title,
            "stands_for": region.get(plain(one.title)),
            "course_id": None,
            "version": 1,
        }
        for source, one in wanted.items()
    ]
    there: dict[tuple[UUID, PaperMark], list[UUID]] = defaultdict(list)
    for row in await kept.marks(uow.session, statement, list(before.values())):
        there[row.subject_id, PaperMark.read(row)].append(row.id)
    marks = []
    for source, subject in wanted.items():
        for one in subject.marks:
            mark = PaperMark.of(one, body)
            if found := there[ids[source], mark]:
                found.pop()
            else:
                marks.append({"id": new_id(), "subject_id": ids[source], "source_id": new_id(), **mark.row})
    gone_subjects = [before[source] for source in before.keys() - wanted.keys()]
    gone_marks = [one for left in there.values() for one in left]
    new_subjects = [one for one in subjects if one["source_id"] not in before]
    await kept.put(uow.session, statement, new_subjects, marks, gone_subjects, gone_marks)
    await kept.retitle(uow.session, statement, subjects)


async def _bring_on(uow: UnitOfWork, statement: BroughtStatement) -> None:
    key = statement.organization_id, statement.academic_year, statement.student_id
    await service.bring_on(uow, *key, statement.arrived_on)


async def _keep(
    uow: UnitOfWork, principal: Principal, statement: BroughtStatement, action: str, contents: Mapping[str, Any]
) -> None:
    """Keep what became of a statement from paper; audited."""
    of = {"statement_id": statement.id, "student_id": statement.student_id}
    by = {"changed_by": author(principal), "changed_at": uow.now}
    row = {**kept.key_of(statement), **of, **by, "action": action, "contents": dict(contents)}
    await kept.keep(uow.session, id=new_id(), **row)
    await audit.record(uow, principal, f"student.brought.{action}", [statement.student_id])
