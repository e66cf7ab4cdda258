"""What a user counts of its own stays the same to the byte, whatever is told of organizations beyond its view.

Every dataset, dimension and measure, every form with its files and the people of its cells, every counted report in every format.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from httpx import Response

from asu_contracts.access import OFFICE, Role
from reporting.constructor.semantics import DATASETS, Dataset
from reporting.counted.catalogue import REPORTS
from reporting.forms.service import catalog
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.service import ServiceDefinition
from servicekit.testing import ServiceUnderTest
from servicekit.testing.harness import Template
from servicekit.testing.matrix import Target
from servicekit.testing.tokens import TokenFactory

from ..constructor import naive
from ..constructor.asking import measures
from ..constructor.world import DAY
from .ground import NOWHERE, READERS, Ground, differences, outcome, refused, said, text

Asked = tuple[str, str, dict[str, Any]]
"""Method, path and what else a call has."""
DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
CLOSED = {"report.cell-not-counted", "report.cell-derived"}
"""Why a cell does not open to whom it counts."""
PERIOD = {"from": "2026-09-01", "to": "2026-09-30"}


@pytest_asyncio.fixture(scope="module")
async def ground(
    definition: ServiceDefinition, template: Template, tokens: TokenFactory, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Ground]:
    files: Path = tmp_path_factory.mktemp("isolation")
    async with ServiceUnderTest.start(definition, template, tokens, files) as service:
        service.runtime.clock = FixedClock(datetime(2028, 1, 10, tzinfo=UTC))
        yield await Ground.of(service)


def constructed(ground: Ground, role: Role) -> Iterator[Asked]:
    """Every dimension with every measure, three dimensions at a time; of health a body has one table a field."""
    for dataset in DATASETS.values():
        if role in dataset.roles:
            for query in queries(dataset, role):
                body = {"as_of": str(DAY), "view": {"kind": "pivot"}, "unit": ground.unit(role), **query}
                yield "POST", "/constructor/queries", {"json": body}


def queries(dataset: Dataset, role: Role) -> Iterator[dict[str, Any]]:
    every = measures(dataset)
    for health in (False, True):
        names = [name for name, one in dataset.dimensions.items() if one.health is health]
        if health and role not in OFFICE:
            if dataset.name == "learners" and role is Role.MUNICIPALITY_OPERATOR:
                yield from ({"dataset": "learners", "rows": ["organization"], "columns": [name]} for name in names)
            continue
        for first in range(0, len(names), 3):
            for start in range(0, len(every), 5):
                rows = names[first : first + 3]
                yield {"dataset": dataset.name, "rows": rows, "measures": every[start : start + 5]}


def counted(ground: Ground, role: Role) -> Iterator[Asked]:
    """Every report in every format: of what the caller sees, and of its own unit by name."""
    for report in REPORTS.values():
        if role in report.policy.roles:
            when = {**(PERIOD if report.period else {}), "date": str(DAY)}
            for unit in ({}, ground.unit(role)):
                for form in ("json", "csv", "xlsx") if unit else ("json",):
                    yield "GET", f"/counted-reports/{report.code}", {"params": {**when, **unit, "format": form}}


async def told(ground: Ground, role: Role, asked: list[Asked]) -> list[Response]:
    """What each call is answered with; all of them are answered."""
    found: list[Response] = []
    for method, path, options in asked:
        (answer,) = await ground.send(method, path, ground.headers(role), **options)
        whole = text(answer)
        assert refused([answer]) == [], (role, path, options, whole)
        assert [word for word in ground.beyond(role) if word in whole] == [], (role, path, options)
        found.append(answer)
    return found


@pytest.mark.parametrize("role", READERS)
async def test_figures_are_of_ones_own_and_do_not_follow_what_is_beyond(ground: Ground, role: Role) -> None:
    queried = list(constructed(ground, role))
    asked = [*queried, *counted(ground, role)]
    before = await told(ground, role, asked)
    async with ground.changed(*READERS[role]):
        after = await told(ground, role, asked)
    wrong: list[str] = []
    for (_, path, options), one, other in zip(asked, before, after, strict=True):
        wrong += differences(f"{path} {options}", said([one]), said([other]))
    assert wrong == [], "\n".join(wrong)
    for (_, _, options), answer in zip(queried, before, strict=False):
        query, found = options["json"], answer.json()
        if not found["hidden"]["cells"]:
            dataset = DATASETS[query["dataset"]]
            expected = naive.cells(dataset, ground.facts.of(dataset.name, ground.unit(role)), query)
            assert naive.differences(query, expected, naive.answered(found)) == [], (role, query)
    async with ground.changed(Target.OWN):
        own = await told(ground, role, asked[::7])
    changed = [said([one]) != said([other]) for one, other in zip(before[::7], own, strict=True)]
    assert sum(changed) > len(changed) / 2, "what is told of one's own changes answers"


@pytest.mark.parametrize("form", sorted({one.form for one in catalog()}))
async def test_forms_do_not_follow_what_is_beyond(ground: Ground, form: str) -> None:
    """An organization's form as its head and the department see it, a territory's as its operator does; whom cells count, to the head."""
    day = next(day for day in DAYS if (edition := catalog().edition(form, day)) and edition.is_due_on(day))
    for role in READERS:
        body = {"form": form, "as_of": str(day), **ground.unit(role)}
        before = await whole_form(ground, role, body)
        async with ground.changed(*READERS[role]):
            after = await whole_form(ground, role, body)
        wrong = list(differences(f"{form} by {role}", before, after))
        assert wrong == [], "\n".join(wrong)


async def whole_form(ground: Ground, role: Role, body: dict[str, Any]) -> list[str]:
    headers, client = ground.headers(role), ground.service.client
    async with ground.service.rehearsal():
        made = await ground.build(body, headers)
        report = made[2].json()
        assert refused(made) == [], role
        for section, row, column in cells(report) if role in OFFICE else ():
            params = {"section": section, "row": row, "column": column}
            answer = await client.get(f"/reports/{report['id']}/members", params=params, headers=headers)
            assert answer.status_code == 200 or outcome(answer)[1] in CLOSED, answer.text
            made.append(answer)
    whole = " ".join(map(text, made))
    assert [word for word in ground.beyond(role) if word in whole] == [], role
    return said(made)


def cells(report: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Of each row the first cell that counts somebody."""
    for section in report["sections"]:
        for row in section["rows"]:
            column = next((code for code, value in row["cells"].items() if value and not row.get("keys")), None)
            if column is not None:
                yield section["code"], row["code"], column


