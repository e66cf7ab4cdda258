"""Guardians get their accounts from whoever stands above all organizations where the children study."""

import asyncio
import base64
import json
from uuid import UUID

from sqlalchemy import text

from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest

from .factories import OTHER_MUNICIPALITY, PASSWORD, People, Person, bearer, of_organization


async def school(people: People, *, municipality: str = "03701000") -> tuple[str, str]:
    """An organization's id and its administrator's token."""
    region = await people.region_admin()
    organization_id = await people.organization(municipality)
    _, admin = await people.organization_admin(region, organization_id)
    return str(organization_id), admin["access_token"]


async def offered(people: People, by: str, organization_id: str) -> list[str]:
    answer = await people.client.get("/offers", params={"organization_id": organization_id}, headers=bearer(by))
    assert answer.status_code == 200, answer.text
    return [item["guardian_id"] for item in answer.json()["items"]]


async def test_the_newest_profile_counts_in_any_order(people: People) -> None:
    one, by_one = await school(people)
    other, by_other = await school(people)
    guardian_id = new_id()
    await people.guardian(UUID(other), version=2, guardian_id=guardian_id)
    await people.guardian(UUID(one), version=1, guardian_id=guardian_id)
    assert await offered(people, by_one, one) == []
    assert await offered(people, by_other, other) == [str(guardian_id)]
    refused = await people.client.post(f"/offers/{guardian_id}/account", headers=bearer(by_one))
    assert refused.status_code == 404


async def test_an_account_follows_its_holders_name(people: People) -> None:
    organization_id, by = await school(people)
    guardian_id = await people.guardian(UUID(organization_id), version=2, last_name="Прежняя")
    await people.client.post(f"/offers/{guardian_id}/account", headers=bearer(by))
    await people.guardian(UUID(organization_id), version=3, guardian_id=guardian_id, last_name="Новая")
    await people.guardian(UUID(organization_id), version=1, guardian_id=guardian_id, last_name="Старая")
    again = await people.client.post(f"/offers/{guardian_id}/account", headers=bearer(by))
    assert again.json()["account"]["display_name"] == "Новая Мария Тестовна"


async def test_a_worker_is_offered_where_a_post_is_held_today(people: People) -> None:
    one, by_one = await school(people)
    other, by_other = await school(people)
    worker_id = await people.worker((UUID(one), True), (UUID(other), False), version=2)

    async def seen(by: str, organization_id: str) -> list[dict[str, object]]:
        query = {"organization_id": organization_id}
        answer = await people.client.get("/offers/workers", params=query, headers=bearer(by))
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    known = {"worker_id": str(worker_id), "display_name": "Образцов Пётр", "account_id": None, "login": None}
    assert await seen(by_one, one) == [{**known, "teaching": True}]
    assert await seen(by_other, other) == [{**known, "teaching": False}]
    await people.worker(version=1, worker_id=worker_id)
    assert len(await seen(by_one, one)) == 1, "older news change nothing"
    await people.worker((UUID(other), True), version=3, worker_id=worker_id)
    assert (await seen(by_one, one), await seen(by_other, other)) == ([], [{**known, "teaching": True}])
    await people.worker((UUID(other), True), version=4, worker_id=worker_id, active=False)
    assert await seen(by_other, other) == []
    foreign = await people.client.get("/offers/workers", params={"organization_id": other}, headers=bearer(by_one))
    assert foreign.status_code == 404
    async with people.runtime.uow() as uow:
        read = await uow.session.scalars(text("SELECT subjects FROM audit WHERE action = 'offers.workers.read'"))
        assert [str(worker_id)] in [[str(one) for one in subjects] for subjects in read]


