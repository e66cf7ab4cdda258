"""Guessing a password is slow from everywhere, and tells nothing."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from auth.bootstrap import SERVICE
from auth.runtime import AuthRuntime
from servicekit.clock import FixedClock
from servicekit.testing import ServiceUnderTest

from .factories import ADMIN, ADMIN_PASSWORD, People

FAILURES = 5
WRONG = "неверный-Ключ-1"


def same_answer(one: httpx.Response, other: httpx.Response) -> bool:
    hidden = {"trace_id": None}
    return one.status_code == other.status_code and one.json() | hidden == other.json() | hidden


async def test_failures_of_a_login_close_the_door_for_the_right_password_too(people: People) -> None:
    await people.region_admin()
    for _ in range(FAILURES):
        assert (await people.sign_in(ADMIN, WRONG)).status_code == 401
    refused = await people.sign_in(ADMIN, ADMIN_PASSWORD)
    assert (refused.status_code, refused.json()["code"]) == (429, "sessions.too-many-attempts")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert (await people.sign_in("Region-Admin ", ADMIN_PASSWORD)).status_code == 429


async def test_an_unknown_login_is_answered_like_a_known_one(people: People) -> None:
    await people.region_admin()
    for _ in range(FAILURES + 1):
        assert same_answer(await people.sign_in(ADMIN, WRONG), await people.sign_in("nobody", WRONG))


async def test_an_unknown_login_costs_the_same_work(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    await people.region_admin()
    checked: list[str] = []
    fits = people.runtime.passwords._fits

    def counted(encoded: str, given: str) -> bool:
        checked.append(encoded)
        return fits(encoded, given)

    monkeypatch.setattr(people.runtime.passwords, "_fits", counted)
    await people.sign_in(ADMIN, WRONG)
    await people.sign_in("nobody", WRONG)
    known, unknown = (encoded.rsplit("$", 2)[0] for encoded in checked)
    assert known == unknown == "$argon2id$v=19$m=64,t=1,p=1"


async def test_guesses_sent_at_once_are_counted_each(people: People) -> None:
    await people.region_admin()
    answers = await asyncio.gather(*(people.sign_in(ADMIN, WRONG) for _ in range(20)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [401] * FAILURES + [429] * (20 - FAILURES)


async def test_the_bucket_leaks(people: People) -> None:
    await people.region_admin()
    clock = FixedClock(datetime.now(UTC))
    people.runtime.clock = clock
    for _ in range(FAILURES):
        await people.sign_in(ADMIN, WRONG)
    wait = int((await people.sign_in(ADMIN, WRONG)).headers["Retry-After"])
    clock.instant += timedelta(seconds=wait - 1)
    assert (await people.sign_in(ADMIN, WRONG)).status_code == 429
    clock.instant += timedelta(seconds=1)
    assert (await people.sign_in(ADMIN, WRONG)).status_code == 401
    assert (await people.sign_in(ADMIN, WRONG)).status_code == 429


async def test_a_right_password_forgives_the_login_but_not_the_address(people: People) -> None:
    people.runtime.auth_settings = people.runtime.auth_settings.model_copy(update={"source_failures": 8})
    await people.region_admin()
    for _ in range(FAILURES - 1):
        await people.sign_in(ADMIN, WRONG)
    assert (await people.sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 201
    codes = [(await people.sign_in(ADMIN, WRONG)).status_code for _ in range(FAILURES)]
    assert codes == [401] * 4 + [429]
    assert (await people.sign_in("somebody-else", WRONG)).status_code == 429


async def test_an_address_is_limited_over_all_logins_and_others_are_not(people: People) -> None:
    people.runtime.auth_settings = people.runtime.auth_settings.model_copy(update={"source_failures": 3})
    await people.region_admin()

    async def guess(login: str, source: str) -> int:
        body = {"login": login, "password": WRONG}
        return (await people.client.post("/sessions", json=body, headers={"X-Forwarded-For": source})).status_code

    codes = [await guess(f"login-{number}", "203.0.113.7") for number in range(4)]
    assert codes == [401, 401, 401, 429]
    assert await guess("login-0", "203.0.113.8") == 401
    # What the client itself puts before the gateway's word is not believed.
    assert await guess("login-9", "198.51.100.1, 203.0.113.7") == 429


async def test_it_holds_over_replicas(people: People) -> None:
    await people.region_admin()
    replica = AuthRuntime(people.runtime.auth_settings, "api")
    transport = httpx.ASGITransport(app=SERVICE.app(replica), raise_app_exceptions=False)
    other = httpx.AsyncClient(transport=transport, base_url="http://test/api/auth/v1")
    try:
        for _ in range(FAILURES):
            await people.sign_in(ADMIN, WRONG)
        refused = await other.post("/sessions", json={"login": ADMIN, "password": ADMIN_PASSWORD})
        assert refused.status_code == 429
    finally:
        await other.aclose()
        await replica.close()


async def test_what_was_typed_is_nowhere(
    service: ServiceUnderTest, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    await people.region_admin()
    typed = "Пароль-Вместо-Логина-5"
    answer = await people.sign_in(typed, WRONG)
    assert typed not in answer.text
    assert WRONG not in answer.text
    broken = await people.client.post("/sessions", json={"login": ADMIN, "password": [ADMIN_PASSWORD], typed: 1})
    assert broken.status_code == 422
    assert ADMIN_PASSWORD not in broken.text
    assert typed not in broken.text
    logged = capsys.readouterr()
    assert not [part for part in (typed, WRONG, ADMIN_PASSWORD) if part in logged.out + logged.err]
    keys = await service.fetch("SELECT key FROM sign_in_throttle")
    assert all(len(row["key"]) == 32 for row in keys)


async def test_more_sign_ins_than_the_pool_takes_are_asked_to_wait(people: People) -> None:
    await people.region_admin()
    room, people.runtime.passwords._room = people.runtime.passwords._room, 0
    for _ in range(2 * FAILURES):
        answer = await people.sign_in(ADMIN, ADMIN_PASSWORD)
        assert (answer.status_code, answer.json()["code"]) == (503, "password.busy")
        assert answer.headers["Retry-After"] == "3"
    people.runtime.passwords._room = room
    assert (await people.sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 201


async def test_hashing_does_not_hold_the_event_loop(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    await people.region_admin()
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.005)
            beats += 1

    def slow(_encoded: str, _given: str) -> bool:
        time.sleep(0.3)
        return False

    monkeypatch.setattr(people.runtime.passwords, "_fits", slow)
    heart = asyncio.create_task(beat())
    await people.sign_in(ADMIN, WRONG)
    heart.cancel()
    assert beats > 10
