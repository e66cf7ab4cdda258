"""Transfers between organizations: each step by its own side, within its term; one card, one stay, nobody lost on the way."""

import asyncio
from datetime import date

import pytest

from asu_contracts.access import Role
from asu_contracts.core import MovementRecorded, TransferAccepted
from servicekit.messaging.republish import Aggregate
from servicekit.testing import ServiceUnderTest
from servicekit.workdays import add_workdays
from sgo_core.bootstrap import SERVICE

from .transferring import Move, TickingClock, a_move
from .world import MUNICIPALITY, OTHER_MUNICIPALITY, Registry, class_, snils

TODAY = date(2026, 10, 1)


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    service.runtime.clock = TickingClock.on(TODAY)
    return Registry(service)


def later(registry: Registry, day: date) -> None:
    registry.service.runtime.clock = TickingClock.on(day)


async def stays(move: Move) -> list[tuple[object, ...]]:
    found = await move.registry.fetch(
        "SELECT organization_id, valid_from, valid_to FROM membership WHERE student_id = $1 ORDER BY valid_from",
        move.student,
    )
    return [tuple(one.values()) for one in found]


async def listed(registry: Registry, headers: dict[str, str], **params: str) -> list[dict[str, object]]:
    answer = await registry.service.client.get("/transfers", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, object]] = answer.json()["items"]
    return items


async def released(registry: Registry) -> Move:
    move = await a_move(registry)
    assert (await move.ask_out()).status_code == 201
    assert (await move.step(move.receiver, "agreement", group_id=str(move.there))).status_code == 200
    answer = await move.release(TODAY)
    assert answer.status_code == 200, answer.text
    return move


async def test_the_whole_way_of_a_child(registry: Registry) -> None:
    """Request, place, release, personal file, acceptance, notice; both orders on one day: the stay passes over."""
    move = await a_move(registry)
    asked = await move.ask_out(wish="1 класс, казачий")
    assert (asked.status_code, asked.json()["state"], asked.json()["awaits"]) == (201, "asked", "receiver")
    assert asked.json()["due_on"] == add_workdays(TODAY, 3).isoformat()
    agreed = await move.step(move.receiver, "agreement", group_id=str(move.there))
    assert (agreed.status_code, agreed.json()["state"], agreed.json()["awaits"]) == (200, "agreed", "sender")
    assert (await move.release(TODAY)).status_code == 200
    handed = await move.step(move.sender, "file", on=TODAY.isoformat(), handed_to="family")
    assert (handed.status_code, handed.json()["awaits"]) == (200, "receiver")
    assert (await move.step(move.receiver, "file-receipt", on=TODAY.isoformat())).status_code == 200
    accepted = await move.accept(TODAY)
    assert accepted.status_code == 200, accepted.text
    card = (await move.read(registry.position(move.receiver, Role.SECRETARY))).json()
    assert (card["state"], card["awaits"], card["due_on"]) == (
        "accepted",
        "receiver",
        add_workdays(TODAY, 2).isoformat(),
    )
    assert card["acceptance_order"]["date"] == TODAY.isoformat()
    assert "mobile_phone" in card["closed"]
    told = await move.step(move.receiver, "notice")
    assert (told.json()["notice_on"], told.json()["awaits"], told.json()["due_on"]) == (TODAY.isoformat(), None, None)
    assert await stays(move) == [
        (move.sender, date(2026, 9, 1), TODAY),
        (move.receiver, TODAY, None),
    ]
    assert await registry.value("SELECT count(*) FROM student") == 1
    (event,) = await registry.events(TransferAccepted.type)
    fact = TransferAccepted.model_validate_json(event["payload"])
    assert (fact.from_organization_id, fact.to_organization_id, fact.student_id, fact.effective_date) == (
        move.sender,
        move.receiver,
        move.student,
        TODAY,
    )
    lines = [
        MovementRecorded.model_validate_json(one["payload"]) for one in await registry.events(MovementRecorded.type)
    ]
    assert [one.kind for one in lines] == ["enrolled", "transferred_between_organizations", "enrolled"]
    book = await registry.service.client.get(f"/organizations/{move.sender}/movements", headers=registry.region)
    gone = book.json()["items"][-1]
    assert (gone["kind"], gone["transfer_id"]) == ("transferred_between_organizations", card["id"])
    assert gone["destination"] == card["to_name"]
    await registry.check()