async def test_a_workers_account_is_tied_to_the_card(people: People) -> None:
    one, by_one = await school(people)
    other, by_other = await school(people)
    third, by_third = await school(people)
    worker_id = await people.worker((UUID(one), True), (UUID(other), True), version=1)

    def sent(organization_id: str, login: str = "teacher-1") -> dict[str, object]:
        unit = {"kind": "organization", "organization_id": organization_id}
        return {"login": login, "grants": [{"role": "teacher", "unit": unit}]}

    path = f"/offers/workers/{worker_id}"
    none_yet = await people.client.post(
        f"{path}/grants", json={"role": "teacher", "unit": of_organization(UUID(other))}, headers=bearer(by_other)
    )
    assert none_yet.json()["code"] == "offers.no-account"
    elsewhere = await people.client.post(f"{path}/account", json=sent(third), headers=bearer(by_third))
    assert elsewhere.status_code == 404
    foreign = await people.client.post(f"{path}/account", json=sent(third), headers=bearer(by_one))
    assert foreign.json()["code"] == "offers.not-employed"
    racing = await asyncio.gather(
        *(
            people.client.post(f"{path}/account", json=sent(place, f"teacher-{number}"), headers=bearer(by))
            for number, (place, by) in enumerate(((one, by_one), (other, by_other)))
        )
    )
    assert sorted(answer.status_code for answer in racing) == [201, 409]
    (opened,) = [answer.json() for answer in racing if answer.status_code == 201]
    assert opened["account"]["display_name"] == "Образцов Пётр"
    lacking, by = (other, by_other) if racing[0].status_code == 201 else (one, by_one)
    given = await people.client.post(
        f"{path}/grants", json={"role": "teacher", "unit": of_organization(UUID(lacking))}, headers=bearer(by)
    )
    assert given.status_code == 201, given.text
    signed = await people.client.post(
        "/sessions", json={"login": opened["slip"]["login"], "password": opened["slip"]["password"]}
    )
    claims = signed.json()["access_token"].split(".")[1]
    payload = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert payload["person_id"] == str(worker_id)
    listed = await people.client.get("/offers/workers", params={"organization_id": one}, headers=bearer(by_one))
    assert [item["account_id"] for item in listed.json()["items"]] == [opened["account"]["id"]]


async def test_an_account_opened_without_a_card_is_tied_to_it(people: People) -> None:
    one, by = await school(people)
    other, by_other = await school(people)
    first, second, stranger = (
        await people.appoint(by, "untied-1", "teacher", **of_organization(UUID(one))),
        await people.appoint(by, "untied-2", "teacher", **of_organization(UUID(one))),
        await people.appoint(by_other, "untied-3", "teacher", **of_organization(UUID(other))),
    )
    token = (await people.settle(first))["access_token"]
    mine = await people.worker((UUID(one), True), version=1)
    namesake, foreign = await people.worker((UUID(one), True), version=1), await people.worker((UUID(other), True))

    async def tie(worker_id: UUID, person: Person, token: str = by) -> tuple[int, str | None]:
        sent = {"account_id": str(person.account_id)}
        answer = await people.client.put(f"/offers/workers/{worker_id}/account", json=sent, headers=bearer(token))
        return answer.status_code, answer.json().get("code")

    assert await tie(foreign, first) == (404, "not-found"), "another organization's card"
    assert await tie(mine, stranger) == (404, "not-found"), "another organization's account"
    region = await people.region_admin()
    both = await people.appoint(region, "untied-4", "organization_admin", **of_organization(UUID(one)))
    position = {"role": "organization_admin", "unit": of_organization(UUID(other))}
    await people.client.post(f"/accounts/{both.account_id}/grants", json=position, headers=bearer(region))
    assert await tie(mine, both, region) == (409, "offers.not-employed")
    for _ in range(2):
        assert await tie(mine, first) == (200, None)
    assert await tie(mine, second) == (409, "offers.worker-has-account")
    assert await tie(namesake, first) == (409, "offers.account-tied")
    racing = await asyncio.gather(*(tie(namesake, second) for _ in range(3)))
    assert {status for status, _ in racing} == {200}
    assert await people.probe(token) == 401, "the token named nobody's card"
    signed = (await people.sign_in(first.login, first.password)).json()["access_token"].split(".")[1]
    payload = json.loads(base64.urlsafe_b64decode(signed + "=" * (-len(signed) % 4)))
    assert payload["person_id"] == str(mine)
    undone = await people.client.delete(f"/offers/workers/{namesake}/account", headers=bearer(by))
    assert undone.status_code == 204
    listed = await people.client.get("/offers/workers", params={"organization_id": one}, headers=bearer(by))
    held = {item["worker_id"]: item["account_id"] for item in listed.json()["items"]}
    assert held == {str(mine): str(first.account_id), str(namesake): None}


