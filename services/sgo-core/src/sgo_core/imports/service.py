"""Importing class lists: the upload queues a run, the worker checks every row and writes all of them or none."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from servicekit import audit, runs
from servicekit.errors import DomainError
from servicekit.faults import sqlstate
from servicekit.ids import new_id
from servicekit.runs import Run, RunContext
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.groups import service as groups
from sgo_core.history.recorded import Author
from sgo_core.imports import files
from sgo_core.imports.errors import (
    NotAClassListError,
    OrganizationClosedError,
    UploadLostError,
)
from sgo_core.imports.reading import read_apart
from sgo_core.imports.rows import (
    BIRTH_DATE,
    ENROLLED_ON,
    GROUP,
    GUARDIAN_SNILS,
    ClassListRow,
    RowError,
    group_key,
    read_rows,
)
from sgo_core.imports.tables import looks_readable
from sgo_core.movements import service as movements
from sgo_core.movements.service import Enrollment, EnrollmentPlan, Refusal
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people
from sgo_core.people.records import Mismatch, Registered
from sgo_core.people.service import IdentityRaceError

log = structlog.get_logger(__name__)

RUN_KIND = "class-list"
ERRORS_SHOWN = 1000
_CHUNK = 300
_TRIES = 3
_LOST_RACES = frozenset({"23505", "23P01", "40001", "40P01", "55P03"})
"""Another transaction brought the same child first, or holds what this one waits for: the next try sees what it did."""
_PATIENCE = text("SET LOCAL lock_timeout = '45s'")

_REFUSALS = {
    Refusal.GROUP_NOT_FOUND: (
        ENROLLED_ON,
        "imports.row.outside-year",
        "Дата зачисления вне учебного года класса (группы)",
    ),
    Refusal.GROUP_FULL: (GROUP, "imports.row.group-full", "В классе (группе) нет свободных мест"),
    Refusal.ALREADY_MEMBER: (
        GROUP,
        "imports.row.already-member",
        "Ребёнок уже числится в другой организации или в другом классе (группе)",
    ),
}
_MISMATCHES = {
    Mismatch.CHILD: (
        BIRTH_DATE,
        "imports.row.child-differs",
        "Такой СНИЛС или документ уже указан у ребёнка с другой датой рождения",
    ),
    Mismatch.GUARDIAN: (
        GUARDIAN_SNILS,
        "imports.row.guardian-differs",
        "Такой СНИЛС уже указан у родителя с другой фамилией или другим именем",
    ),
}


class _BadRowsError(Exception):
    """Rolls the transaction back."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__("bad rows")
        self.errors = errors


async def queue_import(
    uow: UnitOfWork, runtime: Runtime, principal: Principal, organization_id: UUID, academic_year: int, content: bytes
) -> Run:
    """Keep the file and queue its run."""
    organization = await organizations.require_visible(uow, principal, organization_id)
    if not organization.active:
        raise OrganizationClosedError
    if not looks_readable(content):
        raise NotAClassListError
    upload_id = new_id()
    await asyncio.to_thread(files.save, runtime.settings.files_dir, upload_id, content)
    await audit.record(uow, principal, "class-list.import", [organization_id])
    params = {
        "upload_id": str(upload_id),
        "organization_id": str(organization_id),
        "academic_year": academic_year,
        "account_id": principal.account_id,
    }
    return await runs.start(uow, principal, RUN_KIND, params)


async def run_import(context: RunContext) -> None:
    """Carry out a queued import. Bad rows make a result with errors; a bad file fails the run."""
    runtime, upload_id = context.runtime, UUID(context.params["upload_id"])
    content = await asyncio.to_thread(files.load, runtime.settings.files_dir, upload_id)
    if content is None:
        raise UploadLostError
    try:
        await _import(context, content)
    except DomainError:  # the run fails for good: nobody will read the file again
        await asyncio.to_thread(files.remove, runtime.settings.files_dir, upload_id)
        raise
    await asyncio.to_thread(files.remove, runtime.settings.files_dir, upload_id)


async def _import(context: RunContext, content: bytes) -> None:
    runtime = context.runtime
    table = await read_apart(content)
    async with runtime.uow() as uow:
        organization_id = UUID(context.params["organization_id"])
        organization = (await organizations.by_ids(uow, [organization_id]))[organization_id]
    rows, errors = await asyncio.to_thread(
        read_rows, table, organization.full_name, runtime.clock.today(), runtime.clock.zone
    )
    total = len(table) - 1
    await context.progress(0, total)
    if not errors:
        errors = await _write_patiently(context, rows, total)
    if errors:
        async with runtime.uow() as uow:
            await context.succeed(uow, _result(total, 0, 0, errors))


