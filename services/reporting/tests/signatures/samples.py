"""Sample calls of outside signatures: each level signs its own reports."""

from typing import Any

from asu_contracts.access import UNIT_OF_ROLE, Role, UnitKind
from servicekit.clock import Clock
from servicekit.testing.matrix import Call, Listing, Place, Sample, Target, World

from ..factories import Reporting
from ..telling import DAY, tell_of
from .signing import certificate, signed

_OWN_LEVEL = {
    role: frozenset(Target) if kind is UnitKind.REGION else frozenset({Target.OWN, Target.SIBLING})
    for role, kind in UNIT_OF_ROLE.items()
    if kind in {UnitKind.REGION, UnitKind.MUNICIPALITY}
}


async def report(world: World, place: Place, **unit: Any) -> tuple[Reporting, str]:
    await tell_of(world, place)
    reporting = Reporting(world.service)
    return reporting, await reporting.build(form="85-k", as_of=DAY, **unit)


async def a_signature(reporting: Reporting, report_id: str, headers: dict[str, str]) -> bytes:
    content = (await reporting.get(f"/reports/{report_id}/to-sign", headers)).content
    return signed(content, certificate(Clock().now()))  # whatever the day of the service


async def to_sign(world: World, place: Place) -> Call:
    _, report_id = await report(world, place, organization_id=str(place.organization_id))
    return Call(f"/reports/{report_id}/to-sign")


async def attach(world: World, place: Place) -> Call:
    units: dict[UnitKind, dict[str, Any]] = {
        UnitKind.REGION: {"region": True},
        UnitKind.MUNICIPALITY: {"municipality": place.municipality},
    }
    unit = units.get(UNIT_OF_ROLE[world.role], {"organization_id": str(place.organization_id)})
    reporting, report_id = await report(world, place, **unit)
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
    "attach_signature": Sample(attach, visible=_OWN_LEVEL),
    "list_signatures": Sample(listed),
    "get_signature_file": Sample(attached),
}
