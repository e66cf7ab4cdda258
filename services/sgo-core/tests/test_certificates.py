"""Certificates of education: from a closed year into the book, into hands, into the federal register; nothing entered is edited."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest

from .closing_year import BACK, School, at
from .world import YEAR, Registry

ORDER = {"number": "130-у", "date": "2027-06-26"}
BLANK = "0232400000{:04d}"


@pytest.fixture
async def school(service: ServiceUnderTest) -> AsyncIterator[School]:
    """A school whose year is closed; the first of 9А has only fives, the second of 11А no final marks. It is the day of handing."""
    school = await School(Registry(service)).open()
    nine, eleven = school.students["9А"], school.students["11А"]
    marks = [(nine[0], "Алгебра", "5"), (nine[0], "Физика", "5"), (nine[1], "Алгебра", "4"), (eleven[0], "Физика", "3")]
    items = [{"student_id": str(one), "subject": subject, "final": mark} for one, subject, mark in marks]
    with at(school.registry):
        path = f"/organizations/{school.id}/year-results"
        entered = await school.call(Role.SECRETARY, "PUT", path, json={"academic_year": YEAR, "items": items})
        assert entered.status_code == 200, entered.text
        await school.close()
    with at(school.registry, datetime(2027, 6, 30, 9, tzinfo=UTC)):
        yield school


async def drafted(school: School, kind: str = "basic", **more: Any) -> list[dict[str, Any]]:
    body = {"academic_year": YEAR, "kind": kind, "order": ORDER, **more}
    made = await school.call(Role.SECRETARY, "POST", f"/organizations/{school.id}/certificates", json=body)
    assert made.status_code == 201, made.text
    found = await school.call(Role.HEAD, "GET", f"/organizations/{school.id}/certificates", params={"kind": kind})
    items: list[dict[str, Any]] = found.json()["items"]
    return items


async def step(school: School, one: dict[str, Any], what: str, **body: Any) -> Any:
    return await school.call(Role.SECRETARY, "POST", f"/certificates/{one['id']}/{what}", one["version"], json=body)


async def printed(school: School, certificate_id: str) -> list[str]:
    """Text of the pages, whatever the lines."""
    answer = await school.call(Role.SECRETARY, "GET", f"/certificates/{certificate_id}/certificate.pdf")
    assert answer.status_code == 200, answer.text
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages]


async def registered(school: School, one: dict[str, Any], number: int) -> dict[str, Any]:
    answer = await step(school, one, "registration", blank=BLANK.format(number), registered_on="2027-06-28")
    assert answer.status_code == 200, answer.text
    entered: dict[str, Any] = answer.json()
    return entered


async def test_graduates_get_drafts_with_their_marks(school: School) -> None:
    basic = {one["student_id"]: one for one in await drafted(school)}
    first, second = (basic[str(one)] for one in school.students["9А"])
    assert (first["honours"], second["honours"]) == (True, False)
    assert first["marks"] == [{"subject": "Алгебра", "mark": "5"}, {"subject": "Физика", "mark": "5"}]
    assert first["last_name"] == "Образцова"
    body = {"academic_year": YEAR, "kind": "basic", "order": ORDER}
    path = f"/organizations/{school.id}/certificates"
    again = await school.call(Role.SECRETARY, "POST", path, json=body)
    assert (again.status_code, again.json()["code"]) == (409, "certificates.nobody")
    stranger = {**body, "student_ids": [str(school.students["5А"][0])]}
    refused = await school.call(Role.SECRETARY, "POST", path, json=stranger)
    assert (refused.status_code, refused.json()["code"]) == (409, "certificates.not-graduates")
    secondary = {"academic_year": YEAR, "kind": "secondary", "order": ORDER}
    made = await school.call(Role.SECRETARY, "POST", path, json=secondary)
    assert made.json() == {"drafted": 2, "without_marks": [str(school.students["11А"][1])]}


async def test_no_certificate_without_marks(school: School) -> None:
    unmarked = next(one for one in await drafted(school, "secondary") if not one["marks"])
    title, _ = await printed(school, unmarked["id"])
    assert "Бланк не указан" in title
    assert "проект" in title
    refused = await step(school, unmarked, "registration", blank=BLANK.format(1), registered_on="2027-06-28")
    assert (refused.status_code, refused.json()["code"]) == (409, "certificates.marks-missing")
    assert await school.registry.value("SELECT count(*) FROM certificate_blank") == 0
    path = f"/certificates/{unmarked['id']}"
    marks = [{"subject": "Физика", "mark": "4"}]
    edited = await school.call(Role.SECRETARY, "PATCH", path, unmarked["version"], json={"marks": marks})
    assert (await registered(school, edited.json(), 1))["registration_number"] == 1
    ordinary = next(one for one in await drafted(school) if not one["honours"])
    path = f"/certificates/{ordinary['id']}"
    honoured = await school.call(Role.SECRETARY, "PATCH", path, ordinary["version"], json={"honours": True})
    refused = await step(school, honoured.json(), "registration", blank=BLANK.format(2), registered_on="2027-06-28")
    assert (refused.status_code, refused.json()["code"]) == (409, "certificates.honours")


async def test_the_book_counts_without_gaps_though_all_come_at_once(school: School) -> None:
    basic = await drafted(school)
    answers = await asyncio.gather(
        *(step(school, one, "registration", blank=BLANK.format(7), registered_on="2027-06-28") for one in basic)
    )
    assert sorted(one.status_code for one in answers) == [200, 409]
    loser = basic[[one.status_code for one in answers].index(409)]
    assert next(one for one in answers if one.status_code == 409).json()["code"] == "certificates.blank-used"
    assert (await registered(school, loser, 8))["registration_number"] == 2
    numbers = await school.registry.fetch("SELECT registration_number FROM certificate ORDER BY 1")
    assert [one["registration_number"] for one in numbers] == [1, 2]


async def test_what_is_entered_stands(school: School) -> None:
    first, _ = await drafted(school)
    entered = await registered(school, first, 1)
    edited = await school.call(
        Role.SECRETARY, "PATCH", f"/certificates/{first['id']}", entered["version"], json={"honours": False}
    )
    assert (edited.status_code, edited.json()["code"]) == (409, "certificates.state")
    for change in ("last_name = 'Иная'", "marks = '[]'", "registration_number = 9", "state = 'draft'"):
        with pytest.raises(Exception, match="is registered"):
            await school.registry.fetch(f"UPDATE certificate SET {change} WHERE id = $1", UUID(first["id"]))
    early = await step(school, entered, "handing", handed_on="2027-06-27", handed_to="graduate")
    assert early.json()["code"] == "certificates.state"


async def test_a_spoilt_blank_is_written_off_and_never_used_again(school: School) -> None:
    first, second = await drafted(school)
    entered = await registered(school, first, 1)
    spoilt = await step(school, entered, "spoilt-blank", blank=BLANK.format(2), reason="Ошибка печати", act="Акт № 1")
    assert spoilt.status_code == 200, spoilt.text
    assert (spoilt.json()["blank"], spoilt.json()["registration_number"]) == (BLANK.format(2), 1)
    for used in (1, 2):
        again = await step(school, second, "registration", blank=BLANK.format(used), registered_on="2027-06-28")
        assert again.json()["code"] == "certificates.blank-used"
    book = await school.call(Role.HEAD, "GET", f"/organizations/{school.id}/certificate-book", params={"kind": "basic"})
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(book.content)).pages)
    assert "Образцова" in text
    assert "Акт № 1" in text


async def test_a_duplicate_has_its_own_entry_and_the_register_hears_of_both(school: School) -> None:
    first, _ = await drafted(school)
    entered = await registered(school, first, 1)
    early = await school.call(
        Role.SECRETARY, "POST", f"/certificates/{first['id']}/duplicate", json={"reason": "Утрата", "order": ORDER}
    )
    assert early.json()["code"] == "certificates.state"
    handed = await step(
        school, entered, "handing", handed_on="2027-06-30", handed_to="representative", note="Доверенность"
    )
    assert handed.json()["state"] == "handed"
    made = await school.call(
        Role.SECRETARY, "POST", f"/certificates/{first['id']}/duplicate", json={"reason": "Утрата", "order": ORDER}
    )
    assert made.status_code == 201, made.text
    duplicate = await registered(school, made.json(), 3)
    assert (duplicate["registration_number"], duplicate["duplicate_of"]) == (2, first["id"])
    title, supplement = await printed(school, first["id"])
    for page in (title, supplement):
        assert f"Бланк № {BLANK.format(1)}" in page
        assert "Регистрационный номер: 1 Дата выдачи: 30.06.2027" in page
        assert "Аттестат об основном общем образовании с отличием" in page
        assert "Подсистема: АИС СГО · Дата печати" in page, "the footer of regulation 4.5"
    assert "Образцова" in title
    assert "в 2027 году" in title
    assert "Физика 5 (отлично)" in supplement
    title, supplement = await printed(school, duplicate["id"])
    for page in (title, supplement):
        assert f"Бланк № {BLANK.format(3)} ДУБЛИКАТ" in page
    assert "взамен аттестата с регистрационным номером 1 от 30.06.2027" in title
    path, body = f"/organizations/{school.id}/federal-register-files", {"academic_year": YEAR}
    file = await school.call(Role.SECRETARY, "POST", path, json=body)
    assert file.status_code == 200, file.text
    header, *rows = CalamineWorkbook.from_object(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
    lines = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(one["Статус документа"], one["Регистрационный номер"], one["Номер документа"]) for one in lines] == [
        ("Оригинал", "1", "000000001"),
        ("Дубликат", "2", "000000003"),
    ]
    assert lines[1]["Регистрационный N (оригинала)"] == "1"
    assert lines[0]["СНИЛС"]
    nothing = await school.call(Role.SECRETARY, "POST", path, json=body)
    assert nothing.json()["code"] == "certificates.nobody"
    sent = (await school.call(Role.HEAD, "GET", f"/certificates/{first['id']}")).json()
    assert sent["federal_state"] == "sent"
    answered = await step(school, sent, "federal-answer", state="rejected", note="Неверный СНИЛС")
    assert answered.json()["federal_state"] == "rejected"
    again = await school.call(Role.SECRETARY, "POST", path, json=body)
    assert again.status_code == 200


async def test_a_lost_duplicate_is_replaced_by_one_of_the_original(school: School) -> None:
    first, _ = await drafted(school)
    newest, body = first, {"reason": "Утрата", "order": ORDER}
    for number in (1, 2):
        entered = await registered(school, newest, number)
        handed = await step(school, entered, "handing", handed_on="2027-06-30", handed_to="graduate")
        assert handed.status_code == 200, handed.text
        made = await school.call(Role.SECRETARY, "POST", f"/certificates/{newest['id']}/duplicate", json=body)
        assert made.status_code == 201, made.text
        newest = made.json()
    assert newest["duplicate_of"] == first["id"]


async def test_no_day_of_the_book_is_ahead(school: School) -> None:
    first, _ = await drafted(school)
    early = await step(school, first, "registration", blank=BLANK.format(1), registered_on="2099-01-01")
    assert (early.status_code, early.json()["code"]) == (422, "certificates.date")
    entered = await registered(school, first, 1)
    early = await step(school, entered, "handing", handed_on="2099-01-01", handed_to="graduate")
    assert (early.status_code, early.json()["code"]) == (422, "certificates.date")


async def test_a_note_of_study_for_who_did_not_finish(school: School) -> None:
    student = school.students["5А"][0]
    (note,) = await drafted(school, "study_note", student_ids=[str(student)])
    numbered = await step(school, note, "registration", blank=BLANK.format(1), registered_on="2027-06-28")
    assert (numbered.status_code, numbered.json()["code"]) == (422, "certificates.blank")
    entered = await step(school, note, "registration", registered_on="2027-06-28")
    assert (entered.json()["registration_number"], entered.json()["blank"]) == (1, None)
    (sheet,) = await printed(school, note["id"])
    assert sheet.startswith("Организация 1 Справка об обучении Справка дана в том, что Образцова")
    assert "в 2026/2027 учебном году" in sheet


async def test_a_year_whose_certificates_are_entered_is_not_taken_back(school: School) -> None:
    first, _ = await drafted(school)
    await registered(school, first, 1)
    closing_id = str(await school.registry.value("SELECT id FROM year_closing"))
    with at(school.registry):
        version = (await school.closing(closing_id))["version"]
        body = {"orders": BACK, "reason": "Ошибка"}
        await school.call(Role.COORDINATOR, "POST", f"/year-closings/{closing_id}/reversal", version, json=body)
        refused = await school.confirm(closing_id, "reversal/confirmation")
    assert (refused.status_code, refused.json()["code"]) == (409, "years.certificates-entered")
