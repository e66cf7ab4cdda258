"""Workers: one person one card, posts with dates, what each reader sees."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from asu_contracts.access import Role
from asu_contracts.core import WorkerProfiled
from identifiers import complete_inn
from servicekit.clock import FixedClock
from servicekit.testing import ServiceUnderTest
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.staff.telling import tell_turned

from .staffing import hiring
from .world import MUNICIPALITY, Registry, snils


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def hire(registry: Registry, organization_id: UUID, body: dict[str, Any]) -> httpx.Response:
    path = f"/organizations/{organization_id}/workers"
    return await registry.service.client.post(path, json=body, headers=registry.office(organization_id))


async def hired(registry: Registry, organization_id: UUID, number: int = 1, **options: Any) -> dict[str, Any]:
    answer = await hire(registry, organization_id, hiring(number, **options))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def card_of(registry: Registry, worker_id: str, headers: dict[str, str], **query: str) -> dict[str, Any]:
    answer = await registry.service.client.get(f"/workers/{worker_id}", headers=headers, params=query)
    assert answer.status_code == 200, answer.text
    card: dict[str, Any] = answer.json()
    return card


async def change_post(
    registry: Registry, organization_id: UUID, employment_id: str, version: int = 1, **changes: Any
) -> httpx.Response:
    return await registry.service.client.patch(
        f"/employments/{employment_id}",
        json={"reason": "По приказу", **changes},
        headers={**registry.office(organization_id), "If-Match": f'"{version}"'},
    )


WHOLE: dict[str, Any] = {
    "document": {"kind": "passport_rf", "series": "0314", "number": "654321", "issued_on": "2014-05-01"},
    "residence": {"text": "г. Образцовск, ул. Тестовая, 2"},
    "registration": {"text": "г. Образцовск, ул. Тестовая, 2"},
    "home_phone": "+78612000000",
    "email": "vera@example.org",
    "subjects": ["Математика", "Физика"],
    "service_since": "2007-09-01",
    "family_status": "married",
    "inn": complete_inn("2312345678"),
    "awards": [{"title": "Почётная грамота", "awarded_on": "2019-10-05"}],
    "education": [{"level": "higher", "institution": "КубГУ", "pedagogical": True}],
    "courses": [{"title": "ФГОС", "finished_on": "2024-03-01", "hours": 72}],
    "qualification": {"category": "first", "assigned_on": "2022-01-20"},
    "staff_category": "teaching",
    "mobile_phone": "+79001112233",
    "citizenship": "643",
    "teaching_since": "2008-09-01",
    "degree": "Кандидат наук",
}


async def test_a_card_holds_every_field_on_a_consent_signed_at_hiring(registry: Registry) -> None:
    organization_id = await registry.organization()
    body = hiring(1, **WHOLE)
    refused = await hire(registry, organization_id, body)
    assert refused.json()["code"] == "consents.required"
    assert await registry.value("SELECT count(*) FROM worker") == 0
    made = await hire(registry, organization_id, {**body, "consented_at": "2020-09-01T09:00:00+03:00"})
    assert made.status_code == 201, made.text
    card = await card_of(registry, made.json()["worker_id"], registry.office(organization_id))
    fields = CATALOGUE.cards[CardKind.WORKER]
    assert fields.stored().keys() <= card["values"].keys()
    for name, value in {**body["values"], **WHOLE}.items():
        if name not in {
            "document",
            "awards",
            "education",
            "courses",
            "qualification",
            "residence",
            "registration",
            "snils",
        }:
            assert card["values"][name] == value, name
    assert card["values"]["document"]["number"] == "654321"
    assert card["values"]["education"][0]["institution"] == "КубГУ"
    assert card["values"]["main_post"] == "Учитель"
    assert card["values"]["hired"] == {"hired_on": "2020-09-01", "order_number": "1-к"}
    assert await registry.value("SELECT count(*) FROM worker WHERE document LIKE '%654321%'") == 0


async def test_a_worker_known_elsewhere_keeps_one_card(registry: Registry) -> None:
    first, second = await registry.organization(), await registry.organization()
    made = await hired(registry, first)
    combined = hiring(1, main=False)
    again = await hire(registry, second, combined)
    assert (again.json()["worker_id"], again.json()["created"]) == (made["worker_id"], False)
    card = await card_of(registry, made["worker_id"], registry.office(second))
    assert (card["values"]["main_post"], card["values"]["additional_posts"]) == ("Учитель", ["Учитель"])
    other_name = await hire(registry, second, hiring(1, main=False, first_name="Анна"))
    assert (other_name.status_code, other_name.json()["code"]) == (409, "staff.worker-differs")
    assert "Вера" not in other_name.text
    second_main = await hire(registry, second, hiring(1))
    assert (second_main.status_code, second_main.json()["code"]) == (409, "staff.main-elsewhere")
    assert await registry.value("SELECT count(*) FROM employment") == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"post": "body_head"}, "staff.post"),
        ({"post": "космонавт"}, "staff.post"),
        ({"snils": None}, "staff.no-identity"),
        ({"snils": "123"}, "request.invalid"),
        ({"last_name": None}, "request.invalid"),
    ],
)
async def test_a_hiring_that_cannot_be(registry: Registry, changes: dict[str, Any], code: str) -> None:
    organization_id = await registry.organization()
    answer = await hire(registry, organization_id, hiring(1, **changes))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await registry.value("SELECT count(*) FROM worker") == 0


async def test_each_reader_sees_its_part(registry: Registry) -> None:
    organization_id = await registry.organization()
    body = {**hiring(1, **WHOLE), "consented_at": "2020-09-01T09:00:00+03:00"}
    worker_id = (await hire(registry, organization_id, body)).json()["worker_id"]
    tokens, unit = registry.service.tokens, {"municipality": MUNICIPALITY, "organization_id": organization_id}
    body_sees = await card_of(registry, worker_id, registry.region)
    assert (body_sees["values"]["birth_date"], body_sees["values"]["inn"][-2:]) == ("1985", WHOLE["inn"][-2:])
    assert "family_status" not in body_sees["values"]
    assert body_sees["values"]["inn"] != WHOLE["inn"]
    colleague = await card_of(registry, worker_id, tokens.headers(Role.TEACHER, **unit))
    assert {"snils", "inn", "document", "mobile_phone", "qualification"}.isdisjoint(colleague["values"])
    assert (colleague["values"]["main_post"], colleague["employments"]) == ("Учитель", [])
    own = await card_of(registry, worker_id, tokens.headers(Role.TEACHER, person_id=UUID(worker_id), **unit))
    assert (own["values"]["inn"], own["masked"], own["closed"]) == (WHOLE["inn"], [], [])
    elsewhere = await registry.service.client.get(
        f"/workers/{worker_id}", headers=registry.office(await registry.organization())
    )
    assert elsewhere.status_code == 404


async def test_a_card_reads_as_it_was_and_tells_its_history(registry: Registry) -> None:
    organization_id = await registry.organization()
    made = await hired(registry, organization_id)
    office, client = registry.office(organization_id), registry.service.client
    before = await card_of(registry, made["worker_id"], office)
    runtime, real = registry.service.runtime, registry.service.runtime.clock
    instant = real.now()
    runtime.clock = FixedClock(instant + timedelta(hours=1))
    try:
        edited = await client.patch(
            f"/workers/{made['worker_id']}",
            json={"reason": "Смена фамилии", "values": {"last_name": "Замужняя", "degree": "Доктор наук"}},
            headers={**office, "If-Match": f'"{before["version"]}"'},
        )
        assert edited.status_code == 200, edited.text
        await change_post(registry, organization_id, made["employment_id"], rate="0.5")
    finally:
        runtime.clock = real
    then = await card_of(registry, made["worker_id"], office, as_of=instant.isoformat())
    assert (then["values"], then["version"]) == (before["values"], None)
    assert [one["rate"] for one in then["employments"]] == ["1.000"]
    changes = (await client.get(f"/workers/{made['worker_id']}/history", headers=office)).json()["items"]
    assert [(one["relation"], one["created"]) for one in changes] == [
        ("worker", True),
        ("employment", True),
        ("worker", False),
        ("employment", False),
    ]
    assert changes[2]["changes"]["last_name"] == ["Учителева", "Замужняя"]


async def test_an_organizations_card_names_its_director_and_deputies(registry: Registry) -> None:
    organization_id = await registry.organization()
    await hired(registry, organization_id, 1, post="director", last_name="Директорова")
    second = await hire(registry, organization_id, hiring(2, post="director", last_name="Вторая"))
    assert (second.status_code, second.json()["code"]) == (409, "staff.director-taken")
    assert await registry.value("SELECT count(*) FROM worker") == 1
    await hired(registry, organization_id, 3, post="deputy_education", last_name="Завучева")
    card = await registry.service.client.get(f"/organizations/{organization_id}", headers=registry.region)
    values = card.json()["values"]
    assert (values["director"], values["deputy_education"], values["deputy_it"]) == (
        "Директорова Вера Примеровна",
        "Завучева Вера Примеровна",
        None,
    )


class TestDismissal:
    """Posts end; cards do not."""

    async def test_a_dismissed_worker_is_archived_and_comes_back(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        made = await hired(registry, organization_id)
        without_order = await change_post(registry, organization_id, made["employment_id"], dismissed_on="2024-06-01")
        assert without_order.json()["code"] == "staff.employment-dates"
        gone = await change_post(
            registry, organization_id, made["employment_id"], dismissed_on="2024-06-01", dismissal_order="5-у"
        )
        assert gone.status_code == 200, gone.text
        office, path = registry.office(organization_id), f"/organizations/{organization_id}/workers"
        card = await card_of(registry, made["worker_id"], office)
        assert card["archived_on"] is not None
        assert card["values"]["main_post"] is None
        client = registry.service.client
        assert (await client.get(path, headers=office)).json()["items"] == []
        all_times = (await client.get(path, params={"dismissed": True}, headers=office)).json()["items"]
        assert [one["id"] for one in all_times] == [made["worker_id"]]
        then = (await client.get(path, params={"date": "2022-01-01"}, headers=office)).json()["items"]
        assert [one["posts"] for one in then] == [["Учитель"]]
        body = hiring(1)
        body["employment"] |= {"hired_on": "2025-09-01"}
        back = await hire(registry, organization_id, body)
        assert (back.json()["worker_id"], back.json()["created"]) == (made["worker_id"], False)
        assert (await card_of(registry, made["worker_id"], office))["archived_on"] is None

    async def test_others_are_told_of_posts_as_they_begin_and_end(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        made = await hired(registry, organization_id)
        today = registry.service.runtime.clock.today()
        leaves = (today + timedelta(days=5)).isoformat()
        await change_post(registry, organization_id, made["employment_id"], dismissed_on=leaves, dismissal_order="5-у")
        runtime, real = registry.service.runtime, registry.service.runtime.clock
        await tell_turned(runtime)
        runtime.clock = FixedClock(real.now() + timedelta(days=5))
        try:
            await tell_turned(runtime)
            await tell_turned(runtime)
        finally:
            runtime.clock = real
        events = await registry.events("core.worker.profiled.v1")
        told = [WorkerProfiled.model_validate_json(event["payload"]) for event in events]
        assert [len(one.posts) for one in told] == [1, 1, 0]
        assert [event["version"] for event in events] == [1, 2, 3]
        assert told[0].posts[0].teaching


async def test_search_forgives_spelling(registry: Registry) -> None:
    organization_id = await registry.organization()
    for number, name in enumerate(("Семёнова", "Щербакова", "Иванова")):
        await hired(registry, organization_id, number, last_name=name)
    for words, found in (("семенова", ["Семёнова"]), ("щирбакова", ["Щербакова"]), ("петров", [])):
        listed = await registry.service.client.get(
            f"/organizations/{organization_id}/workers",
            params={"search": words},
            headers=registry.office(organization_id),
        )
        assert [one["values"]["last_name"] for one in listed.json()["items"]] == found, words


async def test_numbers_are_nobody_elses(registry: Registry) -> None:
    organization_id = await registry.organization()
    await hired(registry, organization_id, 1)
    other = await hired(registry, organization_id, 2)
    path = f"/workers/{other['worker_id']}"
    headers = {**registry.office(organization_id), "If-Match": '"1"'}
    client = registry.service.client
    taken = await client.patch(path, json={"reason": "Ошибка", "values": {"snils": snils(900_001)}}, headers=headers)
    assert (taken.status_code, taken.json()["code"]) == (409, "staff.identity-taken")
    bare = await client.patch(path, json={"reason": "Ошибка", "values": {"snils": None}}, headers=headers)
    assert (bare.status_code, bare.json()["code"]) == (422, "staff.no-identity")
    stale = await client.patch(
        path, json={"reason": "Ошибка", "values": {"degree": "х"}}, headers={**headers, "If-Match": '"9"'}
    )
    assert stale.status_code == 412


async def test_a_body_keeps_its_own_staff(registry: Registry) -> None:
    client, region = registry.service.client, registry.region
    body = {"kind": "municipality", "full_name": "Управление", "short_name": "УО", "municipality": MUNICIPALITY}
    body_id = (await client.post("/governing-bodies", json=body, headers=region)).json()["id"]
    own = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
    path = f"/governing-bodies/{body_id}/workers"
    made = await client.post(path, json=hiring(1, post="body_specialist"), headers=own)
    assert made.status_code == 201, made.text
    card = await card_of(registry, made.json()["worker_id"], own)
    assert (card["values"]["main_post"], card["masked"]) == ("Специалист органа управления", [])
    school = await registry.organization()
    refused = await client.get(f"/workers/{made.json()['worker_id']}", headers=registry.office(school))
    assert refused.status_code == 404


async def test_a_worker_withdraws_consent_and_takes_an_extract(registry: Registry) -> None:
    organization_id = await registry.organization()
    sent = {**hiring(1, mobile_phone="+79001112233"), "consented_at": "2020-09-01T09:00:00+03:00"}
    worker_id = (await hire(registry, organization_id, sent)).json()["worker_id"]
    unit = {"municipality": MUNICIPALITY, "organization_id": organization_id}
    own = registry.service.tokens.headers(Role.TEACHER, person_id=UUID(worker_id), **unit)
    subject = {"subject_kind": "worker", "subject_id": worker_id}
    client = registry.service.client
    (consent,) = (await client.get("/consents", params=subject, headers=own)).json()["consents"]
    withdrawn = await client.post(
        f"/consents/{consent['id']}/withdrawal", json={"reason": "Так решила"}, headers={**own, "If-Match": '"1"'}
    )
    assert "mobile_phone" in withdrawn.json()["closed"]
    card = await card_of(registry, worker_id, registry.office(organization_id))
    assert "mobile_phone" not in card["values"]
    extract = await client.get("/extracts", params=subject, headers=own)
    assert (extract.status_code, extract.headers["content-type"]) == (200, "application/pdf")
    colleague = registry.service.tokens.headers(Role.TEACHER, person_id=UUID(int=5), **unit)
    assert (await client.get("/extracts", params=subject, headers=colleague)).status_code == 404
    assert date.fromisoformat(withdrawn.json()["erased_on"]) > registry.service.runtime.clock.today()
