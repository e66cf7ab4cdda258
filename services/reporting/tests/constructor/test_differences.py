"""Whoever asks a body's whole of health in every way there is, cannot work out anything that was hidden from it."""

from collections.abc import Iterator
from datetime import date
from itertools import permutations, product
from random import Random
from typing import Any

import pytest

from asu_contracts.access import Role
from asu_contracts.core import OrganizationKind
from reporting.constructor.semantics import DATASETS
from reporting.constructor.suppression import THRESHOLD

from ..factories import Region, Reporting
from .world import DAY

VALUES = (False, True)
HEALTH = sorted(name for name, one in DATASETS["learners"].dimensions.items() if one.health)
BESIDE = ("municipality", "organization", "organization_kind", "grade", "age_band")
MUNICIPALITIES = [f"037{number:02}000" for number in range(1, 13)]

Table = dict[str, list[int]]
"""How many children of an organization have each of ``VALUES`` for a disability."""
Place = tuple[str | None, bool | str | None]
"""An organization and a value; ``"all"`` is the total of either."""


@pytest.fixture
async def tables(reporting: Reporting, region: Region) -> dict[str, Table]:
    """Small worlds, one in each municipality: two to four organizations of few children, few of them disabled."""
    random = Random(5)
    made: dict[str, Table] = {}
    events: list[Any] = []
    for municipality in MUNICIPALITIES:
        made[municipality] = {}
        for _ in range(random.randint(2, 4)):
            kind = random.choice([OrganizationKind.SCHOOL, OrganizationKind.PRESCHOOL])
            school = region.organization(kind, municipality)
            groups = [region.group(school, grade) for grade in (1, 2)]
            events += [school, *groups]
            counts = [random.randint(4, 12), random.choice([0, 1, 2, 4, 5, 6, 9])]
            unknown = random.choice([0, 0, 1])
            made[municipality][str(school.organization_id)] = [counts[0] + unknown, counts[1]]
            for disability, count in zip((*VALUES, None), (*counts, unknown), strict=True):
                for _ in range(count):
                    child = region.id()
                    if disability is not None:
                        events.append(region.statistics(date(2018, 1, 1), of=child, disability=disability))
                    stay = region.stay(random.choice(groups))
                    events.append(region.movement(child, date(2026, 9, 1), opened=stay))
    await reporting.tell(*events)
    return made


async def asked(reporting: Reporting, municipality: str, query: dict[str, Any]) -> Any:
    headers = reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=municipality)
    body = {"as_of": str(DAY), "view": {"kind": "pivot"}, **query}
    return await reporting.service.client.post("/constructor/queries", json=body, headers=headers)


def everything() -> Iterator[dict[str, Any]]:
    """Children by one to three dimensions some of which tell of health, laid out either way, and with filters beside."""
    for names in (found for size in (1, 2, 3) for found in permutations((*HEALTH, *BESIDE), size)):
        if set(names) & set(HEALTH) and (len(names) < 3 or list(names) == sorted(names)):
            yield {"dataset": "learners", "rows": names[:1], "columns": names[1:]}
    for field in HEALTH:
        yield {"dataset": "placements", "rows": ["organization"], "columns": [field]}
        yield {"dataset": "learners", "rows": ["organization", field]}
    for field in set(HEALTH) & DATASETS["groups"].dimensions.keys():
        of_groups = {"dataset": "groups", "rows": ["organization"], "columns": [field]}
        yield of_groups
        yield {**of_groups, "rows": ["group_name"]}
        yield {**of_groups, "measures": [{"kind": "sum", "field": "size"}]}
        yield {**of_groups, "where": {"field": "grade", "value": 1}}
    table = {"dataset": "learners", "rows": ["organization"], "columns": ["disability"]}
    filters = [{"field": "grade", "value": 1}, {"field": "group_name", "value": "А"}, {"field": "age", "value": 8}]
    for where in (*filters, {"field": "disability", "value": True}, {"field": "sex", "value": "male"}):
        yield {**table, "where": where}
        yield {**table, "columns": [], "where": {"all": [where, {"not": {"field": "disability", "empty": True}}]}}


def told(answer: Any) -> dict[Place, int | None]:
    """What an answer says of each place, totals too; None is hidden."""
    result = answer["result"]
    rows = [one[0]["value"] for one in result["rows"]] + ["all"]
    columns = [one[0]["value"] for one in result["columns"]] + ["all"]
    lines = [*zip(result["cells"], result["row_totals"], strict=True), (result["column_totals"], result["total"])]
    found: dict[Place, int | None] = {}
    for row, (cells, total) in zip(rows, lines, strict=True):
        for column, cell in zip(columns, [*cells, total], strict=True):
            place = (row, column) if answer["result"]["column_titles"] == ["Инвалидность"] else (column, row)
            found[place] = None if cell[0]["hidden"] else cell[0]["value"]
    return found


def totalled(table: Table) -> dict[Place, int]:
    found: dict[Place, int] = {}
    for school, counts in table.items():
        for value, count in zip(VALUES, counts, strict=True):
            for place in ((school, value), (school, "all"), ("all", value), ("all", "all")):
                found[place] = found.get(place, 0) + count
    return found


def others(table: Table) -> Iterator[dict[Place, int]]:
    """Worlds in which one or two children of each organization differ; of how many children it is, everybody may know."""
    moves = [(less, -less) for less in (-2, -1, 0, 1, 2)]
    for moved in product(moves, repeat=len(table)):
        changed = {
            school: [count + one for count, one in zip(counts, move, strict=True)]
            for (school, counts), move in zip(table.items(), moved, strict=True)
        }
        if all(count >= 0 for counts in changed.values() for count in counts):
            yield totalled(changed)


async def test_no_two_questions_tell_what_one_hides(reporting: Reporting, tables: dict[str, Table]) -> None:
    answered: list[dict[str, Any]] = []
    for query in everything():
        answer = await asked(reporting, MUNICIPALITIES[0], query)
        assert answer.status_code == 200 or answer.json()["code"] == "constructor.health", (query, answer.text)
        if answer.status_code == 200:
            answered.append(query)
    assert {frozenset((*one["rows"], *one["columns"])) for one in answered} == {
        frozenset({"organization", field}) for field in HEALTH
    }
    of_disability = [one for one in answered if "disability" in (*one["rows"], *one["columns"])]
    assert len(of_disability) == 2
    shown = 0
    for municipality, table in tables.items():
        known = [told((await asked(reporting, municipality, query)).json()) for query in of_disability]
        assert known[0] == known[1]
        true = totalled(table)
        assert all(value in {None, true[place]} for place, value in known[0].items())
        open_yet = {place for place, value in known[0].items() if value is None}
        assert all(true[place] >= THRESHOLD or place in open_yet for place in true)
        shown += len(true) - len(open_yet)
        for other in others(table):
            if all(value is None or other[place] == value for place, value in known[0].items()):
                open_yet -= {place for place in open_yet if other[place] != true[place]}
        assert not open_yet, (municipality, table)
    assert shown > 4 * len(tables)
