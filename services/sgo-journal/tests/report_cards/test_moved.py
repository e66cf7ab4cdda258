"""Means of a student who changed the class: of the marks that suggestions are of, in the scale of where the student is now."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from asu_contracts.access import Role
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing import received

from ..alerts.samples import alerts_of
from ..factories import MONDAY, School, group, hear, mark, member, movement, placement, teaching_group
from ..scales.test_conversions import THRESHOLDS, hundred, put, use
from ..totals.columns import read, save, total

DAYS = {"from": "2026-09-01", "to": "2026-10-01"}
TUESDAY = MONDAY + timedelta(days=1)


class Moved:
    """A school with two classes that are taught one subject, and a student who goes from the one to the other."""

    def __init__(self, school: School, student: UUID, subject: UUID, other: UUID, journal: UUID) -> None:
        self.school, self.student, self.subject, self.other, self.journal = school, student, subject, other, journal

    async def learn(self, value: str, on: date, journal: UUID) -> None:
        lesson = await self.school.lesson(on, journal_id=journal)
        saved = await self.school.save(mark(lesson, self.student, value), journal_id=journal, headers=self.school.admin)
        assert saved.status_code == 200, saved.text

    async def move(self, on: date) -> None:
        """The movement is told, of whatever day."""
        opened = placement(self.school.organization_id, self.other)
        closed = self.school.placements[self.student]
        await hear(self.school.service, movement(self.student, on, closed=closed, opened=opened))

    async def means(self, headers: dict[str, str] | None = None) -> list[dict[str, Any]]:
        headers = headers or self.school.headers(Role.STUDENT, self.student)
        path = f"/students/{self.student}/means"
        answer = await self.school.service.client.get(path, params=DAYS, headers=headers)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def trial(self, *values: str) -> httpx.Response:
        """What is answered to marks that are tried."""
        body = {
            **DAYS,
            "organization_id": str(self.school.organization_id),
            "course_id": str(self.subject),
            "marks": [{"value": value} for value in values],
        }
        path, headers = f"/students/{self.student}/means/trial", self.school.headers(Role.STUDENT, self.student)
        return await self.school.service.client.post(path, json=body, headers=headers)

    async def tried(self, *values: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The mean as it is and as it would be."""
        answer = await self.trial(*values)
        assert answer.status_code == 200, answer.text
        return answer.json()["before"], answer.json()["after"]

    async def suggested(self) -> dict[str, Any]:
        found = await read(self.school, "totals/suggestions", self.journal, kind="period", period=1)
        return next(one for one in found["students"] if one["student_id"] == str(self.student))


@pytest.fixture
async def moved(school: School) -> Moved:
    await school.set_year()
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 30, 22, 30, tzinfo=UTC))
    [student] = await school.enrol("Белова")
    subject, other = await school.add_subject("Физика"), new_id()
    await hear(school.service, group(other, school.organization_id, "5 «Б»"))
    school._journal_id = await school.teach(subject_id=subject)
    journal = await school.teach(subject_id=subject, learners_id=other)
    return Moved(school, student, subject, other, journal)


async def test_a_move_that_is_dated_back_loses_no_mark(moved: Moved) -> None:
    """Marks were set in the old class after the day from which the student is said to have been in the new one."""
    await moved.learn("3", TUESDAY, await moved.school.journal())
    await moved.learn("3", TUESDAY + timedelta(days=1), await moved.school.journal())
    await moved.move(date(2026, 9, 1))
    await moved.learn("5", date(2026, 9, 10), moved.journal)
    suggested = await moved.suggested()
    assert suggested["explanation"] == "(3·1 + 3·1 + 5·1) / 3 = 3,67"
    for headers in (None, moved.school.admin):
        [mean] = await moved.means(headers)
        assert (mean["title"], mean["explanation"]) == ("Физика", suggested["explanation"])
    before, after = await moved.tried("5")
    assert (before["explanation"], after["mean"]) == (suggested["explanation"], "4.00")
    given = await save(moved.school, total(moved.student, "5"), journal_id=moved.journal, headers=moved.school.admin)
    assert given.status_code == 200, given.text
    [off] = [one for one in await alerts_of(moved.school) if one["kind"] == "total_off"]
    assert off["text"] == "Итоговая 5 при среднем балле 3,67"


async def test_marks_of_a_group_the_student_was_never_in_by_now_are_shown(moved: Moved) -> None:
    """An elective takes its student back from its first day on: no roster names the student, the mark stands."""
    school, subject = moved.school, await moved.school.add_subject("Астрономия")
    told = teaching_group(school.organization_id, member(moved.student), name="Астрономия")
    await hear(school.service, told)
    journal = await school.teach(subject_id=subject, learners_id=told.teaching_group_id, of_teaching_group=True)
    await moved.learn("4", TUESDAY, journal)
    await hear(school.service, received(told.model_copy(update={"members": []}), version=2))
    found = {one["title"]: (one["mean"], len(one["marks"])) for one in await moved.means()}
    assert found == {"Астрономия": ("4.00", 1), "Физика": (None, 0)}


@pytest.mark.parametrize("to_hundred", [True, False])
async def test_marks_count_in_the_scale_of_the_class_the_student_is_in_now(moved: Moved, *, to_hundred: bool) -> None:
    school, scale = moved.school, await hundred(moved.school)
    old = await school.journal()
    if to_hundred:
        school._journal_id = moved.journal
    await use(school, scale, 1)
    school._journal_id = old
    here, there = ("5", "90") if to_hundred else ("90", "3")
    await moved.learn(here, TUESDAY, old)
    await moved.move(date(2026, 9, 9))
    await moved.learn(there, date(2026, 9, 10), moved.journal)
    suggested = await moved.suggested()
    [mean] = await moved.means()
    assert (
        mean["explanation"]
        == suggested["explanation"]
        == f"({there}·1) / 1 = {there}; не переведены в шкалу журнала: {here}"
    )
    before, after = await moved.tried(there)
    assert (before["explanation"], after["mean"]) == (suggested["explanation"], f"{there}.00")
    if not to_hundred:
        assert (await put(school, scale, 1, dict(THRESHOLDS))).status_code == 200
        before, after = await moved.tried("4")
        assert before["explanation"] == (await moved.suggested())["explanation"]
        assert (before["mean"], after["mean"]) == ("4.00", "4.00"), "5 for the 90, 3 and the 4 that is tried"


async def test_a_value_of_the_scale_that_was_left_is_tried_no_more(moved: Moved) -> None:
    await use(moved.school, await hundred(moved.school), 1)
    await moved.learn("90", TUESDAY, await moved.school.journal())
    await moved.move(date(2026, 9, 9))
    refused = await moved.trial("85")
    assert (refused.status_code, refused.json()["code"]) == (422, "report-card.value-unknown")
