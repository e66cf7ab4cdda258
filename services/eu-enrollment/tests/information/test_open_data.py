"""Open data: passports, CSV and JSON of every set, caching, nothing of people."""

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from asu_contracts.core import OrganizationKind
from eu_enrollment.information.datasets import DATASETS
from servicekit.answers import KEPT_SECONDS
from servicekit.clock import FixedClock

from ..factories import Town, group
from ..territories.acts import act, line
from .news import club, hear, programme, school


async def _download(town: Town, name: str, ending: str, **headers: str) -> Any:
    return await town.service.client.get(f"/public/open-data/{name}/data.{ending}", headers=headers)


@pytest.fixture
async def furnished(town: Town) -> Town:
    """Something in every set, a child's application among what must not be."""
    named = school("=HYPERLINK(1)", kind=OrganizationKind.PRESCHOOL)
    seventh = school('Школа "7", главная')
    place = group(named.organization_id, 10, 4)
    robots = programme(seventh.organization_id)
    await hear(town, named, seventh, place, robots, club(seventh.organization_id, robots.programme_id, 15, 12))
    await town.open({place: 3})
    await town.apply(1, named.organization_id)
    sent = act(line(seventh.organization_id, houses="1–9"), line(seventh.organization_id, "ул. Мира"))
    await town.post("/territory-acts", 201, town.operator, sent | {"valid_from": "2020-01-01"})
    return town


async def test_every_set_says_the_same_in_both_forms(furnished: Town) -> None:
    catalogue = (await furnished.service.client.get("/public/open-data")).json()["items"]
    assert [one["name"] for one in catalogue] == list(DATASETS)
    for passport in catalogue:
        name, fields = passport["name"], [one["name"] for one in passport["fields"]]
        text, data = await _download(furnished, name, "csv"), await _download(furnished, name, "json")
        assert text.headers["content-type"] == "text/csv; charset=utf-8"
        assert text.headers["content-disposition"] == f'attachment; filename="{name}.csv"'
        assert text.content.startswith("\ufeff".encode())
        header, *rows = csv.reader(io.StringIO(text.content.decode("utf-8-sig"), newline=""), strict=True)
        items = data.json()["items"]
        assert header == fields
        assert data.json()["passport"] == passport
        assert len(rows) == len(items) == passport["rows"] > 0
        for row, item in zip(rows, items, strict=True):
            assert list(item) == fields
            assert [re.sub(r"^'(?=[=+\-@])", "", cell) for cell in row] == [_as_cell(item[name]) for name in fields]


def _as_cell(value: Any) -> str:
    return "" if value is None else json.dumps(value) if isinstance(value, bool) else str(value)


async def test_no_cell_is_a_formula_and_lines_end_as_the_standard_says(furnished: Town) -> None:
    text = (await _download(furnished, "organizations", "csv")).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert '"Школа ""7"", главная"' in text
    assert text.count("\n") == text.count("\r\n") == 3


async def test_nothing_of_people_is_public(furnished: Town) -> None:
    paths = [f"/public/open-data/{name}/data.{ending}" for name in DATASETS for ending in ("csv", "json")]
    paths += ["/public/organizations", "/public/free-places", "/public/programmes", "/public/campaigns"]
    paths += [f"/public/campaigns/{furnished.campaign_id}/places", "/public/territory-acts", "/public/rules"]
    for path in paths:
        text = (await furnished.service.client.get(path)).text
        for secret in (
            "Иванова",
            "Мария",
            "IV-АГ",
            "000001",
            "+79180000000",
            furnished.operator["Authorization"][-20:],
        ):
            assert secret not in text, (path, secret)


async def test_who_has_a_set_already_gets_304_and_costs_no_query(furnished: Town) -> None:
    clock = furnished.service.runtime.clock = FixedClock(furnished.service.runtime.clock.now())
    statements: list[str] = []
    event.listen(
        furnished.service.runtime.engine.sync_engine,
        "before_cursor_execute",
        lambda *args: statements.append(args[2]),
    )
    for path in ("/public/open-data/territories/data.csv", "/public/organizations", "/public/open-data"):
        first = await furnished.service.client.get(path)
        asked = len(statements)
        assert asked > 0
        again = await furnished.service.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content, len(statements)) == (304, b"", asked)
        assert again.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=300"
        assert again.headers["Vary"] == "Accept-Encoding"
        assert again.headers["ETag"] == first.headers["ETag"]
    await hear(furnished, school("Новая"))
    clock.instant += timedelta(seconds=KEPT_SECONDS)
    tag = first.headers["ETag"]
    assert (await furnished.service.client.get("/public/open-data", headers={"If-None-Match": tag})).status_code == 200


async def test_a_set_of_many_chunks_is_whole_and_in_order(furnished: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eu_enrollment.information.datasets.CHUNK", 1)
    monkeypatch.setattr("eu_enrollment.information.datasets._FEW", 1)
    for name in DATASETS:
        items = (await _download(furnished, name, "json")).json()
        assert len(items["items"]) == items["passport"]["rows"] > 0
    lines = (await _download(furnished, "territories", "json")).json()["items"]
    assert [item["street"] for item in lines] == ["ул. Красная", "ул. Мира"]


async def test_a_set_that_does_not_exist_is_refused(town: Town) -> None:
    assert (await _download(town, "pupils", "csv")).status_code == 422
