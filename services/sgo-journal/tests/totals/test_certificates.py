"""What is taught as several subjects has one exam and one final mark, which count as marks from 1 to 5; rules are dated data."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from asu_contracts.core import TeachingGroupKind
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.packaged import read_yaml
from sgo_journal.journals.model import journal_id
from sgo_journal.totals.certificates import Source, edition_of, in_force

from ..factories import (
    SEPTEMBER,
    YEAR,
    School,
    calendar,
    group,
    guardianship,
    hear,
    member,
    movement,
    placement,
    profile,
    subject,
    teaching_group,
)
from ..scales.test_conversions import THRESHOLDS, hundred, put
from .columns import read, save, standing, total
from .test_finals import Graduates, months
from .test_told import told

JUNE = datetime(YEAR + 1, 6, 20, 9, tzinfo=UTC)
COURSES = {"algebra": "Алгебра", "geometry": "Геометрия", "probability": "Вероятность и статистика"}


class Ninth:
    """A class of grade 9 with algebra, geometry and, for the first of its two students, probability."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.class_id, self.subgroup = new_id(), new_id()
        self.first, self.second = new_id(), new_id()
        self.subjects = {code: subject(title, code=code, area="mathematics") for code, title in COURSES.items()}

    async def open(self) -> "Ninth":
        school = self.school
        made = group(self.class_id, school.organization_id, "9 «А»").model_copy(update={"grade": 9})
        await hear(school.service, calendar(school.organization_id), made, *self.subjects.values())
        for student, name in ((self.first, "Аистов"), (self.second, "Белов")):
            opened = placement(school.organization_id, self.class_id).model_copy(update={"grade": 9})
            await hear(school.service, profile(student, name), movement(student, SEPTEMBER, opened=opened))
        subgroup = teaching_group(
            school.organization_id,
            member(self.first),
            kind=TeachingGroupKind.SUBGROUP,
            name="1 подгруппа",
            group_id=self.class_id,
            division_id=new_id(),
            grade_from=9,
            grade_to=9,
        ).model_copy(update={"teaching_group_id": self.subgroup})
        await hear(school.service, subgroup)
        for code, of in self.subjects.items():
            of_group = code == "probability"
            learners = self.subgroup if of_group else self.class_id
            await school.teach(subject_id=of.subject_id, learners_id=learners, of_teaching_group=of_group)
        school.service.runtime.clock = FixedClock(JUNE)
        return self

    def journal(self, code: str) -> UUID:
        learners = self.subgroup if code == "probability" else self.class_id
        return journal_id(YEAR, learners, self.subjects[code].subject_id)

    async def set(self, code: str, student: UUID, *, version: int = 0, **values: str | None) -> int:
        """Set totals in a journal by kind; the answer's status."""
        sent = [total(student, value, version, kind=kind) for kind, value in values.items()]
        answer = await save(self.school, *sent, journal_id=self.journal(code), headers=self.school.admin)
        return answer.status_code

    async def final(self, student: UUID, code: str = "algebra") -> tuple[str | None, str]:
        found = await read(self.school, "totals/suggestions", self.journal(code), self.school.admin, kind="final")
        [one] = [one for one in found["students"] if one["student_id"] == str(student)]
        return one["value"], one["reason"]


@pytest.fixture
async def ninth(school: School) -> Ninth:
    """The region's list has mathematics beside its courses."""
    await hear(school.service, subject("Математика", code="mathematics", area="mathematics"))
    return await Ninth(school).open()


async def test_the_final_mark_of_mathematics_is_made_of_its_courses_and_one_exam(ninth: Ninth) -> None:
    for code, mark in (("algebra", "4"), ("geometry", "5"), ("probability", "5")):
        assert await ninth.set(code, ninth.first, year=mark) == 200
    missing = "нет отметки: экзамен"
    assert [await ninth.final(ninth.first, code) for code in COURSES] == [(None, missing)] * 3
    assert await ninth.set("geometry", ninth.first, exam="3") == 200
    reason = (
        "«4»: Алгебра: год — 4, Геометрия: год — 5, Вероятность и статистика: год — 5, экзамен — 3;"
        " среднее 4,25, по правилам округления 4"
    )
    assert [await ninth.final(ninth.first, code) for code in COURSES] == [("4", reason)] * 3


async def test_what_was_not_taught_is_not_waited_for_and_what_was_is_named(ninth: Ninth) -> None:
    await ninth.set("algebra", ninth.second, year="4", exam="4")
    assert await ninth.final(ninth.second) == (None, "нет отметки: Геометрия: год")
    await ninth.set("geometry", ninth.second, year="3")
    value, reason = await ninth.final(ninth.second)
    assert (value, "Вероятность" in reason, "среднее 3,67" in reason) == ("4", False, True)
    assert (await ninth.final(ninth.first))[1] == (
        "нет отметки: Алгебра: год; Геометрия: год; Вероятность и статистика: год; экзамен"
    )


