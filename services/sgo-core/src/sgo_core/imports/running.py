"""Carrying an import out: a table is read apart, its rows enter part by part, each part in one transaction with its report.

A run that was cut short goes on after its last part. A trial runs all parts in one transaction and takes it back.
"""

import asyncio
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from reportkit.footer import Footer
from servicekit import storing
from servicekit.acting import acting
from servicekit.errors import DomainError
from servicekit.faults import sqlstate
from servicekit.runs import RunContext
from servicekit.uow import UnitOfWork
from sgo_core.history.recorded import Author
from sgo_core.imports import repository
from sgo_core.imports.cells import Row, RowError
from sgo_core.imports.errors import EmptyListError, UploadLostError
from sgo_core.imports.headers import Header, read_header
from sgo_core.imports.kinds import ImportKind, Numbered, Outcome, Status, Target, beside
from sgo_core.imports.reading import read_apart
from sgo_core.imports.registry import KINDS
from sgo_core.imports.tables import Cell, Table
from sgo_core.organizations import service as organizations
from sgo_core.people.service import IdentityRaceError

log = structlog.get_logger(__name__)

PENDING = "pending"
"""Where an upload lies in the store from the request until the run that reads it has ended."""
PART = 500
"""Rows carried out in one transaction."""
_TRIES = 5
_LOST_RACES = frozenset({"40001", "40P01", "55P03", "23505", "23P01"})
_PATIENCE = text("SET LOCAL lock_timeout = '45s'")


class _TrialError(Exception):
    """Takes a trial's transaction back."""


async def run_import(context: RunContext) -> None:
    """Carry out a queued import. Bad rows are reported; a bad file fails the run."""
    runtime, upload_id = context.runtime, UUID(context.params["upload_id"])
    store, path = storing.store_of(runtime.settings), f"{PENDING}/{upload_id}"
    content = await storing.get(store, path)
    if content is None:
        raise UploadLostError
    try:
        await _import(context, content)
    except DomainError:  # the run fails for good: nobody will read the file again
        await storing.remove(store, path)
        raise
    await storing.remove(store, path)


async def _import(context: RunContext, content: bytes) -> None:
    kind, target = KINDS[context.params["kind"]], await _target(context)
    table = await read_apart(content)
    if not table:
        raise EmptyListError
    header = read_header(table[0], kind.columns, context.params["matches"])
    parts, errors = await asyncio.to_thread(read_table_rows, kind, table, header, target)
    total = len(table) - 1
    await context.progress(0, total)
    if context.params["dry_run"]:
        await _try_out(context, kind, target, parts, errors)
    else:
        await _carry_out(context, kind, target, parts, errors, total)
    async with context.runtime.uow() as uow:
        counts = await repository.counts(uow.session, context.run_id)
        await context.succeed(uow, {"rows": total, **counts, "ignored_columns": list(header.ignored)})


async def _target(context: RunContext) -> Target:
    params, clock = context.params, context.runtime.clock
    organization_id = None if params["organization_id"] is None else UUID(params["organization_id"])
    name = ""
    if organization_id is not None:
        async with context.runtime.uow() as uow:
            name = (await organizations.by_ids(uow, [organization_id]))[organization_id].full_name
    principal = acting(params["principal"])
    return Target(
        principal=principal,
        organization_id=organization_id,
        organization_name=name,
        academic_year=params["academic_year"],
        author=Author(principal.account_id, "Загрузка из файла"),
        today=clock.today(),
        zone=clock.zone,
    )


