"""Positions are given down the structure only, kept once, and their end is felt at once."""

import asyncio
from typing import Any

import asyncpg
import pytest

from asu_contracts.auth import AccessRevoked
from auth.bootstrap import SERVICE
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest

from .factories import MUNICIPALITY, OTHER_MUNICIPALITY, People, Person, bearer, of_organization


async def post(people: People, by: str, path: str, body: Any = None) -> tuple[int, Any]:
    answer = await people.client.post(path, json=body, headers=bearer(by))
    return answer.status_code, answer.json() if answer.content else None


def opening(role: str, unit: dict[str, Any], login: str = "new-account") -> dict[str, Any]:
    return {"login": login, "display_name": "Иванова Мария", "grants": [{"role": role, "unit": unit}]}


async def test_nobody_gives_what_is_not_theirs(people: People) -> None:
    region = await people.region_admin()
    own, foreign = await people.organization(), await people.organization(OTHER_MUNICIPALITY)
    _, operator = await people.operator(region)
    _, admin = await people.organization_admin(operator["access_token"], own)
    region_unit = {"kind": "region"}
    operator_unit = {"kind": "municipality", "municipality": MUNICIPALITY}
    by_operator, by_admin = operator["access_token"], admin["access_token"]
    refused = [
        (by_operator, "region_admin", region_unit, 403),
        (by_operator, "municipality_operator", operator_unit, 403),
        (by_operator, "teacher", of_organization(own), 403),
        (by_operator, "organization_admin", of_organization(foreign), 404),
        (by_admin, "organization_admin", of_organization(own), 403),
        (by_admin, "teacher", of_organization(foreign), 404),
        (by_admin, "region_admin", region_unit, 403),
        (by_admin, "coordinator", of_organization(own), 403),
        (region, "teacher", of_organization(own), 403),
        (region, "portal", region_unit, 403),
    ]
    for by, role, unit, status in refused:
        assert (await post(people, by, "/accounts", opening(role, unit)))[0] == status, (role, unit)
    mixed = opening("organization_admin", of_organization(own))
    mixed["grants"].append({"role": "organization_admin", "unit": of_organization(foreign)})
    assert (await post(people, by_operator, "/accounts", mixed))[0] == 404
    # Nothing half-written: the login is still free.
    assert (await post(people, by_operator, "/accounts", opening("organization_admin", of_organization(own))))[0] == 201


async def test_who_gives_which_positions_is_told_where_they_are_given(people: People) -> None:
    described = (await people.client.get(people.client.base_url.join("../openapi.json"))).json()
    giving = ["open_account", "give_grant", "issue_slip", "open_worker_account", "give_worker_grant"]
    told = {
        of["operationId"]: of["responses"]["403"]["description"]
        for operations in described["paths"].values()
        for of in operations.values()
        if of["operationId"] in giving
    }
    assert sorted(told) == sorted(giving)
    for description in told.values():
        givers = dict(one.split(" — ") for one in description.partition("выдаёт: ")[2].split("; "))
        assert {role for role, given in givers.items() if "координатор АИС СГО" in given} == {
            "руководитель организации"
        }


MISFITS: list[tuple[str, dict[str, Any]]] = [
    ("organization_admin", {"kind": "region"}),
    ("organization_admin", {"kind": "organization"}),
    ("organization_admin", {"kind": "municipality", "municipality": MUNICIPALITY}),
    ("municipality_operator", {"kind": "municipality"}),
    ("municipality_operator", {"kind": "municipality", "municipality": "0370100"}),
    ("municipality_operator", {"kind": "municipality", "municipality": "٠٣٧٠١٠٠٠"}),
    (
        "municipality_operator",
        {"kind": "municipality", "municipality": MUNICIPALITY, "organization_id": str(new_id())},
    ),
    ("region_admin", {"kind": "region", "municipality": MUNICIPALITY}),
    ("region_admin", {"kind": "region", "extra": 1}),
    ("director", {"kind": "organization"}),
]


async def test_a_unit_that_does_not_fit_is_refused(people: People) -> None:
    region = await people.region_admin()
    for role, unit in MISFITS:
        status, problem = await post(people, region, "/accounts", opening(role, unit))
        assert status == 422, (role, unit, problem)