async def test_a_consent_to_the_former_school_opens_nothing_in_the_new_one(registry: Registry) -> None:
    move = await a_move(registry)
    await registry.consent(move.sender, move.student)
    await move.ask_out()
    mine = (await move.read(registry.position(move.sender, Role.SECRETARY))).json()["closed"]
    theirs = (await move.read(registry.position(move.receiver, Role.SECRETARY))).json()["closed"]
    assert mine == []
    assert {"mobile_phone", "health_group"} <= set(theirs)


async def test_the_receiver_asks_by_a_number_and_learns_the_name_with_the_release(registry: Registry) -> None:
    move = await a_move(registry)
    born = "2020-05-14"
    wrong = await move.ask_in(snils=snils(1), birth_date="2020-05-15")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "transfers.child-not-found")
    asked = await move.ask_in(snils=snils(1), birth_date=born)
    assert (asked.status_code, asked.json()["state"], asked.json()["awaits"]) == (201, "agreed", "sender"), asked.text
    receiver, sender = (registry.position(one, Role.SECRETARY) for one in (move.receiver, move.sender))
    theirs, ours = (await move.read(receiver)).json(), (await move.read(sender)).json()
    assert (theirs["student_id"], theirs["values"], theirs["hint"]) == (None, {}, "О. А., 2020 г. р.")
    assert (ours["student_id"], ours["values"]["last_name"]) == (str(move.student), "Образцова")
    again = await move.ask_in(snils=snils(1), birth_date=born)
    assert (again.status_code, again.json()["code"]) == (409, "transfers.open")
    assert (await move.release(TODAY)).status_code == 200
    assert (await move.read(receiver)).json()["values"]["last_name"] == "Образцова"


async def test_each_step_is_its_own_sides(registry: Registry) -> None:
    move = await a_move(registry)
    await move.ask_out()
    own = await move.step(move.sender, "agreement")
    assert (own.status_code, own.json()["code"]) == (403, "transfers.other-side")
    stranger = await registry.organization()
    assert (await move.step(stranger, "agreement")).status_code == 404
    early = await move.release(TODAY)
    assert [one["code"] for one in early.json()["errors"]] == ["movements.transfer-required"]
    left = await registry.order(
        move.sender,
        {
            "student_id": str(move.student),
            "kind": "departed",
            "effective_date": "2026-10-01",
            "reason": "abroad",
            "destination": "—",
        },
        number="в",
    )
    assert [one["code"] for one in left.json()["errors"]] == ["movements.transfer-open"]
    assert (await move.step(move.sender, "file", on="2026-10-01", handed_to="family")).json()[
        "code"
    ] == "transfers.state"
    assert (await move.step(move.receiver, "notice")).json()["code"] == "transfers.state"
    assert (await move.step(move.receiver, "withdrawal", remark="Не наш")).status_code == 403
    stale = await registry.service.client.post(
        f"/transfers/{move.transfer['id']}/agreement",
        json={},
        headers={**registry.position(move.receiver, Role.SECRETARY), "If-Match": '"7"'},
    )
    assert stale.status_code == 412
    withdrawn = await move.step(move.sender, "withdrawal", remark="Семья передумала")
    assert (withdrawn.json()["state"], withdrawn.json()["end_reason"]) == ("withdrawn", "withdrawn")
    assert (await move.ask_out()).status_code == 201


@pytest.mark.parametrize(
    ("side", "reason", "code"),
    [
        ("receiver", "no_places", None),
        ("receiver", "no_application", "transfers.reason"),
        ("sender", "not_here", "transfers.state"),
    ],
)
async def test_a_refusal_names_its_reason(registry: Registry, side: str, reason: str, code: str | None) -> None:
    move = await a_move(registry)
    await move.ask_out()
    answer = await move.step(move.receiver if side == "receiver" else move.sender, "refusal", reason=reason)
    if code is None:
        assert (answer.json()["state"], answer.json()["end_reason"], answer.json()["due_on"]) == (
            "refused",
            reason,
            None,
        )
        assert len(await stays(move)) == 1
    else:
        assert answer.json()["code"] == code


