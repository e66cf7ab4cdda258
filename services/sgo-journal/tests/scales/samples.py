"""Sample calls of conversions between scales."""

from servicekit.testing.matrix import Call, Place, Sample, World

from ..places import school_of


async def read_conversion(world: World, place: Place) -> Call:
    await school_of(world, place)
    return Call(f"/organizations/{place.organization_id}/scale-conversions/1/2")


async def put_conversion(world: World, place: Place) -> Call:
    await school_of(world, place)
    path = f"/organizations/{place.organization_id}/scale-conversions/1/2"
    body = {"values": [{"code": "5", "to": "pass"}]}
    return Call(path, {"json": body, "headers": {"If-Match": '"0"'}})


SAMPLES: dict[str, Sample] = {"read_conversion": Sample(read_conversion), "put_conversion": Sample(put_conversion)}
