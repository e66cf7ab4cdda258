"""Sample calls of the routes of transfers: the place is the side that the route belongs to."""

from datetime import date
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..world import Registry, snils
from .registry import another_student, place_organization, plain

_numbers = iter(range(700_000, 10_000_000))

_ORDER = (
    "INSERT INTO movement_order (id, organization_id, number, date, state, lines, drafted_by, signed_by, signed_at, "
    "recorded_at, recorded_by, reason) VALUES ($1, $2, $1::uuid::text, $3, 'signed', '[]', 'test', 'test', now(), now(), 'test', "
    "'Проверка') RETURNING id"
)
_TRANSFER = (
    "INSERT INTO transfer (id, student_id, from_organization_id, to_organization_id, asked_by, state, applied_on, agreed_on, "
    "release_order_id, released_on, file_handed_on, file_handed_to, acceptance_order_id, accepted_on, due_on, recorded_at, "
    "recorded_by, reason) VALUES ($1, $2, $3, $4, 'sender', $5, $6, $6, $7, $8, $9, $10, $11, $12, $6, now(), 'test', 'Проверка')"
)


async def _beside(registry: Registry, place: Place) -> UUID:
    """Another organization of the place's municipality."""
    beside = Registry(registry.service)
    beside.first_number = next(_numbers)
    return await beside.organization(municipality=place.municipality)


async def between(world: World, place: Place, *, out: bool, state: str = "asked") -> tuple[Registry, UUID]:
    """A transfer from the place, or to it, in a state; the child is a student of the place, whichever side it is on."""
    registry, student = await another_student(world, place)
    other, today = await _beside(registry, place), world.service.runtime.clock.today()
    sender, receiver = (place.organization_id, other) if out else (other, place.organization_id)
    transfer_id = new_id()
    released = today if state in {"released", "accepted"} else None
    accepted = today if state == "accepted" else None
    release = await _order(registry, sender, released)
    acceptance = await _order(registry, receiver, accepted)
    handed = None if out else released
    side = None if handed is None else "family"
    await registry.fetch(
        _TRANSFER, transfer_id, student, sender, receiver, state, today, release, released, handed, side, acceptance, accepted
    )  # fmt: skip
    return registry, transfer_id


async def _order(registry: Registry, organization_id: UUID, day: date | None) -> UUID | None:
    if day is None:
        return None
    found: UUID = await registry.value(_ORDER, new_id(), organization_id, day)
    return found


async def ask_transfer_out(world: World, place: Place) -> Call:
    registry, student = await another_student(world, place)
    today = world.service.runtime.clock.today().isoformat()
    body = {"to_organization_id": str(await _beside(registry, place)), "applied_on": today}
    return Call(f"/students/{student}/transfers", {"json": body})


async def ask_transfer_in(world: World, place: Place) -> Call:
    registry = await place_organization(world, place)
    sender, number = await _beside(registry, place), next(_numbers)
    await registry.student(sender, await registry.school_class(sender), number)
    today = world.service.runtime.clock.today().isoformat()
    body = {"snils": snils(number), "birth_date": "2020-05-14", "applied_on": today}
    return Call(f"/organizations/{place.organization_id}/transfer-requests", {"json": body})


async def read(world: World, place: Place) -> Call:
    _, transfer_id = await between(world, place, out=True)
    return Call(f"/transfers/{transfer_id}")


def listing(path: str) -> Any:
    async def make(world: World, place: Place) -> Listed:
        _, transfer_id = await between(world, place, out=True)
        return Listed(Call(path.format(place.organization_id)), transfer_id)

    return make


def of_sender(suffix: str, state: str = "asked", **body: Any) -> Any:
    return _step(suffix, state, body, out=True)


def of_receiver(suffix: str, state: str = "asked", **body: Any) -> Any:
    return _step(suffix, state, body, out=False)


def _step(suffix: str, state: str, body: dict[str, Any], *, out: bool) -> Any:
    async def make(world: World, place: Place) -> Call:
        registry, transfer_id = await between(world, place, out=out, state=state)
        sent = dict(body)
        if suffix in {"/file", "/file-receipt"}:
            sent["on"] = world.service.runtime.clock.today().isoformat()
        if suffix == "/redirection":
            sent["to_organization_id"] = str(await _beside(registry, place))
        return Call(f"/transfers/{transfer_id}{suffix}", {"json": sent, "headers": {"If-Match": '"1"'}})

    return make


SAMPLES: dict[str, Sample | Listing] = {
    "get_transfer_reference": plain("/transfer-reference"),
    "ask_transfer_out": Sample(ask_transfer_out),
    "ask_transfer_in": Sample(ask_transfer_in),
    "get_transfer": Sample(read),
    "list_organization_transfers": Listing(listing("/organizations/{}/transfers"), denied=404),
    "list_transfers": Listing(listing("/transfers")),
    "agree_transfer": Sample(of_receiver("/agreement")),
    "refuse_transfer": Sample(of_receiver("/refusal", reason="no_places")),
    "withdraw_transfer": Sample(of_sender("/withdrawal", remark="Семья передумала")),
    "hand_personal_file": Sample(of_sender("/file", "released", handed_to="family")),
    "receive_personal_file": Sample(of_receiver("/file-receipt", "released")),
    "notify_sender": Sample(of_receiver("/notice", "accepted")),
    "redirect_transfer": Sample(of_sender("/redirection", "released")),
    "close_transfer": Sample(of_sender("/closing", "released", outcome="left_region")),
}