async def test_who_is_released_and_not_accepted_stays_in_sight(registry: Registry) -> None:
    """The sender and both bodies see the child; the receiver that declines does not lose it; terms run out visibly."""
    move = await released(registry)
    body = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
    other_body = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=OTHER_MUNICIPALITY)
    sender = registry.position(move.sender, Role.SECRETARY)
    for headers in (sender, body, other_body, registry.region):
        assert [one["id"] for one in await listed(registry, headers, unaccepted="true")] == [move.transfer["id"]]
        assert await listed(registry, headers, overdue="true") == []
    later(registry, date(2026, 10, 20))
    for headers in (sender, body, other_body):
        assert [one["overdue"] for one in await listed(registry, headers, overdue="true")] == [True]
    assert await listed(registry, body, overdue="true", direction="in") == []
    assert (await registry.service.client.get(f"/students/{move.student}", headers=sender)).status_code == 200
    assert (await registry.service.client.get(f"/students/{move.student}", headers=body)).status_code == 200
    declined = await move.step(move.receiver, "refusal", reason="papers_missing")
    assert (declined.json()["state"], declined.json()["awaits"]) == ("declined", "sender")
    third = await registry.organization()
    (group,) = await registry.groups(third, class_("1А"))
    assert (await move.step(move.sender, "redirection", to_organization_id=str(third))).json()["state"] == "released"
    assert (await move.accept(date(2026, 10, 20), third, group["id"])).status_code == 200
    assert await listed(registry, body, unaccepted="true") == []
    gone = await registry.service.client.get(f"/students/{move.student}", headers=sender)
    assert gone.status_code == 404
    assert [one[0] for one in await stays(move)] == [move.sender, third]
    await registry.check()


async def test_a_child_enrolled_elsewhere_has_arrived_there(registry: Registry) -> None:
    """A class list of a third school takes a child on the way: the transfer leads there then, and the sender sees it."""
    move = await released(registry)
    third = await registry.organization()
    group_id = await registry.school_class(third)
    await registry.admit(registry.admission(third, group_id, 1, effective_date=date(2026, 10, 5)))
    card = (await move.read()).json()
    assert (card["state"], card["to_organization_id"], card["accepted_on"]) == ("accepted", str(third), "2026-10-05")
    (event,) = await registry.events(TransferAccepted.type)
    assert TransferAccepted.model_validate_json(event["payload"]).to_organization_id == third


async def test_a_child_that_leaves_the_region_is_closed_by_the_sender(registry: Registry) -> None:
    move = await released(registry)
    assert (await move.step(move.receiver, "closing", outcome="left_region")).status_code == 403
    assert (await move.step(move.sender, "closing", outcome="нигде")).json()["code"] == "transfers.reason"
    closed = await move.step(move.sender, "closing", outcome="left_region")
    assert (closed.json()["state"], closed.json()["end_reason"], closed.json()["awaits"]) == (
        "closed",
        "left_region",
        None,
    )


async def test_a_child_that_the_sender_enrols_again_has_come_back(registry: Registry) -> None:
    move = await released(registry)
    assert (await move.step(move.sender, "closing", outcome="returned")).json()["code"] == "transfers.reason"
    assert (await move.step(move.sender, "file", on=TODAY.isoformat(), handed_to="organization")).status_code == 200
    back = await move.accept(date(2026, 10, 5), move.sender, move.here)
    assert back.status_code == 200, back.text
    card = (await move.read()).json()
    assert (card["state"], card["end_reason"], card["accepted_on"], card["awaits"]) == (
        "closed",
        "returned",
        None,
        None,
    )
    kept = await move.step(move.receiver, "file-receipt", on="2026-10-05")
    assert (kept.status_code, kept.json()["code"]) == (409, "transfers.state")
    assert await registry.events(TransferAccepted.type) == []
    async with registry.service.runtime.uow() as uow:
        assert [one async for chunk in SERVICE.sources[TransferAccepted](uow.session) for one in chunk] == []
    assert await registry.contingent(move.sender, date(2026, 10, 5)) == 1
    assert (await move.cancel(move.sender, back.json()["id"])).status_code == 200
    card = (await move.read()).json()
    assert (card["state"], card["end_reason"]) == ("released", None)
    assert (await move.accept(date(2026, 10, 6))).status_code == 200
    await registry.check()


