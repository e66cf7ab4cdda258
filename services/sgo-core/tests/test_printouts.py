"""Printed books, lists, cards, orders: what stands in them, for whose eyes, with the footer of regulation 4.5, at the size of a school."""

import io
import time
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest

from .scans import attached, remove
from .transferring import TickingClock, a_move
from .world import MUNICIPALITY, Registry, class_

TODAY = date(2026, 10, 1)
PERIOD = {"from": "2026-09-01", "to": "2026-12-31"}


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    service.runtime.clock = TickingClock.on(TODAY)
    return Registry(service)


async def printed(registry: Registry, path: str, headers: dict[str, str], **params: Any) -> str:
    """The document's text in one line; it must have the footer on every page, and be audited."""
    before = await registry.value("SELECT count(*) FROM audit")
    answer = await registry.service.client.get(path, params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment")
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages]
    assert all("Подсистема: АИС СГО" in page and "Дата печати: 01.10.2026" in page for page in pages)
    assert await registry.value("SELECT count(*) FROM audit") == before + 1
    return " ".join(pages)


async def test_the_books_of_a_school(registry: Registry) -> None:
    """Who came, who went, by what order, to where; a body sees the year of birth alone."""
    move = await a_move(registry)
    other = await registry.student(move.sender, move.here, 2, child_last_name="Ёлкин", child_first_name="Ян")
    gone = {
        "student_id": str(other),
        "kind": "departed",
        "effective_date": "2026-10-05",
        "reason": "abroad",
        "destination": "Сербия",
    }
    assert (await registry.order(move.sender, gone, number="77-в")).status_code == 200
    office = registry.office(move.sender)
    body = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
    book = await printed(registry, f"/organizations/{move.sender}/movement-book", office, **PERIOD)
    for text in (
        "Книга движения",
        "Образцова Алиса",
        "зачислен",
        "выбыл",
        "Выезд за пределы",
        "Сербия",
        "77-в",
        "14.05.2020",
    ):
        assert text in book
    alphabet = await printed(registry, f"/organizations/{move.sender}/alphabet-book", office, **PERIOD)
    assert alphabet.index("Ёлкин Ян") < alphabet.index("Образцова")
    assert "05.10.2026" in alphabet
    for name in ("movement-book", "alphabet-book"):
        seen = await printed(registry, f"/organizations/{move.sender}/{name}", body, **PERIOD)
        assert "Образцова" in seen
        assert "14.05.2020" not in seen
    wrong = await registry.service.client.get(
        f"/organizations/{move.sender}/movement-book", params={"from": "2026-10-02", "to": "2026-10-01"}, headers=office
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "contingents.period")


