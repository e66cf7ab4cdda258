"""Counts of students over organizations of any line, and those who left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.contingents import repository
from sgo_core.contingents.errors import PeriodError
from sgo_core.contingents.repository import Scope
from sgo_core.organizations import service as organizations

__all__ = ["Dynamics", "Scope", "arrivals", "consolidated", "dynamics", "leavers", "scope_of"]

_LONGEST = timedelta(days=3660)
_NO_CLASS, _PRESCHOOL, _NO_FOUNDER = "Без класса (группы)", "Дошкольные группы", "Без учредителя в системе"
_KINDS = CATALOGUE.cards[CardKind.ORGANIZATION].fields["kind"].options or {}
_SEXES = CATALOGUE.cards[CardKind.STUDENT].fields["sex"].options or {}


@dataclass(frozen=True)
class Dynamics:
    """Members on the first day, arrived, left, on the last day; moved on one day inside the organizations counted."""

    start: int
    arrived: int
    left: int
    end: int
    moved_inside: int


def scope_of(
    principal: Principal, municipality: str | None, founder_id: UUID | None, organization_id: UUID | None
) -> Scope:
    """The organizations that the caller sees, narrowed."""
    return Scope(organizations.visible_ids(principal), municipality, founder_id, organization_id)


async def consolidated(uow: UnitOfWork, scope: Scope, day: date, by: str) -> list[tuple[str | None, str, int]]:
    """Main members on a day by parts: code, title, number."""
    found = await repository.counts(uow.session, scope, day, by)
    return [(_code(code), _title(by, code, title), int(total)) for code, title, total in found]


def _code(code: Any) -> str | None:
    return None if code is None else str(code)


def _title(by: str, code: Any, title: str | None) -> str:
    match by:
        case "grade" if code is None:
            return _NO_CLASS if title is None else _PRESCHOOL
        case "grade":
            return f"{code} класс"
        case "sex":
            return _SEXES[code]
        case "kind":
            return _KINDS[code]
        case "founder" if title is None:
            return _NO_FOUNDER
    return title or str(code)


async def dynamics(uow: UnitOfWork, scope: Scope, since: date, until: date) -> Dynamics:
    """How the number changed between two days; raises ``PeriodError``."""
    _check(since, until)
    start, arrived, left, end = await repository.dynamics(uow.session, scope, since, until)
    return Dynamics(start, arrived, left, end, await repository.moved_inside(uow.session, scope, since, until))


async def leavers(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    since: date,
    until: date,
    kind: str | None = None,
    limit: int | None = None,
    after: tuple[date, UUID] | None = None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page of those who left an organization in a period, both days included, and one more (``limit`` None: all)."""
    await organizations.require_visible(uow, principal, organization_id)
    _check(since, until)
    return await repository.leavers(uow.session, organization_id, since, until, kind, limit, after)


async def arrivals(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, since: date, until: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Those who came to an organization in a period, both days included."""
    await organizations.require_visible(uow, principal, organization_id)
    _check(since, until)
    return await repository.arrivals(uow.session, organization_id, since, until)


def _check(since: date, until: date) -> None:
    if not timedelta(0) <= until - since <= _LONGEST:
        raise PeriodError