async def test_an_exam_and_a_final_mark_stand_once_whichever_journal_they_are_set_in(ninth: Ninth) -> None:
    school, student = ninth.school, ninth.first
    assert await ninth.set("algebra", student, year="4", exam="4") == 200
    assert await ninth.set("geometry", student, exam="5") == 409, "somebody has set it in algebra"
    assert await ninth.set("geometry", student, exam="5", version=1) == 200
    assert await ninth.set("geometry", student, final="5", year="5") == 200
    pages = {code: await standing(school, ninth.journal(code)) for code in COURSES}
    exam, final = (str(student), "exam", 0), (str(student), "final", 0)
    assert [(page[exam], page[final]) for page in pages.values()] == [(("5", 2), ("5", 1))] * 3
    year = (str(student), "year", 0)
    assert [page.get(year) for page in pages.values()] == [("4", 1), ("5", 1), None], "years are of each course"
    page = await read(school, "totals", ninth.journal("algebra"), school.admin)
    assert page["final_subject"] == "Математика"
    for code in COURSES:
        changes = (await read(school, "totals/changes", ninth.journal(code), school.admin))["items"]
        assert [(one["kind"], one["new_value"]) for one in changes if one["kind"] != "year"] == [
            ("exam", "4"),
            ("exam", "5"),
            ("final", "5"),
        ]
    heard = {(one["subject_title"], one["kind"]): one["mark"] for one in await told(school)}
    assert heard == {
        ("Алгебра", "year"): "4",
        ("Геометрия", "year"): "5",
        ("Математика", "exam"): "5",
        ("Математика", "final"): "5",
    }


async def test_families_and_sheets_read_it_under_its_own_name(ninth: Ninth) -> None:
    school, student, guardian = ninth.school, ninth.first, new_id()
    await ninth.set("algebra", student, year="4", exam="5", final="5")
    await hear(school.service, guardianship(guardian, student))
    family, client = school.headers(Role.GUARDIAN, guardian), school.service.client
    path = f"/students/{student}"
    card = (await client.get(f"{path}/report-card", params={"academic_year": YEAR}, headers=family)).json()
    shown = {one["title"]: sorted(mark["kind"] for mark in one["totals"]) for one in card["places"][0]["subjects"]}
    assert shown == {"Алгебра": ["year"], "Математика": ["exam", "final"]}
    week = (await client.get(f"{path}/diary", params={"week": "2027-06-14"}, headers=family)).json()
    assert {(one["subject"], one["kind"]) for one in week["totals"]} == {
        ("Алгебра", "year"), ("Математика", "exam"), ("Математика", "final"),
    }  # fmt: skip
    news = (await client.get(f"{path}/diary/news", headers=family)).json()["items"]
    assert sorted(one["subject"] for one in news if one["kind"] == "total") == ["Алгебра", "Математика", "Математика"]
    asked = {"from": SEPTEMBER.isoformat(), "to": "2027-05-31"}
    sheet = await client.get(f"/groups/{ninth.class_id}/reports/totals-sheet", params=asked, headers=school.admin)
    final = next(one for one in sheet.json()["sections"] if one["title"] == "Итоговая")
    row = dict(zip([one["title"] for one in final["columns"]], final["rows"][0], strict=True))
    assert (row["Математика"], row["Алгебра"]) == (5, None)


async def test_an_own_subject_that_stands_for_a_course_is_a_part_too(ninth: Ninth) -> None:
    school = ninth.school
    own = subject("Избранная геометрия", code="own", organization_id=school.organization_id).model_copy(
        update={"counts_as": ninth.subjects["geometry"].subject_id}
    )
    await hear(school.service, own)
    ninth.subjects["own"] = own
    await school.teach(subject_id=own.subject_id, learners_id=ninth.class_id)
    for code in ("algebra", "geometry", "own"):
        await ninth.set(code, ninth.second, year="5")
    await ninth.set("own", ninth.second, exam="5")
    value, reason = await ninth.final(ninth.second)
    assert (value, "Избранная геометрия: год — 5" in reason) == ("5", True)


async def test_without_the_subject_in_the_list_each_course_has_its_own(school: School) -> None:
    ninth = await Ninth(school).open()
    await ninth.set("algebra", ninth.first, year="4", exam="5")
    assert await ninth.set("geometry", ninth.first, exam="3") == 200
    assert await ninth.final(ninth.first) == ("5", "«5»: год — 4, экзамен — 5; среднее 4,5, по правилам округления 5")
    assert (await read(school, "totals", ninth.journal("algebra"), school.admin))["final_subject"] is None


async def test_in_other_grades_courses_have_their_own_exams(school: School) -> None:
    await hear(school.service, subject("Математика", code="mathematics"), calendar(school.organization_id))
    algebra = subject("Алгебра", code="algebra")
    await hear(school.service, algebra)
    journal = await school.teach(subject_id=algebra.subject_id)
    assert (await read(school, "totals", journal, school.admin))["final_subject"] is None


