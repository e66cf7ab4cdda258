"""Look-up by number without signing in: the number alone opens nothing, and nothing personal is told."""

from typing import Any
from uuid import UUID

import pytest

from eu_enrollment.queue import lookup
from servicekit.testing import ServiceUnderTest

from ..factories import Town, group, organization


@pytest.fixture
async def wanted(town: Town) -> UUID:
    found = organization()
    place = group(found.organization_id, 20)
    await town.hear(found, place)
    await town.open({place: 1})
    return found.organization_id


async def ask(town: Town, number: str, code: str) -> Any:
    return await town.service.client.get(f"/public/applications/{number}", headers={"Look-Up-Code": code})


async def test_the_receipt_opens_status_and_place_and_nothing_personal(town: Town, wanted: UUID) -> None:
    await town.apply(1, wanted)
    receipt = await town.apply(2, wanted)
    given = await town.get(f"/applications/{receipt['id']}/look-up-code", by=town.portal)
    code = lookup.code_of(receipt["signature"])
    assert given == {"number": receipt["number"], "code": code}
    answer = await ask(town, receipt["number"], f" {code[:5].lower()}-{code[5:].lower()} ")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["status"], told["organizations"][0]["position"]) == ("registered", 2)
    assert told["organizations"][0]["name"].startswith("ДОО")
    for personal in ("Иванов", receipt["id"], "2023-05-01"):
        assert personal not in answer.text


async def test_an_unknown_number_and_a_wrong_code_are_answered_alike(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    other = await town.apply(2, wanted)
    answers = [
        await ask(town, number, lookup.code_of(other["signature"]))
        for number in (receipt["number"], receipt["number"][:-3] + "999")
    ]
    told = [{k: v for k, v in answer.json().items() if k != "trace_id"} for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert told[0] == told[1]


@pytest.mark.parametrize("known", [True, False])
async def test_wrong_codes_run_out(town: Town, wanted: UUID, known: bool) -> None:
    receipt = await town.apply(1, wanted)
    number = receipt["number"] if known else "00000-2026-00000000"
    codes = [(await ask(town, number, "WRONG")).status_code for _ in range(13)]
    assert codes == [404] * 11 + [429] * 2
    locked = await ask(town, number, lookup.code_of(receipt["signature"]))
    assert locked.status_code == 429
    assert 1 <= int(locked.headers["Retry-After"]) <= 60
    other = await town.apply(2, wanted)
    assert (await ask(town, other["number"], lookup.code_of(other["signature"]))).status_code == 200


async def test_wrong_codes_of_long_ago_are_forgotten(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    await ask(town, receipt["number"], "WRONG")
    await town.fetch("UPDATE queue_look_up SET full_until = full_until - interval '2 minutes'")
    await lookup.forget(town.service.runtime)
    assert await town.fetch("SELECT * FROM queue_look_up") == []


async def test_a_code_is_needed(service: ServiceUnderTest) -> None:
    answer = await service.client.get("/public/applications/03701-2026-00000001")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/header/look-up-code")
