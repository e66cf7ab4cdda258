"""Sample calls of the plans' routes."""

from typing import Any

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World
from sgo_journal.plans.workbooks import PlanRow, write_plan

from ..factories import YEAR, School
from ..places import school_of
from .desk import a_plan, call, followed, section, topic


async def fresh(world: World, place: Place) -> tuple[School, dict[str, Any]]:
    """A plan that no other sample has done anything with."""
    school = await school_of(world, place)
    return school, await a_plan(school, section("Природа", topic("Лес", 2)))


async def ready(world: World, place: Place) -> dict[str, Any]:
    """A plan of the caller's, as it was written."""

    async def make() -> dict[str, Any]:
        _, plan = await fresh(world, place)
        return plan

    return await world.once(f"plan of {world.person_id}", place, make)


async def listed(world: World, place: Place) -> Listed:
    plan = await ready(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/plans"), plan["id"])


async def create(world: World, place: Place) -> Call:
    await school_of(world, place)
    body = {"academic_year": YEAR, "title": "Кружок"}
    return Call(f"/organizations/{place.organization_id}/plans", {"json": body})


async def read(world: World, place: Place) -> Call:
    plan = await ready(world, place)
    return Call(f"/plans/{plan['id']}")


async def change(world: World, place: Place) -> Call:
    plan = await ready(world, place)
    return Call(f"/plans/{plan['id']}", {"json": {"title": "Иначе"}, "headers": {"If-Match": '"2"'}})


async def contents(world: World, place: Place) -> Call:
    plan = await ready(world, place)
    return Call(f"/plans/{plan['id']}/contents", {"json": {"sections": []}, "headers": {"If-Match": '"2"'}})


async def copy(world: World, place: Place) -> Call:
    plan = await ready(world, place)
    return Call(f"/plans/{plan['id']}/copies", {"json": {"academic_year": YEAR, "title": "Копия"}})


async def approve(world: World, place: Place) -> Call:
    plan = await ready(world, place)
    return Call(f"/plans/{plan['id']}/approval", {"headers": {"If-Match": '"2"'}})


async def export(world: World, place: Place) -> Call:
    plan = await ready(world, place)
    return Call(f"/plans/{plan['id']}/workbook")


async def load(world: World, place: Place) -> Call:
    plan = await ready(world, place)
    file = ("plan.xlsx", write_plan([PlanRow("Природа", "Река", 1)]))
    return Call(f"/plans/{plan['id']}/workbook", {"files": {"file": file}, "headers": {"If-Match": '"2"'}})


async def read_followed(world: World, place: Place) -> Call:
    school, plan = await fresh(world, place)
    await followed(school, plan)
    return Call(f"/journals/{await school.journal()}/plan")


async def follow(world: World, place: Place) -> Call:
    school, plan = await fresh(world, place)
    path = f"/journals/{await school.journal()}/plan"
    return Call(path, {"json": {"plan_id": plan["id"]}, "headers": {"If-Match": '"0"'}})


async def fulfilment(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    return Call(f"/journals/{await school.journal()}/fulfilment")


async def of_class(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    await school.journal()
    return Call(f"/groups/{school.group_id}/fulfilment")


LESSON = {"goals": "Узнать лес"}


async def planned(world: World, place: Place) -> tuple[str, dict[str, Any]]:
    """Where the plan of a lesson is, and itself."""

    async def make() -> tuple[str, dict[str, Any]]:
        school, plan = await fresh(world, place)
        path = f"/plans/{plan['id']}/topics/{plan['sections'][0]['topics'][0]['id']}/lesson-plans/1"
        made = await call(school, "PUT", path, 0, headers=school.admin, json=LESSON)
        assert made.status_code == 200, made.text
        return path, made.json()

    return await world.once(f"plan of a lesson of {world.person_id}", place, make)


async def lesson_plans(world: World, place: Place) -> Listed:
    _, found = await planned(world, place)
    return Listed(Call(f"/plans/{found['plan_id']}/lesson-plans"), found["id"])


async def lesson_plan(world: World, place: Place) -> Call:
    return Call((await planned(world, place))[0])


async def put_lesson_plan(world: World, place: Place) -> Call:
    path, _ = await planned(world, place)
    return Call(path, {"json": LESSON, "headers": {"If-Match": '"1"'}})


async def remove_lesson_plan(world: World, place: Place) -> Call:
    return Call((await planned(world, place))[0], {"headers": {"If-Match": '"1"'}})


async def of_lesson(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    return Call(f"/lessons/{await school.lesson()}/lesson-plan")


SAMPLES: dict[str, Sample | Listing] = {
    "list_plans": Listing(listed, key="id", denied=404),
    "create_plan": Sample(create),
    "read_plan": Sample(read),
    "change_plan": Sample(change),
    "put_contents": Sample(contents),
    "copy_plan": Sample(copy),
    "approve_plan": Sample(approve),
    "export_plan": Sample(export),
    "import_plan": Sample(load),
    "read_journal_plan": Sample(read_followed),
    "follow_plan": Sample(follow),
    "read_fulfilment": Sample(fulfilment),
    "list_lesson_plans": Listing(lesson_plans, key="id", denied=404),
    "read_lesson_plan": Sample(lesson_plan),
    "put_lesson_plan": Sample(put_lesson_plan),
    "remove_lesson_plan": Sample(remove_lesson_plan),
    "read_plan_of_lesson": Sample(of_lesson),
    "read_class_fulfilment": Sample(of_class),
}
