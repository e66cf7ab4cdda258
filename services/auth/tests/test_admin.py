"""The first administrator, made and made again."""

import pytest

from auth.admin import ensure_admin
from auth.passwords import WeakPasswordError

from .factories import ADMIN, ADMIN_PASSWORD, MUNICIPALITY, PASSWORD, People, bearer


async def make(people: People, login: str, password: str) -> bool:
    async with people.runtime.uow() as uow:
        return await ensure_admin(uow, people.runtime, login, password)


async def test_made_once_under_one_password(people: People) -> None:
    assert await make(people, ADMIN, ADMIN_PASSWORD)
    assert not await make(people, ADMIN, ADMIN_PASSWORD)
    token = await people.region_admin()
    assert await people.probe(token) == 200
    assert await make(people, ADMIN, PASSWORD)
    assert await people.probe(token) == 401
    assert (await people.sign_in(ADMIN, PASSWORD)).status_code == 201


async def test_it_gives_lost_rights_back(people: People) -> None:
    region = await people.region_admin()
    listed = await people.client.get("/accounts", headers=bearer(region))
    (position,) = listed.json()["items"][0]["grants"]
    assert (await people.client.post(f"/grants/{position['id']}/end", headers=bearer(region))).status_code == 204
    assert (await people.sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 403
    assert await make(people, ADMIN, ADMIN_PASSWORD)
    assert (await people.sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 201


async def test_an_account_with_a_slip_is_taken_over(people: People) -> None:
    region = await people.region_admin()
    unit = {"kind": "municipality", "municipality": MUNICIPALITY}
    person = await people.appoint(region, "operator-1", "municipality_operator", **unit)
    assert await make(people, person.login, PASSWORD)
    signed_in = (await people.sign_in(person.login, PASSWORD)).json()
    assert signed_in["must_change_password"] is False
    assert {position["role"] for position in signed_in["positions"]} == {"municipality_operator", "region_admin"}


async def test_a_weak_password_is_refused(people: People) -> None:
    with pytest.raises(WeakPasswordError):
        await make(people, ADMIN, "короткий")
