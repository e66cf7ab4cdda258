"""A draft changed or deleted while it is being sent: one of the two wins, and the other is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest

from eu_enrollment.applications.model import REGISTER_LOCK
from servicekit.ids import new_id

from ..factories import Town, body
from .test_drafts import put, save, send

EDITED = "UPDATE draft SET version = 2 WHERE id = $1"
DELETED = "DELETE FROM draft WHERE id = $1"


@asynccontextmanager
async def held(town: Town, statement: str, *args: object) -> AsyncIterator[Any]:
    """What another transaction has done and not committed yet; the transaction."""
    connection = await town.service.database.connect()
    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(statement, *args)
        yield transaction
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("meanwhile", "refusal"),
    [(EDITED, (412, "version-mismatch")), (DELETED, (404, "not-found"))],
    ids=["edit", "delete"],
)
async def test_what_is_being_changed_is_not_sent(
    town: Town, wanted: UUID, meanwhile: str, refusal: tuple[int, str]
) -> None:
    draft, key = await save(town, body(town.campaign_id, 1, wanted)), str(new_id())
    async with held(town, meanwhile, UUID(draft["id"])) as transaction:
        answer = await send(town, draft, key)
        assert (answer.status_code, answer.json()["code"]) == (503, "application.try-again")
        await transaction.commit()
    answer = await send(town, draft, key)
    assert (answer.status_code, answer.json()["code"]) == refusal
    assert await town.counts() == {}


async def test_what_changed_after_the_sender_had_read_it_is_not_sent(
    town: Town, wanted: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = await save(town, body(town.campaign_id, 1, wanted))
    register = town.service.runtime.register  # type: ignore[attr-defined]
    enter = register.enter

    async def late(registration: Any) -> Any:
        monkeypatch.setattr(register, "enter", enter)
        assert (await put(town, draft, body(town.campaign_id, 2, wanted))).status_code == 200
        return await enter(registration)

    monkeypatch.setattr(register, "enter", late)
    answer = await send(town, draft)
    assert (answer.status_code, answer.json()["code"]) == (412, "version-mismatch")
    assert await town.counts() == {}
    assert (await send(town, draft, version=2)).status_code == 201


@pytest.mark.parametrize("changing", ["edit", "delete"])
async def test_what_is_being_sent_is_not_changed(town: Town, wanted: UUID, changing: str) -> None:
    content = body(town.campaign_id, 1, wanted)
    draft = await save(town, content)
    async with held(town, f"SELECT pg_advisory_xact_lock({REGISTER_LOCK})") as transaction:
        sending = asyncio.create_task(send(town, draft))
        await town.blocked(1)
        change = asyncio.create_task(
            put(town, draft, content | {"desired_from": "2026-10-01"})
            if changing == "edit"
            else town.service.client.delete(f"/drafts/{draft['id']}", headers=town.portal)
        )
        await town.blocked(2)
        await transaction.rollback()
    receipt, answer = await sending, await change
    assert receipt.status_code == 201
    assert (answer.status_code, answer.json()["code"]) == (409, "draft.sent")
    card = await town.get(f"/drafts/{draft['id']}", by=town.portal)
    assert (card["state"], card["version"], card["body"]["desired_from"]) == ("sent", 1, "2026-09-01")
