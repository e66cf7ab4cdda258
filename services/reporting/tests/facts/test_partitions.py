"""Tables by academic years are read of the years that are asked for, each once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from asu_contracts.core import OrganizationKind

from ..factories import Region, Reporting

MONTH = {"from": "2026-09-01", "to": "2026-09-30"}
BOTH_YEARS = {"from": "2026-08-31", "to": "2026-09-01"}
LESSONS = {"dataset": "lessons", "rows": ["subject_name"], "since": "2026-09-01", "as_of": "2026-09-30"}
RESULTS = {"dataset": "results", "rows": ["title"], "since": "2026-09-01", "as_of": "2026-12-31"}


@contextmanager
def reading(reporting: Reporting, table: str) -> Iterator[list[tuple[str, Any]]]:
    """The statements that read a table, with their parameters."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if f"facts.{table} " in statement:
            found.append((statement, parameters))

    engine = reporting.service.runtime.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def years(reporting: Reporting, table: str, statement: str, parameters: Any) -> set[int]:
    async with reporting.service.runtime.engine.begin() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        return {int(year) for line in plan for year in re.findall(rf"{table}_p_(\d+)", line[0])}


@pytest.mark.parametrize(
    ("path", "asked", "table", "wanted"),
    [
        ("/counted-reports/entry", MONTH, "lesson", {2026}),
        ("/counted-reports/entry", BOTH_YEARS, "lesson", {2025, 2026}),
        ("/counted-reports/entry", MONTH, "period_result", {2026}),
        ("/counted-reports/results", MONTH, "period_result", {2026}),
        ("/lessons/summary", MONTH, "lesson", {2026}),
        ("/constructor/queries", LESSONS, "lesson", {2026}),
        ("/constructor/queries", RESULTS, "period_result", {2026}),
    ],
)
@pytest.mark.parametrize("single", [True, False])
async def test_years_that_are_not_asked_for_are_not_read(
    reporting: Reporting,
    region: Region,
    path: str,
    asked: dict[str, Any],
    table: str,
    wanted: set[int],
    *,
    single: bool,
) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    await reporting.tell(school)
    unit: dict[str, Any] = (
        {"organization_id": str(school.organization_id)} if single or path == "/lessons/summary" else {}
    )
    with reading(reporting, table) as statements:
        if path.startswith("/constructor"):
            body = {**asked, "unit": unit or {"region": True}}
            answer = await reporting.service.client.post(path, json=body, headers=reporting.headers())
        else:
            answer = await reporting.get(path, **asked, **unit)
    assert answer.status_code == 200, answer.text
    assert [await years(reporting, table, *one) for one in statements] == [wanted]
