"""What happens at once, twice or in another order ends the same."""

import asyncio
from collections.abc import Sequence
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from asu_contracts.base import Event
from asu_contracts.core import AdmissionRejected, RejectionReason
from asu_contracts.enrollment import AdmissionApproved, ApplicationStatusChanged
from eu_enrollment.applications import service as applications
from eu_enrollment.offers import service as offers
from eu_enrollment.referrals import service as referrals
from eu_enrollment.replay import admissions, states
from servicekit.ids import new_id
from servicekit.messaging import Received
from servicekit.testing import deliver, received
from servicekit.uow import UnitOfWork

from .factories import Town, group, movement, organization


async def allocated(town: Town, places: int, applicants: int) -> UUID:
    """A campaign with one organization, allocated; the organization."""
    found = organization()
    place = group(found.organization_id, 100)
    await town.hear(found, place)
    await town.open({place: places})
    for number in range(applicants):
        await town.apply(number, found.organization_id)
    await town.allocate()
    return found.organization_id


async def test_two_for_the_last_place(town: Town) -> None:
    await allocated(town, 1, 0)
    (row,) = await town.fetch("SELECT campaign_id, group_id FROM offer")

    async def take() -> None:
        async with town.service.runtime.uow() as uow:
            await offers.take(uow, row["campaign_id"], [row["group_id"]])

    results = await asyncio.gather(take(), take(), return_exceptions=True)
    assert [type(result) for result in results if result is not None] == [IntegrityError]
    assert [r["taken"] for r in await town.fetch("SELECT taken FROM offer")] == [1]


async def test_two_allocations_at_once_place_everybody_once(town: Town) -> None:
    found = organization()
    place = group(found.organization_id, 100)
    await town.hear(found, place)
    await town.open({place: 7})
    for number in range(10):
        await town.apply(number, found.organization_id)
    results = await asyncio.gather(town.allocate(), town.allocate())
    assert sorted(result["referred"] for result in results) == [0, 7]
    assert len(await town.referrals()) == 7


async def test_accept_and_decline_at_once(town: Town) -> None:
    await allocated(town, 4, 4)
    for item in await town.referrals():
        answers = await asyncio.gather(
            *(
                town.service.client.post(f"/referrals/{item['id']}/{word}", json={}, headers=town.portal)
                for word in ("accept", "decline", "accept", "decline")
            )
        )
        assert {answer.status_code for answer in answers} <= {204, 409}
    declined = len(await town.referrals("declined"))
    (row,) = await town.fetch("SELECT taken FROM offer")
    assert row["taken"] == 4 - declined
    counts = await town.counts()
    assert counts.get("declined", 0) == declined
    assert counts.get("accepted", 0) == 4 - declined


async def test_withdraw_and_accept_at_once(town: Town) -> None:
    await allocated(town, 5, 5)
    for item in await town.referrals():
        answers = await asyncio.gather(
            town.service.client.post(f"/referrals/{item['id']}/accept", json={}, headers=town.portal),
            town.service.client.post(f"/applications/{item['application_id']}/withdraw", json={}, headers=town.portal),
        )
        assert {answer.status_code for answer in answers} <= {204, 409}
    assert await town.counts() == {"withdrawn": 5}
    assert [row["taken"] for row in await town.fetch("SELECT taken FROM offer")] == [0]


async def test_an_allocation_never_takes_a_held_place(town: Town) -> None:
    """A stronger right that came late waits for a free place."""
    wanted = await allocated(town, 2, 2)
    held = {item["application_id"] for item in await town.referrals()}
    await town.confirm(await town.apply(9, wanted, benefit="judge"))
    assert (await town.allocate())["referred"] == 0
    assert {item["application_id"] for item in await town.referrals()} == held


async def test_who_changes_its_wishes_while_places_are_given_gets_what_it_wants_now(town: Town) -> None:
    """The allocation waits for the change, and must not read the wishes of before it."""
    gardens = [organization() for _ in range(2)]
    places = {group(one.organization_id, 20): 1 for one in gardens}
    await town.hear(*gardens, *places)
    await town.open(places)
    before, now = (one.organization_id for one in gardens)
    mine = await town.apply(1, before)
    await town.examine()
    async with town.service.runtime.uow() as uow:
        own = {"id": UUID(mine["id"]), "wanted": now}
        await uow.session.execute(text("SELECT FROM application WHERE id = :id FOR UPDATE"), own)
        change = "UPDATE application_choice SET organization_id = :wanted WHERE application_id = :id"
        await uow.session.execute(text(change), own)
        allocation = asyncio.create_task(town.allocate())
        await town.blocked()
    await allocation
    assert [item["organization_id"] for item in await town.referrals()] == [str(now)]


async def test_a_place_given_back_while_places_are_given_is_given_to_the_next(town: Town) -> None:
    await allocated(town, 1, 1)
    (held,) = await town.referrals()
    next_ = await town.apply(9, UUID(held["organization_id"]))
    async with town.service.runtime.uow() as uow:
        for change in (
            "UPDATE application SET status = 'declined', organization_id = NULL WHERE status = 'referred'",
            "UPDATE referral SET status = 'declined'",
            "UPDATE offer SET taken = 0",
        ):
            await uow.session.execute(text(change))
        allocation = asyncio.create_task(town.allocate())
        await town.blocked()
    await allocation
    assert [item["application_id"] for item in await town.referrals()] == [next_["id"]]


