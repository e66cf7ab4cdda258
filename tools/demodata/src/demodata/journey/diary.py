"""A parent's evening: a printed slip, a first sign-in with a password of one's own, the child's diary, a word to the school."""

from typing import Any

from demodata.dates import business_today
from demodata.journey.calendars import first_study_day
from demodata.journey.errors import JourneyError
from demodata.journey.keys import fresh_password
from demodata.journey.lessons import LessonWeek
from demodata.journey.sessions import Account
from demodata.journey.world import World


async def read_diary(world: World, week: LessonWeek) -> None:
    """Give one guardian of the demo school an account, read the week and the marks of periods as the guardian sees them."""
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
        world.remember("guardian", guardian)
        told: dict[str, Any] = {
            "children": 0,
            "lessons": 0,
            "marks": 0,
            "with_homework": 0,
            "totals": 0,
            "student_id": None,
        }
        async for child in world.api.pages("/api/journal/v1/children", guardian):
            told["children"] += 1
            path = f"/api/journal/v1/students/{child['student_id']}"
            diary = await world.api.get(f"{path}/diary", guardian, week=week.monday.isoformat())
            lessons = [lesson for day in diary["days"] for lesson in day["lessons"]]
            card = await world.api.get(f"{path}/report-card", guardian, academic_year=world.region["academic_year"])
            told["lessons"] += len(lessons)
            told["marks"] += sum(len(lesson["marks"]) for lesson in lessons)
            told["with_homework"] += sum(bool(lesson["homework"]) for lesson in lessons)
            told["totals"] += sum(len(subject["totals"]) for place in card["places"] for subject in place["subjects"])
            if lessons or told["student_id"] is None:
                told["student_id"] = child["student_id"]
        # A year that begins on days of rest has had no lessons yet.
        if world.summary["lessons"]["lessons"] and not told["lessons"]:
            raise JourneyError("Родитель не видит уроков ребёнка за неделю")
        diary_path = f"/api/journal/v1/students/{told['student_id']}/diary"
        world.look("Родитель: дневник ребёнка за неделю", "guardian", diary_path, week=week.monday.isoformat())
        world.summary["diary"] = told
        step.note = (
            f"детей {told['children']}, уроков {told['lessons']}, отметок {told['marks']}, за период {told['totals']}"
        )


async def tell_absence(world: World, week: LessonWeek) -> None:
    """The guardian tells that the child will miss the next day of study; the school sees it."""
    key = world.demo_school["key"]
    admin = world.admin(key)
    with world.steps.step("absence", "Родитель предупреждает школу об отсутствии") as step:
        day = await first_study_day(world, admin, key, week.oldest_grade, business_today())
        if day is None:
            step.note = "учебный год окончен: предупреждать не о чем"
            world.summary["absence"] = None
            return
        path = f"/api/journal/v1/students/{world.summary['diary']['student_id']}/absence-notices"
        body = {"starts_on": day.isoformat(), "ends_on": day.isoformat(), "reason": "family"}
        await world.api.post(path, world.people["guardian"], body)
        office = f"/api/journal/v1/organizations/{world.organization_ids[key]}/absence-notices"
        seen = [notice async for notice in world.api.pages(office, admin, date=day.isoformat())]
        step.note = f"{day:%d.%m.%Y}, школа видит: {len(seen)}"
        world.summary["absence"] = {"day": day.isoformat(), "notices": len(seen)}
    if not seen:
        raise JourneyError("Школа не видит предупреждения родителя")
