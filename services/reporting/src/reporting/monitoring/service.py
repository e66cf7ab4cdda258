"""Answers about indicators: values by organization and municipality, their history, an organization among similar ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import quantiles
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from reporting.monitoring import repository
from reporting.monitoring.catalog import indicators
from reporting.monitoring.definition import Dimension, Indicator
from reporting.monitoring.errors import NotCountedError, PartError, UnknownIndicatorError
from reporting.monitoring.peers import LEAST
from reporting.units import service as units
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


@dataclass(frozen=True)
class Part:
    """Of what part of a unit a value is; without anything of the whole."""

    subject: str | None = None
    grade: int | None = None
    group_id: UUID | None = None

    @property
    def given(self) -> dict[Dimension, Any]:
        """What it is split by."""
        named: dict[Dimension, Any] = {"subject": self.subject, "grade": self.grade, "group_id": self.group_id}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True)
class Spread:
    """How the values of similar organizations lie: how many, their quartiles, how many of a hundred are not better."""

    size: int
    lower: Decimal
    median: Decimal
    upper: Decimal
    percentile: int | None
    quarter: int


def indicator(code: str, part: Part | None = None) -> Indicator:
    """A declared indicator; raises ``UnknownIndicatorError``, ``PartError`` where it is not counted by such parts."""
    found = indicators().get(code)
    if found is None:
        raise UnknownIndicatorError
    if part is not None and part.given and not any(set(one) == part.given.keys() for one in found.by):
        raise PartError
    return found


async def periods(session: AsyncSession, code: str) -> Sequence[Any]:
    """Periods an indicator was counted for, the newest first."""
    return await repository.periods(session, code)


async def period(session: AsyncSession, code: str, key: str | None) -> Any:
    """A period an indicator was counted for, the newest if none is named; raises ``NotCountedError``."""
    for one in await repository.periods(session, code):
        if key in {None, one.period}:
            return one
    raise NotCountedError


async def of_organizations(
    uow: UnitOfWork,
    principal: Principal,
    code: str,
    key: str | None,
    part: Part,
    *,
    known_at: datetime | None = None,
    after: UUID | None,
    limit: int,
) -> Sequence[Any]:
    """Values of organizations in the principal's view, of the newest period if none is named; ``known_at``: as counted by then.

    Raises ``UnknownIndicatorError``, ``PartError``, ``NotCountedError``.
    """
    indicator(code, part)
    found = await period(uow.session, code, key)
    of = repository.part(**part.given)
    return await repository.of_organizations(uow.session, principal, code, found.period, of, known_at, after, limit)


async def of_municipalities(
    uow: UnitOfWork,
    principal: Principal,
    code: str,
    key: str | None,
    part: Part,
    *,
    known_at: datetime | None = None,
    after: str | None,
    limit: int,
) -> Sequence[Any]:
    """Values of the municipalities of the principal's territory. Raises as ``of_organizations`` does."""
    indicator(code, part)
    found = await period(uow.session, code, key)
    of = repository.part(**part.given)
    return await repository.of_municipalities(uow.session, principal, code, found.period, of, known_at, after, limit)


async def history(
    uow: UnitOfWork,
    principal: Principal,
    code: str,
    unit: tuple[UUID | None, str | None],
    part: Part,
    *,
    after: int | None,
    limit: int,
) -> Sequence[Any]:
    """Every value of an organization, a municipality (ОКТМО) or, without both, the region, the newest first.

    Raises ``UnknownIndicatorError``, ``PartError``; ``NotFoundError`` and ``ForbiddenError`` for a unit that is not the principal's.
    """
    indicator(code, part)
    await _require(uow, principal, *unit)
    name = repository.series(*unit, **part.given)
    return await repository.history(uow.session, code, name, after, limit)


async def parts(
    uow: UnitOfWork,
    principal: Principal,
    code: str,
    unit: tuple[UUID | None, str | None],
    key: str | None,
    *,
    known_at: datetime | None = None,
    after: int | None,
    limit: int,
) -> Sequence[Any]:
    """Values of the parts of such a unit: by subject, grade, class, whatever the indicator is counted by.

    Raises as ``history`` does, and ``NotCountedError``.
    """
    indicator(code)
    await _require(uow, principal, *unit)
    found = await period(uow.session, code, key)
    return await repository.parts(uow.session, code, found.period, repository.series(*unit), known_at, after, limit)


async def _require(
    uow: UnitOfWork, principal: Principal, organization_id: UUID | None, municipality: str | None
) -> None:
    if organization_id is not None:
        await units.organization_unit(uow, principal, organization_id)
    elif municipality is not None:
        await units.municipality_unit(uow, principal, municipality)
    else:
        units.region_unit(principal)


async def comparison(
    uow: UnitOfWork, principal: Principal, code: str, organization_id: UUID, key: str | None, part: Part
) -> tuple[Any, Any, str | None, Spread | None]:
    """An organization among similar ones: the period, its value, what they are called, how theirs lie.

    Nothing is said of fewer than five, the organization among them, and nobody else is named. Raises as ``history`` does, and
    ``NotCountedError``.
    """
    declared = indicator(code, part)
    await units.organization_unit(uow, principal, organization_id)
    found = await period(uow.session, code, key)
    name = repository.series(organization_id, **part.given)
    own = await repository.standing(uow.session, code, found.period, repository.of_series(name))
    if not own:
        raise NotCountedError
    alike = await repository.peers_of(uow.session, found.first_day, organization_id)
    if alike is None:
        return found, own[0], None, None
    of = repository.part(**part.given)
    values = await repository.values_of_peers(uow.session, code, found.period, of, found.first_day, alike)
    return found, own[0], alike, spread(declared, own[0].value, values)


def spread(declared: Indicator, own: Decimal, values: Sequence[Decimal]) -> Spread | None:
    """How values lie and where one of them is among them; nothing of too few. The first quarter is the best one."""
    if len(values) < LEAST:
        return None
    lower, median, upper = quantiles(values, n=4, method="inclusive")
    if declared.better == "neither":
        return Spread(len(values), lower, median, upper, None, 1 + sum(own > one for one in (lower, median, upper)))
    sign = 1 if declared.better == "more" else -1
    not_better = sum(sign * one <= sign * own for one in values)
    quarter = 1 + sum(sign * own < sign * one for one in (lower, median, upper))
    return Spread(len(values), lower, median, upper, not_better * 100 // len(values), quarter)
