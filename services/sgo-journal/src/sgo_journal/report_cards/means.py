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
from sgo_journal.totals.scaled import Scaled
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
    today = uow.clock.today()
    rows = await repository.marks(uow.session, student_id, principal.unit.organization_id, (since, until), today)
    counting = await _counting(uow, rows)
    return [_mean(found, counting) for _, found in groupby(rows, lambda row: (row.organization_id, row.course_id))]


async def tried(uow: UnitOfWork, principal: Principal, student_id: UUID, body: TryIn) -> tuple[CourseMean, CourseMean]:
    """The mean of a subject as it is, and as it would be with more marks; nothing is kept.

    Raises ``NotFoundError`` for a subject the student is not taught then, ``ValueUnknownError``.
    """
    await _require(uow, principal, student_id, body.since, body.until)
    organization_id = principal.unit.organization_id or body.organization_id
    if organization_id != body.organization_id:
        raise NotFoundError
    days, today = (body.since, body.until), uow.clock.today()
    rows = await repository.marks(uow.session, student_id, organization_id, days, today, body.course_id)
    if not rows:
        raise NotFoundError
    scale = await repository.scale(uow.session, student_id, organization_id, body.course_id, body.until)
    if any(one.value not in scale for one in body.marks):
        raise ValueUnknownError
    counting = await _counting(uow, rows)
    before, how = _mean(rows, counting), counting[organization_id, rows[0].counts_in]
    more = [Mark(value.sign, value.points, one.weight, _TRIED) for one in body.marks for value in [scale[one.value]]]
    mean = weighted_mean([*how.marks(rows), *more])
    return before, replace(before, mean=mean, suggestion=for_period(mean, how.rules))


async def _require(uow: UnitOfWork, principal: Principal, student_id: UUID, since: dt.date, until: dt.date) -> None:
    if not since <= until <= since + _LONGEST:
        raise MeansPeriodError
    await service.require(uow, principal, student_id, since, until, "student.means.read")


@dataclass(frozen=True)
class _Counting:
    """How marks count in an organization and a scale, and what is suggested by them."""

    scaled: Scaled
    rules: Rules

    def marks(self, rows: Iterable[Any]) -> list[Mark]:
        """Marks as they count; those of another scale by what they are there."""
        return [
            self.scaled.mark(
                Mark(
                    *(row.sign, row.points, row.weight, row.work, row.date, row.code),
                    brought=row.brought,
                    overdue_as=row.overdue_as,
                ),
                row.scale_id,
            )
            for row in rows
            if row.sign is not None
        ]


async def _counting(uow: UnitOfWork, rows: Sequence[Any]) -> dict[tuple[UUID, int], _Counting]:
    """By organization and scale of the subjects' journals."""
    set_in: dict[tuple[UUID, int], set[int]] = {}
    for row in rows:
        found = set_in.setdefault((row.organization_id, row.counts_in), set())
        if row.scale_id is not None:
            found.add(row.scale_id)
    return {
        key: _Counting(await Scaled.of(uow, *key, scales), await suggesting.rules_in(uow, *key))
        for key, scales in set_in.items()
    }


def _mean(rows: Iterable[Any], counting: Mapping[tuple[UUID, int], _Counting]) -> CourseMean:
    found: Sequence[Any] = list(rows)
    first = found[0]
    how = counting[first.organization_id, first.counts_in]
    mean = weighted_mean(how.marks(found))
    return CourseMean(first.organization_id, first.course_id, first.title, mean, for_period(mean, how.rules))