async def test_secondary_mathematics_is_of_every_course_and_year(school: School) -> None:
    await hear(school.service, subject("Математика", code="mathematics"))
    algebra, geometry = [await Graduates(school, 11, code).open() for code in ("algebra_analysis", "geometry")]
    geometry.classes = algebra.classes
    for year in (YEAR - 1, YEAR):
        await algebra.teach(year)
        await geometry.teach(year)
    student = await algebra.enrol(YEAR - 1, YEAR)
    await algebra.set(student, YEAR - 1, **months("4", "4", "4"))
    await algebra.set(student, YEAR, **months("4", "4", "4"))
    await geometry.set(student, YEAR - 1, **months("5", "5", "5"))
    assert (await algebra.suggested(student))[0] is None
    await geometry.set(student, YEAR, **months("5", "5", "5"))
    value, reason = await algebra.suggested(student)
    assert (value, reason.count("Предмет: "), "среднее 4,5" in reason) == ("5", 12, True)
    assert (await geometry.suggested(student))[0] == "5"


async def test_marks_of_other_scales_count_as_marks_from_one_to_five(school: School) -> None:
    seniors = await Graduates(school, 11, "physics").open()
    await seniors.teach(YEAR - 1)
    seniors.scale = scale = await hundred(school)
    student = await seniors.enrol(YEAR - 1, YEAR)
    await seniors.set(student, YEAR - 1, **months("90", "70", "90"))
    seniors.scale = 1
    await seniors.set(student, YEAR, **months("4", "4", "4"))
    value, reason = await seniors.suggested(student)
    assert value is None
    assert reason.startswith("отметка без балла: 10 класс, 1 полугодие — 90 (другой шкалы)")
    assert (await put(school, scale, 1, dict(THRESHOLDS))).status_code == 200
    value, reason = await seniors.suggested(student)
    assert (value, "10 класс, 1 полугодие — 5 (90 другой шкалы)" in reason, "среднее 4,33" in reason) == (
        "4", True, True,
    )  # fmt: skip


@pytest.mark.parametrize(("grades", "expected"), [((5, 4, 3), "b"), ((5, 4, 4), None), ((5, None, 3), None)])
async def test_a_journal_of_another_scale_is_told_the_value_that_stands_for_the_mark(
    school: School, grades: tuple[int | None, ...], expected: str | None
) -> None:
    ninth = await Graduates(school, 9, "history").open()
    values = [
        {"code": code, "sign": code.upper(), "title": code, "points": points, "grade": grade}
        for code, points, grade in zip("abc", (100, 80, 60), grades, strict=True)
    ]
    path = f"/organizations/{school.organization_id}/scales"
    made = await school.service.client.post(path, json={"title": "Буквы", "values": values}, headers=school.admin)
    assert made.status_code == 201, made.text
    scale = made.json()["id"]
    student = await ninth.enrol(YEAR)
    await ninth.set(student, YEAR, year="4")
    journal = journal_id(YEAR, ninth.classes[YEAR], ninth.subject.subject_id)
    used = await school.service.client.patch(
        f"/journals/{journal}", json={"scale_id": scale}, headers={**school.admin, "If-Match": '"1"'}
    )
    assert used.status_code == 200, used.text
    value, reason = await ninth.suggested(student)
    assert value == expected
    assert ("в шкале журнала такой отметки нет" in reason) == (expected is None)


async def test_by_which_act_is_told_and_that_it_was_not_read(ninth: Ninth) -> None:
    found = await read(ninth.school, "totals/suggestions", ninth.journal("algebra"), ninth.school.admin, kind="final")
    assert found["basis"].count("№ 546") == 2
    assert "с текстом приказа не сверено" in found["basis"]
    year = await read(ninth.school, "totals/suggestions", ninth.journal("algebra"), ninth.school.admin, kind="year")
    assert year["basis"] is None


def test_the_edition_in_force_is_that_of_the_day_the_year_ends() -> None:
    data: dict[str, Any] = read_yaml("sgo_journal.totals", "certificates.yaml")["editions"][0]
    first, second = edition_of(data), edition_of({**data, "valid_from": date(2030, 9, 1), "combined": {}})
    known = [second, first]
    assert in_force(date(2030, 8, 31), known) is first
    assert in_force(date(2030, 9, 1), known) is second
    assert in_force(date(2000, 1, 1), known) is first
    assert first.combination("algebra", 9) is not None
    assert (first.combination("algebra", 8), second.combination("algebra", 9)) == (None, None)


def test_a_rule_that_was_read_is_not_excused() -> None:
    assert Source("Пункт 1", verified=True).words == "Пункт 1"
    with pytest.raises(KeyError):
        Source.of({"clause": "Пункт 1", "status": "sure"})
