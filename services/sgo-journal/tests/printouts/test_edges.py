"""What reports must not miscount: subjects of one name or of several, groups across classes, parts of weeks, foreign teachers."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import StudentMerged
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing import received

from ..factories import MONDAY, School, group, hear, mark, movement, noted, placement
from ..plans.desk import a_plan, followed, section, topic
from ..told import quarters
from ..totals.columns import save, total
from .year import Year

OCTOBER = date(2026, 10, 5)


@pytest.fixture
def year(school: School) -> Year:
    stand(school, date(2026, 10, 30))
    return Year(school, new_id())


def stand(school: School, on: date) -> None:
    """Let it be a day, at noon in Moscow."""
    school.service.runtime.clock = FixedClock(datetime(on.year, on.month, on.day, 9, tzinfo=UTC))


async def given(school: School, journal: UUID, student: UUID, *values: str, number: int = 1) -> None:
    """A mark at a lesson of 7 September, the next at one of 5 October."""
    for day, value in zip((MONDAY, OCTOBER), values, strict=False):
        lesson = await school.lesson(day, number, journal_id=journal)
        saved = await school.save(mark(lesson, student, value), headers=school.admin, journal_id=journal)
        assert saved.status_code == 200, saved.text


async def test_a_subject_of_subgroups_called_differently_is_one_column(school: School, year: Year) -> None:
    first, second = await school.enrol("Азова", "Белова")
    halves = await school.divide([first], [second])
    subject_id = await school.add_subject("Английский язык")
    for half, student, number in zip(halves, (first, second), (1, 2), strict=True):
        journal = await school.teach(subject_id=subject_id, learners_id=half, of_teaching_group=True)
        await given(school, journal, student, "debt", number=number)
    named = await school.service.client.patch(
        f"/journals/{journal}", json={"title": "Английский у Ивановой"}, headers={**school.admin, "If-Match": '"1"'}
    )
    assert named.status_code == 200, named.text
    shown = (await year.report("accumulation")).json()["sections"][0]
    assert [one["title"] for one in shown["columns"]][1:2] == ["Английский язык"]
    assert {len(row) for row in shown["rows"]} == {len(shown["columns"])} == {4}
    assert (await year.report("accumulation", format="xlsx")).status_code == 200
    assert await year.rows("at-risk", least_debts=2, missed_percent=100) == {}
    owed = await year.rows("at-risk", least_debts=1, missed_percent=100)
    assert [row[2] for row in owed.values()] == ["Английский язык: 1"] * 2


async def test_debts_in_two_subjects_of_one_title_are_two(school: School, year: Year) -> None:
    [student] = await school.enrol("Азова")
    for number in (1, 2):
        journal = await school.teach(subject_id=await school.add_subject("Труд"))
        await given(school, journal, student, "debt", number=number)
    rows = await year.rows("at-risk", least_debts=2, missed_percent=100)
    assert rows == {"Азова Алиса": ["долги", None, "Труд: 1, Труд: 1", 0, 0.0]}


async def test_a_group_across_classes_is_counted_where_the_student_was(school: School, year: Year) -> None:
    [student] = await school.enrol("Азова")
    across = await school.gather(student)
    journal = await school.teach("Астрономия", learners_id=across, of_teaching_group=True)
    other = new_id()
    moved = placement(school.organization_id, other)
    await hear(
        school.service,
        group(other, school.organization_id, "5 «Б»"),
        movement(student, OCTOBER, closed=school.placements[student], opened=moved),
    )
    await given(school, journal, student, "5", "2")
    before = await year.rows("class-summary")
    assert (before["Азова Алиса"][0], before["Азова Алиса"][5], before["Азова Алиса"][7]) == (5, 1, 1)
    school.group_id = other
    after = await year.rows("class-summary")
    assert (after["Азова Алиса"][0], after["Азова Алиса"][5], after["Азова Алиса"][7]) == (2, 1, 1)


async def test_who_left_a_class_and_came_back_is_counted_once(school: School, year: Year) -> None:
    [student] = await school.enrol("Азова")
    journal = await school.journal()
    await given(school, journal, student, "5", "3")
    await school.depart(student, date(2026, 9, 14))
    again = placement(school.organization_id, school.group_id)
    await hear(school.service, movement(student, date(2026, 9, 28), opened=again))
    await school.lesson(date(2026, 9, 21), journal_id=journal)
    row = (await year.rows("class-summary"))["Азова Алиса"]
    assert (row[0], row[5], row[7]) == (4, 2, 2)


async def test_merged_cards_are_one_student(school: School, year: Year) -> None:
    card, student = await school.enrol("Азова", "Азова")
    journal = await school.journal()
    lesson = await school.lesson(journal_id=journal)
    for one, value, code in ((card, "2", "sick"), (student, "5", "absent")):
        saved = await school.save(
            mark(lesson, one, value), attendance=[noted(lesson, one, code)], headers=school.admin, journal_id=journal
        )
        assert saved.status_code == 200, saved.text
    await hear(school.service, received(StudentMerged(student_id=card, merged_into=student), version=2))
    answer = await year.report("class-summary")
    [row] = answer.json()["sections"][0]["rows"]
    assert (row[1], row[6], row[8], row[9]) == (5, 1, 1, 1)


@pytest.mark.parametrize(
    ("week", "since", "until", "hours"),
    [
        (5, "2026-09-07", "2026-09-07", 0.4),
        (5, "2026-09-07", "2026-09-08", 0.8),
        (5, "2026-09-07", "2026-09-13", 2.0),
        (5, "2026-09-12", "2026-09-13", 0.0),
        (5, "2026-09-01", "2026-09-13", 3.6),
        (5, "2026-10-19", "2026-10-30", 2.0),
        (6, "2026-09-07", "2026-09-07", 0.33),
        (6, "2026-09-07", "2026-09-13", 2.0),
    ],
)
async def test_hours_of_a_part_of_a_week_are_that_part(
    school: School, year: Year, week: int, since: str, until: str, hours: float
) -> None:
    await school.set_year(quarters(week=week))
    await school.journal()
    answer = await year.of_organization("programme", None, **{"from": since, "to": until})
    assert [row[3] for row in answer.json()["sections"][0]["rows"]] == [hours]


async def test_a_teacher_of_another_school_is_nobody_here(school: School, year: Year) -> None:
    other = await School(school.service).open()
    stranger = await other.hire("Чужаков")
    own = await school.hire("Своеева")
    answers: list[Any] = [
        await year.of_organization("subject-teacher", teacher_id=str(one)) for one in (stranger, new_id(), own)
    ]
    assert [one.status_code for one in answers] == [404, 404, 200]
    assert "Чужаков" not in answers[0].text
    assert answers[2].json()["subtitle"].startswith("Своеева Мария")


@pytest.mark.parametrize("name", ["subject-teacher", "filling", "programme", "inspections", "remarks"])
async def test_a_report_of_an_organization_stays_in_a_school_year(school: School, year: Year, name: str) -> None:
    asked = {"teacher_id": str(await school.hire("Своеева"))}
    for since, until, status in (
        ("2026-08-31", "2026-09-01", 422),
        ("2026-09-01", "2027-08-31", 200),
        ("2025-09-01", "2026-08-31", 200),
    ):
        answer = await year.of_organization(name, None, **{"from": since, "to": until}, **asked)
        assert answer.status_code == status, (since, answer.text)
        assert status == 200 or answer.json()["code"] == "reports.period"


async def test_results_follow_the_thresholds_of_the_organization(school: School, year: Year) -> None:
    await school.set_year()
    [student] = await school.enrol("Азова")
    journal = await school.journal()
    await given(school, journal, student, "4", "5")
    asked = {"teacher_id": str(school.teacher_id)}
    settings = {"edit_days": 7, "class_teacher_writes": False, "least_marks": 2}
    for version, (five, three, standing) in enumerate((("4.51", "2.5", "хорошисты"), ("4.5", "4.01", "отличники"))):
        put = await school.service.client.put(
            f"/organizations/{school.organization_id}/journal-settings",
            json={**settings, "five_from": five, "four_from": "4.1", "three_from": three},
            headers={**school.admin, "If-Match": f'"{version}"'},
        )
        assert put.status_code == 200, put.text
        rows = await year.rows("class-summary")
        assert rows["Азова Алиса"][-1] == standing
        [row] = (await year.of_organization("subject-teacher", None, **asked)).json()["sections"][0]["rows"]
        assert row[6:8] == ([1, 0] if standing == "отличники" else [0, 1])
    assert (await year.rows("accumulation"))["Азова Алиса"] == [2, 2, 0]
    assert "«5» — от 4,5" in " ".join((await year.report("class-summary")).json()["notes"])
    [low] = await school.enrol("Белова")
    lesson = await school.lesson(date(2026, 9, 14), journal_id=journal)
    await school.save(mark(lesson, low, "4"), headers=school.admin, journal_id=journal)
    assert (await year.rows("at-risk"))["Белова Алиса"][0] == "средний балл ниже порога"


async def test_totals_of_a_class_are_a_section_of_each_term(school: School, year: Year) -> None:
    await school.set_year()
    first, second, gone = await school.enrol("Азова", "Белова", "Волкова")
    journal = await school.journal()
    await given(school, journal, first, "2")
    set_ = await save(
        school,
        total(first, "5"),
        total(second, "3"),
        total(gone, "2"),
        total(first, "4", kind="year"),
        headers=school.admin,
    )
    assert set_.status_code == 200, set_.text
    await school.depart(gone, OCTOBER)
    answer = await year.report("totals-sheet", to="2026-10-30")
    sections = {one["title"]: one for one in answer.json()["sections"]}
    assert list(sections) == ["1 четверть", "Год"]
    rows = {row[0]: row[1:] for row in sections["1 четверть"]["rows"]}
    assert rows == {
        "Азова Алиса": [5, "отличники"],
        "Белова Алиса": [3, "с одной «3»"],
        "Средний балл": [4, None],
        "Успеваемость, %": [100, None],
        "Качество, %": [50, None],
        "СОУ, %": [68, None],
    }
    assert sections["1 четверть"]["notes"] == [
        "Класс в целом: успеваемость 100 %, качество 50 %, СОУ 68 %, средний балл 4."
    ]
    assert [row[1:] for row in sections["Год"]["rows"]][:2] == [[4, "хорошисты"], [None, "без отметок"]]
    later = await year.report("totals-sheet", None, **{"from": "2026-11-02", "to": "2026-11-20"})
    assert [one["title"] for one in later.json()["sections"]] == ["2 четверть", "Год"]


async def test_the_class_teacher_is_told_the_subjects_that_decide(school: School, year: Year) -> None:
    first, second = await school.enrol("Азова", "Белова")
    for number, (title, of_first, of_second) in enumerate(
        (("Физика", "3", "2"), ("Химия", "5", "2"), ("Труд", "4", "3")), 1
    ):
        journal = await school.teach(title)
        await given(school, journal, first, of_first, number=number)
        await given(school, journal, second, of_second, number=number + 3)
    rows = await year.rows("class-teacher", 1)
    assert {title: row for title, row in rows.items() if row[0]} == {
        "С одной «3»": [1, "Азова Алиса (Физика)"],
        "Неуспевающие": [1, "Белова Алиса (Физика, Химия)"],
    }


async def test_a_programme_is_held_against_the_thematic_plan_that_a_journal_follows(school: School, year: Year) -> None:
    await school.teach("Физика")
    plan = await a_plan(school, section("Природа", topic("Лес", 2), topic("Река", 2)))
    lessons = [await school.lesson(day) for day in (MONDAY, date(2026, 9, 8), OCTOBER)]
    await followed(school, plan)
    forest = plan["sections"][0]["topics"][0]["id"]
    taught = await school.service.client.patch(
        f"/lessons/{lessons[0]}", json={"topic_id": forest}, headers={**school.admin, "If-Match": '"1"'}
    )
    assert taught.status_code == 200, taught.text
    for until, due in (("2026-09-30", 2), ("2026-10-30", 3)):
        answer = await year.of_organization("programme", None, **{"from": "2026-09-01", "to": until})
        rows = {row[1]: row[10:] for row in answer.json()["sections"][0]["rows"]}
        assert rows == {"Физика": [None] * 6, "Окружающий мир": [4, due, 1, due - 1, 25, 1]}
