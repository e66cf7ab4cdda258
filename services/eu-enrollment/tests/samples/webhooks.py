"""Sample calls of webhooks: a subscription is its client's alone."""

from collections.abc import Awaitable, Callable
from typing import Any

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listing, Place, Sample, Target, World

from ..factories import PORTAL
from .places import plain

OWN = {Role.PORTAL: frozenset({Target.OWN})}
WHERE = {"url": "https://portal.example/notices"}


async def subscription(world: World, place: Place) -> str:
    mine = place.target is Target.OWN and world.is_of(Role.PORTAL)
    headers = (
        world.headers(Role.PORTAL)
        if mine
        else world.service.tokens.headers(Role.PORTAL, account_id=f"{PORTAL}-{new_id()}")
    )
    if mine:
        for old in (await world.service.client.get("/portal/webhooks", headers=headers)).json():
            await world.service.client.delete(f"/portal/webhooks/{old['id']}", headers=headers)
    answer = await world.service.client.post("/portal/webhooks", json=WHERE, headers=headers)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


def of_subscription(path: str, **options: Any) -> Callable[[World, Place], Awaitable[Call]]:
    async def make(world: World, place: Place) -> Call:
        return Call(f"/portal/webhooks/{await subscription(world, place)}{path}", options)

    return make


async def dead(world: World, place: Place) -> Call:
    id_, delivery_id = await subscription(world, place), new_id()
    await world.service.fetch(
        "INSERT INTO webhook_delivery (id, webhook_id, application_id, status_seq, body, state, attempts, next_at,"
        " created_at, closed_at) VALUES ($1, $2, $3, 1, '{}', 'dead', 10, now(), now(), now())",
        delivery_id,
        id_,
        new_id(),
    )
    return Call(f"/portal/webhooks/{id_}/deliveries/{delivery_id}/resend")


async def exchange(world: World, place: Place) -> Call:
    id_, exchange_id = await subscription(world, place), new_id()
    await world.service.fetch(
        "INSERT INTO webhook_delivery (id, webhook_id, application_id, status_seq, body, state, attempts, next_at,"
        " created_at, closed_at, receiver, exchange_id)"
        " VALUES ($1, $2, $3, 1, '{}', 'delivered', 1, now(), now(), now(), 'https://portal.example', $4)",
        new_id(),
        id_,
        new_id(),
        exchange_id,
    )
    return Call(f"/outward-exchanges/{exchange_id}/resending")


async def create(world: World, _place: Place) -> Call:
    await subscription(world, _place)
    return Call("/portal/webhooks", {"json": WHERE})


SAMPLES: dict[str, Sample | Listing] = {
    "create_webhook": Sample(create, scoped=False),
    "list_webhooks": Sample(plain("/portal/webhooks"), scoped=False),
    "get_webhook": Sample(of_subscription(""), visible=OWN),
    "put_webhook": Sample(
        of_subscription("", json=WHERE | {"state": "disabled"}, headers={"If-Match": '"1"'}), visible=OWN
    ),
    "delete_webhook": Sample(of_subscription(""), visible=OWN),
    "rotate_webhook_secret": Sample(of_subscription("/secret"), visible=OWN),
    "try_webhook": Sample(of_subscription("/test"), visible=OWN),
    "list_deliveries": Sample(of_subscription("/deliveries"), visible=OWN),
    "resend_delivery": Sample(dead, visible=OWN),
    "resend_exchange": Sample(exchange, scoped=False),
}
