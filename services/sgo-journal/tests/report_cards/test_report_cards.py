"""Totals of a year as a family reads and prints them; means with what they are made of, and what they would be."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import pytest
from pypdf import PdfReader

from asu_contracts.access import Role
from servicekit.clock import FixedClock
from servicekit.ids import new_id

from ..factories import MONDAY, SEPTEMBER, YEAR, School, audited, guardianship, hear, mark, movement, placement
from ..totals.columns import save, total

LAST = date(2026, 10, 1)


@pytest.fixture(autouse=True)
async def _year(school: School) -> None:
    await school.set_year()
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 30, 22, 30, tzinfo=UTC))


@pytest.fixture
async def child(school: School) -> UUID:
    [child] = await school.enrol("Белова")
    return child


@pytest.fixture
async def guardian(school: School, child: UUID) -> dict[str, str]:
    person = new_id()
    await hear(school.service, guardianship(person, child))
    return school.headers(Role.GUARDIAN, person)


async def get(school: School, path: str, headers: dict[str, str], **params: Any) -> httpx.Response:
    return await school.service.client.get(path, params=params, headers=headers)


async def card(school: School, child: UUID, headers: dict[str, str], year: int = YEAR) -> dict[str, Any]:
    answer = await get(school, f"/students/{child}/report-card", headers, academic_year=year)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_report_card_has_every_total_of_the_year(school: School, child: UUID, guardian: dict[str, str]) -> None:
    [other] = await school.enrol("Другая")
    music = await school.teach("Музыка")
    await school.hire("Педагогова", school.teacher_id)
    await save(school, total(child, "5"), total(child, "4", kind="year"), total(other, "2"))
    await save(school, total(child, "exempt"), journal_id=music, headers=school.admin)
    await save(school, total(child, None, 1, kind="year"))
    [place] = (await card(school, child, guardian))["places"]
    assert [one["title"] for one in place["spans"]][-3:] == ["год", "экзамен", "итоговая"]
    assert [(one["title"], [(t["kind"], t["period"], t["sign"]) for t in one["totals"]]) for one in place["subjects"]] == [
        ("Музыка", [("period", 1, "осв")]), ("Окружающий мир", [("period", 1, "5")]),
    ]  # fmt: skip
    assert (place["group"], place["subjects"][0]["totals"][0]["set_at"]) == ("5 «А»", "2026-09-30T22:30:00Z")
    assert [one["totals"][0]["set_by"] for one in place["subjects"]] == [None, "Педагогова Мария"]
    assert (await card(school, child, guardian, YEAR - 1))["places"] == []


async def test_who_sees_a_report_card(school: School, child: UUID, guardian: dict[str, str]) -> None:
    stranger, far = school.headers(Role.GUARDIAN, new_id()), await School(school.service).open()
    path = f"/students/{child}/report-card"
    expected = [
        (guardian, 200), (school.headers(Role.STUDENT, child), 200), (school.admin, 200), (stranger, 404), (far.admin, 404),
        (school.teacher, 404),
    ]  # fmt: skip
    for headers, status in expected:
        assert (await get(school, path, headers, academic_year=YEAR)).status_code == status
    await school.appoint(school.teacher_id)
    assert (await get(school, path, school.teacher, academic_year=YEAR)).status_code == 200
    assert [row for row in await audited(school) if row[1].startswith("student.")] == [
        (role, "student.report-card.read", [child]) for role in ("organization_admin", "teacher")
    ]


async def test_it_tells_of_every_organization_to_the_family_alone(
    school: School, child: UUID, guardian: dict[str, str]
) -> None:
    club = await School(school.service).open()
    await club.set_year()
    placed = placement(club.organization_id, club.group_id, main=False)
    await hear(school.service, movement(child, SEPTEMBER, opened=placed))
    await save(club, total(child, "3"), headers=club.admin)
    places = (await card(school, child, guardian))["places"]
    assert {one["organization_id"] for one in places} == {str(school.organization_id), str(club.organization_id)}
    [own] = (await card(school, child, school.admin))["places"]
    assert (own["organization_id"], own["subjects"]) == (str(school.organization_id), [])


async def test_it_is_printed_with_the_footer(school: School, child: UUID, guardian: dict[str, str]) -> None:
    await save(school, total(child, "5"))
    path, params = f"/students/{child}/report-card/document", {"academic_year": YEAR}
    answer = await get(school, path, guardian, organization_id=str(school.organization_id), **params)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    text = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())
    for part in ("Табель успеваемости", "Белова Алиса, 5 «А», 2026/2027 учебный год", "Окружающий мир", "01.10.2026"):
        assert part in text, text
    foreign = await get(school, path, guardian, organization_id=str(new_id()), **params)
    assert foreign.status_code == 404


async def marked(school: School, child: UUID, *signs: tuple[str, str]) -> None:
    """Marks on days from Monday on, each with the weight of its work."""
    for day, (sign, weight) in enumerate(signs):
        lesson = await school.lesson(MONDAY + timedelta(days=day))
        works = {"works": [{"number": 1, "kind": "test", "weight": weight}]}
        put = await school.service.client.put(
            f"/lessons/{lesson}/works", json=works, headers={**school.admin, "If-Match": '"1"'}
        )
        assert put.status_code == 200, put.text
        assert (await school.save(mark(lesson, child, sign), headers=school.admin)).status_code == 200


async def test_a_mean_tells_what_it_is_made_of(school: School, child: UUID, guardian: dict[str, str]) -> None:
    await marked(school, child, ("5", "2"), ("4", "1"), ("exempt", "1"))
    music = await school.teach("Музыка")
    await school.lesson(MONDAY, number=5, journal_id=music)
    days = {"from": MONDAY.isoformat(), "to": LAST.isoformat()}
    answer = await get(school, f"/students/{child}/means", guardian, **days)
    empty, full = answer.json()["items"]
    assert (empty["title"], empty["mean"], empty["marks"]) == ("Музыка", None, [])
    assert (full["mean"], full["explanation"]) == ("4.67", "(5·2 + 4·1) / 3 = 4,67")
    assert [(one["sign"], one["weight"], one["percent"]) for one in full["marks"]] == [
        ("5", "2.00", "66.67"), ("4", "1.00", "33.33"), ("осв", "1.00", None),
    ]  # fmt: skip
    assert full["mark"] == "exempt", "two marks are too few, and the student was exempt: as the teacher is suggested"
    edge = await get(school, f"/students/{child}/means", guardian, **{**days, "from": "2026-09-08"})
    assert edge.json()["items"][1]["mean"] == "4.00"
    wrong = await get(school, f"/students/{child}/means", guardian, **{"from": "2026-09-08", "to": "2026-09-07"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "report-card.period")
    assert (
        await get(school, f"/students/{child}/means", school.headers(Role.GUARDIAN, new_id()), **days)
    ).status_code == 404


async def test_marks_brought_from_another_school_count(school: School, child: UUID, guardian: dict[str, str]) -> None:
    await marked(school, child, ("4", "1"))
    [journal] = await school.service.fetch("SELECT subject_id FROM journal WHERE id = $1", await school.journal())
    statement, subject, key = new_id(), new_id(), (school.organization_id, YEAR)
    fetch = school.service.fetch
    await fetch(
        "INSERT INTO brought_statement (organization_id, academic_year, id, student_id, arrived_on, source_name, document_date, version,"
        " changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, 'Школа', $5, 1, $3, now())",
        *(*key, statement, child, MONDAY),
    )
    await fetch(
        "INSERT INTO brought_subject (organization_id, academic_year, id, statement_id, source_id, title, course_id, version)"
        " VALUES ($1, $2, $3, $4, $3, 'Мир вокруг', $5, 1)",
        *(*key, subject, statement, journal["subject_id"]),
    )
    for kind, day in (("work", SEPTEMBER), ("period", SEPTEMBER)):
        await fetch(
            "INSERT INTO brought_mark (organization_id, academic_year, id, subject_id, source_id, kind, first_day, last_day, title,"
            " weight, scale_id, value) VALUES ($1, $2, $3, $4, $3, $5, $6, $6, 'Диктант', 3, 1, '2')",
            *(*key, new_id(), subject, kind, day),
        )
    days = {"from": SEPTEMBER.isoformat(), "to": LAST.isoformat()}
    [item] = (await get(school, f"/students/{child}/means", guardian, **days)).json()["items"]
    assert (item["mean"], item["explanation"]) == ("2.50", "(2·3 + 4·1) / 4 = 2,5; из них принесены из другой школы: 2")
    assert [(one["brought"], one["work"]) for one in item["marks"]] == [(True, "Диктант"), (False, "test")]
    later = await get(school, f"/students/{child}/means", guardian, **{**days, "from": "2026-09-02"})
    assert later.json()["items"][0]["mean"] == "4.00"


async def test_what_if_is_answered_and_nothing_is_kept(school: School, child: UUID, guardian: dict[str, str]) -> None:
    await marked(school, child, ("4", "1"), ("3", "1"), ("4", "1"))
    [journal] = await school.service.fetch("SELECT subject_id FROM journal WHERE id = $1", await school.journal())
    body = {
        "organization_id": str(school.organization_id), "course_id": str(journal["subject_id"]), "from": "2026-09-01",
        "to": LAST.isoformat(), "marks": [{"value": "5", "weight": "2"}],
    }  # fmt: skip

    async def tried(**more: Any) -> httpx.Response:
        path = f"/students/{child}/means/trial"
        return await school.service.client.post(path, json={**body, **more}, headers=guardian)

    answer = (await tried()).json()
    before, after = answer["before"], answer["after"]
    assert (before["mean"], before["mark"]) == ("3.67", "4")
    assert (after["mean"], after["explanation"]) == ("4.20", "(4·1 + 3·1 + 4·1 + 5·2) / 5 = 4,2")
    assert after["marks"][-1]["work"] == "проба"
    assert (await tried(marks=[{"value": "5", "weight": "2"}] * 2)).json()["after"]["mark"] == "4"
    assert (await tried(marks=[{"value": "5", "weight": "5"}] * 2)).json()["after"]["mark"] == "5"
    assert [row["count"] for row in await school.service.fetch("SELECT count(*) FROM mark")] == [3]
    refused = [
        (await tried(marks=[{"value": "6", "weight": "1"}]), 422, "report-card.value-unknown"),
        (await tried(course_id=str(new_id())), 404, "not-found"),
        (await tried(organization_id=str(new_id())), 404, "not-found"),
        (await tried(marks=[{"value": "5", "weight": "0"}]), 422, "request.invalid"),
        (await tried(marks=[]), 422, "request.invalid"),
    ]
    assert [(one.status_code, one.json()["code"]) for one, _, _ in refused] == [
        (status, code) for _, status, code in refused
    ]
