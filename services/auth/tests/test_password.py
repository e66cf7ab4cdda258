"""One's own password, and what its change ends."""

import asyncio
from datetime import UTC, datetime, timedelta

from servicekit.clock import FixedClock
from servicekit.testing import ServiceUnderTest

from .factories import ADMIN, ADMIN_PASSWORD, MUNICIPALITY, PASSWORD, People

OPERATOR = {"kind": "municipality", "municipality": MUNICIPALITY}


async def test_a_change_ends_every_token_and_every_other_session(people: People) -> None:
    await people.region_admin()
    here = (await people.sign_in(ADMIN, ADMIN_PASSWORD)).json()
    there = (await people.sign_in(ADMIN, ADMIN_PASSWORD)).json()
    changed = await people.change_password(here["access_token"], ADMIN_PASSWORD, PASSWORD)
    assert changed.status_code == 204
    assert await people.probe(here["access_token"]) == 401
    assert await people.probe(there["access_token"]) == 401
    assert (await people.refresh(there["refresh_token"])).status_code == 401
    renewed = await people.refresh(here["refresh_token"])
    assert await people.probe(renewed.json()["access_token"]) == 200
    assert (await people.sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 401
    assert (await people.sign_in(ADMIN, PASSWORD)).status_code == 201


WEAK = [
    ("Ключ-7", "password.too-short"),
    ("Ключ-77-" * 20, "password.too-long"),
    ("аб1аб1аб1аб1", "password.monotonous"),
    ("толькобуквыздесь", "password.one-class"),
    ("мой-region-admin-77", "password.has-login"),
    ("Password12345", "password.common"),
]


async def test_a_weak_password_is_refused_in_russian(people: People) -> None:
    token = await people.region_admin()
    for new, code in WEAK:
        answer = await people.change_password(token, ADMIN_PASSWORD, new)
        assert (answer.status_code, answer.json()["code"]) == (422, "password.weak")
        assert code in {error["code"] for error in answer.json()["errors"]}
        assert new not in answer.text
    assert await people.probe(token) == 200


async def test_wrong_old_and_unchanged_passwords_are_refused(people: People) -> None:
    token = await people.region_admin()
    same = await people.change_password(token, ADMIN_PASSWORD, ADMIN_PASSWORD)
    assert (same.status_code, same.json()["code"]) == (422, "password.same")
    for _ in range(5):
        wrong = await people.change_password(token, "неверный-1-пароль", PASSWORD)
        assert (wrong.status_code, wrong.json()["code"]) == (422, "password.wrong")
    assert (await people.change_password(token, ADMIN_PASSWORD, PASSWORD)).status_code == 429
    assert await people.probe(token) == 200


async def test_two_changes_at_once_make_one(people: People) -> None:
    token = await people.region_admin()
    news = [f"одновременный-{number}-Ключ" for number in range(4)]
    answers = await asyncio.gather(*(people.change_password(token, ADMIN_PASSWORD, new) for new in news))
    assert [answer.status_code for answer in answers].count(204) == 1
    opened = [(await people.sign_in(ADMIN, new)).status_code for new in news]
    assert opened.count(201) == 1


async def test_a_slip_works_until_its_day(people: People) -> None:
    region = await people.region_admin()
    person = await people.appoint(region, "operator-1", "municipality_operator", **OPERATOR)
    people.runtime.clock = FixedClock(datetime.now(UTC) + timedelta(days=30, seconds=1))
    late = await people.sign_in(person.login, person.password)
    assert (late.status_code, late.json()["code"]) == (403, "sessions.slip-expired")


async def test_a_hash_of_older_parameters_is_renewed_on_sign_in(people: People, service: ServiceUnderTest) -> None:
    await people.region_admin()
    passwords = people.runtime.passwords
    connection = await service.database.connect()
    try:
        before = await connection.fetchval("SELECT password_hash FROM account")
        assert not passwords.outdated(before)
        passwords._hasher = type(passwords._hasher)(time_cost=2, memory_cost=128, parallelism=1)
        assert (await people.sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 201
        after = await connection.fetchval("SELECT password_hash FROM account")
    finally:
        await connection.close()
    assert "m=128,t=2" in after
    assert (await people.sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 201
