"""The final mark is made of named totals; of one that is missing it says which, and suggests nothing."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import CalendarDates
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from sgo_journal.journals.model import journal_id

from ..factories import YEAR, School, calendar, group, hear, load, movement, placement, profile, quarters, subject
from .columns import read

HALVES = ((date(2026, 9, 1), date(2026, 12, 25)), (date(2027, 1, 11), date(2027, 5, 26)))
THERE = timedelta(days=365)


class Graduates:
    """Students of a class of a grade; in the year before those of ``here`` were in the class a grade below."""

    def __init__(self, school: School, grade: int, code: str) -> None:
        self.school, self.grade, self.scale = school, grade, 1
        self.subject = subject("Предмет", code=code)
        self.classes = {YEAR: new_id(), YEAR - 1: new_id()}

    async def open(self) -> "Graduates":
        """Let the journal hear of both years, each of two half-years."""
        for year, class_id in self.classes.items():
            back = THERE * (YEAR - year)
            halves = tuple(CalendarDates(first_day=first - back, last_day=last - back) for first, last in HALVES)
            told = calendar(
                self.school.organization_id,
                quarters().model_copy(update={"period_kind": "half_years", "periods": halves}),
            )
            days = {"academic_year": year, "first_day": date(year, 9, 1), "last_day": date(year + 1, 8, 31)}
            grade = self.grade - (YEAR - year)
            made = group(class_id, self.school.organization_id, f"{grade} «А»", year)
            await hear(
                self.school.service,
                told.model_copy(update=days),
                self.subject,
                made.model_copy(update={"grade": grade}),
            )
        await self.teach(YEAR)
        return self

    async def teach(self, year: int) -> UUID:
        """Let the subject be taught in a year; its journal."""
        told = load(
            *(self.school.organization_id, self.classes[year], self.subject.subject_id, self.school.teacher_id),
            since=date(year, 9, 1),
            until=date(year + 1, 6, 1),
            year=year,
        )
        await hear(self.school.service, told)
        return journal_id(year, self.classes[year], self.subject.subject_id)

    async def enrol(self, *years: int, below: int = 1) -> UUID:
        """A student of the class in those years; ``below``: by how many grades the one of the year before was lower."""
        student = new_id()
        await hear(self.school.service, profile(student, "Образцова"))
        for year in years:
            grade = self.grade - below * (YEAR - year)
            placed = placement(self.school.organization_id, self.classes[year], year=year)
            opened = placed.model_copy(update={"grade": grade})
            await hear(self.school.service, movement(student, date(year, 9, 1), opened=opened))
        return student

    async def set(self, student: UUID, of: int, **values: str) -> None:
        """Totals of a school year in ``scale``: ``first``, ``second`` (half-years), ``year``, ``exam``."""
        keys = {"first": ("period", 1), "second": ("period", 2), "year": ("year", 0), "exam": ("exam", 0)}
        connection = await self.school.service.database.connect()
        for name, value in values.items():
            await connection.execute(
                "INSERT INTO total SELECT j.organization_id, j.academic_year, gen_random_uuid(), j.id, j.subject_id, $2, NULL, $3, $4,"
                " $5, $6, $8, $7, 1, $2, now(), NULL FROM journal AS j WHERE j.id = $1",
                journal_id(of, self.classes[of], self.subject.subject_id),
                *(student, *keys[name], date(of, 9, 1), date(of + 1, 5, 26), value, self.scale),
            )
        await connection.close()

    async def suggested(self, student: UUID) -> tuple[str | None, str]:
        """What is suggested as the final mark, and why."""
        journal = journal_id(YEAR, self.classes[YEAR], self.subject.subject_id)
        found = await read(self.school, "totals/suggestions", journal, kind="final")
        [one] = [one for one in found["students"] if one["student_id"] == str(student)]
        return one["value"], one["reason"]


@pytest.fixture
async def seniors(school: School) -> Graduates:
    return await Graduates(school, 11, "physics").open()


def months(*values: str) -> dict[str, Any]:
    return dict(zip(("first", "second", "year"), values, strict=True))


async def test_half_years_and_years_of_both_grades_make_the_mark(seniors: Graduates) -> None:
    await seniors.teach(YEAR - 1)
    student = await seniors.enrol(YEAR - 1, YEAR)
    await seniors.set(student, YEAR - 1, **months("5", "4", "5"))
    await seniors.set(student, YEAR, **months("4", "4", "4"))
    value, reason = await seniors.suggested(student)
    assert value == "4"
    assert reason == (
        "«4»: 10 класс, 1 полугодие — 5, 10 класс, 2 полугодие — 4, 10 класс, год — 5, 11 класс, 1 полугодие — 4,"
        " 11 класс, 2 полугодие — 4, 11 класс, год — 4; среднее 4,33, по правилам округления 4"
    )


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        ({"first": "5", "year": "5"}, months("5", "5", "5"), "нет отметки: 10 класс, 2 полугодие"),
        ({}, {"first": "5", "second": "4"}, "нет отметки: 10 класс, 1 полугодие; 10 класс, 2 полугодие; 10 класс, год; 11 класс, год"),
        (months("5", "not_attested", "5"), months("5", "5", "5"), "отметка без балла: 10 класс, 2 полугодие — н/а"),
        (months("5", "5", "5"), months("5", "exempt", "5"), "отметка без балла: 11 класс, 2 полугодие — осв"),
    ],
)  # fmt: skip
async def test_a_missing_part_is_named_and_nothing_is_suggested(
    seniors: Graduates, before: dict[str, str], now: dict[str, str], reason: str
) -> None:
    await seniors.teach(YEAR - 1)
    student = await seniors.enrol(YEAR - 1, YEAR)
    await seniors.set(student, YEAR - 1, **before)
    await seniors.set(student, YEAR, **now)
    assert await seniors.suggested(student) == (None, reason)


async def test_a_subject_of_the_last_grade_alone_and_years_elsewhere(seniors: Graduates) -> None:
    here, newcomer = await seniors.enrol(YEAR - 1, YEAR), await seniors.enrol(YEAR)
    repeating = await seniors.enrol(YEAR - 1, YEAR, below=0)
    for student in (here, newcomer, repeating):
        await seniors.set(student, YEAR, **months("5", "5", "4"))
    value, reason = await seniors.suggested(here)
    assert (value, "среднее 4,67" in reason, "10 класс" in reason) == ("5", True, False)
    assert await seniors.suggested(newcomer) == (None, "нет отметки: 10 класс, 2025/2026: учился не здесь")
    assert await seniors.suggested(repeating) == (None, "нет отметки: 10 класс: в 2025/2026 учился в 11 классе")


@pytest.mark.parametrize(
    ("code", "exam", "expected"),
    [
        ("russian", None, (None, "нет отметки: экзамен")),
        ("russian", "5", ("5", "«5»: год — 4, экзамен — 5; среднее 4,5, по правилам округления 5")),
        ("history", None, ("4", "«4»: год — 4")),
        ("history", "3", ("4", "«4»: год — 4, экзамен — 3; среднее 3,5, по правилам округления 4")),
    ],
)
async def test_in_grade_nine_an_exam_counts_and_the_one_that_all_take_is_waited_for(
    service: ServiceUnderTest, school: School, code: str, exam: str | None, expected: Sequence[str | None]
) -> None:
    ninth = await Graduates(school, 9, code).open()
    student = await ninth.enrol(YEAR)
    await ninth.set(student, YEAR, year="4", **({} if exam is None else {"exam": exam}))
    assert await ninth.suggested(student) == expected
