"""Sample calls for the matrix of rights: those of the journal itself, and those of the slices, from their folders."""

from collections.abc import Mapping
from uuid import UUID

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from .absence_notices.samples import SAMPLES as ABSENCE_NOTICES
from .alerts.samples import SAMPLES as ALERTS
from .archives.samples import SAMPLES as ARCHIVES
from .assessments.samples import SAMPLES as ASSESSMENTS
from .class_events.samples import SAMPLES as CLASS_EVENTS
from .closings.samples import SAMPLES as CLOSINGS
from .courses.samples import SAMPLES as COURSES
from .daycare.samples import SAMPLES as DAYCARE
from .debts.samples import SAMPLES as DEBTS
from .diary.samples import SAMPLES as DIARY
from .factories import MONDAY, School, guardianship, hear, mark
from .feeds.samples import SAMPLES as FEEDS
from .homework.samples import SAMPLES as HOMEWORK
from .inspections.samples import SAMPLES as INSPECTIONS
from .notices.samples import SAMPLES as NOTICES
from .places import school_of
from .plans.samples import SAMPLES as PLANS
from .printouts.samples import SAMPLES as REPORTS
from .report_cards.samples import SAMPLES as REPORT_CARDS
from .scales.samples import SAMPLES as SCALE_CONVERSIONS
from .substitutions.samples import SAMPLES as SUBSTITUTIONS
from .switches.samples import SAMPLES as SWITCHES
from .timetable.samples import SAMPLES as TIMETABLES
from .totals.samples import SAMPLES as TOTALS
from .transfers.samples import SAMPLES as TRANSFERS

FAMILY = {Role.GUARDIAN: frozenset({Target.OWN})}
"""A guardian's own child studies in the organization of the own place."""


async def a_lesson(world: World, place: Place) -> tuple[School, str, UUID]:
    school = await school_of(world, place)
    [student] = await school.enrol("Образцова")
    return school, await school.lesson(), student