class TestCancelling:
    """Orders that cancel: back by the steps, the last first."""

    async def test_acceptance_then_release(self, registry: Registry) -> None:
        move = await a_move(registry)
        await move.ask_out()
        await move.step(move.receiver, "agreement")
        release = (await move.release(TODAY)).json()["id"]
        acceptance = (await move.accept(TODAY)).json()["id"]
        early = await move.cancel(move.sender, release)
        assert (early.status_code, early.json()["code"]) == (409, "orders.stands")
        assert (await move.cancel(move.receiver, acceptance)).status_code == 200
        assert (await move.read()).json()["state"] == "released"
        assert (await move.cancel(move.sender, release)).status_code == 200
        card = (await move.read()).json()
        assert (card["state"], card["release_order"], card["awaits"]) == ("agreed", None, "sender")
        assert await registry.contingent(move.sender, TODAY) == 1
        assert await registry.contingent(move.receiver, TODAY) == 0
        await registry.check()
        assert (await move.release(TODAY)).status_code == 200
        assert (await move.accept(TODAY)).status_code == 200
        assert len(await registry.events(TransferAccepted.type)) == 2
        source = SERVICE.sources[TransferAccepted]
        async with registry.service.runtime.uow() as uow:
            again: list[Aggregate] = [one async for chunk in source(uow.session) for one in chunk]
        assert {one.event.model_dump_json() for one in again} == {
            TransferAccepted.model_validate_json(one["payload"]).model_dump_json()
            for one in await registry.events(TransferAccepted.type)
        }
        await registry.check()

    async def test_an_enrolment_from_which_a_transfer_has_begun_stands(self, registry: Registry) -> None:
        move = await a_move(registry)
        enrolled = await registry.value("SELECT id::text FROM movement_order")
        await move.ask_out()
        stands = await move.cancel(move.sender, enrolled)
        assert (stands.status_code, stands.json()["code"]) == (409, "orders.stands")
        await move.step(move.receiver, "refusal", reason="no_places")
        assert (await move.cancel(move.sender, enrolled)).status_code == 200
        await registry.check()

    async def test_who_left_the_region_after_all_comes_back(self, registry: Registry) -> None:
        move = await released(registry)
        order_id = await registry.value("SELECT release_order_id::text FROM transfer")
        await move.step(move.sender, "closing", outcome="other")
        assert (await move.cancel(move.sender, order_id)).status_code == 200
        assert (await move.read()).json()["state"] == "withdrawn"
        assert await registry.contingent(move.sender, TODAY) == 1
        await registry.check()


async def test_two_schools_ask_for_one_child_at_once(registry: Registry) -> None:
    move = await a_move(registry)
    rival = Move(registry, move.sender, await registry.organization(), move.here, move.there, move.student)
    answers = await asyncio.gather(
        move.ask_in(snils=snils(1), birth_date="2020-05-14"),
        rival.ask_in(snils=snils(1), birth_date="2020-05-14", group_id=None),
    )
    assert sorted(one.status_code for one in answers) == [201, 409]


@pytest.mark.parametrize(
    ("kind", "code"), [("preschool", "transfers.destination"), ("itself", "transfers.same-organization")]
)
async def test_a_destination_that_cannot_be(registry: Registry, kind: str, code: str) -> None:
    move = await a_move(registry)
    there = move.sender if kind == "itself" else await registry.organization(kind)
    answer = await move.ask_out(to_organization_id=str(there))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    future = await move.ask_out(applied_on="2026-10-02")
    assert future.json()["code"] == "transfers.date"
