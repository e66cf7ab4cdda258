"""A parent's evening: a printed slip, a first sign-in with a password of one's own, the child's diary."""

from typing import Any

from demodata.journey.errors import JourneyError
from demodata.journey.keys import fresh_password
from demodata.journey.sessions import Account
from demodata.journey.world import World


async def read_diary(world: World, monday: str) -> None:
    """Give one guardian of the demo school an account and read the week as the guardian sees it."""
    school = world.demo_school
    admin = world.admin(school["key"])
    with world.steps.step("diary", "Дневник глазами родителя") as step:
        organization_id = world.organization_ids[school["key"]]
        offers = world.api.pages("/api/auth/v1/offers", admin, organization_id=organization_id)
        guardian_ids = [offer["guardian_id"] async for offer in offers]
        if not guardian_ids:
            raise JourneyError(f"{school['short_name']}: родителям не предложены учётные записи")
        # The last to come are a senior's parents: a first-grader has no marks to look at. The guardian's other children may go
        # elsewhere: then the school may not give the account, but the operator above all of them may.
        created = await world.api.post(f"/api/auth/v1/offers/{guardian_ids[-1]}/account", world.operator)
        slip = created["slip"]
        guardian = Account(world.api, slip["login"], slip["password"])
        await guardian.replace_password(fresh_password())
        world.people["guardian"] = guardian
        children = [child async for child in world.api.pages("/api/journal/v1/children", guardian)]
        weeks = [
            await world.api.get(f"/api/journal/v1/students/{child['student_id']}/diary", guardian, week=monday)
            for child in children
        ]
        lessons = [lesson for week in weeks for day in week["days"] for lesson in day["lessons"]]
        world.summary["diary"] = _told(len(children), lessons)
        step.note = f"детей {len(children)}, уроков {len(lessons)}, отметок {world.summary['diary']['marks']}"
    if not lessons:
        raise JourneyError("Родитель не видит уроков ребёнка за неделю")


def _told(children: int, lessons: list[dict[str, Any]]) -> dict[str, int]:
    return {
        "children": children,
        "lessons": len(lessons),
        "marks": sum(len(lesson["marks"]) for lesson in lessons),
        "with_homework": sum(bool(lesson["homework"]) for lesson in lessons),
    }