async def groups(world: World, place: Place) -> Listed:
    school = await school_of(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/groups"), school.group_id)


async def teaching_groups(world: World, place: Place) -> Listed:
    school = await school_of(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/teaching-groups"), await school.gather())


async def teachers(world: World, place: Place) -> Listed:
    school = await school_of(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/teachers"), await school.hire("Образцова"))


async def roster(world: World, place: Place) -> Call:
    return Call(f"/groups/{(await school_of(world, place)).group_id}/roster")


async def children(world: World, place: Place) -> Listed:
    _, _, student = await a_lesson(world, place)
    guardian = world.person_id if place.target is Target.OWN else new_id()
    await hear(world.service, guardianship(guardian, student))
    return Listed(Call("/children"), student)


async def contingent(world: World, place: Place) -> Listed:
    await a_lesson(world, place)
    return Listed(Call("/contingent", {"params": {"date": MONDAY.isoformat()}}), place.organization_id)


async def dictionaries(_world: World, _place: Place) -> Call:
    return Call("/dictionaries")


async def set_lessons(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    body = {"lessons": [await school.planned()]}
    return Call(f"/organizations/{place.organization_id}/lessons", {"json": body})


async def list_lessons(world: World, place: Place) -> Listed:
    school, lesson_id, _ = await a_lesson(world, place)
    period = {"learners_id": str(school.group_id), "from": MONDAY.isoformat(), "to": MONDAY.isoformat()}
    return Listed(Call("/lessons", {"params": period}), UUID(lesson_id))


async def read_lesson(world: World, place: Place) -> Call:
    _, lesson_id, _ = await a_lesson(world, place)
    return Call(f"/lessons/{lesson_id}")


async def list_changes(world: World, place: Place) -> Call:
    _, lesson_id, _ = await a_lesson(world, place)
    return Call(f"/lessons/{lesson_id}/changes")


async def change_lesson(world: World, place: Place) -> Call:
    _, lesson_id, _ = await a_lesson(world, place)
    return Call(f"/lessons/{lesson_id}", {"json": {"topic": "Лес"}, "headers": {"If-Match": '"1"'}})


async def put_works(world: World, place: Place) -> Call:
    _, lesson_id, _ = await a_lesson(world, place)
    return Call(f"/lessons/{lesson_id}/works", {"json": {"works": []}, "headers": {"If-Match": '"1"'}})


async def save_cells(world: World, place: Place) -> Call:
    school, lesson_id, student = await a_lesson(world, place)
    return Call(f"/journals/{await school.journal()}/cells", {"json": {"marks": [mark(lesson_id, student, "5")]}})


async def journals(world: World, place: Place) -> Listed:
    school = await school_of(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/journals"), await school.journal())


async def read_journal(world: World, place: Place) -> Call:
    return Call(f"/journals/{await (await school_of(world, place)).journal()}")


async def read_page(world: World, place: Place) -> Call:
    school, _, _ = await a_lesson(world, place)
    period = {"from": MONDAY.isoformat(), "to": MONDAY.isoformat()}
    return Call(f"/journals/{await school.journal()}/page", {"params": period})


async def open_journal(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    body = {"learners_id": str(school.group_id), "title": "Шахматы"}
    return Call(f"/organizations/{place.organization_id}/journals", {"json": body})


async def change_journal(world: World, place: Place) -> Call:
    journal = await (await school_of(world, place)).journal()
    return Call(f"/journals/{journal}", {"json": {"scale_id": 2}, "headers": {"If-Match": '"1"'}})


async def appoint_teacher(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    journal = await school.journal()
    body = {
        "teacher_id": str(school.teacher_id),
        "hours_week": "1",
        "valid_from": "2026-09-01",
        "valid_to": "2027-06-01",
    }
    return Call(f"/journals/{journal}/teachers", {"json": body})


async def dismiss_teacher(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    path = f"/journals/{await school.journal()}/teachers"
    body = {
        "teacher_id": str(school.teacher_id),
        "hours_week": "1",
        "valid_from": "2026-09-01",
        "valid_to": "2027-06-01",
    }
    made = await world.service.client.post(path, json=body, headers=school.admin)
    return Call(f"{path}/{made.json()['id']}/end", {"json": {"last_day": "2026-10-01"}})


SCALE = {"title": "Своя", "values": [{"code": "5", "sign": "5", "title": "отлично", "points": 5, "grade": 5}]}


async def list_scales(world: World, place: Place) -> Call:
    await school_of(world, place)
    return Call(f"/organizations/{place.organization_id}/scales")


async def make_scale(world: World, place: Place) -> Call:
    await school_of(world, place)
    return Call(f"/organizations/{place.organization_id}/scales", {"json": SCALE})


async def change_scale(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    path = f"/organizations/{place.organization_id}/scales"
    made = await world.service.client.post(path, json={**SCALE, "title": str(new_id())}, headers=school.admin)
    return Call(f"/scales/{made.json()['id']}", {"json": SCALE, "headers": {"If-Match": '"1"'}})


async def read_settings(world: World, place: Place) -> Call:
    await school_of(world, place)
    return Call(f"/organizations/{place.organization_id}/journal-settings")


async def change_settings(world: World, place: Place) -> Call:
    await school_of(world, place)
    body = {"edit_days": 3, "class_teacher_writes": False}
    path = f"/organizations/{place.organization_id}/journal-settings"
    return Call(path, {"json": body, "headers": {"If-Match": '"0"'}})


JOURNAL: dict[str, Sample | Listing] = {
    "list_groups": Listing(groups, key="group_id", denied=404),
    "list_teaching_groups": Listing(teaching_groups, key="teaching_group_id", denied=404),
    "list_teachers": Listing(teachers, key="teacher_id", denied=404),
    "read_roster": Sample(roster),
    "list_children": Listing(children, key="student_id", visible=FAMILY),
    "count_contingent": Listing(contingent, key="organization_id"),
    "read_dictionaries": Sample(dictionaries, scoped=False),
    "set_lessons": Sample(set_lessons),
    "list_lessons": Listing(list_lessons, key="id"),
    "read_lesson": Sample(read_lesson),
    "list_changes": Sample(list_changes),
    "change_lesson": Sample(change_lesson),
    "put_works": Sample(put_works),
    "save_cells": Sample(save_cells),
    "list_journals": Listing(journals, key="id", denied=404),
    "read_journal": Sample(read_journal),
    "read_page": Sample(read_page),
    "open_journal": Sample(open_journal),
    "change_journal": Sample(change_journal),
    "appoint_teacher": Sample(appoint_teacher),
    "dismiss_teacher": Sample(dismiss_teacher),
    "list_scales": Sample(list_scales),
    "make_scale": Sample(make_scale),
    "change_scale": Sample(change_scale),
    "read_settings": Sample(read_settings),
    "change_settings": Sample(change_settings),
}

MODULES: dict[str, Mapping[str, Sample | Listing]] = {
    "journal": JOURNAL,
    "plans": PLANS,
    "homework": HOMEWORK,
    "courses": COURSES,
    "timetable": TIMETABLES,
    "totals": TOTALS,
    "alerts": ALERTS,
    "archives": ARCHIVES,
    "closings": CLOSINGS,
    "inspections": INSPECTIONS,
    "switches": SWITCHES,
    "printouts": REPORTS,
    "assessments": ASSESSMENTS,
    "debts": DEBTS,
    "diary": DIARY,
    "feeds": FEEDS,
    "report_cards": REPORT_CARDS,
    "class_events": CLASS_EVENTS,
    "notices": NOTICES,
    "substitutions": SUBSTITUTIONS,
    "daycare": DAYCARE,
    "transfers": TRANSFERS,
    "scales": SCALE_CONVERSIONS,
    "absence_notices": ABSENCE_NOTICES,
}
ALL = {name: sample for found in MODULES.values() for name, sample in found.items()}
