"""Figures of the reports against a count of one cell at a time, over random data."""

from collections import Counter, defaultdict
from datetime import date
from uuid import UUID

import pytest

from ..factories import QUARTERS, School
from .year import ABSENT, SUBJECTS, Year, a_year

SIGNS = {"absent": "ОТ", "excused": "УП", "sick": "Б", "unexcused": "НП"}
REASONS = ("absent", "excused", "sick", "unexcused")


@pytest.fixture(params=[1, 2])
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def missed(year: Year, student: UUID | None = None, code: str | None = None) -> int:
    return sum(
        (note in ABSENT if code is None else note == code)
        for lesson in year.lessons
        for one, note in lesson.notes.items()
        if student in {None, one}
    )


def taught(year: Year, student: UUID | None = None) -> int:
    return sum(student in {None, one} for lesson in year.lessons for one in lesson.notes)


def given(year: Year, student: UUID | None = None, subject: str | None = None, *, debts: bool = False) -> int:
    return sum(
        student in {None, one.student} and subject in {None, one.subject} and (one.value == "debt") is debts
        for one in year.marks
    )


async def test_the_report_of_a_teacher(school: School, seed: int) -> None:
    year = await a_year(school, seed)
    answer = await year.of_organization("subject-teacher", headers=school.teacher)
    assert answer.status_code == 200, answer.text
    results, days = (section["rows"] for section in answer.json()["sections"])
    assert [row[1] for row in days] == ["Алгебра", "Физика", "Химия", "Химия"]
    for row in days[:2]:
        subject = row[1]
        lessons = [one for one in year.lessons if one.subject == subject]
        students = {student for lesson in lessons for student in lesson.notes}
        there = sum(len(lesson.notes) for lesson in lessons)
        away = sum(note in ABSENT for lesson in lessons for note in lesson.notes.values())
        assert row[2:6] == [
            len(students), given(year, subject=subject), given(year, subject=subject, debts=True), year.mean(subject=subject)
        ]  # fmt: skip
        assert row[6] == pytest.approx(100 * (there - away) / there, abs=0.005)
    assert [row[1:3] for row in results[:4]] == [
        [subject, f"{period} четверть"] for subject in SUBJECTS[:2] for period in (1, 2)
    ]
    left = next(iter(year.names))
    for row, (since, until) in zip(results[:4], QUARTERS[:2] * 2, strict=True):
        students = {student for student in year.names if student != left}
        means = [year.mean(student=student, subject=row[1], since=since, until=until) for student in students]
        marks = [
            5 if mean >= 4.5 else 4 if mean >= 3.5 else 3 if mean >= 2.5 else 2 for mean in means if mean is not None
        ]
        counts, whole = Counter(marks), len(marks)
        assert row[3] == len(students)
        assert row[4] == pytest.approx(sum(marks) / whole, abs=0.005)
        assert row[5:10] == [whole, *(counts[mark] for mark in (5, 4, 3, 2))]
        assert row[10] == pytest.approx(100 * (whole - counts[2]) / whole, abs=0.005)
        assert row[11] == pytest.approx(100 * (counts[5] + counts[4]) / whole, abs=0.005)
        assert row[13:] == [0, whole], "no total is set yet"


async def test_the_summary_of_performance_and_attendance(school: School, seed: int) -> None:
    year = await a_year(school, seed)
    rows = await year.rows("class-summary")
    assert list(rows) == sorted(year.names.values())
    for student, name in year.names.items():
        row = rows[name]
        assert row[0] == year.mean(student=student)
        assert row[5:7] == [given(year, student), given(year, student, debts=True)]
        reasons = [missed(year, student, code) for code in REASONS]
        assert row[7:14] == [taught(year, student), missed(year, student), *reasons, missed(year, student, "late")]
    whole = await year.rows("class-summary", 1)
    assert whole["Средний балл"] == [year.mean()]
    assert whole["Пропущено"] == [missed(year)]


async def test_attendance_by_reason(school: School, seed: int) -> None:
    year = await a_year(school, seed)
    days: dict[tuple[UUID, date], list[tuple[int, str | None]]] = defaultdict(list)
    for lesson in year.lessons:
        for student, note in lesson.notes.items():
            days[student, lesson.day].append((lesson.number, note))
    whole: dict[UUID, Counter[str | None]] = defaultdict(Counter)
    for (student, _), notes in days.items():
        if all(note in ABSENT for _, note in notes):
            whole[student][min(notes)[1]] += 1
    rows = await year.rows("absence-reasons")
    for student, name in year.names.items():
        assert rows[name][:11] == [
            taught(year, student),
            *(missed(year, student, code) for code in REASONS),
            missed(year, student),
            *(whole[student][code] for code in REASONS),
            whole[student].total(),
        ]
    assert rows["Всего по классу"][5] == missed(year)


