"""What the check list of a closing finds in inspected journals becomes proposed remarks, a gap once."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_journal.closings import gaps
from sgo_journal.closings.gaps import Gap, Period
from sgo_journal.inspections import repository
from sgo_journal.inspections.model import Inspection
from sgo_journal.inspections.values import FOUND_TEXTS, State
from sgo_journal.journals import service as journals
from sgo_journal.rosters import service as rosters
from sgo_journal.study import service as study
from sgo_journal.totals.spans import Kind, Span, spans_of

MOST = 2000
"""Proposals that one search adds; a worse journal is worth a word with its teacher, not a longer list."""
_OF_LESSONS = (Gap.TOPIC, Gap.ATTENDANCE, Gap.HOMEWORK, Gap.DEBT)


@dataclass(frozen=True)
class Found:
    """How many remarks a search has added, and whether it stopped before the end."""

    proposed: int
    more: bool


async def find(uow: UnitOfWork, inspection: Inspection, learners_of: Mapping[UUID, UUID]) -> Found:
    """Propose a remark for each gap of the journals, given with their learners; one that was found before stays as it is."""
    key = (inspection.organization_id, inspection.academic_year)
    teachers = await journals.sole_teachers(uow, *key, list(learners_of), inspection.last_day)
    whole = Period(*key, sorted(set(learners_of.values())), _days(inspection))
    searches = [(gap, whole) for gap in _OF_LESSONS]
    searches += [(Gap.TOTAL, period) for period in await _ended(uow, inspection, whole)]
    before = await repository.found(uow.session, inspection)
    rows: list[dict[str, Any]] = []
    for gap, period in searches:
        limit = MOST + 1 - len(rows) + len(before)
        places = await gaps.of_journals(uow.session, period, gap, list(learners_of), limit)
        found = (_row(inspection, gap, period, place, teachers.get(place.journal_id)) for place in places)
        rows += [row for row in found if row["found_as"] not in before]
    return Found(await repository.add_found(uow.session, rows[:MOST]), len(rows) > MOST)


def _days(inspection: Inspection) -> Span:
    return Span(Kind.YEAR, 0, "", inspection.first_day, inspection.last_day)


async def _ended(uow: UnitOfWork, inspection: Inspection, whole: Period) -> list[Period]:
    """Study periods that ended within the inspected days, each with the learners whose calendar has it."""
    calendar = await study.calendar_of(uow, inspection.organization_id, inspection.academic_year)
    if calendar is None:
        return []
    found: dict[Span, list[UUID]] = defaultdict(list)
    for one in (await rosters.learners(uow, whole.learners)).values():
        for span in spans_of(calendar, one.grade_from):
            if span.kind is Kind.PERIOD and inspection.first_day <= span.last_day <= inspection.last_day:
                found[span].append(one.id)
    return [Period(whole.organization_id, whole.academic_year, ids, span) for span, ids in found.items()]


def _row(inspection: Inspection, gap: Gap, period: Period, place: Any, sole_teacher: UUID | None) -> dict[str, Any]:
    return {
        "organization_id": inspection.organization_id,
        "academic_year": inspection.academic_year,
        "id": new_id(),
        "inspection_id": inspection.id,
        "journal_id": place.journal_id,
        "lesson_id": place.lesson_id,
        "student_id": place.student_id,
        "teacher_id": place.teacher_id or sole_teacher,
        "kind": gap.value,
        "text": ": ".join(filter(None, [FOUND_TEXTS[gap], period.span.title])),
        "found_as": ".".join([gap.value, str(period.span.period), place.key]),
        "due_on": None,
        "state": State.PROPOSED.value,
        "comment": None,
        "version": 1,
        "changed_by": inspection.made_by,
        "changed_at": inspection.made_at,
    }
