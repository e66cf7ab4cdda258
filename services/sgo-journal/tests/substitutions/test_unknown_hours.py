"""Substitutes for lessons that no bell rings for: what is offered and what may be arranged agree."""

import pytest

from servicekit.ids import new_id

from ..factories import MONDAY, School, group, hear
from ..timetable.office import Office
from .samples import away
from .test_substitutions import absent, another, arrange, given, proposals


@pytest.fixture
async def office(school: School) -> Office:
    """A class has a lesson on Monday; its teacher has a post in the school."""
    office = await Office.of(school, today=MONDAY)
    await school.hire("Иванова", school.teacher_id)
    await school.set_lessons(await school.planned(number=1))
    return office


async def test_of_a_lesson_whose_hours_nobody_knows_subject_day_and_absences_are_judged(office: Office) -> None:
    """No bell rings for a ninth lesson: whoever is offered may be given it, whoever may not is not offered."""
    school = office.school
    subject_id = await school.add_subject("Чтение")
    reading = await school.teach(subject_id=subject_id)
    await school.set_lessons(await school.planned(number=9, journal_id=str(reading)))
    same = await another(office, "Своя", "Чтение", 5, subject_id=subject_id)
    there = await another(office, "Соседняя", "Музыка", 5, 6)
    taken = await another(office, "Занятая", "Труд", 9)
    away_too, banned = await another(office, "Больная", "Чтение"), await another(office, "Совместитель", "ИЗО")
    path = f"/organizations/{school.organization_id}"
    await office.call("POST", f"{path}/absences", **away(away_too))
    ban = {**away(banned, numbers=[9]), "kind": "teacher", "resource_id": str(banned)}
    del ban["teacher_id"]
    assert (await office.call("POST", f"{path}/unavailability", **ban)).status_code == 201
    absence = await absent(office)
    [proposal] = [one for one in await proposals(office, absence) if one["lesson"]["number"] == 9]
    assert (proposal["open"], proposal["options"], proposal["lesson"]["starts_at"]) == (
        True, ["replace", "move", "cancel"], None
    )  # fmt: skip
    found = {
        one["teacher_id"]: {part["code"]: part["points"] for part in one["parts"]} for one in proposal["candidates"]
    }
    assert list(found) == [str(same), str(there), str(taken)]
    assert found[str(same)] == {"subject": 40, "at-school": 5, "day": -2, "week": 0, "time-unknown": 0}
    assert found[str(there)] == {"area": 20, "at-school": 5, "day": -4, "week": 0, "time-unknown": 0}
    assert (found[str(taken)]["same-number"], found[str(taken)]["day"]) == (-60, -2)
    for who in (away_too, banned):
        refused = await arrange(office, absence, given(proposal["lesson"], who))
        assert (refused.status_code, refused.json()["code"]) == (409, "timetable.conflicts")
        assert [one["code"] for one in refused.json()["errors"]] == ["timetable.teacher-unavailable"]
    assert (await arrange(office, absence, given(proposal["lesson"], same))).status_code == 201


async def test_a_lesson_of_unknown_hours_speaks_against_a_teacher_at_its_number_alone(office: Office) -> None:
    """The first lesson has hours; a teacher of the second shift, where no bells ring, has a first lesson too."""
    school = office.school
    second = await school.hire("Вторая")
    group_id = new_id()
    await hear(school.service, group(group_id, school.organization_id).model_copy(update={"shift": 2}))
    journal = await school.teach("Музыка", learners_id=group_id, teacher_id=second)
    await school.set_lessons(await school.planned(number=1, journal_id=str(journal), teacher_id=str(second)))
    [proposal] = await proposals(office, await absent(office, numbers=[1]))
    [candidate] = proposal["candidates"]
    parts = {part["code"]: part["points"] for part in candidate["parts"]}
    assert (candidate["teacher_id"], parts) == (str(second), {"area": 20, "at-school": 5, "day": -2, "week": 0})
