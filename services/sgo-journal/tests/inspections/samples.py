"""Sample calls of the routes of inspections and remarks."""

from typing import Any

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..factories import MONDAY, YEAR, School
from ..places import school_of

DUE = "2026-09-20"


def inspection(**more: Any) -> dict[str, Any]:
    """An inspection of all journals on Monday."""
    return {"aim": "Заполнение", "first_day": MONDAY.isoformat(), "last_day": MONDAY.isoformat(), **more}


async def begun(school: School, **more: Any) -> dict[str, Any]:
    """An inspection of the school."""
    answer = await school.service.client.post(
        f"/organizations/{school.organization_id}/inspections", json=inspection(**more), headers=school.admin
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def remarked(school: School, **more: Any) -> dict[str, Any]:
    """A remark on the school's journal, made to its teacher."""
    journal = str(await school.journal())
    body = {"journal_id": journal, "kind": "marks", "text": "Мало отметок", "due_on": DUE, **more}
    inspected = await begun(school, journal_ids=[journal])
    answer = await school.service.client.post(
        f"/inspections/{inspected['id']}/remarks", json=body, headers=school.admin
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def begin(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    await school.journal()
    return Call(f"/organizations/{place.organization_id}/inspections", {"json": inspection()})


async def an_inspection(world: World, place: Place) -> tuple[School, dict[str, Any]]:
    school = await school_of(world, place)
    return school, await begun(school, journal_ids=[str(await school.journal())])


async def inspections(world: World, place: Place) -> Listed:
    _, made = await an_inspection(world, place)
    path = f"/organizations/{place.organization_id}/inspections"
    return Listed(Call(path, {"params": {"academic_year": YEAR, "limit": 500}}), made["id"])


async def read(world: World, place: Place) -> Call:
    _, made = await an_inspection(world, place)
    return Call(f"/inspections/{made['id']}")


async def search(world: World, place: Place) -> Call:
    _, made = await an_inspection(world, place)
    return Call(f"/inspections/{made['id']}/search")


async def finish(world: World, place: Place) -> Call:
    _, made = await an_inspection(world, place)
    options = {"json": {"conclusion": "Журналы в порядке"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/inspections/{made['id']}/conclusion", options)


async def make(world: World, place: Place) -> Call:
    school, made = await an_inspection(world, place)
    body = {"journal_id": str(await school.journal()), "kind": "other", "text": "Исправить", "due_on": DUE}
    return Call(f"/inspections/{made['id']}/remarks", {"json": body})


async def a_remark(world: World, place: Place) -> dict[str, Any]:
    return await remarked(await school_of(world, place))


async def decide(world: World, place: Place) -> Call:
    made = await a_remark(world, place)
    body = {"step": "clear", "remarks": [{"id": made["id"], "version": 1}]}
    return Call(f"/inspections/{made['inspection_id']}/decisions", {"json": body})


async def remarks(world: World, place: Place) -> Listed:
    made = await a_remark(world, place)
    path = f"/organizations/{place.organization_id}/remarks"
    return Listed(Call(path, {"params": {"academic_year": YEAR, "limit": 500}}), made["id"])


async def read_remark(world: World, place: Place) -> Call:
    return Call(f"/remarks/{(await a_remark(world, place))['id']}")


async def change(world: World, place: Place) -> Call:
    made = await a_remark(world, place)
    return Call(f"/remarks/{made['id']}", {"json": {"text": "Мало отметок у всех"}, "headers": {"If-Match": '"1"'}})


async def answer(world: World, place: Place) -> Call:
    made = await a_remark(world, place)
    return Call(f"/remarks/{made['id']}/answer", {"json": {"comment": "Сделано"}, "headers": {"If-Match": '"1"'}})


SAMPLES: dict[str, Sample | Listing] = {
    "begin_inspection": Sample(begin),
    "list_inspections": Listing(inspections, key="id", denied=404),
    "read_inspection": Sample(read),
    "search_gaps": Sample(search),
    "finish_inspection": Sample(finish),
    "make_remark": Sample(make),
    "decide_on_remarks": Sample(decide),
    "list_remarks": Listing(remarks, key="id", denied=404),
    "read_remark": Sample(read_remark),
    "change_remark": Sample(change),
    "answer_remark": Sample(answer),
}
