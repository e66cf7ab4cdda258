"""What a block of changes costs in a school of many journals: each change is looked up, nothing is gone through for it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from servicekit.sealing import sealer
from sgo_journal.alerts.repository import CHANGES
from sgo_journal.sealing import RECORD_CHANGES

from ..factories import School, mark

JOURNALS, STUDENTS = 20, 20


def read(plan: dict[str, Any]) -> Iterator[int]:
    """How many rows each step of a plan gave, or looked at for nothing, over all its turns."""
    for name in ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter"):
        yield plan.get(name, 0) * plan["Actual Loops"]
    for one in plan.get("Plans", ()):
        yield from read(one)


async def test_a_change_costs_the_same_however_many_journals_there_are(school: School) -> None:
    students = await school.enrol(*(f"Ученик{number}" for number in range(STUDENTS)))
    lesson = await school.lesson()
    for number in range(JOURNALS):
        await school.teach(f"Предмет {number}")
    for version, value in enumerate("2345"):
        saved = await school.save(*(mark(lesson, one, value, version) for one in students))
        assert saved.status_code == 200, saved.text
    await sealer.seal(school.service.runtime, RECORD_CHANGES)
    changes = STUDENTS * 4
    await school.service.fetch("ANALYZE record_change, record_change_leaf, lesson, journal")
    async with school.service.runtime.uow() as uow:
        await uow.session.execute(text("SET LOCAL enable_seqscan = off"))  # of tables of a page it would read all
        explain = text(f"EXPLAIN (ANALYZE, FORMAT JSON) {CHANGES.text}")
        [[explained]] = await uow.session.execute(explain, {"block": 1})
    assert explained[0]["Plan"]["Actual Rows"] == changes
    assert max(read(explained[0]["Plan"])) <= changes * 4