async def test_another_organizations_guardians_are_not_seen(people: People) -> None:
    own, by = await school(people)
    foreign, _ = await school(people, municipality=OTHER_MUNICIPALITY)
    answer = await people.client.get("/offers", params={"organization_id": foreign}, headers=bearer(by))
    assert answer.status_code == 404
    guardians = [await people.guardian(UUID(own)) for _ in range(2)]
    page = await people.client.get("/offers", params={"organization_id": own, "limit": 1}, headers=bearer(by))
    assert len(page.json()["items"]) == 1
    async with people.runtime.uow() as uow:
        read = await uow.session.scalars(text("SELECT subjects FROM audit WHERE action = 'offers.list.read'"))
        assert read.all() == [[min(guardians)]]
    unknown = await people.client.post(f"/offers/{new_id()}/account", headers=bearer(by))
    assert unknown.status_code == 404


async def test_only_who_stands_above_all_organizations_gives_and_renews(
    people: People, service: ServiceUnderTest
) -> None:
    """An organization that makes itself one of a parent's does not come by the parent's account."""
    one, by_one = await school(people)
    other, by_other = await school(people)
    far, by_far = await school(people, municipality=OTHER_MUNICIPALITY)
    region = await people.region_admin()
    _, operator = await people.operator(region)
    by_operator = operator["access_token"]
    guardian_id = await people.guardian(UUID(one))

    async def give(by: str) -> tuple[int, str | None]:
        answer = await people.client.post(f"/offers/{guardian_id}/account", headers=bearer(by))
        return answer.status_code, answer.json().get("code")

    assert await give(by_one) == (200, None)
    await people.guardian(UUID(one), UUID(other), version=2, guardian_id=guardian_id)
    assert [await give(by) for by in (by_one, by_other)] == [(403, "offers.municipality-gives")] * 2
    assert (await give(by_far))[0] == 404
    assert await give(by_operator) == (200, None)
    await people.guardian(UUID(one), UUID(far), version=3, guardian_id=guardian_id)
    assert [await give(by) for by in (by_one, by_far, by_operator)] == [(403, "offers.region-gives")] * 3
    assert await give(region) == (200, None)
    # An organization not heard of yet may be anywhere.
    await people.guardian(UUID(one), new_id(), version=4, guardian_id=guardian_id)
    assert await give(by_operator) == (403, "offers.region-gives")
    async with service.runtime.uow() as uow:
        given = await uow.session.scalar(text("SELECT count(*) FROM audit WHERE action = 'offer.account.given'"))
    assert given == 3


async def test_who_could_give_an_account_ends_it_and_gives_it_again(people: People) -> None:
    own, by = await school(people)
    _, by_stranger = await school(people)
    region = await people.region_admin()
    guardian_id = await people.guardian(UUID(own))
    path = f"/offers/{guardian_id}/account"
    made = (await people.client.post(path, headers=bearer(by))).json()
    person = Person(made["account"]["id"], made["slip"]["login"], made["slip"]["password"], [])
    by_guardian = (await people.settle(person, PASSWORD))["access_token"]
    assert await people.probe(by_guardian) == 403
    ends = [await people.client.post(f"{path}/end", headers=bearer(one)) for one in (by_stranger, by, by)]
    assert [answer.status_code for answer in ends] == [404, 204, 409]
    assert await people.probe(by_guardian) == 401
    assert (await people.sign_in(person.login, PASSWORD)).json()["code"] == "sessions.no-position"
    again = (await people.client.post(path, headers=bearer(by))).json()
    assert again["account"]["id"] == made["account"]["id"]
    (position,) = again["account"]["grants"]
    ended = await people.client.post(f"/grants/{position['id']}/end", headers=bearer(region))
    assert ended.status_code == 204


async def test_ten_requests_at_once_make_one_account(people: People, service: ServiceUnderTest) -> None:
    organization_id, by = await school(people)
    guardian_id = await people.guardian(UUID(organization_id))
    path = f"/offers/{guardian_id}/account"
    answers = await asyncio.gather(*(people.client.post(path, headers=bearer(by)) for _ in range(10)))
    assert [answer.status_code for answer in answers] == [200] * 10
    assert len({answer.json()["account"]["id"] for answer in answers}) == 1
    slips = [answer.json()["slip"] for answer in answers]
    assert len({slip["password"] for slip in slips}) == 10
    opened = [(await people.sign_in(slip["login"], slip["password"])).status_code for slip in slips[:4]]
    assert opened.count(201) <= 1
    assert await offered(people, by, organization_id) == [str(guardian_id)]