async def test_an_organization_names_its_own_municipality_and_works(people: People) -> None:
    region = await people.region_admin()
    own, closed = await people.organization(), await people.organization(active=False)
    wrong = of_organization(own) | {"municipality": OTHER_MUNICIPALITY}
    assert (await post(people, region, "/accounts", opening("organization_admin", wrong)))[0] == 422
    status, problem = await post(people, region, "/accounts", opening("organization_admin", of_organization(closed)))
    assert (status, problem["code"]) == (409, "grants.organization-closed")
    unknown = of_organization(new_id())
    assert (await post(people, region, "/accounts", opening("organization_admin", unknown)))[0] == 404


async def test_a_guardian_is_never_made_by_hand(people: People) -> None:
    region = await people.region_admin()
    own = await people.organization()
    _, admin = await people.organization_admin(region, own)
    status, problem = await post(people, admin["access_token"], "/accounts", opening("guardian", {"kind": "person"}))
    assert (status, problem["code"]) == (422, "grants.guardian-by-offer")


async def test_a_login_is_taken_once_whatever_its_case(people: People) -> None:
    region = await people.region_admin()
    unit = {"kind": "municipality", "municipality": MUNICIPALITY}
    bodies = [opening("municipality_operator", unit, login) for login in ("Same-Login", "same-login", " SAME-LOGIN ")]
    answers = await asyncio.gather(*(post(people, region, "/accounts", body) for body in bodies))
    assert sorted(status for status, _ in answers) == [201, 409, 409]
    for login in ("я-логин", "ab", "-abc", "a" * 65, "with space", "nul\x00byte"):
        assert (await post(people, region, "/accounts", opening("municipality_operator", unit, login)))[0] == 422


async def test_the_same_position_ten_times_at_once_is_given_once(people: People) -> None:
    region = await people.region_admin()
    own = await people.organization()
    person, _ = await people.operator(region)
    grant = {"role": "organization_admin", "unit": of_organization(own)}
    path = f"/accounts/{person.account_id}/grants"
    answers = await asyncio.gather(*(post(people, region, path, grant) for _ in range(10)))
    assert sorted(status for status, _ in answers) == [201] + [409] * 9
    (given,) = (body for status, body in answers if status == 201)
    ends = await asyncio.gather(*(post(people, region, f"/grants/{given['id']}/end") for _ in range(5)))
    assert sorted(status for status, _ in ends) == [204] + [409] * 4
    assert (await post(people, region, path, grant))[0] == 201


async def test_a_position_is_ended_from_above_though_not_given_from_there(people: People) -> None:
    region = await people.region_admin()
    own = await people.organization()
    _, operator = await people.operator(region)
    _, admin = await people.organization_admin(region, own)
    teacher = await people.appoint(admin["access_token"], "teacher-01", "teacher", **of_organization(own))
    path = f"/grants/{teacher.grants[0]['id']}/end"
    by_teacher = (await people.settle(teacher))["access_token"]
    ends = [(await post(people, by, path))[0] for by in (by_teacher, operator["access_token"], region)]
    assert ends == [403, 204, 409]


async def test_the_end_of_a_grant_is_felt_at_once_and_told_to_all(people: People, service: ServiceUnderTest) -> None:
    region = await people.region_admin()
    person, signed = await people.operator(region)
    token = signed["access_token"]
    assert await people.probe(token) == 200
    assert (await post(people, region, f"/grants/{person.grants[0]['id']}/end"))[0] == 204
    assert await people.probe(token) == 401
    assert (await people.refresh(signed["refresh_token"])).status_code == 401
    again = await people.sign_in(person.login, person.password)
    assert (again.status_code, again.json()["code"]) == (403, "sessions.no-position")
    events = await service.fetch(
        "SELECT version, payload::jsonb FROM outbox WHERE subject = $1 ORDER BY id", str(person.account_id)
    )
    history = await service.fetch("SELECT act FROM grant_history WHERE account_id = $1 ORDER BY id", person.account_id)
    audited = await service.fetch("SELECT action FROM audit WHERE $1 = ANY(subjects) ORDER BY id", person.account_id)
    assert [row["version"] for row in events] == [1, 2]  # the slip's replacement, the grant's end
    assert [row["act"] for row in history] == ["given", "ended"]
    assert [row["action"] for row in audited] == ["account.opened", "account.password.changed", "account.grant.ended"]


async def test_cut_offs_are_republished_at_their_version(people: People) -> None:
    region = await people.region_admin()
    person, _ = await people.operator(region)
    source = SERVICE.sources[AccessRevoked]
    async with people.runtime.sessions() as session:
        (chunk,) = [chunk async for chunk in source(session)]
    (found,) = chunk
    assert (found.event.subject, found.version) == (str(person.account_id), 1)