async def test_the_same_order_twice_is_one(town: Town) -> None:
    wanted = await allocated(town, 2, 3)
    await town.order(wanted, status=409)
    for item in await town.referrals():
        await town.take(item)
    first = await town.order(wanted)
    assert await town.order(wanted, status=200) == first
    assert len(await town.events(AdmissionApproved.type)) == 2
    for item in await town.referrals("ordered"):
        await town.post(f"/referrals/{item['id']}/decline", 409)


async def test_orders_at_once_admit_everybody_once(town: Town) -> None:
    wanted = await allocated(town, 6, 6)
    for item in await town.referrals():
        await town.take(item)
    sent = {
        "organization_id": str(wanted),
        "number": "7-З",
        "date": "2026-08-20",
        "effective_date": "2026-09-01",
    }
    answers = await asyncio.gather(
        *(
            town.service.client.post(f"/campaigns/{town.campaign_id}/orders", json=sent, headers=town.operator)
            for _ in range(4)
        )
    )
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert len(await town.events(AdmissionApproved.type)) == 6


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_outcomes_in_any_order_and_twice(town: Town, order: tuple[int, ...]) -> None:
    """Rejected once, approved anew, enrolled: a late copy of the rejection changes nothing."""
    wanted = await allocated(town, 1, 1)

    async def admit(number: str) -> AdmissionApproved:
        (item,) = await town.referrals()
        await town.take(item)
        await town.order(wanted, number)
        return AdmissionApproved.model_validate_json((await town.events(AdmissionApproved.type))[-1]["payload"])

    first = await admit("1")
    rejection = AdmissionRejected(
        rejection_id=new_id(),
        admission_id=first.admission_id,
        application_id=first.application_id,
        reason=RejectionReason.GROUP_NOT_FOUND,
    )
    outcomes = town.service.definition.handlers["outcomes"]
    await deliver(town.service.runtime, outcomes, [received(rejection)], "outcomes")
    assert (await town.allocate())["applicants"] == 0
    await town.confirm({"id": str(first.application_id)})
    await town.allocate()
    second = await admit("2")
    assert second.admission_id != first.admission_id
    late: list[Received[Event]] = [
        received(rejection, event_id=new_id()),
        received(movement(second)),
        received(movement(second)),
    ]
    for index in order:
        await deliver(town.service.runtime, outcomes, [late[index]], "outcomes")
    assert await town.counts() == {"enrolled": 1}
    assert [row["taken"] for row in await town.fetch("SELECT taken FROM offer")] == [1]


async def test_unanswered_referrals_expire(town: Town) -> None:
    await allocated(town, 3, 4)
    (first, *_) = await town.referrals()
    await town.post(f"/referrals/{first['id']}/accept")
    connection = await town.service.database.connect()
    await connection.execute("UPDATE referral SET answer_by = '2026-01-01', due_on = '2026-01-01'")
    await connection.close()
    (_, late, *_) = [first, *await town.referrals()]
    await town.post(f"/referrals/{late['id']}/accept", 409)
    await referrals.expire(town.service.runtime)
    assert await town.counts() == {"accepted": 1, "no_show": 2, "queued": 1}
    assert [row["taken"] for row in await town.fetch("SELECT taken FROM offer")] == [1]
    await town.post(f"/applications/{late['application_id']}/restore")
    assert (await town.allocate())["placed"] == 2


async def test_a_family_referred_anew_while_the_old_answer_expires_keeps_the_new_place(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await allocated(town, 1, 1)
    (old,) = await town.referrals()
    await town.fetch("UPDATE referral SET answer_by = '2026-01-01', due_on = '2026-01-01'")
    lock = applications.lock

    async def late(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
        """Before the expiry gets its locks the family declines, comes back and is referred again."""
        monkeypatch.setattr(applications, "lock", lock)
        await town.post(f"/referrals/{old['id']}/decline")
        await town.post(f"/applications/{old['application_id']}/restore")
        await town.allocate()
        await lock(uow, ids)

    monkeypatch.setattr(applications, "lock", late)
    await referrals.expire(town.service.runtime)
    (new,) = await town.referrals()
    assert new["id"] != old["id"]
    assert await town.counts() == {"referred": 1}


async def test_replay_sends_every_state_and_every_admission(town: Town) -> None:
    wanted = await allocated(town, 2, 3)
    for item in await town.referrals():
        await town.take(item)
    await town.order(wanted)
    async with town.service.runtime.sessions() as session:
        sent: list[Any] = [item async for chunk in states(session, 2) for item in chunk]
        approved: list[Any] = [item async for chunk in admissions(session, 1) for item in chunk]
    newest = {row["subject"]: row["payload"] for row in await town.events(ApplicationStatusChanged.type)}
    assert {item.event.subject: item.event.model_dump_json() for item in sent} == newest
    published = await town.events(AdmissionApproved.type)
    assert {str(item.event.admission_id) for item in approved} == {row["subject"] for row in published}
