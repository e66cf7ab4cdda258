"""Sample calls of the routes of outside signatures under orders."""

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listing, Place, Sample, World
from servicekit.testing.signing import signed

from ..world import Registry
from .orders import checked


async def to_sign(world: World, place: Place) -> Call:
    async def path_of() -> str:
        return (await checked(world, place))[1]

    return Call(f"{await world.once('checked order', place, path_of)}/to-sign")


async def attach(world: World, place: Place) -> Call:
    registry, path, _ = await checked(world, place)
    content = await registry.service.client.get(
        f"{path}/to-sign", headers=registry.position(place.organization_id, Role.HEAD)
    )
    file = signed(content.content)
    return Call(f"{path}/signatures", {"files": {"file": ("order.p7s", file)}})


async def listed(world: World, place: Place) -> Call:
    return Call((await attached(world, place)).path.rsplit("/", 2)[0])


async def attached(world: World, place: Place) -> Call:
    return await world.once("order signature", place, lambda: _attached(world, place))


async def _attached(world: World, place: Place) -> Call:
    registry, call = Registry(world.service), await attach(world, place)
    head = registry.position(place.organization_id, Role.HEAD)
    answer = await world.service.client.post(call.path, headers=head, **call.options)
    assert answer.status_code == 201, answer.text
    return Call(f"{call.path}/{answer.json()['id']}/file")


SAMPLES: dict[str, Sample | Listing] = {
    "export_order_to_sign": Sample(to_sign),
    "attach_order_signature": Sample(attach),
    "list_order_signatures": Sample(listed),
    "get_order_signature_file": Sample(attached),
}