async def test_a_new_slip_ends_the_old_password_and_its_sessions(people: People) -> None:
    region = await people.region_admin()
    person, signed = await people.operator(region)
    status, made = await post(people, region, f"/accounts/{person.account_id}/slip")
    assert status == 200
    assert made["account"]["must_change_password"] is True
    assert await people.probe(signed["access_token"]) == 401
    assert (await people.refresh(signed["refresh_token"])).status_code == 401
    assert (await people.sign_in(person.login, person.password)).status_code == 401
    fresh = await people.settle(
        Person(person.account_id, person.login, made["slip"]["password"], []), "Другой-ключ-5512"
    )
    assert await people.probe(fresh["access_token"]) == 200


async def test_a_slip_is_no_way_up(people: People) -> None:
    """Whoever sets a password could sign in: so one who may not give all positions of the account may not."""
    region = await people.region_admin()
    own = await people.organization()
    operator, operator_signed = await people.operator(region)
    admin, admin_signed = await people.organization_admin(operator_signed["access_token"], own)
    by_admin, by_operator = admin_signed["access_token"], operator_signed["access_token"]
    assert (await post(people, by_admin, f"/accounts/{operator.account_id}/slip"))[0] == 404
    assert (await post(people, by_admin, f"/accounts/{admin.account_id}/slip"))[0] == 403
    # The operator takes a position in the school as well: the school still may not set the operator's password.
    grant = {"role": "organization_admin", "unit": of_organization(own)}
    assert (await post(people, region, f"/accounts/{operator.account_id}/grants", grant))[0] == 201
    assert (await post(people, by_operator, f"/accounts/{operator.account_id}/slip"))[0] == 403
    assert (await post(people, by_operator, f"/accounts/{admin.account_id}/slip"))[0] == 200


async def test_a_list_shows_what_is_below(people: People) -> None:
    region = await people.region_admin()
    own, other = await people.organization(), await people.organization()
    foreign = await people.organization(OTHER_MUNICIPALITY)
    _, operator = await people.operator(region)
    for organization_id in (own, other, foreign):
        await people.organization_admin(region, organization_id)
    assert await logins(people, region) == 5
    assert await logins(people, operator["access_token"]) == 3
    assert await logins(people, operator["access_token"], organization_id=str(own)) == 1
    hidden = await people.client.get(
        "/accounts", params={"organization_id": str(foreign)}, headers=bearer(operator["access_token"])
    )
    assert hidden.status_code == 404


async def logins(people: People, by: str, **params: str) -> int:
    """How many accounts a list has over all its pages of two."""
    found: set[str] = set()
    after: dict[str, str] = {}
    while True:
        answer = await people.client.get("/accounts", params=params | after | {"limit": "2"}, headers=bearer(by))
        page = answer.json()
        found |= {account["login"] for account in page["items"]}
        if page["next"] is None:
            return len(found)
        after = {"after": page["next"]}


async def test_the_application_cannot_rewrite_history(people: People, service: ServiceUnderTest) -> None:
    await people.region_admin()
    connection = await asyncpg.connect(service.database.url)
    try:
        for statement in (
            "UPDATE grant_history SET by = 'x'",
            "DELETE FROM grant_history",
            "UPDATE position_grant SET role = 'teacher'",
            "DELETE FROM position_grant",
            "DELETE FROM audit",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_the_database_holds_the_rules_itself(people: People, service: ServiceUnderTest) -> None:
    region = await people.region_admin()
    person, _ = await people.operator(region)
    insert = """INSERT INTO position_grant (id, account_id, role, unit_kind, municipality, organization_id, given_at, given_by)
        VALUES ($1, $2, $3, $4, $5, $6, now(), 'test')"""
    connection = await asyncpg.connect(service.database.url)
    try:
        for role, kind, municipality, organization_id in (
            ("teacher", "region", None, None),
            ("teacher", "organization", MUNICIPALITY, None),
            ("region_admin", "region", MUNICIPALITY, None),
            ("guardian", "person", None, new_id()),
            ("portal", "region", None, None),
        ):
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute(insert, new_id(), person.account_id, role, kind, municipality, organization_id)
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute(
                insert, new_id(), person.account_id, "municipality_operator", "municipality", MUNICIPALITY, None
            )
    finally:
        await connection.close()
