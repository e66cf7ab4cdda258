"""Runs a query: whose facts, within which limits, what of the answer is hidden."""

import asyncio
from datetime import date
from functools import partial
from uuid import UUID

from asu_contracts.access import UnitKind
from reporting.constructor import health, repository
from reporting.constructor.answers import Answer, concealed, laid
from reporting.constructor.counting import Count
from reporting.constructor.errors import HealthError, TooManyGroupsError, UnitError
from reporting.constructor.pivot import Pivot
from reporting.constructor.plan import Plan, planned
from reporting.constructor.query import Query, Unit
from reporting.days import academic_year, year_begins
from reporting.facts import datasets
from reporting.facts.errors import PeriodError
from reporting.facts.sources import Scope
from reporting.units import service as units
from reporting.units.service import ReportUnit
from servicekit import audit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

MILLISECONDS = 8000
"""How long a query may take: less than the api's statements may."""
MOST_CELLS, MOST_GUARDED = 10_000, 1000
"""Groups of one query; fewer where hiding has to be worked out."""
OUTSIDE_DAYS = frozenset({(1, 1), (10, 1)})
"""Month and day as of which a body counts health, and everybody's reports are: too far apart to differ by one child's coming or going."""


async def run(uow: UnitOfWork, principal: Principal, query: Query, *, published: bool = False) -> Answer:
    """The answer to a query; ``published``: as outsiders of the unit may see it.

    Raises ``QueryError``, ``UnitError``, ``HealthError``, ``TooManyGroupsError``, ``TooLongError``, ``PeriodError``; ``NotFoundError``
    for a unit outside the principal's view and ``ForbiddenError`` for one above its position.
    """
    plan = planned(query, principal.role)
    unit = await _unit(uow, principal, query.unit)
    day = day_of(uow, query)
    outside = health.by_outsider(plan, principal.role)
    if outside and not (
        _is_own(principal, unit) and for_outsiders(uow, query) and health.is_the_table(plan, query, principal.unit.kind)
    ):
        raise HealthError
    guarded = published or (outside and plan.dataset.people)
    pivot = await _pivot(uow, plan, query, unit, day, guarded=guarded)
    action = "health" if plan.health else "run"
    await audit.record(uow, principal, f"constructor.{plan.dataset.name}.{action}", _subjects(unit))
    shown = pivot.ordered(query.order, query.limit)
    return Answer(
        dataset=plan.dataset.name,
        unit_name=unit.name,
        organization_id=unit.organization_id,
        municipality=unit.municipality,
        since=_since(query, day) if plan.dataset.period else None,
        as_of=day,
        known_at=query.known_at,
        conditions=query.where is not None,
        cut=shown.cut,
        hidden=concealed(pivot, guarded=guarded),
        result=laid(shown, query.view, await _names(uow, principal, shown)),
    )


def day_of(uow: UnitOfWork, query: Query) -> date:
    """The day as of which a query counts."""
    return query.as_of or uow.clock.today()


def for_outsiders(uow: UnitOfWork, query: Query) -> bool:
    """Whether it counts what was on one of the few days of which outsiders are told, as it is known now.

    A day to come is none of them: what is known of it changes with each child.
    """
    day = day_of(uow, query)
    return (day.month, day.day) in OUTSIDE_DAYS and day <= uow.clock.today() and query.known_at is None


async def _unit(uow: UnitOfWork, principal: Principal, named: Unit | None) -> ReportUnit:
    if named is None:
        named = _own(principal)
    if [named.organization_id is not None, named.municipality is not None, named.region].count(True) != 1:
        raise UnitError
    if named.organization_id is not None:
        return await units.organization_unit(uow, principal, named.organization_id)
    if named.municipality is not None:
        return await units.municipality_unit(uow, principal, named.municipality)
    return units.region_unit(principal)


def _own(principal: Principal) -> Unit:
    """A department has no unit of its own here: its organizations stand anywhere."""
    match principal.unit.kind:
        case UnitKind.ORGANIZATION:
            return Unit(organization_id=principal.unit.organization_id)
        case UnitKind.MUNICIPALITY:
            return Unit(municipality=principal.unit.municipality)
    return Unit(region=principal.unit.kind is UnitKind.REGION)


def _is_own(principal: Principal, unit: ReportUnit) -> bool:
    """Whether it is the whole territory of a body."""
    kinds = {UnitKind.MUNICIPALITY: unit.municipality is not None, UnitKind.REGION: unit.municipality is None}
    return unit.organization_id is None and kinds.get(principal.unit.kind, False)


async def _pivot(uow: UnitOfWork, plan: Plan, query: Query, unit: ReportUnit, day: date, *, guarded: bool) -> Pivot:
    scope = Scope(unit.organization_id, unit.municipality, day, day, query.known_at)
    parameters = scope.parameters
    if plan.dataset.period:
        parameters["since"] = _since(query, day)
    most = MOST_GUARDED if guarded else MOST_CELLS
    count = Count(plan, partial(datasets.source, plan.dataset.name, scope.shape), people=guarded)
    found = await repository.groups(uow.session, count.statement(most + 1), parameters, MILLISECONDS)
    if len(found) > most:
        raise TooManyGroupsError
    figures = count.figures(found)
    if guarded and plan.health:
        figures = health.whole(plan, figures)
    pivot = Pivot.of(plan, figures, totals=query.totals)
    if len(pivot.rows) * len(pivot.columns) > most:
        raise TooManyGroupsError
    return await asyncio.to_thread(pivot.guarded) if guarded else pivot


def _since(query: Query, day: date) -> date:
    since = query.since or year_begins(academic_year(day))
    if since > day:
        raise PeriodError
    return since


def _subjects(unit: ReportUnit) -> list[UUID]:
    return [unit.organization_id] if unit.organization_id else []


async def _names(uow: UnitOfWork, principal: Principal, pivot: Pivot) -> dict[str, str]:
    """Names of the organizations among rows and columns."""
    found: set[UUID] = set()
    for dimensions, keys in ((pivot.plan.rows, pivot.rows), (pivot.plan.columns, pivot.columns)):
        for number, one in enumerate(dimensions):
            if one.name == "organization":
                found |= {UUID(str(key[number])) for key in keys if key and key[number] is not None}
    return await repository.organization_names(uow.session, principal, found) if found else {}