async def test_a_class_list_has_the_columns_its_reader_may_see(registry: Registry) -> None:
    move = await a_move(registry)
    path = f"/groups/{move.here}/class-list"
    office, teacher = registry.office(move.sender), registry.position(move.sender, Role.TEACHER)
    shown = await printed(registry, path, office, columns=["birth_date", "sex", "snils", "mobile_phone"])
    for text in ("Список: 1А", "14.05.2020", "Женский", "СНИЛС"):
        assert text in shown
    assert "Женский" in await printed(registry, path, teacher, columns=["sex"])
    for headers, column, status, code in (
        (teacher, "snils", 403, "printouts.column-hidden"),
        (office, "movement", 422, "printouts.column"),
        (office, "shoe_size", 422, "printouts.column"),
    ):
        answer = await registry.service.client.get(path, params={"columns": [column]}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    await registry.depart(move.sender, move.student, "2026-10-01")
    assert (await move.accept(TODAY)).status_code == 200
    past = await printed(registry, path, office, columns=["birth_date", "snils"], date="2026-09-30")
    assert "Образцова" in past
    assert "14.05.2020" not in past, "the card is another's by now"


async def test_a_draft_names_no_child_whom_the_office_does_not_see(registry: Registry) -> None:
    """Anybody's id may be written into a draft; a child on the way here is known by name."""
    move = await a_move(registry)
    line = {"student_id": str(move.student), "kind": "enrolled", "effective_date": "2026-10-01"}
    draft = (await registry.draft(move.receiver, {**line, "group_id": str(move.there)})).json()
    path, office = f"/orders/{draft['id']}/order.pdf", registry.office(move.receiver)
    asked = await printed(registry, path, office)
    assert "О. А., 2020 г. р." in asked
    assert "Алиса" not in asked
    assert "14.05.2020" not in asked
    await move.ask_out()
    await move.step(move.receiver, "agreement")
    assert (await move.release(TODAY)).status_code == 200
    assert "Образцова Алиса" in await printed(registry, path, office)


async def test_the_personal_file_and_its_papers_travel_with_the_child(registry: Registry) -> None:
    move = await a_move(registry)
    sender, receiver = registry.office(move.sender), registry.office(move.receiver)
    paper = {"kind": "medical", "title": "Медицинская карта", "sheets": 12, "received_on": "2026-08-20"}
    made = await registry.service.client.post(f"/students/{move.student}/personal-file", json=paper, headers=sender)
    await registry.fetch(
        "INSERT INTO year_result (id, organization_id, academic_year, student_id, subject, subject_key, annual, source, entered, "
        "recorded_at, recorded_by, reason) VALUES (gen_random_uuid(), $1, 2025, $2, 'Русский язык', 'русский язык', '5', "
        "'office', '{annual}', now(), 'test', 'Проверка')",
        move.sender,
        move.student,
    )  # fmt: skip
    file = await printed(registry, f"/students/{move.student}/personal-file.pdf", sender)
    for text in (
        "Личное дело",
        "Опись",
        "Медицинская карта",
        "Листов в деле: 12",
        "Русский язык",
        "2025/2026",
        "зачислен",
    ):
        assert text in file
    await move.ask_out()
    await move.step(move.receiver, "agreement")
    await move.release(TODAY)
    assert (await move.step(move.sender, "file", on=TODAY.isoformat(), handed_to="organization")).status_code == 200
    (row,) = await registry.fetch("SELECT handed_over_on, handed_to, organization_id FROM personal_file_paper")
    assert (row["handed_over_on"], row["organization_id"]) == (TODAY, move.sender)
    assert row["handed_to"] == move.transfer["to_name"]
    assert (await move.step(move.receiver, "file-receipt", on=TODAY.isoformat())).status_code == 200
    assert (await move.accept(TODAY)).status_code == 200
    found = await registry.service.client.get(f"/students/{move.student}/personal-file", headers=receiver)
    (item,) = found.json()["items"]
    assert (item["organization_id"], item["received_on"], item["handed_over_on"]) == (
        str(move.receiver),
        "2026-10-01",
        None,
    )
    edit = f"/personal-file-papers/{made.json()['id']}"
    version = {"If-Match": f'"{item["version"]}"'}
    theirs = await registry.service.client.patch(edit, json={"sheets": 11}, headers={**sender, **version})
    assert theirs.status_code == 404
    half = await registry.service.client.patch(edit, json={"handed_to": "матери"}, headers={**receiver, **version})
    assert (half.status_code, half.json()["code"]) == (422, "personal-files.handed")
    early = {"handed_to": "матери", "handed_over_on": "2026-09-01"}
    wrong = await registry.service.client.patch(edit, json=early, headers={**receiver, **version})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "personal-files.date")
    right = await registry.service.client.patch(edit, json={"sheets": 11}, headers={**receiver, **version})
    assert (right.status_code, right.json()["sheets"]) == (200, 11)
    notice = await printed(registry, f"/transfers/{move.transfer['id']}/notice.pdf", sender)
    for text in ("Уведомление о зачислении", "Образцова Алиса", "с 01.10.2026"):
        assert text in notice


async def test_the_scan_of_a_paper_is_the_childs_own(registry: Registry) -> None:
    move = await a_move(registry)
    other = await registry.student(move.sender, move.here, 2, child_last_name="Ёлкин", child_first_name="Ян")
    office, client = registry.office(move.sender), registry.service.client
    own = await attached(registry, office, ("student", move.student), "identity_document")
    stranger = await attached(registry, office, ("student", other), "identity_document")
    removed = await attached(registry, office, ("student", move.student), "snils")
    assert (await remove(registry, office, removed)).status_code == 200
    path = f"/students/{move.student}/personal-file"
    paper = {"kind": "identity", "title": "Свидетельство о рождении", "sheets": 1, "received_on": "2026-08-20"}
    for scan in (stranger, removed, str(new_id())):
        answer = await client.post(path, json={**paper, "attachment_id": scan}, headers=office)
        assert (answer.status_code, answer.json()["code"]) == (422, "attachments.unknown")
    made = await client.post(path, json={**paper, "attachment_id": own}, headers=office)
    assert made.status_code == 201
    edit, version = f"/personal-file-papers/{made.json()['id']}", {"If-Match": '"1"'}
    answer = await client.patch(edit, json={"attachment_id": stranger}, headers={**office, **version})
    assert (answer.status_code, answer.json()["code"]) == (422, "attachments.unknown")
    answer = await client.patch(edit, json={"attachment_id": None}, headers={**office, **version})
    assert (answer.status_code, answer.json()["attachment_id"]) == (200, None)


