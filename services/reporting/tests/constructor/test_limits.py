"""Whatever is sent: a refusal with a code and a reason, and nothing that runs for long or writes."""

import json
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from reporting.constructor import repository, service
from reporting.constructor.model import saved_report
from servicekit.faults import sqlstate
from servicekit.ids import new_id

from ..factories import Reporting
from .world import DAY, FactsWorld

DEEP: dict[str, Any] = {"field": "grade", "value": 1}
for _ in range(6):
    DEEP = {"not": DEEP}

HOSTILE: dict[str, dict[str, Any]] = {
    "no dataset": {"dataset": "passwords"},
    "another service's table": {"dataset": "audit"},
    "a statement for a dataset": {"dataset": "learners; drop table report"},
    "no dimension": {"rows": ["grade_of_secrets"]},
    "a statement for a dimension": {"rows": ["grade) from report; --"]},
    "a dimension of another dataset": {"rows": ["rate"]},
    "a fraction for a dimension": {"dataset": "workers", "columns": ["rate"]},
    "a dimension twice": {"rows": ["grade"], "columns": ["grade"]},
    "too many dimensions": {"rows": ["grade", "sex", "age", "main"]},
    "no measure": {"measures": []},
    "too many measures": {"measures": [{"kind": "count"}] * 6},
    "an unknown measure": {"measures": [{"kind": "median", "field": "age"}]},
    "a sum of ages": {"measures": [{"kind": "sum", "field": "age"}]},
    "a sum of words": {"measures": [{"kind": "sum", "field": "sex"}]},
    "a count of a field": {"measures": [{"kind": "count", "field": "age"}]},
    "distinct by a pseudonym": {"measures": [{"kind": "distinct", "field": "statistical_id"}]},
    "a condition on nothing": {"where": {"field": "password", "value": 1}},
    "a statement for a field": {"where": {"field": "grade = 1 or 1", "value": 1}},
    "a word for a number": {"where": {"field": "grade", "value": "1 or 1=1"}},
    "a flag for a number": {"where": {"field": "grade", "value": True}},
    "a number for a flag": {"where": {"field": "main", "value": 1}},
    "a fraction": {"where": {"field": "grade", "value": 1.5}},
    "nothing for a value": {"where": {"field": "grade", "value": None}},
    "a list for a value": {"where": {"field": "grade", "value": [1]}},
    "an enormous number": {"where": {"field": "grade", "value": 10**30}},
    "words in order": {"where": {"field": "sex", "op": "<", "value": "male"}},
    "an unknown operator": {"where": {"field": "grade", "op": "~", "value": 1}},
    "unprintable words": {"where": {"field": "citizenship", "value": "6\u00004"}},
    "words without end": {"where": {"field": "citizenship", "value": "6" * 10_000}},
    "a huge list": {"where": {"field": "grade", "values": [1] * 101}},
    "an empty list": {"where": {"field": "grade", "values": []}},
    "an empty group": {"where": {"all": []}},
    "too many comparisons": {"where": {"any": [{"all": [{"field": "grade", "value": 1}] * 50}] * 3}},
    "deep": {"where": DEEP},
    "no tree": {"where": "grade = 1"},
    "two kinds at once": {"where": {"all": [], "any": []}},
    "something more": {"where": {"field": "grade", "value": 1, "cast": "text"}},
    "two units": {"unit": {"region": True, "municipality": "03701000"}},
    "no unit": {"unit": {}},
    "no such day": {"as_of": "2026-02-30"},
    "a day of no calendar": {"as_of": "9999-12-31"},
    "a period of what has none": {"since": "2026-09-01"},
    "a period turned round": {"dataset": "lessons", "rows": [], "since": "2026-12-01"},
    "an instant without a zone": {"known_at": "2026-09-01T00:00:00"},
    "an instant of no calendar": {"known_at": "9999-12-31T23:00:00-14:00"},
    "order by no measure": {"order": {"measure": 1}},
    "a chart of nothing": {"rows": [], "view": {"kind": "chart"}},
    "a pie of many": {"columns": ["sex"], "view": {"kind": "chart", "chart": "pie"}},
    "no rows at all": {"limit": 0},
    "rows without end": {"limit": 10**9},
    "an unknown key": {"having": "1=1"},
}  # fmt: skip


