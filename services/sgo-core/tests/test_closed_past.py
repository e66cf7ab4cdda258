"""What a closed year was stays: no upload enters it, no default reaches back into it, whoever asks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest

from .importing import counts, import_table
from .test_calendar import dates, special
from .test_import_past import ENROLLED, LEFT, history, past, school
from .test_reference_books import ROOMS, entry
from .test_settings import week
from .world import Registry, row, xlsx

IF_FIRST = {"If-Match": '"1"'}


@pytest.fixture
def registry(service: ServiceUnderTest) -> Iterator[Registry]:
    """A register in the first weeks of 2026/27."""
    runtime = service.runtime
    real, runtime.clock = runtime.clock, FixedClock(datetime(2026, 10, 5, 9, tzinfo=UTC))
    yield Registry(service)
    runtime.clock = real


async def closed(registry: Registry, organization_id: UUID, year: int) -> None:
    await registry.fetch(
        "INSERT INTO year_closing (id, organization_id, academic_year, state, orders, coordinator_by, administrator_by, "
        "closed_at, recorded_at, recorded_by, reason) "
        "VALUES ($1, $2, $3, 'closed', '[]', 'a', 'b', now(), now(), 'b', 'Завершение') RETURNING id",
        new_id(),
        organization_id,
        year,
    )


async def test_no_table_enters_a_closed_year(registry: Registry) -> None:
    organization_id = await school(registry)
    office, client = registry.office(organization_id), registry.service.client
    first = await import_table(registry, "past-movements", history(), office, organization_id)
    assert counts(first) == (5, 0, 0, 0)
    await closed(registry, organization_id, 2025)
    asked: list[tuple[dict[str, str], str]] = []
    for headers in (office, registry.position(organization_id, Role.COORDINATOR)):
        kinds = (await client.get("/import-kinds", headers=headers)).json()["items"]
        asked += [(headers, one["name"]) for one in kinds if one["of_year"]]
    every = {"groups", "students", "curricula", "loads", "year-results", "year-outcomes"}
    assert {name for _, name in asked} == every
    for headers, kind in asked:
        for trial in ("false", "true"):
            data = {"kind": kind, "organization_id": str(organization_id), "academic_year": "2025", "dry_run": trial}
            refused = await client.post("/imports", files={"file": ("t", xlsx([row(1)]))}, data=data, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (409, "years.closed"), (kind, refused.text)
    assert await registry.value("SELECT count(*) FROM run WHERE kind = 'core.import'") == 2
    other = [
        past(3, ENROLLED, date(2025, 9, 1), "2А"),
        past(3, LEFT, date(2026, 2, 1), **{"Причина выбытия": "Иная причина"}),
    ]
    again = await import_table(registry, "past-movements", [*history(), *other], office, organization_id)
    assert counts(again) == (0, 0, 5, 2)
    assert [(one["row"], one["code"]) for one in again["errors"]] == [
        (7, "imports.row.year-closed"),
        (8, "imports.row.history"),
    ]


async def test_no_default_reaches_back_into_a_closed_year(registry: Registry) -> None:
    mine, other = await registry.organization(), await registry.organization()
    client = registry.service.client
    before = await client.post("/settings/values", json=week(6, "2025-10-01"), headers=registry.region)
    begun = await client.post(
        ROOMS, json=entry("Мастерская", code="workroom", valid_from="2025-09-01"), headers=registry.region
    )
    assert (before.status_code, begun.status_code) == (201, 201)
    await closed(registry, mine, 2025)
    await closed(registry, other, 2026)  # already, while the others still study in it
    past_year: list[dict[str, str]] = [{"first_day": "2025-10-27", "last_day": "2025-11-02"}]
    vacations = {**dates("vacations", []), "academic_year": 2025, "intervals": past_year}

    async def code(path: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
        answer = await client.post(path, json=body, headers=headers)
        return answer.json()["code"] if answer.is_error else answer.status_code

    for headers in (registry.region, registry.office(mine)):
        replaced = {"valid_from": "2026-03-01"} | ({"code": "shed"} if headers is registry.region else {})
        for path, body in (
            ("/settings/values", week(5, "2026-08-31")),
            ("/calendar/sets", vacations),
            ("/calendar/special-days", special("2026-02-24", "off")),
            (ROOMS, entry("Сарай", **replaced)),
        ):
            assert await code(path, body, headers) == "organizations.closed-past", (path, body)
        assert await code("/settings/values", week(5, "2026-09-01"), headers) == 201
    assert await code("/settings/values", week(5, "2026-11-01"), registry.office(other)) == "organizations.closed-past"
    assert await code("/settings/values", week(5, "2027-09-01"), registry.office(other)) == 201
    assert await code("/calendar/special-days", special("2026-11-03", "off"), registry.region) == 201
    for path, patch in (
        (f"/settings/values/{before.json()['id']}", {"value": 5}),
        (f"/reference-entries/{begun.json()['id']}", {"valid_from": "2026-09-01"}),
    ):
        answer = await client.patch(path, json={"reason": "Правка", **patch}, headers={**registry.region, **IF_FIRST})
        assert answer.json().get("code") == "organizations.closed-past", answer.text
    ended = {"reason": "Больше не нужна", "valid_to": "2026-12-01"}
    answer = await client.patch(
        f"/reference-entries/{begun.json()['id']}", json=ended, headers={**registry.region, **IF_FIRST}
    )
    assert answer.status_code == 200, answer.text
    assert await registry.value("SELECT count(*) FROM special_day") == 1
