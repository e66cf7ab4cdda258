"""Two at one assessment at once."""

import asyncio

from ..factories import School
from ..locks import waiting
from ..timetable.office import Office
from .test_assessments import NEXT, office, plan, schedule

__all__ = ["office"]


async def test_of_several_who_withdraw_an_assessment_one_does(office: Office) -> None:
    made = await plan(office, (await office.lessons(NEXT))[0]["id"])
    path = f"/assessments/{made.json()['id']}"
    answers = await asyncio.gather(*(office.call("DELETE", path, 1) for _ in range(4)))
    assert {answer.status_code for answer in answers} <= {204, 404, 412}
    assert sum(answer.status_code == 204 for answer in answers) == 1


async def test_what_somebody_has_just_changed_is_not_withdrawn(office: Office, school: School) -> None:
    made = (await plan(office, (await office.lessons(NEXT))[0]["id"])).json()
    writer = await school.service.database.connect()
    under_way = writer.transaction()
    await under_way.start()
    await writer.execute("UPDATE assessment SET title = 'Итоговая', version = version + 1")
    withdrawing = asyncio.create_task(office.call("DELETE", f"/assessments/{made['id']}", 1))
    await waiting(school)
    await under_way.commit()
    await writer.close()
    answer = await withdrawing
    assert (answer.status_code, answer.json()["code"]) == (412, "version-mismatch")
    assert [one["title"] for one in await schedule(office)] == ["Итоговая"]
