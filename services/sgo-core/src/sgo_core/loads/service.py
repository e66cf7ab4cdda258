"""Use cases of the teaching load: distribution, replacement of a teacher, what a worker teaches."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.messaging.republish import Aggregate
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.chunks import chunked
from sgo_core.curricula.checking import hours
from sgo_core.history import service as history
from sgo_core.history.recorded import Author
from sgo_core.loads import repository
from sgo_core.loads.distributing import employed, make, prepare
from sgo_core.loads.errors import LoadDatesError, LoadsRefusedError, LoadTwiceError
from sgo_core.loads.model import TeachingLoad
from sgo_core.loads.schemas import LoadPatch, LoadsIn, ReplacementIn
from sgo_core.loads.telling import described, tell
from sgo_core.organizations import service as organizations

NamedLoad = repository.AnyRow
"""A line with the names of what and whom it is about: ``TeachingLoad``, ``taught``, ``title``, names, ``post_code``."""
_TOLD_AT_ONCE = 200


async def distribute(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, body: LoadsIn
) -> Sequence[NamedLoad]:
    """Give hours to teachers: all the lines or none."""
    await organizations.require_visible(uow, principal, organization_id)
    author = Author(principal.account_id, "Распределение учебной нагрузки")
    made, wrong = await prepare(uow, organization_id, body.academic_year, body.loads, author)
    if wrong:
        raise LoadsRefusedError(errors=[error for number in sorted(wrong) for error in wrong[number]])
    await store(uow, made)
    return await repository.named(uow.session, [one.id for one in made])


async def store(uow: UnitOfWork, made: Sequence[TeachingLoad]) -> None:
    """Store prepared lines and tell of them; raises ``LoadTwiceError`` for one that is there already."""
    uow.session.add_all(made)
    await _flush(uow)
    await tell(uow, made)


async def _flush(uow: UnitOfWork) -> None:
    try:
        await uow.session.flush()
    except IntegrityError as error:
        if "ex_teaching_load" not in str(error.orig):
            raise
        raise LoadTwiceError from None


async def _locked(uow: UnitOfWork, principal: Principal, load_id: UUID, version: int) -> TeachingLoad:
    load = await repository.get(uow.session, load_id)
    if load is None or load.organization_id != principal.unit.organization_id:
        raise NotFoundError
    await repository.employments(uow.session, load.organization_id, [load.worker_id])  # before the line, as a dismissal
    load = await repository.get(uow.session, load_id, lock=True)
    assert load is not None
    if load.version != version:
        raise VersionMismatchError
    return load


async def edit(uow: UnitOfWork, principal: Principal, load_id: UUID, version: int, body: LoadPatch) -> NamedLoad:
    """Correct a line: its hours, or the day it ends."""
    load = await _locked(uow, principal, load_id, version)
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    if "valid_to" in values:
        await _check_end(uow, load, values["valid_to"])
    if change(load, values, Author(principal.account_id, body.reason), uow.now):
        await tell(uow, [load])
    await _flush(uow)
    return (await repository.named(uow.session, [load.id]))[0]


async def _check_end(uow: UnitOfWork, load: TeachingLoad, ends: date) -> None:
    taught_id = load.group_id or load.teaching_group_id
    assert taught_id is not None
    taught = (await repository.taught(uow.session, load.organization_id, [taught_id])).get(taught_id)
    known = await repository.employments(uow.session, load.organization_id, [load.worker_id])
    by = employed(known, load.worker_id, load.employment_id, load.valid_from, ends)
    if ends < load.valid_from or (ends > load.valid_to and (taught is None or ends > taught.ends_on or by is None)):
        raise LoadDatesError


async def replace(
    uow: UnitOfWork, principal: Principal, load_id: UUID, version: int, body: ReplacementIn
) -> Sequence[NamedLoad]:
    """Let another worker teach from a day on, for a time or for good: the line ends, new ones begin.

    The lines that there are now: what is left of the former one, the new one, and the one on which the former teacher comes back.
    """
    load = await _locked(uow, principal, load_id, version)
    returns = body.valid_to or load.valid_to
    if not load.valid_from <= body.valid_from < returns <= load.valid_to:
        raise LoadDatesError
    known = await repository.employments(uow.session, load.organization_id, [body.worker_id])
    by = employed(known, body.worker_id, body.employment_id, body.valid_from, returns)
    if by is None or by.employment_id == load.employment_id:
        raise LoadDatesError
    author = Author(principal.account_id, body.reason)
    same: dict[str, Any] = {
        name: getattr(load, name)
        for name in ("organization_id", "academic_year", "group_id", "teaching_group_id", "subject_id")
    }
    instead: dict[str, Any] = {
        "worker_id": body.worker_id,
        "employment_id": by.employment_id,
        "hours_week": body.hours_week or load.hours_week,
    }
    begun = [make(uow, author, **same, **instead, valid_from=body.valid_from, valid_to=returns)]
    if returns < load.valid_to:
        former: dict[str, Any] = {name: getattr(load, name) for name in ("worker_id", "employment_id", "hours_week")}
        begun.append(make(uow, author, **same, **former, valid_from=returns, valid_to=load.valid_to))
    change(load, {"valid_to": body.valid_from}, author, uow.now)
    await tell(uow, [load])
    await _flush(uow)
    await store(uow, begun)
    return await repository.named(uow.session, [load.id, *(one.id for one in begun)])


async def list_loads(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    filters: Mapping[str, Any],
    day: date | None,
    limit: int | None,
    after: UUID | None,
) -> Sequence[NamedLoad]:
    """Lines of an organization on a day (None: of all times): one page and one more, or all (no limit)."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, filters, day, limit, after)


async def teaching_of(uow: UnitOfWork, worker_id: UUID, day: date, instant: datetime | None = None) -> list[str]:
    """What a worker teaches on a day, for the card (annex worker.12); as it was known at an instant."""
    past = [] if instant is None else await history.rows_as_of(uow, TeachingLoad, [worker_id], instant)
    known = {one.id: one for one in past}
    held = await repository.of_worker(uow.session, worker_id)
    found = [(row, row.TeachingLoad if instant is None else known.get(row.TeachingLoad.id)) for row in held]
    return [
        f"{row.title}, {row.taught}: {hours(load.hours_week)} ч"
        for row, load in found
        if load is not None and load.holds_on(day)
    ]


async def tell_untold(runtime: Runtime) -> None:
    """Each minute: tell of lines that a dismissal has ended, or whose subject has another title."""
    told = _TOLD_AT_ONCE
    while told == _TOLD_AT_ONCE:
        async with runtime.uow() as uow:
            found = await repository.untold(uow.session, _TOLD_AT_ONCE)
            await tell(uow, found)
            told = len(found)


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every line, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(TeachingLoad), TeachingLoad.id):
        told = zip(await described(session, chunk), chunk, strict=True)
        yield [Aggregate(event, one.updated_at, one.version) for event, one in told]
