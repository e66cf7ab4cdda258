"""Creations of an operator that are sent again: each is made once per key."""

from ..factories import Town


async def test_a_campaign_sent_again_is_one(town: Town) -> None:
    sent = {
        "municipality": town.municipality,
        "kind": "preschool",
        "academic_year": 2026,
        "title": "Основное комплектование",
        "rules": "preschool-236-2025",
        "opens_at": "2026-01-15T09:00:00+03:00",
        "closes_at": "2099-07-15T18:00:00+03:00",
    }
    headers = town.operator | {"Idempotency-Key": "campaign-2026"}
    first, again = [await town.service.client.post("/campaigns", json=sent, headers=headers) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len((await town.get("/campaigns"))["items"]) == 1


async def test_an_allocation_sent_again_is_one_run(town: Town) -> None:
    await town.open({})
    path, headers = f"/campaigns/{town.campaign_id}/allocations", town.operator | {"Idempotency-Key": "main-run-1"}
    first, again = [await town.service.client.post(path, json={}, headers=headers) for _ in range(2)]
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.headers["location"] == again.headers["location"]
    assert first.headers["location"].endswith(first.json()["id"])
    assert len(await town.fetch("SELECT FROM run")) == 1


async def test_a_key_belongs_to_one_campaign(town: Town) -> None:
    headers = town.operator | {"Idempotency-Key": "main-run-1"}
    for expected in (202, 422):
        await town.open({})
        path = f"/campaigns/{town.campaign_id}/allocations"
        answer = await town.service.client.post(path, json={}, headers=headers)
        assert answer.status_code == expected, answer.text
