"""Two schools, and a student who goes from one to the other."""

from datetime import date
from typing import Any
from uuid import UUID

from asu_contracts.core import TransferAccepted
from servicekit.ids import new_id

from ..factories import School, hear, mark, movement, placement
from ..totals.columns import read

ARRIVAL = date(2026, 11, 9)
"""A Monday of the second quarter."""
NOVEMBER = date(2026, 11, 3)


def accepted(
    student: UUID, old: School, new: School, on: date = ARRIVAL, *, transfer_id: UUID | None = None
) -> TransferAccepted:
    return TransferAccepted(
        acceptance_id=new_id(),
        transfer_id=transfer_id or new_id(),
        student_id=student,
        from_organization_id=old.organization_id,
        to_organization_id=new.organization_id,
        effective_date=on,
    )


async def arrive(student: UUID, old: School, new: School, on: date = ARRIVAL) -> TransferAccepted:
    """A student leaves one school for another."""
    told = accepted(student, old, new, on)
    await old.depart(student, on)
    new.placements[student] = placement(new.organization_id, new.group_id)
    await hear(new.service, movement(student, on, opened=new.placements[student]), told)
    return told


async def brought(school: School, journal: UUID | None = None, **more: Any) -> dict[str, list[tuple[str, str, str]]]:
    """Marks by student: subject, kind, sign."""
    page = await read(school, "brought-marks", journal, **more)
    return {
        student["student_id"]: [
            (subject["title"], one["kind"], one["sign"])
            for statement in student["statements"]
            for subject in statement["subjects"]
            for one in subject["marks"]
        ]
        for student in page["students"]
    }


async def suggested(school: School, student: UUID, kind: str = "period", period: int = 2) -> dict[str, Any]:
    found = await read(school, "totals/suggestions", kind=kind, period=period)
    return next(one for one in found["students"] if one["student_id"] == str(student))


class Two:
    """Two schools that teach one subject, and a student of the first with marks and a total of the first quarter."""

    def __init__(self, old: School, new: School, student: UUID, subject: UUID) -> None:
        self.old, self.new, self.student, self.subject = old, new, student, subject

    async def learn(self, *values: str, on: date = NOVEMBER, school: School | None = None) -> list[str]:
        """Marks of the student, each at a lesson of its own."""
        return await self.learn_as(self.student, *values, on=on, school=school)

    async def learn_as(
        self, student: UUID, *values: str, on: date = NOVEMBER, school: School | None = None
    ) -> list[str]:
        """Marks of a student, each at a lesson of its own."""
        school = school or self.old
        lessons = []
        for number, value in enumerate(values, 1):
            lessons.append(await school.lesson(on, number))
            answer = await school.save(mark(lessons[-1], student, value), headers=school.admin)
            assert answer.status_code == 200, answer.text
        return lessons