@pytest.fixture
async def told(reporting: Reporting) -> FactsWorld:
    world = FactsWorld(3)
    await reporting.tell(*world.events)
    return world


async def ask(reporting: Reporting, **query: Any) -> Any:
    body = {"dataset": "learners", "rows": ["grade"], "as_of": str(DAY), **query}
    return await reporting.service.client.post("/constructor/queries", json=body, headers=reporting.headers())


async def test_hostile_questions_are_refused(reporting: Reporting, told: FactsWorld) -> None:
    assert (await ask(reporting)).status_code == 200
    for case, query in HOSTILE.items():
        answer = await ask(reporting, **query)
        problem = answer.json()
        assert answer.status_code == 422, (case, answer.text)
        assert problem["code"] in {"request.invalid", "constructor.query", "constructor.unit", "period.reversed"}, case
        assert "errors" not in problem or all(one["code"] and one["title"] for one in problem["errors"]), case


@pytest.mark.parametrize("depth", [50, 300, 5000, 200_000])
async def test_a_tree_without_bottom_is_refused(reporting: Reporting, depth: int) -> None:
    where = '{"not":' * depth + '{"field":"grade","value":1}' + "}" * depth
    body = json.dumps({"dataset": "learners", "rows": ["grade"]})[:-1] + f',"where":{where}}}'
    headers = {**reporting.headers(), "Content-Type": "application/json"}
    answer = await reporting.service.client.post("/constructor/queries", content=body, headers=headers)
    assert answer.status_code in {400, 413, 422}, answer.text


async def test_a_value_is_only_a_value(reporting: Reporting, told: FactsWorld) -> None:
    for value in ("' or '1'='1", "643'; drop table facts.learner; --", "%", "\\"):
        answer = await ask(reporting, where={"field": "citizenship", "value": value})
        assert (answer.status_code, answer.json()["result"]["total"][0]["value"]) == (200, 0)
    assert (await ask(reporting)).json()["result"]["total"][0]["value"] == len(told.rows["learners"])


async def test_too_many_groups(reporting: Reporting, told: FactsWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_CELLS", 3)
    answer = await ask(reporting, rows=["grade", "sex", "citizenship"])
    assert (answer.status_code, answer.json()["code"]) == (422, "constructor.too-many-groups")


async def test_a_statement_ends_in_time(
    reporting: Reporting, told: FactsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody holds a table of facts: the statement would wait for longer than it may run."""
    monkeypatch.setattr(service, "MILLISECONDS", 100)
    connection = await reporting.service.database.connect()
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE facts.learner IN ACCESS EXCLUSIVE MODE")
            answer = await ask(reporting, rows=["sex"])
            assert (answer.status_code, answer.json()["code"]) == (422, "constructor.too-long")
            assert not await reporting.service.fetch("SELECT 1 FROM audit")
    finally:
        await connection.close()
    assert (await ask(reporting, rows=["sex"])).status_code == 200


async def test_counting_writes_nothing_and_leaves_no_limit_behind(reporting: Reporting) -> None:
    values = {"id": new_id(), "account_id": "x", "unit_kind": "region", "version": 1}
    async with reporting.service.runtime.uow() as uow:
        limits = text("SELECT current_setting('transaction_read_only'), current_setting('statement_timeout')")
        before = (await uow.session.execute(limits)).one()
        with pytest.raises(DBAPIError) as refused:
            await repository.groups(uow.session, insert(saved_report).values(values), {}, 1000)  # type: ignore[arg-type]  # no selection
        assert sqlstate(refused.value) == "25006"
        assert (await uow.session.execute(limits)).one() == before
