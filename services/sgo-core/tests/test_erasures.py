"""What rested on a withdrawn or expired consent alone is closed at once, and erased with its history when due."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from servicekit.testing import ServiceUnderTest
from sgo_core.consents.erasing import erase_due
from sgo_core.consents.repository import erase_history

from .consenting import ON_CONSENT, PHONE, a_student, card_of, days_later, edit, let_come_due, with_phone, withdraw
from .measuring import measured
from .world import Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def test_what_rested_on_a_withdrawn_consent_is_closed_and_then_erased_with_its_history(
    registry: Registry,
) -> None:
    organization_id, student_id, consent = await with_phone(registry)
    office = registry.office(organization_id)
    assert (await edit(registry, organization_id, student_id, {"middle_name": "Петрович"})).status_code == 200
    await measured(registry, organization_id)
    doubt = await registry.value("SELECT id FROM quality_issue WHERE rule = 'student.middle-name'")
    said = {"explanation": "Подтвердила мать по телефону +79001234567"}
    explained = await registry.service.client.post(
        f"/quality/issues/{doubt}/explanation", json=said, headers={**office, "If-Match": '"1"'}
    )
    assert explained.status_code == 200, explained.text
    answer = await withdraw(registry, consent, office)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()["closed"]) == ON_CONSENT
    assert answer.json()["erased_on"] == (registry.service.runtime.clock.today() + timedelta(days=30)).isoformat()
    card = await card_of(registry, student_id, office)
    assert "mobile_phone" not in card["values"]
    assert "mobile_phone" not in (await card_of(registry, student_id, registry.region))["values"]
    history = await registry.service.client.get(f"/students/{student_id}/history", headers=office)
    assert "+79001234567" not in history.text
    assert await registry.value("SELECT mobile_phone FROM student") == "+79001234567"
    await erase_due(registry.service.runtime)
    assert await registry.value("SELECT mobile_phone FROM student") == "+79001234567"  # not due yet
    await let_come_due(registry)
    assert await registry.value("SELECT mobile_phone FROM student") is None
    assert await registry.value("SELECT count(*) FROM row_history WHERE row::text LIKE '%79001234567%'") == 0
    assert await registry.value("SELECT count(*) FROM row_history WHERE relation = 'student'") == 3
    assert await registry.value("SELECT explanation FROM quality_issue WHERE id = $1", doubt) is None
    await measured(registry, organization_id)
    done = await registry.value("SELECT erased FROM erasure WHERE done_at IS NOT NULL")
    assert set(done) == ON_CONSENT
    version = (await card_of(registry, student_id, office))["version"]
    await erase_due(registry.service.runtime)
    assert (await card_of(registry, student_id, office))["version"] == version
    again = await withdraw(registry, answer.json()["consent"], office)
    assert (again.status_code, again.json()["code"]) == (409, "consents.withdrawn")


async def test_what_another_ground_keeps_is_not_erased(registry: Registry) -> None:
    organization_id, student_id, consent = await with_phone(registry)
    await registry.consent(organization_id, student_id, fields=["mobile_phone"])
    answer = await withdraw(registry, consent, registry.office(organization_id))
    assert set(answer.json()["closed"]) == ON_CONSENT - {"mobile_phone"}
    await let_come_due(registry)
    card = await card_of(registry, student_id, registry.office(organization_id))
    assert card["values"]["mobile_phone"] == "+79001234567"


async def test_a_new_consent_before_the_term_saves_the_values(registry: Registry) -> None:
    organization_id, student_id, consent = await with_phone(registry)
    await withdraw(registry, consent, registry.office(organization_id))
    await registry.consent(organization_id, student_id)
    await let_come_due(registry)
    assert await registry.value("SELECT erased FROM erasure") == []
    card = await card_of(registry, student_id, registry.office(organization_id))
    assert card["values"]["mobile_phone"] == "+79001234567"


async def test_a_hold_stops_erasure_until_it_is_lifted(registry: Registry) -> None:
    organization_id, student_id, consent = await with_phone(registry)
    office = registry.office(organization_id)
    body = {"subject_kind": "student", "subject_id": str(student_id), "document": "Запрос № 1", "reason": "Жалоба"}
    hold = (await registry.service.client.post("/legal-holds", json=body, headers=office)).json()
    await withdraw(registry, consent, office)
    await let_come_due(registry)
    assert await registry.value("SELECT mobile_phone FROM student") == "+79001234567"
    assert "mobile_phone" not in (await card_of(registry, student_id, office))["values"]  # blocked all the same
    listed = await registry.service.client.get(f"/organizations/{organization_id}/erasures", headers=office)
    assert [one["held"] for one in listed.json()["items"]] == [True]
    lift = f"/legal-holds/{hold['id']}/lifting"
    headers = {**office, "If-Match": '"1"'}
    assert (await registry.service.client.post(lift, json={"reason": "Закрыто"}, headers=headers)).status_code == 200
    await erase_due(registry.service.runtime)
    assert await registry.value("SELECT mobile_phone FROM student") is None
    again = await registry.service.client.post(lift, json={"reason": "Закрыто"}, headers={**office, "If-Match": '"2"'})
    assert again.json()["code"] == "consents.hold-lifted"


async def test_a_consent_that_has_run_out_closes_and_schedules(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    until = registry.service.runtime.clock.today() + timedelta(days=10)
    await registry.consent(organization_id, student_id, valid_until=until.isoformat())
    await edit(registry, organization_id, student_id, PHONE)
    async with days_later(registry, 11):
        card = await card_of(registry, student_id, registry.office(organization_id))
        await erase_due(registry.service.runtime)
        await erase_due(registry.service.runtime)
    assert "mobile_phone" not in card["values"]
    (erasure,) = await registry.fetch("SELECT cause, due_on FROM erasure")
    assert (erasure["cause"], erasure["due_on"]) == ("expiry", until + timedelta(days=41 - 10))


async def test_the_application_role_cannot_erase_history_by_itself(registry: Registry) -> None:
    organization_id, _, consent = await with_phone(registry)
    await withdraw(registry, consent, registry.office(organization_id))
    erasure_id = await registry.value("SELECT id FROM erasure")
    async with registry.service.runtime.uow() as uow:
        with pytest.raises(DBAPIError, match="no rows"):
            await erase_history(uow.session, erasure_id, ["mobile_phone"])  # not due yet
    async with registry.service.runtime.uow() as uow:
        with pytest.raises(DBAPIError, match="permission denied"):
            await uow.session.execute(text("UPDATE row_history SET row = row - 'mobile_phone'"))
