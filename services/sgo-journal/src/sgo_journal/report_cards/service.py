"""Totals of a student over a school year."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from asu_contracts.access import FAMILY, Role
from servicekit import audit
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.dates import academic_year
from sgo_journal.report_cards import repository
from sgo_journal.rosters import access
from sgo_journal.rosters import service as rosters
from sgo_journal.staff import service as staff
from sgo_journal.study import service as study
from sgo_journal.totals import results
from sgo_journal.totals.spans import Span, spans_of
from sgo_journal.transfers import service as transfers


@dataclass(frozen=True)
class Place:
    """An organization and the class a student was in last, with the columns of the totals and the totals of each course.

    ``authors``: names of who set them, as far as they are workers of the registry. ``brought``: marks of periods from other schools.
    """

    organization_id: UUID
    organization: str
    group: str
    spans: Sequence[Span]
    titles: Mapping[UUID, str]
    totals: Sequence[Any]
    authors: Mapping[UUID, str]
    brought: Sequence[Any]


@dataclass(frozen=True)
class Card:
    """A student's totals of a year."""

    student_id: UUID
    name: str
    academic_year: int
    places: Sequence[Place]


async def read(uow: UnitOfWork, principal: Principal, student_id: UUID, year: int) -> Card:
    """Totals of a school year; staff's reading is audited.

    A student and a guardian who may see the child today are told of every organization; staff of their own, if the child was in it
    that year, a teacher if the child was in the class the teacher leads. Anyone else finds nothing.
    """
    first, last = dt.date(year, 9, 1), dt.date(year + 1, 8, 31)
    await require(uow, principal, student_id, first, last, "student.report-card.read")
    found = await repository.places(uow.session, student_id, year, principal.unit.organization_id)
    places = [await _place(uow, one, student_id, year) for one in found]
    names = await rosters.names_of(uow, [student_id])
    return Card(student_id, names.get(student_id, ""), year, places)


async def require(
    uow: UnitOfWork, principal: Principal, student_id: UUID, since: dt.date, until: dt.date, action: str
) -> None:
    """Raise ``NotFoundError`` unless the caller may see how the student does over [since, until]; staff's reading is audited."""
    if principal.role in FAMILY:
        if not await uow.session.scalar(select(access.is_family(principal, student_id, uow.clock.today()))):
            raise NotFoundError
        return
    end = until + dt.timedelta(days=1)
    if not await uow.session.scalar(select(access.was_in(principal.unit.organization_id, student_id, since, end))):
        raise NotFoundError
    if principal.role is Role.TEACHER and not await _leads(uow, principal, student_id, since):
        raise NotFoundError
    await audit.record(uow, principal, action, [student_id])


async def _leads(uow: UnitOfWork, principal: Principal, student_id: UUID, since: dt.date) -> bool:
    year = academic_year(since)
    places = await repository.places(uow.session, student_id, year, principal.unit.organization_id)
    groups = [one.group_id for one in places]
    return bool(await staff.leads(uow, principal.person_id, groups, uow.clock.today()))


async def _place(uow: UnitOfWork, place: Any, student_id: UUID, year: int) -> Place:
    calendar = await study.calendar_of(uow, place.organization_id, year)
    spans = () if calendar is None else spans_of(calendar, place.grade)
    totals, titles = await results.of_students(uow, place.organization_id, year, [student_id])
    authors = await staff.names_of(uow, {row.changed_by for row in totals})
    brought = await transfers.periods_of(uow, place.organization_id, year, student_id)
    return Place(place.organization_id, place.organization, place.group_name, spans, titles, totals, authors, brought)