def read_table_rows(
    kind: ImportKind, table: Table, header: Header, target: Target
) -> tuple[list[list[Any]], dict[int, list[RowError]]]:
    """Good rows in parts of the file, the errors of the others by row."""
    good: list[Numbered] = []
    errors: dict[int, list[RowError]] = {}
    units: dict[int, Hashable] = {}
    empty = True
    for number, cells in enumerate(table[1:], start=2):
        row = Row(number, cells, header.places)
        if not row.has(*header.places) or _is_footer(cells):
            continue
        empty = False
        read = kind.read(row, target)
        units[number] = number if row.unit is None else row.unit
        if row.errors:
            errors[number] = row.errors
        elif read is not None:
            good.append(read)
    if empty:
        raise EmptyListError
    for error in kind.check(good):
        errors.setdefault(error.row, []).append(error)
    wrong: dict[Hashable, int] = {}
    for number in sorted(errors):
        wrong.setdefault(units[number], number)
    for one in good:
        if one.number not in errors and (by := wrong.get(units[one.number])) is not None:
            errors[one.number] = [beside(one.number, by, kind.unit)]
    return _parts([one for one in good if one.number not in errors], units, (len(table) - 2) // PART + 1), errors


def _is_footer(cells: Sequence[Cell]) -> bool:
    """Whether a row is of the footer that ends a table of ours."""
    first, *others = cells
    return isinstance(first, str) and Footer.holds(first) and not any(others)


def _parts(good: Sequence[Numbered], units: Mapping[int, Hashable], count: int) -> list[list[Any]]:
    """Rows by part; those of one unit in the part of the first of them."""
    parts: list[list[Any]] = [[] for _ in range(count)]
    firsts: dict[Hashable, int] = {}
    for one in good:
        parts[firsts.setdefault(units[one.number], (one.number - 2) // PART)].append(one)
    return parts


async def _carry_out(
    context: RunContext,
    kind: ImportKind,
    target: Target,
    parts: Sequence[Sequence[Any]],
    errors: dict[int, list[RowError]],
    total: int,
) -> None:
    async with context.runtime.uow() as uow:
        done = await repository.parts_done(uow.session, context.run_id)
    for number, rows in enumerate(parts):
        if number in done:
            continue
        await _patiently(context, kind, target, number, rows, _of_part(errors, number))
        await context.progress(min((number + 1) * PART, total), total)


def _of_part(errors: dict[int, list[RowError]], number: int) -> list[Outcome]:
    return [
        Outcome(row, Status.REFUSED, tuple(found))
        for row, found in sorted(errors.items())
        if (row - 2) // PART == number
    ]


async def _patiently(
    context: RunContext,
    kind: ImportKind,
    target: Target,
    number: int,
    rows: Sequence[Any],
    refused: Sequence[Outcome],
) -> None:
    """Carry a part out; a race lost to another transaction is run again."""
    for attempt in range(1, _TRIES + 1):
        try:
            async with context.runtime.uow() as uow:
                await _part(uow, context.run_id, kind, target, number, rows, refused)
        except (DBAPIError, IdentityRaceError) as error:
            lost = isinstance(error, IdentityRaceError) or sqlstate(error) in _LOST_RACES
            if not lost or attempt == _TRIES:
                raise
            log.warning("import_lost_a_race", attempt=attempt)
        else:
            return


async def _part(
    uow: UnitOfWork,
    run_id: UUID,
    kind: ImportKind,
    target: Target,
    number: int,
    rows: Sequence[Any],
    refused: Sequence[Outcome],
) -> None:
    await uow.session.execute(_PATIENCE)
    outcomes = await kind.apply(uow, target, rows) if rows else []
    await repository.store_part(uow.session, part_row(run_id, number, [*outcomes, *refused]))


async def _try_out(
    context: RunContext,
    kind: ImportKind,
    target: Target,
    parts: Sequence[Sequence[Any]],
    errors: dict[int, list[RowError]],
) -> None:
    """All parts in one transaction, so that later rows see earlier ones; only the report stays."""
    made: list[list[Outcome]] = []
    try:
        async with context.runtime.uow() as uow:
            await uow.session.execute(_PATIENCE)
            made = [await kind.apply(uow, target, rows) if rows else [] for rows in parts]
            raise _TrialError
    except _TrialError:
        pass
    async with context.runtime.uow() as uow:
        for number, outcomes in enumerate(made):
            row = part_row(context.run_id, number, [*outcomes, *_of_part(errors, number)])
            await repository.store_part(uow.session, row)


def part_row(run_id: UUID, number: int, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Outcomes of a part as it is stored."""

    def of(status: Status) -> list[int]:
        return sorted(one.row for one in outcomes if one.status is status)

    refused = sorted((one for one in outcomes if one.status is Status.REFUSED), key=lambda one: one.row)
    return {
        "run_id": run_id,
        "number": number,
        "created": of(Status.CREATED),
        "changed": of(Status.CHANGED),
        "unchanged": of(Status.UNCHANGED),
        "refused": [{"row": one.row, "errors": [asdict(error) for error in one.errors]} for one in refused],
    }