@pytest.mark.parametrize("role", READERS)
async def test_units_and_values_of_others_are_not_there(ground: Ground, role: Role) -> None:
    for target in READERS[role]:
        place, theirs = ground.world.places[target], ground.facts.told[list(Target).index(target)]
        for dataset in (one for one in DATASETS.values() if role in one.roles):
            units: list[dict[str, str]] = [{"organization_id": theirs.id}]
            if target is Target.FOREIGN:
                units.append({"municipality": place.municipality})
            for unit in units:
                nobody = {name: NOWHERE if name == "municipality" else str(new_id()) for name in unit}
                for asked in (unit, nobody):
                    answer = await ask(ground, role, {"dataset": dataset.name, "unit": asked})
                    assert outcome(answer) == (404, "not-found"), (role, asked)
            for name, values in alone(ground, dataset, theirs.id):
                where = {"field": name, "values": values}
                answer = await ask(ground, role, {"dataset": dataset.name, "unit": ground.unit(role), "where": where})
                if answer.json().get("code") != "constructor.health":
                    assert answer.json()["result"]["total"][0]["value"] == 0, (role, dataset.name, name)


def alone(ground: Ground, dataset: Dataset, organization: str) -> Iterator[tuple[str, list[Any]]]:
    """Values by dimension that only an organization has."""
    for name, dimension in dataset.dimensions.items():
        found: dict[bool, set[Any]] = {True: set(), False: {None}}
        for row in ground.facts.rows[dataset.name]:
            found[row["organization"] == organization].add(dimension.banded(row[dimension.field]))
        if values := list(found[True] - found[False]):
            yield name, values


async def ask(ground: Ground, role: Role, query: dict[str, Any]) -> Any:
    body = {"as_of": str(DAY), "view": {"kind": "pivot"}, **query}
    return (await ground.send("POST", "/constructor/queries", ground.headers(role), json=body))[0]