async def test_a_guardian_appoints_nobody_and_is_no_way_up(people: People, service: ServiceUnderTest) -> None:
    organization_id, by = await school(people)
    guardian_id = await people.guardian(UUID(organization_id))
    made = (await people.client.post(f"/offers/{guardian_id}/account", headers=bearer(by))).json()
    person = Person(made["account"]["id"], made["slip"]["login"], made["slip"]["password"], [])
    signed_in = await people.settle(person, PASSWORD)
    by_guardian = signed_in["access_token"]
    assert await people.probe(by_guardian) == 403
    listed = await people.client.get(
        "/offers", params={"organization_id": organization_id}, headers=bearer(by_guardian)
    )
    assert listed.status_code == 403
    # Should the account ever hold another position, the school may no longer set its password.
    await service.fetch(
        """INSERT INTO position_grant (id, account_id, role, unit_kind, given_at, given_by)
        VALUES ($1, $2, 'region_admin', 'region', now(), 'test')""",
        new_id(),
        made["account"]["id"],
    )
    refused = await people.client.post(f"/offers/{guardian_id}/account", headers=bearer(by))
    assert refused.status_code == 403


async def students_offered(people: People, by: str, organization_id: str) -> list[dict[str, object]]:
    query = {"organization_id": organization_id}
    answer = await people.client.get("/offers/students", params=query, headers=bearer(by))
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_a_student_is_given_an_account_by_the_organization_of_today(people: People) -> None:
    one, by_one = await school(people)
    other, by_other = await school(people)
    student_id = await people.student(UUID(one))
    path = f"/offers/students/{student_id}/account"
    known = {"student_id": str(student_id), "display_name": "Образцов Иван Тестович"}
    assert await students_offered(people, by_one, one) == [{**known, "account_id": None, "login": None}]
    assert (await people.client.post(path, headers=bearer(by_other))).status_code == 404
    given = await people.client.post(path, headers=bearer(by_one))
    assert given.status_code == 200, given.text
    made = given.json()
    assert [grant["role"] for grant in made["account"]["grants"]] == ["student"]
    person = Person(made["account"]["id"], made["slip"]["login"], made["slip"]["password"], [])
    by_student = (await people.settle(person, PASSWORD))["access_token"]
    assert await people.probe(by_student) == 403
    (listed,) = await students_offered(people, by_one, one)
    assert (listed["account_id"], listed["login"]) == (person.account_id, person.login)

    await people.student(UUID(other), version=3, student_id=student_id, last_name="Новый")
    await people.student(UUID(one), version=2, student_id=student_id, last_name="Старый")
    assert await students_offered(people, by_one, one) == []
    assert (await people.client.post(path, headers=bearer(by_one))).status_code == 404
    again = (await people.client.post(path, headers=bearer(by_other))).json()
    assert again["account"]["id"] == person.account_id
    assert again["account"]["display_name"] == "Новый Иван Тестович"
    assert again["slip"]["password"] != made["slip"]["password"]
    assert await people.probe(by_student) == 401, "a new slip ends what was signed in with the old one"

    ended = [await people.client.post(f"{path}/end", headers=bearer(by)) for by in (by_one, by_other, by_other)]
    assert [answer.status_code for answer in ended] == [404, 204, 409]
    await people.student(None, version=4, student_id=student_id)
    assert (await people.client.post(path, headers=bearer(by_other))).status_code == 404, "who studies nowhere"


async def test_a_students_position_is_never_given_by_hand(people: People) -> None:
    region = await people.region_admin()
    sent = {"login": "a-student", "display_name": "И", "grants": [{"role": "student", "unit": {"kind": "person"}}]}
    answer = await people.client.post("/accounts", json=sent, headers=bearer(region))
    assert (answer.status_code, answer.json()["code"]) == (422, "grants.student-by-offer")
