"""What is planned goes away while somebody decides on it; what was decided keeps a lesson from going."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import ForeignKeyConstraint

from sgo_journal.base import Base
from sgo_journal.lessons import planning

from ..factories import MONDAY, YEAR, School
from ..locks import waiting
from ..substitutions.samples import away
from .office import Office, line

NEXT = MONDAY + timedelta(days=7)


@pytest.fixture
async def office(school: School) -> Office:
    """The class has a lesson on Mondays and Tuesdays."""
    office = await Office.of(school)
    await school.hire("Иванова", school.teacher_id)
    journal = await school.journal()
    await office.published(line(journal, 1), line(journal, 2))
    return office


@pytest.mark.parametrize(("method", "what", "body"), [("PATCH", "slot", {"number": 5}), ("POST", "cancellation", {})])
async def test_a_lesson_that_goes_while_it_is_planned_is_not_found(
    office: Office, method: str, what: str, body: dict[str, Any]
) -> None:
    school = office.school
    [_, lesson] = await office.lessons(MONDAY)
    planner = await school.service.database.connect()
    under_way = planner.transaction()
    await under_way.start()
    await planner.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('timetable:' || $1, 0))", str(school.organization_id)
    )
    deciding = asyncio.create_task(
        office.call(method, f"/lessons/{lesson['id']}/{what}", lesson["version"], reason="Болезнь", **body)
    )
    await waiting(school)
    await planner.execute("DELETE FROM lesson WHERE id = $1", UUID(lesson["id"]))
    await under_way.commit()
    await planner.close()
    answer = await deciding
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found"), answer.text


async def test_a_lesson_that_was_given_to_others_and_back_stays_when_a_timetable_has_fewer(office: Office) -> None:
    school = office.school
    substitute = await school.hire("Петрова")
    [_, lesson] = await office.lessons(NEXT)
    days = {"valid_from": lesson["date"], "valid_to": (NEXT + timedelta(days=2)).isoformat()}
    absences = f"/organizations/{school.organization_id}/absences"
    absence = (await office.call("POST", absences, **{**away(school.teacher_id), **days})).json()["id"]
    asked = {"lesson_id": lesson["id"], "version": 1, "action": "replace", "teacher_id": str(substitute)}
    given = await office.call("POST", f"/absences/{absence}/substitutions", lessons=[asked])
    assert given.status_code == 201, given.text
    back = {"lesson_id": lesson["id"], "version": given.json()["items"][0]["version"]}
    restored = await office.call("POST", f"/absences/{absence}/restoration", lessons=[back])
    assert restored.status_code == 200, restored.text
    await office.published(line(await school.journal(), 1), since=NEXT)
    assert [(one["id"], one["date"]) for one in await office.lessons(NEXT)] == [(lesson["id"], NEXT.isoformat())]


def test_no_lesson_is_taken_away_that_a_row_stands_at() -> None:
    standing = {
        table.name
        for table in Base.metadata.tables.values()
        for key in table.constraints
        if isinstance(key, ForeignKeyConstraint) and key.referred_table.name == "lesson"
    }
    assert set(planning.HOLDERS) == standing


async def test_of_two_who_withdraw_an_unavailability_one_finds_none(office: Office) -> None:
    school = office.school
    told: dict[str, Any] = {"academic_year": YEAR, "kind": "teacher", "resource_id": str(school.teacher_id),
            "valid_from": MONDAY.isoformat(), "valid_to": NEXT.isoformat(), "reason": "Курсы"}  # fmt: skip
    made = await office.call("POST", f"/organizations/{school.organization_id}/unavailability", **told)
    path = f"/unavailability/{made.json()['id']}"
    answers = await asyncio.gather(*(office.call("DELETE", path) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [204, 404, 404, 404]
