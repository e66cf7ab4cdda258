"""Printed papers: what stands in them, the footer of regulation 4.5 on every page, names audited, none on the public stand."""

import io
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from eu_enrollment.verifications import documents

from ..factories import Town, group, organization


@pytest.fixture
async def held(town: Town) -> dict[str, Any]:
    """A place held for a child."""
    own = organization()
    place = group(own.organization_id, 3)
    await town.hear(own, place)
    await town.open({place: 3})
    await town.apply(1, own.organization_id, benefit=None)
    await town.allocate()
    (found,) = await town.referrals()
    return found


async def printed(town: Town, path: str, audited: int = 1) -> str:
    """The paper's text in one line."""
    before = await town.fetch("SELECT count(*) AS n FROM audit")
    answer = await town.service.client.get(path, headers=town.operator)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment")
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages]
    assert all("Подсистема: АИС ЕУ" in page and "специалист муниципального органа" in page for page in pages)
    after = await town.fetch("SELECT count(*) AS n FROM audit")
    assert after[0]["n"] == before[0]["n"] + audited
    return " ".join(pages)


def day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{day}.{month}.{year}"


async def test_papers_of_a_family(town: Town, held: dict[str, Any]) -> None:
    id_ = held["application_id"]
    number = (await town.get(f"/applications/{id_}"))["number"]
    referral = await printed(town, f"/referrals/{held['id']}/referral.pdf")
    for text in ("Направление", number, "Иванова Мария", "Детский сад", "Ромашка", day(held["due_on"])):
        assert text in referral
    notice = await printed(town, f"/applications/{id_}/notice.pdf")
    for text in ("Уведомление", number, "Иванова Анна Петровна", f"откажитесь от него до {day(held['due_on'])}"):
        assert text in notice
    receipt = await printed(town, f"/applications/{id_}/receipt.pdf")
    for text in ("Расписка", number, "Свидетельство о рождении ребёнка", "Детский сад"):
        assert text in receipt


async def test_a_referral_given_back_is_not_printed(town: Town, held: dict[str, Any]) -> None:
    await town.post(f"/referrals/{held['id']}/decline")
    path = f"/referrals/{held['id']}/referral.pdf"
    assert (await town.service.client.get(path, headers=town.operator)).status_code == 409


async def test_a_refusal_with_its_ground(town: Town, held: dict[str, Any]) -> None:
    path = f"/applications/{held['application_id']}/refusal.pdf"
    assert (await town.service.client.get(path, headers=town.operator)).status_code == 409
    await town.post(f"/referrals/{held['id']}/decline")
    ground = {"ground": "documents", "note": "Нет свидетельства о рождении"}
    await town.post(f"/applications/{held['application_id']}/refuse", by=town.operator, json=ground)
    text = await printed(town, path)
    for part in (
        "Обязательные документы не представлены",
        "Административный регламент",
        "Нет свидетельства о рождении",
    ):
        assert part in text
    assert "жалоба" in text


async def test_a_notice_tells_no_code_of_the_service(town: Town, held: dict[str, Any]) -> None:
    receipt = await town.apply(2, UUID(held["organization_id"]), benefit="judge")
    await town.examine()
    (check,) = await town.get(f"/applications/{receipt['id']}/verifications")
    asked = {"outcome": "documents_requested", "note": "Справка с места службы"}
    await town.post(f"/verifications/{check['id']}/decide", by=town.operator, json=asked)
    assert asked["note"] in await printed(town, f"/applications/{receipt['id']}/notice.pdf")
    await town.fetch("UPDATE verification SET due_on = '2026-01-01'")
    await documents.overdue(town.service.runtime)
    notice = await printed(town, f"/applications/{receipt['id']}/notice.pdf")
    assert "Заморожено" in notice
    assert "documents_overdue" not in notice


async def test_an_order_names_its_children_and_the_stand_does_not(town: Town, held: dict[str, Any]) -> None:
    await town.take(held, "17-Д")
    order = await town.order(held["organization_id"], "5-З")
    text = await printed(town, f"/orders/{order['id']}/order.pdf")
    for part in ("№ 5-З от 20.08.2026", "1 сентября 2026 г.", "Иванова Мария", "№ 17-Д от", "Ромашка", "Детский сад"):
        assert part in text
    extract = await printed(town, f"/orders/{order['id']}/extract.pdf", audited=0)
    for part in ("№ 5-З от 20.08.2026", "Зачислено детей", "Ромашка", "23.08.2026"):
        assert part in extract
    assert "Иванова" not in extract


async def test_an_order_of_transfers_names_where_each_child_comes_from(town: Town) -> None:
    own, former = organization(), organization().model_copy(update={"full_name": "Детский сад «Василёк»"})
    place, left = group(own.organization_id, 3), group(former.organization_id, 20, 20)
    await town.hear(own, former, place, left)
    await town.open({place: 3}, kind="preschool_transfer", rules="preschool-862-2025")
    attends = {"organization_id": str(former.organization_id), "group_id": str(left.group_id)}
    await town.confirm(await town.apply(1, own.organization_id, attends=attends))
    await town.allocate()
    await town.take((await town.referrals())[0])
    order = await town.order(own.organization_id)
    text = await printed(town, f"/orders/{order['id']}/order.pdf")
    for part in ("в порядке перевода", "Откуда переводится", "«Василёк»"):
        assert part in text
