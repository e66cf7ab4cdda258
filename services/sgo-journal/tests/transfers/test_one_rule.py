"""What was brought counts alike wherever a mean is shown, and is told from the rest wherever marks are."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from asu_contracts.core import StudentMerged
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing import received
from sgo_journal.scales.service import FIVE_POINTS

from ..alerts.samples import alerts_of
from ..archives.test_archives import said
from ..archives.test_whose import printed
from ..factories import YEAR, group, guardianship, hear, mark, movement, placement
from ..scales.test_conversions import THRESHOLDS, hundred, put, use
from ..totals.columns import save, total
from .paper import entered, subject
from .two_schools import ARRIVAL, Two, arrive, suggested

_ASKED: dict[str, Any] = {"from": "2026-11-02", "to": "2026-11-30"}


@pytest.fixture
async def newcomer(two: Two) -> UUID:
    """Comes with «5» of double weight and an undated «4», and has got «2» here: (5·2 + 4 + 2) / 4."""
    [student] = await two.new.enrol("Приезжая", on=ARRIVAL)
    physics = subject("Физика", "4")
    physics["marks"].append({"value": "5", "weight": "2", "day": "2026-11-02", "title": "контрольная"})
    await entered(two.new, student, physics, subject("Ритмика", "3"))
    await two.learn_as(student, "2", on=ARRIVAL, school=two.new)
    return student


async def get(two: Two, path: str, headers: dict[str, str] | None = None, **params: Any) -> Any:
    answer = await two.new.service.client.get(path, params=params, headers=headers or two.new.admin)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def report(two: Two, name: str, **params: Any) -> Any:
    return await get(two, f"/groups/{two.new.group_id}/reports/{name}", **{**_ASKED, **params})


async def test_one_mean_in_suggestions_report_cards_and_every_report(two: Two, newcomer: UUID) -> None:
    assert (await suggested(two.new, newcomer))["mean"] == "4.00"
    [mean] = (await get(two, f"/students/{newcomer}/means", **_ASKED))["items"]
    assert (mean["mean"], [one["brought"] for one in mean["marks"]]) == ("4.00", [True, True, False])
    tried = await two.new.service.client.post(
        f"/students/{newcomer}/means/trial",
        json={
            **_ASKED,
            "organization_id": str(two.new.organization_id),
            "course_id": str(two.subject),
            "marks": [{"value": "2", "weight": "4"}],
        },
        headers=two.new.admin,
    )
    assert (tried.json()["before"]["mean"], tried.json()["after"]["mean"]) == ("4.00", "3.00")
    sheet = await report(two, "marks-sheet")
    assert sheet["sections"][0]["rows"][0][:3] == ["Приезжая Алиса", 4, 4]
    assert sheet["sections"][1]["rows"][0][:3] == ["Физика", 3, 4]
    summary = (await report(two, "class-summary"))["sections"]
    assert summary[0]["rows"][0][1] == 4
    assert ["Средний балл", 4] in summary[1]["rows"]
    assert (await report(two, "dynamics", by="periods"))["sections"][0]["rows"][0][1:3] == [4, 4]
    by_month = await report(two, "dynamics", student_id=str(newcomer))
    assert by_month["sections"][0]["rows"][0][:2] == ["Физика", 4]
    assert (await report(two, "accumulation"))["sections"][0]["rows"][0][:2] == ["Приезжая Алиса", 3]
    assert (await report(two, "at-risk", mean_below="3"))["sections"][0]["rows"] == []
    [risk] = (await report(two, "at-risk", mean_below="4.5"))["sections"][0]["rows"]
    assert risk[2] == "Физика (4)"
    told = "Учтены и отметки, с которыми ученики пришли из других школ (по переводу, из ведомости)."
    for name in ("marks-sheet", "class-summary", "class-teacher", "dynamics", "accumulation", "at-risk"):
        assert told in (await report(two, name))["notes"], name
    letter = (await report(two, "parent-letter"))["sections"][0]
    assert letter["rows"][0][:4] == ["Физика", "(5 4) 2", 4, 3]
    assert letter["notes"][1].startswith("В скобках — отметки, с которыми ученик пришёл")
    path = f"/organizations/{two.new.organization_id}/reports/subject-teacher"
    teacher = await get(two, path, two.new.teacher, **_ASKED)
    assert [row[2:6] for row in teacher["sections"][-1]["rows"]] == [[1, 3, 0, 4]]


async def test_days_out_of_the_report_and_other_students_bring_nothing(two: Two, newcomer: UUID) -> None:
    await two.new.enrol("Местная")
    later = await report(two, "marks-sheet", **{"from": "2026-11-03"})
    assert later["sections"][0]["rows"][1][:2] == ["Приезжая Алиса", 3], "the «5» is of the day before"
    none = await report(two, "marks-sheet", **{"from": ARRIVAL.isoformat()})
    assert none["sections"][0]["rows"][1][:2] == ["Приезжая Алиса", 2]
    assert not any("из других школ" in note for note in none["notes"])
    assert later["sections"][0]["rows"][0][:2] == ["Местная Алиса", None]


async def test_who_changes_the_class_has_each_brought_mark_once(two: Two, newcomer: UUID) -> None:
    """The same teacher teaches both classes; two cards of the child bring no more."""
    other = new_id()
    await hear(two.new.service, group(other, two.new.organization_id, "5 «Б»"))
    await two.new.teach(subject_id=two.subject, learners_id=other)
    moved = placement(two.new.organization_id, other)
    on = date(2026, 11, 16)
    two.new.service.runtime.clock = FixedClock(datetime(2026, 11, 20, 9, tzinfo=UTC))
    await hear(two.new.service, movement(newcomer, on, closed=two.new.placements[newcomer], opened=moved))
    await hear(two.new.service, received(StudentMerged(student_id=new_id(), merged_into=newcomer), version=2))
    path = f"/organizations/{two.new.organization_id}/reports/subject-teacher"
    rows = (await get(two, path, two.new.teacher, **_ASKED))["sections"][-1]["rows"]
    assert sorted((row[0], row[3]) for row in rows) == [("5 «А»", 1), ("5 «Б»", 2)]
    two.new.group_id = other
    assert (await report(two, "marks-sheet"))["sections"][0]["rows"][0][1] == 4.67, "(5·2 + 4) / 3"


async def test_another_scale_counts_by_the_table_of_the_organization(two: Two) -> None:
    scale = await hundred(two.old)
    await use(two.old, scale, 1)
    await two.learn("90")
    await arrive(two.student, two.old, two.new)
    await two.learn("3", on=ARRIVAL, school=two.new)
    assert (await report(two, "marks-sheet"))["sections"][0]["rows"][0][1] == 3
    assert (await put(two.new, scale, FIVE_POINTS, dict(THRESHOLDS))).status_code == 200
    assert (await report(two, "marks-sheet"))["sections"][0]["rows"][0][1] == 4
    assert (await suggested(two.new, two.student))["mean"] == "4.00"


async def test_the_journal_the_diary_and_the_printed_journal_tell_what_is_brought(two: Two, newcomer: UUID) -> None:
    [student] = (await get(two, f"/journals/{await two.new.journal()}/brought-marks"))["students"]
    assert student["student_id"] == str(newcomer)
    told = [
        (of["title"], one["sign"], one["dated"], one["weight"], statement["from_paper"])
        for statement in student["statements"]
        for of in statement["subjects"]
        for one in of["marks"]
    ]
    assert told == [
        ("Ритмика", "3", False, "1.00", True),
        ("Физика", "5", True, "2.00", True),
        ("Физика", "4", False, "1.00", True),
    ]
    guardian = new_id()
    await hear(two.new.service, guardianship(guardian, newcomer))
    for headers in (two.new.headers(Role.GUARDIAN, guardian), two.new.headers(Role.STUDENT, newcomer)):
        week = await get(two, f"/students/{newcomer}/diary", headers, week="2026-11-02")
        shown = [(one["subject"], one["sign"], one["dated"], one["from_paper"]) for one in week["brought"]]
        assert shown == [("Ритмика", "3", False, True), ("Физика", "5", True, True), ("Физика", "4", False, True)]
    assert (await get(two, f"/students/{newcomer}/diary", two.new.admin, week="2026-11-09"))["brought"] == []
    sheet = (await printed(two.new)).split("Отметки из других школ")[1].split("Замечания")[0]
    for word in (
        "Приезжая Алиса",
        "контрольная",
        "02.11.2026",
        "без даты",
        "из ведомости № 17 от 05.11.2026",
        "Ритмика",
    ):
        assert word in sheet


async def test_a_family_reads_a_mark_within_the_region_at_its_lesson_alone(two: Two) -> None:
    await two.learn("5", on=date(2026, 11, 3))
    await arrive(two.student, two.old, two.new)
    guardian = new_id()
    await hear(two.new.service, guardianship(guardian, two.student))
    path = f"/students/{two.student}/diary"
    family = await get(two, path, two.new.headers(Role.GUARDIAN, guardian), week="2026-11-02")
    assert (family["brought"], [len(one["marks"]) for day in family["days"] for one in day["lessons"]]) == ([], [1])
    week = await get(two, path, two.new.admin, week="2026-11-09")
    assert week["brought"] == []
    [student] = (await get(two, f"/journals/{await two.new.journal()}/brought-marks"))["students"]
    [statement] = student["statements"]
    assert ([one["sign"] for one in statement["subjects"][0]["marks"]], statement["from_paper"]) == (["5"], False)


async def test_alerts_go_by_the_mean_that_is_suggested(two: Two, newcomer: UUID) -> None:
    lesson = await two.new.lesson(ARRIVAL, 5)
    await two.new.save(mark(lesson, newcomer, "2"), headers=two.new.admin)
    assert (await save(two.new, total(newcomer, "5", period=2), headers=two.new.admin)).status_code == 200
    [off] = [one for one in await alerts_of(two.new) if one["kind"] == "total_off"]
    assert off["text"] == "Итоговая 5 при среднем балле 3,60"


async def test_the_report_card_has_periods_of_other_schools_beside_the_own(two: Two) -> None:
    [student] = await two.new.enrol("Приезжая", on=ARRIVAL)
    await entered(two.new, student, subject("Физика", "5", value="4"))
    [place] = (await get(two, f"/students/{student}/report-card", academic_year=YEAR))["places"]
    [one] = place["brought"]
    assert (one["subject"], one["title"], one["sign"], one["from_paper"]) == ("Физика", "1 четверть", "4", True)
    answer = await two.new.service.client.get(
        f"/students/{student}/report-card/document",
        params={"academic_year": YEAR, "organization_id": str(two.new.organization_id)},
        headers=two.new.admin,
    )
    assert "МБОУ СОШ № 3 г. Ростова-на-Дону, из ведомости № 17 от 05.11.2026" in said(answer.content)
