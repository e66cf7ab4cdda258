"""Who writes totals when teachers of a journal change."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing import received

from ..factories import School, hear, load
from .columns import save, total

OCTOBER = date(2026, 10, 5)


@pytest.fixture(autouse=True)
async def year(school: School) -> None:
    await school.set_year()


def at(school: School, day: date) -> None:
    """It is half past one in the night to the day."""
    night = datetime(day.year, day.month, day.day, 22, 30, tzinfo=UTC) - timedelta(days=1)
    school.service.runtime.clock = FixedClock(night)


async def taught(school: School, *since: date, ends: date = date(2027, 6, 1)) -> tuple[UUID, list[UUID]]:
    """A journal whose teachers follow each other on those days; the journal and the teachers."""
    subject = await school.add_subject("Музыка")
    teachers = [new_id() for _ in since]
    for teacher, first, last in zip(teachers, since, [*since[1:], ends], strict=True):
        told = load(school.organization_id, school.group_id, subject, teacher, since=first, until=last)
        await hear(school.service, told)
        journal = await school.teach(subject_id=subject, teacher_id=teacher, since=first, until=last)
    return journal, teachers


async def may(
    school: School, journal: UUID, teacher: UUID, student: UUID, kind: str = "period", period: int = 1
) -> bool:
    """Whether the teacher could write a total."""
    answer = await save(
        school,
        total(student, "5", 999, kind=kind, period=period),
        journal_id=journal,
        headers=school.headers(Role.TEACHER, teacher),
    )
    if answer.status_code == 422:
        assert [one["code"] for one in answer.json()["errors"]] == ["totals.not-yours"]
    return answer.status_code in {200, 409}


async def test_a_replaced_teacher_writes_no_total_but_of_periods_taught_to_their_end(school: School) -> None:
    [student] = await school.enrol("Образцова")
    journal, [first, second] = await taught(school, date(2026, 9, 1), date(2026, 11, 9))
    at(school, OCTOBER)
    assert await may(school, journal, first, student)
    at(school, date(2026, 11, 8))
    assert await may(school, journal, first, student, period=2), "still the teacher"
    assert await may(school, journal, first, student, kind="year")
    at(school, date(2026, 11, 9))
    assert await may(school, journal, first, student), "taught the first quarter to its end"
    assert await may(school, journal, second, student), "has taken the journal over"
    assert not await may(school, journal, first, student, period=2)
    for kind in ("year", "exam", "final"):
        assert not await may(school, journal, first, student, kind=kind)
        assert await may(school, journal, second, student, kind=kind)


async def test_who_comes_after_the_year_of_study_or_taught_it_last_writes_its_totals(school: School) -> None:
    [student] = await school.enrol("Образцова")
    ended, [before, last] = await taught(school, date(2026, 9, 1), OCTOBER, ends=date(2026, 12, 26))
    at(school, date(2027, 5, 27))
    assert await may(school, ended, last, student, kind="year"), "nobody teaches it any more: the last one does"
    assert not await may(school, ended, before, student, kind="year")


async def test_a_load_that_was_taken_back_gives_no_totals(school: School) -> None:
    [student] = await school.enrol("Образцова")
    journal, [teacher] = await taught(school, date(2026, 9, 1))
    subject = await school.add_subject("Хор")
    other = new_id()
    told = load(school.organization_id, school.group_id, subject, other)
    await hear(school.service, told)
    gone = told.model_copy(update={"valid_to": told.valid_from})
    await hear(school.service, received(gone, version=2))
    assert await may(school, journal, teacher, student)
    stranger = school.headers(Role.TEACHER, other)
    assert (await save(school, total(student, "5"), journal_id=journal, headers=stranger)).status_code == 404
