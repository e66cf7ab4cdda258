"""Refresh tokens: used once, repeated safely, betrayed by a second use."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from auth.bootstrap import SERVICE
from servicekit.clock import FixedClock
from servicekit.testing import ServiceUnderTest

from .factories import ADMIN, ADMIN_PASSWORD, MUNICIPALITY, People, bearer


async def signed_in(people: People) -> dict[str, Any]:
    await people.region_admin()
    answer: dict[str, Any] = (await people.sign_in(ADMIN, ADMIN_PASSWORD)).json()
    return answer


async def rows(service: ServiceUnderTest, query: str, *values: object) -> list[Any]:
    return await service.fetch(query, *values)


async def test_a_refresh_rotates_and_says_the_same(people: People) -> None:
    first = await signed_in(people)
    second = (await people.refresh(first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    same = {"positions", "position_id", "expires_in", "must_change_password"}
    assert {name: second[name] for name in same} == {name: first[name] for name in same}
    assert await people.probe(second["access_token"]) == 200
    third = (await people.refresh(second["refresh_token"])).json()
    assert third["refresh_token"] not in {first["refresh_token"], second["refresh_token"]}


async def test_ten_refreshes_at_once_leave_one_live_token(people: People, service: ServiceUnderTest) -> None:
    first = await signed_in(people)
    answers = await asyncio.gather(*(people.refresh(first["refresh_token"]) for _ in range(10)))
    assert [answer.status_code for answer in answers] == [200] * 10
    (token,) = {answer.json()["refresh_token"] for answer in answers}
    live = await rows(
        service,
        """SELECT 1 FROM refresh_token t JOIN session s ON s.id = t.session_id
        WHERE t.used_at IS NULL AND s.id = (SELECT max(id::text)::uuid FROM session)""",
    )
    assert len(live) == 1
    assert (await people.refresh(token)).status_code == 200


async def test_an_old_token_closes_the_session(people: People, service: ServiceUnderTest) -> None:
    first = await signed_in(people)
    second = (await people.refresh(first["refresh_token"])).json()
    third = (await people.refresh(second["refresh_token"])).json()
    stolen = await people.refresh(first["refresh_token"])
    assert (stolen.status_code, stolen.json()["code"]) == (401, "sessions.ended")
    assert (await people.refresh(third["refresh_token"])).status_code == 401
    assert await people.probe(third["access_token"]) == 401
    (closed,) = await rows(service, "SELECT close_reason FROM session WHERE closed_at IS NOT NULL")
    assert closed["close_reason"] == "token_reused"
    (event,) = await rows(service, "SELECT type, version FROM outbox")
    assert (event["type"], event["version"]) == ("auth.access.revoked.v1", 1)


async def test_a_race_of_thief_and_owner_closes_the_session_however_it_ends(people: People) -> None:
    first = await signed_in(people)
    second = (await people.refresh(first["refresh_token"])).json()
    third = (await people.refresh(second["refresh_token"])).json()
    answers = await asyncio.gather(
        *(people.refresh(token["refresh_token"]) for token in (third, first, third, second, first))
    )
    assert {answer.status_code for answer in answers} <= {200, 401}
    for token in {answer.json()["refresh_token"] for answer in answers if answer.status_code == 200}:
        assert (await people.refresh(token)).status_code == 401


async def test_a_repeated_request_is_a_repetition_for_a_moment_only(people: People) -> None:
    first = await signed_in(people)
    clock = FixedClock(datetime.now(UTC) + timedelta(seconds=1))
    people.runtime.clock = clock
    second = (await people.refresh(first["refresh_token"])).json()
    clock.instant += timedelta(seconds=30)
    assert (await people.refresh(first["refresh_token"])).json()["refresh_token"] == second["refresh_token"]
    clock.instant += timedelta(seconds=1)
    assert (await people.refresh(first["refresh_token"])).status_code == 401
    assert (await people.refresh(second["refresh_token"])).status_code == 401


async def test_tokens_are_kept_as_hashes(people: People, service: ServiceUnderTest) -> None:
    first = await signed_in(people)
    kept = await rows(service, "SELECT hash FROM refresh_token")
    assert all(len(row["hash"]) == 32 for row in kept)
    assert first["refresh_token"].encode() not in {bytes(row["hash"]) for row in kept}


async def test_what_is_no_token_of_ours_changes_nothing(people: People) -> None:
    first = await signed_in(people)
    for token in ("x", "я" * 200, first["access_token"][:200], first["refresh_token"].swapcase()):
        assert (await people.refresh(token)).status_code == 401
    assert (await people.refresh(first["refresh_token"])).status_code == 200


async def test_an_idle_session_ends_and_so_does_an_old_one(people: People) -> None:
    first = await signed_in(people)
    clock = FixedClock(datetime.now(UTC))
    people.runtime.clock = clock
    token, refreshed = first["refresh_token"], 0
    while True:
        clock.instant += timedelta(days=13)
        answer = await people.refresh(token)
        if answer.status_code != 200:
            break
        token, refreshed = answer.json()["refresh_token"], refreshed + 1
    assert refreshed == 4  # 60 days are over before the fifth
    people.runtime.clock = FixedClock(datetime.now(UTC))
    again = (await people.sign_in(ADMIN, ADMIN_PASSWORD)).json()
    people.runtime.clock = FixedClock(datetime.now(UTC) + timedelta(days=14, seconds=1))
    assert (await people.refresh(again["refresh_token"])).status_code == 401


async def test_what_is_long_over_is_forgotten(people: People, service: ServiceUnderTest) -> None:
    first = await signed_in(people)
    second = (await people.refresh(first["refresh_token"])).json()
    gone = (await people.sign_in(ADMIN, ADMIN_PASSWORD)).json()
    await people.client.delete("/sessions/current", headers=bearer(gone["access_token"]))
    people.runtime.clock = FixedClock(datetime.now(UTC) + timedelta(days=2, seconds=1))
    for job in SERVICE.jobs:
        await job.action(people.runtime)
    assert [row["used_at"] for row in await rows(service, "SELECT used_at FROM refresh_token")] == [None] * 2
    assert len(await rows(service, "SELECT 1 FROM session WHERE closed_at IS NOT NULL")) == 0
    assert (await people.refresh(first["refresh_token"])).status_code == 401
    assert (await people.refresh(second["refresh_token"])).status_code == 200


async def test_signing_out_ends_this_session_and_other_devices_go_on(people: People) -> None:
    first = await signed_in(people)
    other = (await people.sign_in(ADMIN, ADMIN_PASSWORD)).json()
    gone = await people.client.delete("/sessions/current", headers=bearer(first["access_token"]))
    assert gone.status_code == 204
    assert await people.probe(first["access_token"]) == 401
    assert (await people.refresh(first["refresh_token"])).status_code == 401
    renewed = await people.refresh(other["refresh_token"])
    assert renewed.status_code == 200
    assert await people.probe(renewed.json()["access_token"]) == 200


async def test_a_position_is_chosen_and_its_end_ends_the_session(people: People) -> None:
    region = await people.region_admin()
    organization_id = await people.organization()
    person, signed = await people.operator(region)
    unit = {"kind": "organization", "municipality": MUNICIPALITY, "organization_id": str(organization_id)}
    given = await people.client.post(
        f"/accounts/{person.account_id}/grants",
        json={"role": "organization_admin", "unit": unit},
        headers=bearer(region),
    )
    position = given.json()
    chosen = (await people.sign_in(person.login, person.password, position_id=position["id"])).json()
    assert chosen["position_id"] == position["id"]
    assert len(chosen["positions"]) == 2
    unknown = await people.sign_in(person.login, person.password, position_id=str(organization_id))
    assert (unknown.status_code, unknown.json()["code"]) == (422, "sessions.unknown-position")

    ended = await people.client.post(f"/grants/{position['id']}/end", headers=bearer(region))
    assert ended.status_code == 204
    assert await people.probe(chosen["access_token"]) == 401
    assert await people.probe(signed["access_token"]) == 401
    assert (await people.refresh(chosen["refresh_token"])).status_code == 401
    renewed = await people.refresh(signed["refresh_token"])
    assert renewed.json()["position_id"] == signed["position_id"]
    assert await people.probe(renewed.json()["access_token"]) == 200
