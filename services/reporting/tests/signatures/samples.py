"""Sample calls of outside signatures: each level signs its own reports."""

from typing import Any

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listing, Place, Sample, World
from servicekit.testing.signing import signed

from ..factories import Reporting
from ..telling import DAY, OWN_LEVEL, level_unit, tell_of


async def report(world: World, place: Place, **unit: Any) -> tuple[Reporting, str]:
    await tell_of(world, place)
    reporting = Reporting(world.service)
    return reporting, await reporting.build(form="85-k", as_of=DAY, **unit)


async def a_signature(reporting: Reporting, report_id: str, headers: dict[str, str]) -> bytes:
    content = (await reporting.get(f"/reports/{report_id}/to-sign", headers)).content
    return signed(content)


async def to_sign(world: World, place: Place) -> Call:
    _, report_id = await report(world, place, organization_id=str(place.organization_id))
    return Call(f"/reports/{report_id}/to-sign")


async def attach(world: World, place: Place) -> Call:
    reporting, report_id = await report(world, place, **level_unit(world, place))
    file = await a_signature(reporting, report_id, reporting.headers())
    return Call(f"/reports/{report_id}/signatures", {"files": {"file": ("report.p7s", file)}})


async def attached(world: World, place: Place) -> Call:
    return await world.once("signature", place, lambda: _attached(world, place))


async def _attached(world: World, place: Place) -> Call:
    reporting, report_id = await report(world, place, organization_id=str(place.organization_id))
    head = reporting.headers(Role.HEAD, municipality=place.municipality, organization_id=place.organization_id)
    file = await a_signature(reporting, report_id, head)
    path = f"/reports/{report_id}/signatures"
    answer = await world.service.client.post(path, headers=head, files={"file": ("report.p7s", file)})
    assert answer.status_code == 201, answer.text
    return Call(f"{path}/{answer.json()['id']}/file")


async def listed(world: World, place: Place) -> Call:
    return Call((await attached(world, place)).path.rsplit("/", 2)[0])


SAMPLES: dict[str, Sample | Listing] = {
    "export_report_to_sign": Sample(to_sign),
    "attach_signature": Sample(attach, visible=OWN_LEVEL),
    "list_signatures": Sample(listed),
    "get_signature_file": Sample(attached),
}