async def test_accumulation_of_marks(school: School, seed: int) -> None:
    year = await a_year(school, seed)
    rows = await year.rows("accumulation", least_marks=4)
    for student, name in year.names.items():
        numbers = [given(year, student, subject) for subject in SUBJECTS]
        assert rows[name] == [*numbers, sum(numbers), sum(number < 4 for number in numbers)]


async def test_dynamics_of_a_class_and_of_a_student(school: School) -> None:
    year = await a_year(school, 3)
    by_period = await year.rows("dynamics", by="periods")
    assert by_period["Класс"][-2] == year.mean()
    student = next(iter(year.names))
    of_student = await year.rows("dynamics", student_id=str(student))
    assert {subject: of_student[subject][-2] for subject in SUBJECTS} == {
        subject: year.mean(student=student, subject=subject) for subject in SUBJECTS
    }
    answer = await year.report("dynamics", student_id=str(school.organization_id))
    assert answer.status_code == 404


async def test_students_at_risk_are_those_and_only_those(school: School) -> None:
    year = await a_year(school, 4)
    rows = await year.rows("at-risk", mean_below="3.5", missed_percent=25, least_debts=2)
    risky = {
        name
        for student, name in year.names.items()
        if any((mean := year.mean(student=student, subject=one)) is not None and mean < 3.5 for one in SUBJECTS)
        or given(year, student, debts=True) >= 2
        or 4 * missed(year, student) >= taught(year, student)
    }
    assert set(rows) == risky


async def test_the_sheet_of_a_month_and_its_limit(school: School) -> None:
    year = await a_year(school, 5)
    rows = await year.rows("attendance-sheet", to="2026-09-30")
    came_later = max(year.names.values())
    assert set(rows) == {*year.names.values()} - {came_later}
    days = [date(2026, 9, number) for number in range(1, 31)]
    whole = 0
    for student, name in year.names.items():
        if name == came_later:
            continue
        cells = [_cell(year, student, day) for day in days]
        whole += sum(cell in SIGNS.values() for cell in cells)
        missed_lessons = sum(lesson.notes.get(student) in ABSENT for lesson in year.lessons if lesson.day <= days[-1])
        assert rows[name] == [*cells, sum(cell in SIGNS.values() for cell in cells), missed_lessons]
    assert whole > 0
    answer = await year.report("attendance-sheet")
    assert (answer.status_code, answer.json()["code"]) == (422, "reports.period")


def _cell(year: Year, student: UUID, day: date) -> str | None:
    """The sign of a whole day missed, or how many lessons of the day were."""
    noted = [one for one in year.lessons if one.day == day and student in one.notes]
    away = [one for one in noted if one.notes[student] in ABSENT]
    if not away:
        return None
    first = min(away, key=lambda one: one.number)
    return SIGNS[first.notes[student] or ""] if len(away) == len(noted) else str(len(away))


async def test_filling_and_programme(school: School) -> None:
    year = await a_year(school, 6)
    answer = await year.of_organization("filling")
    rows = {(row[0], row[2]): row[3:] for row in answer.json()["sections"][0]["rows"]}
    algebra = [one for one in year.lessons if one.subject == "Алгебра"]
    unnoted = sum(all(note is None for note in lesson.notes.values()) for lesson in algebra)
    unmarked = sum(
        not any(one.subject == "Алгебра" and one.day == lesson.day for one in year.marks) for lesson in algebra
    )
    assert rows["Учителева Мария", "Алгебра"][:5] == [len(algebra), len(algebra), len(algebra), unnoted, unmarked]
    answer = await year.of_organization("programme")
    rows = {(row[0], row[1]): row[2:] for row in answer.json()["sections"][0]["rows"]}
    teacher, hours, held, lag, *_ = rows["5 «А»", "Алгебра"]
    assert (teacher, held, lag) == ("Учителева Мария", len(algebra), hours - held)
    # Two a week: 1 September to 20 November are 53 days of study, the week of the autumn holidays and 4 November are none.
    assert hours == 21.2
    assert rows["5 «А»", "Алгебра"][8:] == [None] * 6, "it follows no thematic plan"
