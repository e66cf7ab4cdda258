"""Builds a form: counts, checks, freezes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.builds import carrying, checking, outside, repository
from reporting.builds.correction import counted
from reporting.builds.documents import by_section, flat
from reporting.builds.errors import NotReportingError, UnitError, UnknownFormError
from reporting.engine.cells import Address, Value
from reporting.engine.definition import FormDefinition
from reporting.engine.totals import derived
from reporting.facts.sources import Scope
from reporting.forms.service import catalog
from reporting.units import service as units
from reporting.units.service import ReportUnit
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


@dataclass(frozen=True)
class Order:
    """What to build, of whom, by whom. ``known_at`` believes only what had been recorded by then."""

    form: str
    unit: ReportUnit
    as_of: date
    known_at: datetime | None
    ordered_by: str


async def order(
    uow: UnitOfWork,
    principal: Principal,
    *,
    form: str,
    organization_id: UUID | None,
    municipality: str | None,
    region: bool,
    as_of: date,
    known_at: datetime | None,
) -> Order:
    """An order to build a form of one organization, of one municipality (ОКТМО) or of the region.

    Raises ``UnknownFormError``, ``UnitError``, ``NotReportingError``, ``HealthDayError``; ``NotFoundError`` for a unit outside the
    principal's view and ``ForbiddenError`` for one above its position.
    """
    found = edition(form, as_of)
    if [organization_id is not None, municipality is not None, region].count(True) != 1:
        raise UnitError
    if organization_id is not None:
        unit = await units.organization_unit(uow, principal, organization_id)
        branch = await units.is_branch(uow, organization_id, as_of)
        if ("branch" if branch else "legal_entity") not in found.unit:
            raise NotReportingError
    elif municipality is not None:
        unit = await units.municipality_unit(uow, principal, municipality)
    else:
        unit = units.region_unit(principal)
    outside.require_counted(principal, found, as_of, known_at, uow.clock.today())
    return Order(form, unit, as_of, known_at, principal.account_id)


async def build(uow: UnitOfWork, order: Order, log_position: int) -> UUID:
    """Count and store the form; returns the report's id.

    The transaction sees one snapshot (REPEATABLE READ): that of the events up to ``log_position``, all of them and no other.
    """
    form, unit = edition(order.form, order.as_of), order.unit
    age_day = form.age_at.of(order.as_of.year) if form.age_at else order.as_of
    scope = Scope(unit.organization_id, unit.municipality, order.as_of, age_day, order.known_at)
    cells = await repository.count_cells(uow.session, form, scope)
    carried = await carrying.carried(uow, form, unit, order.as_of, order.ordered_by)
    cells |= {one.address: counted(one.value) for one in carried}
    report_id = await freeze(
        uow,
        form,
        unit,
        order.as_of,
        cells,
        known_at=order.known_at,
        log_position=log_position,
        built_by=order.ordered_by,
        corrections=[one.model_dump(mode="json") for one in carried],
        parts=None,
    )
    if unit.organization_id is not None:
        await repository.keep_facts(uow.session, report_id, scope, form.fields())
    return report_id


async def freeze(
    uow: UnitOfWork,
    form: FormDefinition,
    unit: ReportUnit,
    as_of: date,
    cells: Mapping[Address, Value],
    **more: Any,
) -> UUID:
    """Derive what follows from cells, check them all and store them as a report of a unit; its id.

    ``more``: the table's other columns, where the cells are from.
    """
    cells = derived(form, cells)
    previous = await previous_report(uow.session, form, unit, as_of)
    above = unit.organization_id is None
    results = checking.check(form, cells, cells_of(previous) if previous else None, above=above)
    report_id = new_id()
    await repository.add(
        uow.session,
        {
            "id": report_id,
            "form": form.form,
            "edition": form.edition,
            "definition_digest": form.digest,
            "definition": form.model_dump(mode="json", by_alias=True),
            "organization_id": unit.organization_id,
            "municipality": unit.municipality,
            "unit_name": unit.name,
            "as_of": as_of,
            "cells": by_section(form, cells),
            "controls": [one.model_dump() for one in results],
            "previous_id": previous.id if previous else None,
            "built_at": uow.now,
            "counted_as": report_id,
            **more,
        },
    )
    return report_id


async def get(uow: UnitOfWork, principal: Principal, report_id: UUID) -> Row[Any]:
    """A built form in the principal's view; raises ``NotFoundError``, ``HealthDayError``."""
    found = await repository.visible(uow.session, principal, report_id)
    if found is None:
        raise NotFoundError
    outside.require_read(principal, found, uow.clock.date_of(found.built_at))
    return found


async def stored(session: AsyncSession, report_id: UUID) -> Row[Any]:
    """A report that work goes on with after its reader's right to it was seen; raises ``NotFoundError``."""
    found = await repository.stored(session, report_id)
    if found is None:
        raise NotFoundError
    return found


async def of_organizations(
    session: AsyncSession, form: str, as_of: date, municipality: str | None, preferred: Collection[UUID]
) -> Sequence[Any]:
    """A report of each organization of a municipality, or of the region: a preferred one, else the newest as known now.

    Rows (id, organization_id, municipality, unit_name) by municipality and name.
    """
    return await repository.of_organizations(session, form, as_of, municipality, preferred)


def cells_of(row: Any) -> dict[Address, Value]:
    """Cells of a stored report."""
    return {address: counted(value) for address, value in flat(row.cells)}


async def previous_report(
    session: AsyncSession, form: FormDefinition, unit: ReportUnit, as_of: date
) -> Row[Any] | None:
    """The unit's report of the previous period, the calendar year before: forms are annual. What was handed in, if anything was.

    Codes are the present edition's: who writes a control over two periods knows that last year they meant the same.
    """
    if not any(control.compares_periods for control in form.controls):
        return None
    year = as_of.year - 1
    last = date(year, 12, 31)
    due = form.snapshot.of(year) if form.snapshot else last
    return await repository.latest(session, form.form, unit, (date(year, 1, 1), last), due)


def edition(code: str, as_of: date) -> FormDefinition:
    """The edition of a form for a day; raises ``UnknownFormError``."""
    form = catalog().edition(code, as_of)
    if form is None:
        raise UnknownFormError
    return form
