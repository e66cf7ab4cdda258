"""A portal follows its applications: statuses of many at once, a feed without gaps."""

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from asu_contracts.enrollment import OutwardExchangeRecorded
from eu_enrollment.applications import changes
from eu_enrollment.portal import recording
from servicekit.ids import new_id

from ..factories import PORTAL, SOCHI, Town, body, group, organization

FEED = "/portal/changes"
NONE: dict[str, list[str]] = {"ids": [], "numbers": [], "external_ids": [], "keys": []}


@pytest.fixture
async def wanted(town: Town) -> UUID:
    """An organization with one place in an open campaign; its id."""
    found = organization()
    place = group(found.organization_id, 20)
    await town.hear(found, place)
    await town.open({place: 1})
    return found.organization_id


def of(items: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(item[name] for name in names) for item in items]


async def read(town: Town, after: str = "", limit: int = 100, by: dict[str, str] | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = await town.get(f"{FEED}?limit={limit}{after and f'&after={after}'}", by=by or town.portal)
    return answer


class TestFeed:
    async def test_tells_every_step_of_the_own_applications_in_order(self, town: Town, wanted: UUID) -> None:
        first, second = [await town.apply(number, wanted) for number in (1, 2)]
        sent = body(town.campaign_id, 3, wanted)
        await town.send(sent, by=town.service.tokens.headers(Role.PORTAL, account_id="portal-2"))
        await town.allocate()
        (referral,) = await town.referrals()
        await town.post(f"/referrals/{referral['id']}/accept")
        feed = await read(town)
        assert of(feed["items"], "application_id", "status_seq", "reason", "status", "portal_code") == [
            (first["id"], 1, "submitted", "registered", "110"),
            (second["id"], 1, "submitted", "registered", "110"),
            (first["id"], 2, "checked", "queued", "140"),
            (second["id"], 2, "checked", "queued", "140"),
            (first["id"], 3, "referred", "referred", "190"),
            (first["id"], 4, "place_accepted", "accepted", "230"),
        ]
        assert feed["items"][0]["number"] == first["number"]
        assert feed["items"][-1]["reason_title"]
        assert not feed["more"]
        assert await read(town, feed["cursor"]) == {"items": [], "cursor": feed["cursor"], "more": False}

    async def test_what_portals_read_in_a_day_is_told_as_one(self, town: Town, wanted: UUID) -> None:
        receipts = [await town.apply(number, wanted) for number in (1, 2)]
        feed = await read(town)
        await read(town, feed["cursor"])  # nothing new is nothing told
        await town.post("/applications/statuses", 200, json=NONE | {"ids": [receipts[0]["id"]]})
        await recording.record(town.service.runtime)
        assert await town.events(OutwardExchangeRecorded.type) == [], "the day is not over"
        assert len(await town.fetch("SELECT FROM portal_reading")) == 1, "an hour's readings are summed up"
        await town.post("/applications/statuses", 200, json=NONE | {"ids": [one["id"] for one in receipts]})
        await town.fetch("UPDATE portal_reading SET day = day - 1")
        await recording.record(town.service.runtime)
        (event,) = [json.loads(row["payload"]) for row in await town.events(OutwardExchangeRecorded.type)]
        assert (event["kind"], event["receiver"], event["role"]) == ("feed", PORTAL, "portal")
        assert (event["persons"], event["sha256"]) == (len(feed["items"]) + 3, None)
        assert await town.fetch("SELECT FROM portal_reading") == []

    async def test_no_reading_waits_for_another_to_be_counted(self, town: Town, wanted: UUID) -> None:
        receipt = await town.apply(1, wanted)
        async with town.service.runtime.uow() as uow, asyncio.timeout(30):
            await recording.note(uow, PORTAL, 1)
            assert len((await read(town))["items"]) == 1
            await town.post("/applications/statuses", 200, json=NONE | {"ids": [receipt["id"]]})
        assert [row["steps"] for row in await town.fetch("SELECT steps FROM portal_reading")] == [1, 1, 1]

    async def test_pages_end_where_the_next_begin(self, town: Town, wanted: UUID) -> None:
        for number in range(5):
            await town.apply(number, wanted)
        whole, paged, cursor = (await read(town))["items"], [], ""
        while True:
            page = await read(town, cursor, limit=2)
            paged += page["items"]
            cursor = page["cursor"]
            if not page["more"]:
                break
        assert paged == whole
        assert len(whole) == 5

    async def test_a_step_of_a_transaction_that_ended_late_is_not_passed_by(self, town: Town, wanted: UUID) -> None:
        """What began earlier and commits later holds back what came after it, so that a cursor never passes it."""
        early, late = [await town.apply(number, wanted) for number in (1, 2)]
        cursor = (await read(town))["cursor"]
        connection = await town.service.database.connect()
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            "INSERT INTO application_history (application_id, version, at, actor, reason, from_status, to_status)"
            " VALUES ($1, 2, now(), 'system', 'checked', 'registered', 'queued')",
            UUID(early["id"]),
        )
        await town.post(f"/applications/{late['id']}/withdraw")
        held = await read(town, cursor)
        assert (held["items"], held["cursor"]) == ([], cursor)
        await transaction.commit()
        await connection.close()
        assert of((await read(town, cursor))["items"], "application_id", "status_seq") == [
            (early["id"], 2),
            (late["id"], 2),
        ]

    async def test_one_with_few_applications_goes_past_the_many_of_others(
        self, town: Town, wanted: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(changes, "_SEEN_AT_ONCE", 2)
        for number in range(5):
            await town.apply(number, wanted)
        other = town.service.tokens.headers(Role.PORTAL, account_id="portal-2")
        await town.send(body(town.campaign_id, 9, wanted), by=other)
        items: list[Any] = []
        cursor, more, calls = "", True, 0
        while more:
            page = await read(town, cursor, by=other)
            items, cursor, more, calls = items + page["items"], page["cursor"], page["more"], calls + 1
        assert len(items) == 1
        assert calls == 4

    async def test_waits_for_news(self, town: Town, wanted: UUID) -> None:
        asking = asyncio.create_task(town.get(f"{FEED}?wait=20", by=town.portal))
        await asyncio.sleep(0)
        receipt = await town.apply(1, wanted)
        assert of((await asking)["items"], "application_id") == [(receipt["id"],)]

    async def test_begins_anew_after_a_restore(self, town: Town, wanted: UUID) -> None:
        await town.apply(1, wanted)
        cursor = (await read(town))["cursor"]
        await town.fetch("UPDATE producer_epoch SET epoch = 2")
        answer = await town.service.client.get(f"{FEED}?after={cursor}", headers=town.portal)
        assert (answer.status_code, answer.json()["code"]) == (410, "portal.feed-restarted")
        assert len((await read(town))["items"]) == 1

    @pytest.mark.parametrize("cursor", ["1", "1.2", "a.b.c", "1.2.3.4", "1.-2.3", f"1.{'9' * 19}.1"])
    async def test_knows_its_own_cursors_only(self, town: Town, cursor: str) -> None:
        answer = await town.service.client.get(f"{FEED}?after={cursor}", headers=town.portal)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/query/after")


class TestStatuses:
    async def test_by_id_number_own_id_and_key(self, town: Town, wanted: UUID) -> None:
        sent = [body(town.campaign_id, number, wanted) for number in range(4)]
        receipts = [(await town.send(one, f"sent-{one['external_id']}")).json() for one in sent]
        again = sent[3] | {"external_id": str(new_id())}
        assert (await town.send(again)).status_code == 200
        asked = {
            "ids": [receipts[0]["id"]],
            "numbers": [receipts[1]["number"]],
            "external_ids": [sent[2]["external_id"]],
            "keys": [f"sent-{sent[3]['external_id']}", again["external_id"]],
        }
        told = await town.post("/applications/statuses", 200, json=asked)
        items = told["items"]
        assert of(items, "application_id", "external_id", "number", "status_seq", "status") == [
            (receipt["id"], one["external_id"], receipt["number"], 1, "registered")
            for receipt, one in zip(receipts, sent, strict=True)
        ]
        assert [item["keys"] for item in items] == [[], [], [], sorted(asked["keys"])]
        assert told["unknown"] == NONE

    async def test_of_a_draft_by_its_own_id(self, town: Town, wanted: UUID) -> None:
        sent = body(town.campaign_id, 1, wanted)
        made = await town.service.client.post(
            "/drafts", json=sent, headers=town.portal | {"Idempotency-Key": f"draft-{sent['external_id']}"}
        )
        asked = {"external_ids": [sent["external_id"]]}
        assert (await town.post("/applications/statuses", 200, json=asked))["unknown"] == NONE | asked
        answer = await town.service.client.post(
            f"/drafts/{made.json()['id']}/send",
            json={"version": made.json()["version"]},
            headers=town.portal | {"Idempotency-Key": sent["external_id"]},
        )
        assert answer.status_code == 201, answer.text
        (item,) = (await town.post("/applications/statuses", 200, json=asked))["items"]
        assert item["application_id"] == made.json()["id"]

    async def test_of_others_are_as_unknown_as_what_is_not_there(self, town: Town, wanted: UUID) -> None:
        sent = body(town.campaign_id, 1, wanted)
        receipt = (await town.send(sent)).json()
        tokens = town.service.tokens
        named = {
            "ids": [receipt["id"], str(new_id())],
            "numbers": [receipt["number"], "03701-2026-99999999"],
            "external_ids": [sent["external_id"], str(new_id())],
            "keys": [sent["external_id"], str(new_id())],
        }
        for by in (
            tokens.headers(Role.PORTAL, account_id="portal-2"),
            tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=SOCHI),
        ):
            told = await town.post("/applications/statuses", 200, by, named)
            assert told == {"items": [], "unknown": named}
        own = await town.post("/applications/statuses", 200, json=named)
        assert own["unknown"] == {kind: ids[1:] for kind, ids in named.items()}
        operators = await town.post("/applications/statuses", 200, town.operator, named)
        assert of(operators["items"], "application_id") == [(receipt["id"],)]
        assert operators["unknown"]["external_ids"] == named["external_ids"]

    async def test_one_own_id_of_two_senders_is_two_applications(self, town: Town, wanted: UUID) -> None:
        other = town.service.tokens.headers(Role.PORTAL, account_id="portal-2")
        sent = [body(town.campaign_id, number, wanted) for number in range(2)]
        sent[1]["external_id"] = sent[0]["external_id"]
        receipts = [(await town.send(one, by=by)).json() for one, by in zip(sent, (town.portal, other), strict=True)]
        asked = {"external_ids": [sent[0]["external_id"]]}
        for by, receipt in zip((town.portal, other), receipts, strict=True):
            told = await town.post("/applications/statuses", 200, by, asked)
            assert of(told["items"], "application_id") == [(receipt["id"],)]

    @pytest.mark.parametrize(
        "asked", [{}, {"external_ids": [str(new_id()) for _ in range(300)], "keys": ["k" * 8] * 201}]
    )
    async def test_of_none_or_too_many_are_not_told(self, town: Town, asked: dict[str, Any]) -> None:
        refused = await town.post("/applications/statuses", 422, json=asked)
        assert [error["code"] for error in refused["errors"]] == ["statuses.count"]