async def test_card_certificate_and_order(registry: Registry) -> None:
    move = await a_move(registry)
    office, body = registry.office(move.sender), registry.service.tokens.headers(Role.MINISTRY_OFFICER)
    card = await printed(registry, f"/students/{move.student}/card.pdf", office)
    for text in ("Личная карточка", "Фамилия", "14.05.2020", "мать", "+70000000000", "зачислен"):
        assert text in card
    seen = await printed(registry, f"/students/{move.student}/card.pdf", body)
    assert "Образцова" in seen
    for text in ("14.05.2020", "+70000000000"):
        assert text not in seen
    certificate = await printed(registry, f"/students/{move.student}/certificate.pdf", office)
    for text in ("Справка об обучении", "1 октября 2026", "1А", "с 01.09.2026", "№ 45-з от 20.08.2026"):
        assert text in certificate
    line = {
        "student_id": str(move.student),
        "kind": "departed",
        "effective_date": "2026-10-05",
        "reason": "parents_wish",
    }
    draft = (await registry.draft(move.sender, line, number="5")).json()
    asked = await printed(registry, f"/orders/{draft['id']}/order.pdf", office)
    for text in ("Приказ", "№ 5 от 01.10.2026", "проект", "Образцова", "выбыл", "05.10.2026"):
        assert text in asked
    assert (await registry.sign(move.sender, draft)).status_code == 200
    signed = await printed(registry, f"/orders/{draft['id']}/order.pdf", office)
    assert "проект" not in signed
    assert "Образцова" in signed
    registry.service.runtime.clock = TickingClock.on(date(2026, 10, 6))
    gone = await registry.service.client.get(f"/students/{move.student}/certificate.pdf", headers=office)
    assert (gone.status_code, gone.json()["code"]) == (409, "printouts.not-enrolled")


async def test_a_notice_waits_for_the_order(registry: Registry) -> None:
    move = await a_move(registry)
    await move.ask_out()
    answer = await registry.service.client.get(
        f"/transfers/{move.transfer['id']}/notice.pdf", headers=registry.office(move.receiver)
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "printouts.not-accepted")


async def test_the_books_of_a_school_of_two_thousand(registry: Registry) -> None:
    """Two thousand lines in a document, in seconds."""
    organization_id = await registry.organization()
    group_id = UUID((await registry.groups(organization_id, class_("1А", 500)))[0]["id"])
    await registry.student(organization_id, group_id, 1)
    await registry.fetch(
        "WITH new AS (INSERT INTO student (id, statistical_id, search_name, last_name, first_name, birth_date, sex, citizenship, "
        "recorded_at, recorded_by, reason) SELECT gen_random_uuid(), gen_random_uuid(), 'x', 'Фамилия' || n, 'Имя', birth_date, "
        "sex, citizenship, recorded_at, recorded_by, reason FROM student, generate_series(1, 2000) n RETURNING id), "
        "stay AS (INSERT INTO membership (id, student_id, organization_id, main, valid_from, valid_to) "
        "SELECT gen_random_uuid(), id, $1, true, '2026-09-01', '2026-09-20' FROM new RETURNING id, student_id), "
        "place AS (INSERT INTO placement (id, organization_id, membership_id, group_id, valid_from, valid_to, holds_place) "
        "SELECT gen_random_uuid(), $1, id, $2, '2026-09-01', '2026-09-20', false FROM stay RETURNING id, membership_id) "
        "INSERT INTO movement (id, organization_id, order_id, student_id, kind, effective_date, opened_id, recorded_at, recorded_by) "
        "SELECT gen_random_uuid(), $1, (SELECT id FROM movement_order LIMIT 1), student_id, 'enrolled', '2026-09-01', place.id, "
        "now(), 'test' FROM place JOIN stay ON stay.id = membership_id",
        organization_id,
        group_id,
    )  # fmt: skip
    for name in ("movement-book", "alphabet-book"):
        began = time.monotonic()
        text = await printed(registry, f"/organizations/{organization_id}/{name}", registry.region, **PERIOD)
        assert "Фамилия2000" in text
        assert time.monotonic() - began < 45  # most of it reading the text back; generous for a busy machine
