"""A class with marks and absences of all kinds, and what stands there as plain rows for a naive count."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.clock import FixedClock

from ..factories import SEPTEMBER, School, mark, noted

TODAY = date(2026, 11, 20)
SUBJECTS = ("Алгебра", "Физика", "Химия")
_VALUES = ("5", "4", "3", "2", "pass", "exempt", "debt")
_CODES = ("absent", "excused", "sick", "unexcused", "late", "exempt")
ABSENT = {"absent", "excused", "sick", "unexcused"}


@dataclass(frozen=True)
class Given:
    """A mark as it was saved."""

    student: UUID
    subject: str
    day: date
    value: str
    weight: Decimal


@dataclass(frozen=True)
class Lesson:
    """A lesson and who was to be there, with what was noted of each."""

    subject: str
    day: date
    number: int
    notes: dict[UUID, str | None]


@dataclass
class Year:
    """Everything a naive count needs."""

    school: School
    class_teacher: UUID
    names: dict[UUID, str] = field(default_factory=dict)
    journals: dict[str, UUID] = field(default_factory=dict)
    marks: list[Given] = field(default_factory=list)
    lessons: list[Lesson] = field(default_factory=list)

    async def report(self, name: str, headers: dict[str, str] | None = None, **params: Any) -> Any:
        """A report of the class."""
        asked = {"from": SEPTEMBER.isoformat(), "to": TODAY.isoformat(), **params}
        return await self.school.service.client.get(
            f"/groups/{self.school.group_id}/reports/{name}", params=asked, headers=headers or self.school.admin
        )

    async def of_organization(self, name: str, headers: dict[str, str] | None = None, **params: Any) -> Any:
        """A report of the organization."""
        asked = {"from": SEPTEMBER.isoformat(), "to": TODAY.isoformat(), **params}
        path = f"/organizations/{self.school.organization_id}/reports/{name}"
        return await self.school.service.client.get(path, params=asked, headers=headers or self.school.admin)

    async def rows(self, name: str, section: int = 0, **params: Any) -> dict[str, list[Any]]:
        """Rows of a section of a report of the class, by their first cell."""
        answer = await self.report(name, **params)
        assert answer.status_code == 200, answer.text
        return {row[0]: row[1:] for row in answer.json()["sections"][section]["rows"]}

    def mean(
        self,
        *,
        student: UUID | None = None,
        subject: str | None = None,
        since: date = date.min,
        until: date = date.max,
    ) -> float | None:
        """The mean counted one mark at a time."""
        chosen = [
            one
            for one in self.marks
            if student in {None, one.student} and subject in {None, one.subject} and one.value in set("5432")
            if since <= one.day <= until
        ]
        weight = sum((one.weight for one in chosen), Decimal(0))
        if not weight:
            return None
        return round_half_up(sum((int(one.value) * one.weight for one in chosen), Decimal(0)) / weight)


def round_half_up(value: Decimal) -> float:
    return int(value * 100 + Decimal("0.5")) / 100


async def a_year(school: School, seed: int, *, students: int = 6) -> Year:
    """Three subjects (one taught in two subgroups), a student who came and one who left in the middle, weights and several works."""
    chance = random.Random(seed)
    school.service.runtime.clock = FixedClock(datetime(2026, 11, 20, 9, tzinfo=UTC))
    year = Year(school, await school.hire("Руководова"))
    await school.hire("Учителева", school.teacher_id)
    await school.set_year()
    await school.appoint(year.class_teacher)
    names = [f"Ученик{place:02}" for place in range(students)]
    ids = await school.enrol(*names[:-1])
    ids += await school.enrol(names[-1], on=date(2026, 10, 5))
    year.names = {one: f"{name} Алиса" for one, name in zip(ids, names, strict=True)}
    await school.depart(ids[0], on=date(2026, 10, 19))
    there = {ids[0]: (SEPTEMBER, date(2026, 10, 19)), ids[-1]: (date(2026, 10, 5), date.max)}
    for title in SUBJECTS[:2]:
        year.journals[title] = await school.teach(title)
    halves = await school.divide(ids[1:3], ids[3:5])
    subject_id = await school.add_subject(SUBJECTS[2])
    taught = [(SUBJECTS[0], year.journals[SUBJECTS[0]], ids), (SUBJECTS[1], year.journals[SUBJECTS[1]], ids)]
    for half, members in zip(halves, (ids[1:3], ids[3:5]), strict=True):
        journal = await school.teach(subject_id=subject_id, learners_id=half, of_teaching_group=True)
        taught.append((SUBJECTS[2], journal, members))
    days = [SEPTEMBER + timedelta(days=place) for place in range(0, 84, 7)]
    for number, (subject, journal, members) in enumerate(taught, 1):
        await _teach(year, chance, number, subject, journal, members, days, there)
    return year


async def _teach(
    year: Year,
    chance: random.Random,
    number: int,
    subject: str,
    journal: UUID,
    members: list[UUID],
    days: list[date],
    there: dict[UUID, tuple[date, date]],
) -> None:
    school = year.school
    set_ = await school.set_lessons(*[await school.planned(day, number, journal_id=journal) for day in days])
    marks, notes = [], []
    for lesson, day in zip(set_, days, strict=True):
        weight = Decimal(1)
        if chance.random() < 0.4:
            weight = Decimal(chance.choice(["2", "0.5", "0"]))
            answer = await school.service.client.put(
                f"/lessons/{lesson['id']}/works",
                json={"works": [{"number": 1, "kind": "test", "title": "Контрольная", "weight": str(weight)}]},
                headers={**school.admin, "If-Match": '"1"'},
            )
            assert answer.status_code == 200, answer.text
        present = {
            one: None for one in members if there.get(one, (SEPTEMBER, date.max))[0] <= day < there.get(one, (SEPTEMBER, date.max))[1]
        }  # fmt: skip
        kept = Lesson(subject, day, number, dict(present))
        for student in present:
            if chance.random() < 0.6:
                value = chance.choice(_VALUES)
                marks.append(mark(lesson["id"], student, value))
                year.marks.append(Given(student, subject, day, value, weight))
            if chance.random() < 0.4:
                kept.notes[student] = code = chance.choice(_CODES)
                notes.append(noted(lesson["id"], student, code))
        if day <= TODAY:
            year.lessons.append(kept)
    saved = await school.save(*marks, attendance=notes, journal_id=journal, headers=school.admin)
    assert saved.status_code == 200, saved.text
