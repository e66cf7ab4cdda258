"""Sample calls of additional forms: each level defines its own, an organization fills in."""

from typing import Any
from uuid import UUID

from asu_contracts.access import UNIT_OF_ROLE, Role, UnitKind
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..telling import tell_of

ASKED: dict[str, Any] = {
    "title": "Оборудование",
    "definition": {
        "rows": [{"code": "1", "title": "Принтеры"}, {"code": "2", "title": "Серверы"}],
        "columns": [
            {"code": "n", "title": "Штук", "kind": "integer"},
            {"code": "m", "title": "Тысяч рублей", "kind": "decimal"},
            {"code": "ok", "title": "Исправны", "kind": "yes_no"},
            {"code": "t", "title": "Примечание", "kind": "text"},
        ],
    },
}


def at(world: World, place: Place, level: UnitKind) -> tuple[dict[str, str], dict[str, Any]]:
    """Who defines a form at a level around the place, and what it asks."""
    if level is UnitKind.REGION:
        return world.service.tokens.headers(Role.REGION_ADMIN), {**ASKED, "respondents": ["preschool"]}
    if level is UnitKind.MUNICIPALITY:
        operator = world.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=place.municipality)
        return operator, {**ASKED, "respondents": ["preschool"]}
    head = world.service.tokens.headers(
        Role.HEAD, municipality=place.municipality, organization_id=place.organization_id
    )
    return head, ASKED


async def made(world: World, place: Place, level: UnitKind = UnitKind.ORGANIZATION, *, publish: bool = False) -> str:
    """The path of a form of a level around the place."""
    await tell_of(world, place)
    headers, body = at(world, place, level)
    found = await world.service.client.post("/additional-forms", json=body, headers=headers)
    assert found.status_code == 201, found.text
    path = f"/additional-forms/{found.json()['id']}"
    if publish:
        done = await world.service.client.post(f"{path}/publication", headers={**headers, "If-Match": '"1"'})
        assert done.status_code == 200, done.text
    return path


def own(world: World) -> UnitKind:
    return UNIT_OF_ROLE[world.role]


async def create(world: World, place: Place) -> Call:
    body = {**ASKED, "respondents": [] if own(world) is UnitKind.ORGANIZATION else ["school"]}
    return Call("/additional-forms", {"json": body})


async def listed(world: World, place: Place) -> Listed:
    path = await made(world, place)
    return Listed(Call("/additional-forms"), UUID(path.rpartition("/")[2]))


async def get(world: World, place: Place) -> Call:
    return Call(await made(world, place))


async def change(world: World, place: Place) -> Call:
    path = await made(world, place, own(world))
    body = {**at(world, place, own(world))[1], "title": "Техника"}
    return Call(path, {"json": body, "headers": {"If-Match": '"1"'}})


async def publish(world: World, place: Place) -> Call:
    return Call(f"{await made(world, place, own(world))}/publication", {"headers": {"If-Match": '"1"'}})


async def answer(world: World, place: Place) -> Call:
    return Call(f"{await made(world, place, publish=True)}/answers/{place.organization_id}")


async def fill(world: World, place: Place) -> Call:
    path = f"{await made(world, place, publish=True)}/answers/{place.organization_id}"
    return Call(path, {"json": {"cells": [{"row": "1", "column": "n", "value": 3}]}, "headers": {"If-Match": '"0"'}})


async def respondents(world: World, place: Place) -> Call:
    return Call(f"{await made(world, place, publish=True)}/respondents")


async def summary(world: World, place: Place) -> Call:
    return Call(f"{await made(world, place, publish=True)}/summary")


SAMPLES: dict[str, Sample | Listing] = {
    "create_additional_form": Sample(create, scoped=False),
    "list_additional_forms": Listing(listed),
    "get_additional_form": Sample(get),
    "change_additional_form": Sample(change),
    "publish_additional_form": Sample(publish),
    "get_additional_answer": Sample(answer),
    "put_additional_answer": Sample(fill),
    "list_form_respondents": Sample(respondents),
    "get_form_summary": Sample(summary),
}
