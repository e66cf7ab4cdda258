"""Sample calls of the constructor's routes: what is saved belongs to an account in its unit, so each role saves at its own place."""

from typing import Any
from uuid import UUID

from asu_contracts.access import UNIT_OF_ROLE, Role, UnitKind
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..factories import Reporting
from ..telling import DAY, tell_of


def query(place: Place, **more: Any) -> dict[str, Any]:
    unit = {"organization_id": str(place.organization_id)}
    return {"dataset": "learners", "rows": ["grade"], "unit": unit, "as_of": DAY, **more}


def for_everybody(place: Place) -> dict[str, Any]:
    """What is published: as of a day of which everybody is told."""
    return query(place, as_of="2026-10-01")


def saved(place: Place, **more: Any) -> dict[str, Any]:
    return {"title": "Классы", "query": query(place), **more}


async def datasets(_world: World, _place: Place) -> Call:
    return Call("/constructor/datasets")


async def run(world: World, place: Place) -> Call:
    await tell_of(world, place)
    return Call("/constructor/queries", {"json": query(place)})


def at(world: World, place: Place) -> dict[str, str]:
    """The caller, standing at the place."""
    unit: dict[UnitKind, dict[str, Any]] = {
        UnitKind.MUNICIPALITY: {"municipality": place.municipality},
        UnitKind.DEPARTMENT: {"founder_id": place.founder_id},
        UnitKind.ORGANIZATION: {"municipality": place.municipality, "organization_id": place.organization_id},
    }
    return world.service.tokens.headers(
        world.role, account_id=world.account_id, **unit.get(UNIT_OF_ROLE[world.role], {})
    )


async def make(world: World, place: Place, **more: Any) -> str:
    """A report that the caller saved at the place; its path."""
    await tell_of(world, place)
    answer = await world.service.client.post("/saved-reports", json=saved(place, **more), headers=at(world, place))
    assert answer.status_code == 201, answer.text
    return f"/saved-reports/{answer.json()['id']}"


async def save(world: World, place: Place) -> Call:
    await tell_of(world, place)
    return Call("/saved-reports", {"json": saved(place)})


async def listed(world: World, place: Place) -> Listed:
    path = await make(world, place)
    return Listed(Call("/saved-reports"), UUID(path.rpartition("/")[2]))


def reading(ending: str = "") -> Sample:
    async def call(world: World, place: Place) -> Call:
        return Call(f"{await make(world, place)}{ending}")

    return Sample(call)


async def edit(world: World, place: Place) -> Call:
    path = await make(world, place)
    return Call(path, {"json": saved(place, title="По классам"), "headers": {"If-Match": '"1"'}})


async def delete(world: World, place: Place) -> Call:
    return Call(await make(world, place), {"headers": {"If-Match": '"1"'}})


async def publish(world: World, place: Place) -> Call:
    return Call(f"{await make(world, place, query=for_everybody(place))}/publication")


async def withdraw(world: World, place: Place) -> Call:
    path = await make(world, place, query=for_everybody(place))
    answer = await world.service.client.post(f"{path}/publication", headers=at(world, place))
    assert answer.status_code in {201, 403}, answer.text  # who may not publish may not withdraw either
    return Call(f"{path}/publication")


async def published(world: World, place: Place) -> Call:
    await tell_of(world, place)
    reporting = Reporting(world.service)
    head = reporting.headers(Role.HEAD, municipality=place.municipality, organization_id=place.organization_id)
    made = await world.service.client.post(
        "/saved-reports", json=saved(place, query=for_everybody(place)), headers=head
    )
    answer = await world.service.client.post(f"/saved-reports/{made.json()['id']}/publication", headers=head)
    return Call(f"/public/reports/{answer.json()['id']}")


SAMPLES: dict[str, Sample | Listing] = {
    "list_datasets": Sample(datasets, scoped=False),
    "run_query": Sample(run),
    "save_report": Sample(save, scoped=False),
    "list_saved_reports": Listing(listed),
    "get_saved_report": reading(),
    "edit_saved_report": Sample(edit),
    "delete_saved_report": Sample(delete),
    "run_saved_report": reading("/result"),
    "export_saved_report": reading("/xlsx"),
    "export_saved_report_csv": reading("/csv"),
    "export_saved_report_pdf": reading("/pdf"),
    "publish_saved_report": Sample(publish),
    "withdraw_publication": Sample(withdraw),
    "get_public_report": Sample(published),
}