async def _write_patiently(context: RunContext, rows: Sequence[ClassListRow], total: int) -> list[RowError]:
    """Write; a race lost to another transaction is run again."""
    for attempt in range(1, _TRIES + 1):
        try:
            return await _write(context, rows, total)
        except (DBAPIError, IdentityRaceError) as error:
            lost = isinstance(error, IdentityRaceError) or sqlstate(error) in _LOST_RACES
            if not lost or attempt == _TRIES:
                raise
            log.warning("import_lost_a_race", attempt=attempt)
    raise AssertionError  # the last attempt returned or raised


async def _write(context: RunContext, rows: Sequence[ClassListRow], total: int) -> list[RowError]:
    """All rows in one transaction, the run's success with them; or the errors, and nothing written."""
    try:
        async with context.runtime.uow() as uow:
            await uow.session.execute(_PATIENCE)
            plan, found = await _plan(context, uow, rows)
            new = [(row, student) for row, student, answer in zip(rows, found, plan.answers, strict=True) if answer.new]
            known = await _register(context, uow, new, total)
            author = str(context.params["account_id"])
            await plan.write(known, author)
            await context.succeed(uow, _result(total, len(new), len(rows) - len(new), []))
    except _BadRowsError as bad:
        return list(bad.errors)
    return []


async def _plan(
    context: RunContext, uow: UnitOfWork, rows: Sequence[ClassListRow]
) -> tuple[EnrollmentPlan, list[UUID]]:
    organization_id = UUID(context.params["organization_id"])
    named = {
        group_key(group.name): group.id
        for group in await groups.named(uow, organization_id, context.params["academic_year"])
    }
    unknown = [
        RowError(row.number, GROUP, "imports.row.group-unknown", "Нет такого класса (группы) в этом учебном году")
        for row in rows
        if group_key(row.group) not in named
    ]
    if unknown:
        raise _BadRowsError(unknown)
    families = await people.find_families(uow, [row.family for row in rows])
    others = [(row, one.mismatch) for row, one in zip(rows, families, strict=True) if one.mismatch is not None]
    if others:
        raise _BadRowsError([RowError(row.number, *_MISMATCHES[mismatch]) for row, mismatch in others])
    found = [one.student_id for one in families]
    plan = await movements.plan_enrollment(
        uow,
        [
            Enrollment(
                student_id=student,
                organization_id=organization_id,
                group_id=named[group_key(row.group)],
                effective_date=row.enrolled_on,
                order_number=row.order_number,
                order_date=row.order_date,
            )
            for row, student in zip(rows, found, strict=True)
        ],
    )
    refused = [
        (row, answer.refusal) for row, answer in zip(rows, plan.answers, strict=True) if answer.refusal is not None
    ]
    if any(refusal is Refusal.ORGANIZATION_CLOSED for _, refusal in refused):
        raise OrganizationClosedError
    if refused:
        raise _BadRowsError([RowError(row.number, *_REFUSALS[refusal]) for row, refusal in refused])
    return plan, found


async def _register(
    context: RunContext, uow: UnitOfWork, new: Sequence[tuple[ClassListRow, UUID]], total: int
) -> dict[UUID, Registered]:
    author = Author(context.params["account_id"], "Загрузка списка класса (группы)")
    known: dict[UUID, Registered] = {}
    for start in range(0, len(new), _CHUNK):
        part = new[start : start + _CHUNK]
        registered = await people.register_families(uow, [row.family for row, _ in part], author)
        known.update({student: one for (_, student), one in zip(part, registered, strict=True)})
        await context.progress(start + len(part), total)
    return known


def _result(rows: int, imported: int, unchanged: int, errors: Sequence[RowError]) -> dict[str, Any]:
    return {
        "rows": rows,
        "imported": imported,
        "unchanged": unchanged,
        "errors": [asdict(error) for error in errors[:ERRORS_SHOWN]],
        "errors_total": len(errors),
    }


async def sweep_uploads(runtime: Runtime) -> None:
    """Remove uploads whose request was not committed or whose run has failed for good."""
    async with runtime.uow() as uow:
        wanted = [str(params["upload_id"]) for params in await runs.open_params(uow, RUN_KIND)]
    await asyncio.to_thread(files.sweep, runtime.settings.files_dir, wanted)
