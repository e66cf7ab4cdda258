"""Views where two school years meet, and of what is not the organization's."""

from datetime import date

import pytest

from servicekit.ids import new_id

from ..factories import SEPTEMBER, SOCHI, School
from .office import Office, line


@pytest.fixture
async def office(school: School) -> Office:
    office = await Office.of(school)
    await office.published(line(await school.journal(), 2))
    return office


@pytest.mark.parametrize("day", [date(2026, 8, 31), SEPTEMBER, date(2026, 9, 6)])
async def test_a_week_of_two_school_years_shows_the_lessons_of_the_new_one(office: Office, day: date) -> None:
    shown = await office.view(day, learners_id=office.school.group_id)
    assert (shown["first_day"], shown["last_day"]) == ("2026-08-31", "2026-09-06")
    assert [(one["date"], one["study"], one["planned"]) for one in shown["days"]][:2] == [
        ("2026-08-31", False, 0),
        ("2026-09-01", True, 1),
    ]
    assert [one["date"] for one in await office.lessons(day)] == ["2026-09-01"]


async def test_a_year_nobody_has_a_calendar_of_is_said(office: Office) -> None:
    params = {"date": "2026-08-01", "span": "week"}
    path = f"/organizations/{office.school.organization_id}/timetable"
    answer = await office.school.service.client.get(path, params=params, headers=office.keys)
    assert (answer.status_code, answer.json()["code"]) == (409, "timetable.no-calendar")


async def test_a_class_of_another_school_has_no_timetable_here(office: Office) -> None:
    other = await School(office.school.service, municipality=SOCHI).open()
    path = f"/organizations/{office.school.organization_id}/timetable"
    for learners in (other.group_id, new_id()):
        params = {"date": SEPTEMBER.isoformat(), "learners_id": str(learners)}
        answer = await office.school.service.client.get(path, params=params, headers=office.keys)
        assert answer.status_code == 404, answer.text
