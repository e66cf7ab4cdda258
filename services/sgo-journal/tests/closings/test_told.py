"""What others hear of closed periods: counts of results and attendance, nobody named; again when an order let them change."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from asu_contracts.journal import PeriodResultsCounted
from servicekit.clock import FixedClock
from sgo_journal.closings import telling

from ..factories import School, mark, noted
from ..totals.columns import save, total
from .samples import FRIDAY, ORDER, WEEK

HEAD = {"period": 1, "reason": "Образец"}


@pytest.fixture(autouse=True)
async def year(school: School) -> None:
    await school.set_year(WEEK)


async def told(school: School) -> list[dict[str, Any]]:
    rows = await school.service.fetch(
        f"SELECT version, payload FROM outbox WHERE type = '{PeriodResultsCounted.type}' ORDER BY id"
    )
    return [{"version": row["version"], **json.loads(row["payload"])} for row in rows]


async def post(school: School, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await school.service.client.post(path, json=body, headers=school.admin)
    assert answer.status_code in {200, 201}, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def close(school: School) -> dict[str, Any]:
    return await post(school, f"/groups/{school.group_id}/closings", HEAD)


async def test_a_closed_period_is_told_as_counts_with_its_subgroups_and_without_others(school: School) -> None:
    first, second, third, gone = await school.enrol("Аистов", "Белов", "Воронов", "Ушедший")
    await school.depart(gone, datetime(2026, 9, 3, tzinfo=UTC).date())
    [subgroup] = await school.divide([first, second])
    english = await school.teach("Английский язык", learners_id=subgroup, of_teaching_group=True)
    elective = await school.gather(first)
    stars = await school.teach("Астрономия", learners_id=elective, of_teaching_group=True)
    one, two = await school.lesson(FRIDAY), await school.lesson(FRIDAY, number=2, journal_id=english)
    notes = [noted(one, first, "sick"), noted(one, second, "late")]
    await school.save(mark(one, third, "5"), attendance=notes)
    await school.save(attendance=[noted(two, first, "excused")], journal_id=english)
    await save(school, total(first, "5"), total(second, "2"), total(third, "pass"))
    await save(school, total(first, "4"), total(second, "not_attested"), journal_id=english)
    await save(school, total(first, "2"), journal_id=stars)
    closing = await close(school)
    [event] = await told(school)
    assert (event["closing_id"], event["version"], event["closed"], event["with_gaps"]) == (
        closing["id"],
        1,
        True,
        True,
    )
    assert (event["learners"], event["standings"]) == (3, {"good": 1, "failing": 1, "unmarked": 1})
    assert (event["success"], event["quality"]) == (50.0, 50.0)
    shown = {one["subject_title"]: one for one in event["subjects"]}
    assert {title: one["marks"] for title, one in shown.items()} == {
        "Английский язык": {"4": 1, "not_attested": 1},
        "Окружающий мир": {"5": 1, "2": 1, "pass": 1},
    }
    assert (shown["Окружающий мир"]["mean"], shown["Окружающий мир"]["students"]) == (3.5, 2)
    assert (event["lessons"], event["student_lessons"]) == (2, 5)
    assert (event["absences"], event["absent_days"]) == ({"sick": 1, "excused": 1, "late": 1}, 1)
    assert "Аистов" not in json.dumps(event, ensure_ascii=False)


async def test_it_is_told_again_when_it_is_taken_back_and_after_an_order_only_if_it_changed(school: School) -> None:
    [student] = await school.enrol("Образцова")
    await save(school, total(student, "5"))
    closing = await close(school)
    await post(school, f"/closings/{closing['id']}/unlocks", {**ORDER, "open_until": "2099-01-01T00:00:00Z"})
    assert (await save(school, total(student, "3", 1))).status_code == 200
    await telling.tell_changed(school.service.runtime)
    assert len(await told(school)) == 1, "the order is in force, and it was told today"
    for at in (
        datetime(2026, 9, 8, 6, tzinfo=UTC),
        datetime(2026, 9, 9, 7, tzinfo=UTC),
        datetime(2099, 1, 2, tzinfo=UTC),
    ):
        school.service.runtime.clock = FixedClock(at)
        await telling.tell_changed(school.service.runtime)
        assert [(one["version"], one["subjects"][0]["marks"]) for one in await told(school)] == [
            (1, {"5": 1}), (2, {"3": 1}),
        ]  # fmt: skip
    await post(school, f"/closings/{closing['id']}/revocation", {"reason": "Ошибка"})
    last = (await told(school))[-1]
    assert (last["version"], last["closed"]) == (3, False)
    async with school.service.runtime.sessions() as session:
        again = [one async for chunk in telling.told(session) for one in chunk]
    assert [(one.version, one.event.closed) for one in again] == [(3, False)]  # type: ignore[attr-defined]
