"""Means of a student's marks with how they came about, and what they would be with other marks."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from uuid import UUID

from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.report_cards import repository, service
from sgo_journal.report_cards.errors import MeansPeriodError, ValueUnknownError
from sgo_journal.report_cards.schemas import TryIn
from sgo_journal.totals import suggesting
from sgo_journal.totals.means import Mark, Mean, weighted_mean
from sgo_journal.totals.suggestions import Rules, Suggestion, for_period

_LONGEST = dt.timedelta(days=366)
_TRIED = "проба"


@dataclass(frozen=True)
class CourseMean:
    """The mean of a course, and the mark of a period that would follow from it."""

    organization_id: UUID
    course_id: UUID
    title: str
    mean: Mean
    suggestion: Suggestion


async def read(
    uow: UnitOfWork, principal: Principal, student_id: UUID, since: dt.date, until: dt.date
) -> list[CourseMean]:
    """Means of a student over [since, until] in every subject taught then; staff's reading is audited. Raises ``MeansPeriodError``."""
    await _require(uow, principal, student_id, since, until)
    rows = await repository.marks(uow.session, student_id, principal.unit.organization_id, since, until)
    rules = {one: await suggesting.rules_of(uow, one) for one in {row.organization_id for row in rows}}
    return [_mean(key, found, rules) for key, found in groupby(rows, lambda row: (row.organization_id, row.course_id))]


async def tried(uow: UnitOfWork, principal: Principal, student_id: UUID, body: TryIn) -> tuple[CourseMean, CourseMean]:
    """The mean of a subject as it is, and as it would be with more marks; nothing is kept.

    Raises ``NotFoundError`` for a subject the student is not taught then, ``ValueUnknownError``.
    """
    await _require(uow, principal, student_id, body.since, body.until)
    organization_id = principal.unit.organization_id or body.organization_id
    if organization_id != body.organization_id:
        raise NotFoundError
    given = (body.since, body.until, body.course_id)
    rows = await repository.marks(uow.session, student_id, organization_id, *given)
    if not rows:
        raise NotFoundError
    scale = await repository.scale(uow.session, student_id, organization_id, body.course_id, body.until)
    if any(one.value not in scale for one in body.marks):
        raise ValueUnknownError
    rules = await suggesting.rules_of(uow, organization_id)
    before = _mean((organization_id, body.course_id), rows, {organization_id: rules})
    more = [Mark(value.sign, value.points, one.weight, _TRIED) for one in body.marks for value in [scale[one.value]]]
    mean = weighted_mean([*_marks(rows), *more])
    return before, replace(before, mean=mean, suggestion=for_period(mean, rules))


async def _require(uow: UnitOfWork, principal: Principal, student_id: UUID, since: dt.date, until: dt.date) -> None:
    if not since <= until <= since + _LONGEST:
        raise MeansPeriodError
    await service.require(uow, principal, student_id, since, until, "student.means.read")


def _mean(key: tuple[UUID, UUID], rows: Iterable[Any], rules: Mapping[UUID, Rules]) -> CourseMean:
    found: Sequence[Any] = list(rows)
    mean = weighted_mean(_marks(found))
    return CourseMean(*key, found[0].title, mean, for_period(mean, rules[key[0]]))


def _marks(rows: Iterable[Any]) -> list[Mark]:
    return [
        Mark(row.sign, row.points, row.weight, row.work, row.date, brought=row.brought)
        for row in rows
        if row.sign is not None
    ]
