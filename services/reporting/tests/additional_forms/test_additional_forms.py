"""A form of one's own: frozen once published, filled in by those who are asked, summed up, late after its last day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import pytest_asyncio
from httpx import Response
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy.exc import DBAPIError

from asu_contracts.access import Role
from asu_contracts.core import OrganizationKind
from reporting.additional_forms.definition import Definition, address
from reporting.additional_forms.summing import summed
from servicekit.clock import FixedClock

from ..factories import KRASNODAR, SOCHI, Region, Reporting
from .samples import ASKED

WHOLE = {("1", "n"): 3, ("1", "m"): 10.5, ("1", "ok"): True, ("2", "n"): 1, ("2", "m"): 0.25, ("2", "ok"): False}


class Asking:
    """A municipality that asks its schools, two of its own and one elsewhere."""

    def __init__(self, reporting: Reporting, region: Region) -> None:
        self.reporting = reporting
        schools = [region.organization(OrganizationKind.SCHOOL, one) for one in (KRASNODAR, KRASNODAR, SOCHI)]
        self.first, self.second, self.far = schools
        self.told = [*schools, region.organization(OrganizationKind.PRESCHOOL)]
        self.operator = reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR)

    def head(self, school: Any, role: Role = Role.HEAD) -> dict[str, str]:
        unit = {"municipality": school.municipality, "organization_id": school.organization_id}
        return self.reporting.headers(role, **unit)

    async def send(
        self, method: str, path: str, headers: dict[str, str], version: int | None = None, body: Any = None
    ) -> Response:
        match = {} if version is None else {"If-Match": f'"{version}"'}
        return await self.reporting.service.client.request(method, path, json=body, headers={**headers, **match})

    async def create(self, headers: dict[str, str], **more: Any) -> str:
        found = await self.send("POST", "/additional-forms", headers, body={**ASKED, **more})
        assert found.status_code == 201, found.text
        return f"/additional-forms/{found.json()['id']}"

    async def published(self, **more: Any) -> str:
        path = await self.create(self.operator, respondents=["school"], **more)
        assert (await self.send("POST", f"{path}/publication", self.operator, 1)).status_code == 200
        return path

    async def fill(
        self, path: str, school: Any, cells: dict[tuple[str, str], Any], version: int = 0, *, send: bool = True
    ) -> Response:
        body = {"cells": [{"row": row, "column": col, "value": one} for (row, col), one in cells.items()], "send": send}
        return await self.send("PUT", f"{path}/answers/{school.organization_id}", self.head(school), version, body)


@pytest_asyncio.fixture
async def asking(reporting: Reporting, region: Region) -> Asking:
    found = Asking(reporting, region)
    await reporting.tell(*found.told)
    return found


async def test_asked_filled_and_summed_up(asking: Asking) -> None:
    path = await asking.published(deadline="2026-10-01")
    secretary = asking.head(asking.second, Role.SECRETARY)
    seen = (await asking.send("GET", "/additional-forms", secretary)).json()["items"]
    assert [one["title"] for one in seen] == ["Оборудование"]
    assert (await asking.fill(path, asking.first, WHOLE)).json()["version"] == 1
    clerk = {**WHOLE, ("1", "n"): 5, ("1", "t"): "Старые"}
    draft = await asking.fill(path, asking.second, clerk, send=False)
    assert (draft.status_code, draft.json()["sent_at"]) == (200, None)
    summary = (await asking.send("GET", f"{path}/summary", asking.operator)).json()
    assert summary["sections"][0]["rows"] == [["1", "Принтеры", 3, 10.5, 1, 0], ["2", "Серверы", 1, 0.25, 0, 0]]
    assert summary["notes"] == ["Ответили 1 из 2"]
    asking.reporting.service.runtime.clock = FixedClock(
        datetime(2026, 10, 1, 21, 30, tzinfo=UTC)
    )  # 2 October in Moscow
    assert (await asking.fill(path, asking.second, clerk, 1)).status_code == 200
    summary = (await asking.send("GET", f"{path}/summary", asking.operator)).json()
    assert summary["sections"][0]["rows"][0] == ["1", "Принтеры", 8, 21.0, 2, 1]
    mine = (await asking.send("GET", f"{path}/summary", secretary)).json()
    assert mine["sections"][0]["rows"][0] == ["1", "Принтеры", 5, 10.5, 1, 1], "of others a school sees nothing"
    board = (await asking.send("GET", f"{path}/respondents", asking.operator)).json()["items"]
    state = {one["organization_id"]: (one["state"], one["late"]) for one in board}
    assert state.pop(str(asking.second.organization_id)) == ("sent", True)
    assert state.keys() == {str(asking.first.organization_id)}
    csv = await asking.send("GET", f"{path}/summary?format=csv", asking.operator)
    assert "Свод;1 · Принтеры;Штук (сумма);8" in csv.content.decode("utf-8-sig")


async def test_what_was_sent_stands_until_another_is_sent(asking: Asking) -> None:
    path = await asking.published(deadline="2026-10-01")
    clock = asking.reporting.service.runtime.clock
    asking.reporting.service.runtime.clock = FixedClock(datetime(2026, 9, 30, 12, tzinfo=UTC))
    assert (await asking.fill(path, asking.first, WHOLE)).json()["sent_version"] == 1
    asking.reporting.service.runtime.clock = clock
    other = {**WHOLE, ("1", "n"): 30}
    draft = (await asking.fill(path, asking.first, other, 1, send=False)).json()
    assert (draft["version"], draft["sent_version"], value(draft)) == (2, 1, 30)

    async def seen(version: int | None = None) -> Response:
        query = "" if version is None else f"?version={version}"
        return await asking.send("GET", f"{path}/answers/{asking.first.organization_id}{query}", asking.operator)

    async def summary() -> tuple[int, list[str]]:
        found = (await asking.send("GET", f"{path}/summary", asking.operator)).json()
        return found["sections"][0]["rows"][0][2], found["notes"]

    async def board() -> dict[str, Any]:
        items = (await asking.send("GET", f"{path}/respondents", asking.operator)).json()["items"]
        found: dict[str, Any] = next(one for one in items if one["state"] != "none")
        return {name: found[name] for name in ("state", "sent_version", "late")}

    assert [value((await seen(version)).json()) for version in (None, 1)] == [30, 3]
    assert (await seen(2)).status_code == 404, "what was not sent is no version"
    notes = ["Ответили 1 из 2", "Готовят новую версию ответа: 1; учтены их отправленные версии"]
    assert await summary() == (3, notes)
    assert await board() == {"state": "revised", "sent_version": 1, "late": False}
    assert (await asking.fill(path, asking.first, other, 2)).json()["sent_version"] == 3
    assert await summary() == (30, ["Ответили 1 из 2"])
    assert await board() == {"state": "sent", "sent_version": 3, "late": False}, "a correction is not late"
    assert [value((await seen(version)).json()) for version in (1, 3)] == [3, 30]


def value(answer: dict[str, Any]) -> Any:
    return next(one["value"] for one in answer["cells"] if (one["row"], one["column"]) == ("1", "n"))


async def test_what_is_published_is_frozen(asking: Asking) -> None:
    path = await asking.create(asking.operator, respondents=["school"])
    early = await asking.fill(path, asking.first, WHOLE)
    assert early.status_code == 404, "a draft is not seen below"
    changed = {**ASKED, "title": "Техника", "respondents": ["school"]}
    assert (await asking.send("PUT", path, asking.operator, 1, changed)).json()["version"] == 2
    assert (await asking.send("PUT", path, asking.operator, 1, changed)).status_code == 412
    assert (await asking.send("POST", f"{path}/publication", asking.operator, 2)).status_code == 200
    for method, where, body in (("PUT", path, changed), ("POST", f"{path}/publication", None)):
        refused = await asking.send(method, where, asking.operator, 3, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "additional-form.published")
    with pytest.raises(DBAPIError, match="a published form does not change"):
        async with asking.reporting.service.runtime.engine.begin() as connection:
            await connection.exec_driver_sql("UPDATE additional_form SET title = 'Иное'")
    assert (await asking.send("GET", path, asking.operator)).json()["title"] == "Техника"


async def test_an_organization_asks_itself(asking: Asking) -> None:
    head = asking.head(asking.first)
    path = await asking.create(head)
    draft = await asking.fill(path, asking.first, WHOLE)
    assert (draft.status_code, draft.json()["code"]) == (409, "additional-form.draft")
    assert (await asking.send("POST", f"{path}/publication", head, 1)).status_code == 200
    assert (await asking.fill(path, asking.first, WHOLE)).status_code == 200
    assert (await asking.send("GET", path, asking.head(asking.second))).status_code == 404
    refused = await asking.send("PUT", path, asking.operator, 2, {**ASKED, "respondents": ["school"]})
    assert refused.status_code == 403, "those above read it and do not change it"
    wrong = await asking.send("POST", "/additional-forms", head, body={**ASKED, "respondents": ["school"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "additional-form.respondents")


@pytest.mark.parametrize("owner", ["region", "municipality", "organization"])
async def test_a_summary_is_headed_and_recorded_as_of_those_it_sums(asking: Asking, owner: str) -> None:
    region = asking.reporting.headers(Role.REGION_ADMIN)
    definer = {"region": region, "municipality": asking.operator, "organization": asking.head(asking.first)}[owner]
    path = await asking.create(definer, respondents=[] if owner == "organization" else ["school"])
    assert (await asking.send("POST", f"{path}/publication", definer, 1)).status_code == 200
    territory = (f"Муниципальное образование, ОКТМО {KRASNODAR}", None, KRASNODAR)
    school = (asking.first.short_name, str(asking.first.organization_id), KRASNODAR)
    units = [("Субъект Российской Федерации", None, None), territory, school]
    for level, reader in enumerate([region, asking.operator, asking.head(asking.first)]):
        narrower = max(level, ["region", "municipality", "organization"].index(owner))
        name, organization_id, municipality = units[narrower]
        summary = await asking.send("GET", f"{path}/summary", reader)
        assert summary.json()["organization"] == name
        assert (await asking.send("GET", f"{path}/summary?format=csv", reader)).status_code == 200
        last = (await asking.send("GET", "/outward-exchanges?limit=1", reader)).json()["items"][0]
        assert (last["organization_id"], last["municipality"]) == (organization_id, municipality)


@pytest.mark.parametrize(
    ("cells", "code", "named"),
    [
        ({**WHOLE, ("3", "n"): 1}, "additional-form.cells", ["3", "n"]),
        ({**WHOLE, ("1", "n"): 1.5}, "additional-form.cells", ["1", "n"]),
        ({**WHOLE, ("1", "n"): True}, "additional-form.cells", ["1", "n"]),
        ({**WHOLE, ("1", "m"): 0.00001}, "additional-form.cells", ["1", "m"]),
        ({**WHOLE, ("1", "ok"): 1}, "additional-form.cells", ["1", "ok"]),
        ({**WHOLE, ("1", "ok"): None}, "additional-form.empty-cells", ["1", "ok"]),
    ],
)
async def test_answers_that_do_not_fit(
    asking: Asking, cells: dict[tuple[str, str], Any], code: str, named: list[str]
) -> None:
    path = await asking.published()
    refused = await asking.fill(path, asking.first, cells)
    assert refused.json()["code"] == code
    assert [[one["row"], one["column"]] for one in refused.json()["cells"]] == [named]
    empty = await asking.send("GET", f"{path}/answers/{asking.first.organization_id}", asking.head(asking.first))
    assert (empty.json()["version"], {one["value"] for one in empty.json()["cells"]}) == (0, {None})


async def test_who_is_not_asked_does_not_answer_and_versions_hold(asking: Asking) -> None:
    path = await asking.published()
    assert (await asking.fill(path, asking.far, WHOLE)).status_code == 404
    assert (await asking.fill(path, asking.told[-1], WHOLE)).status_code == 404
    assert (await asking.fill(path, asking.first, WHOLE)).status_code == 200
    assert [(await asking.fill(path, asking.first, WHOLE, version)).status_code for version in (0, 7, 1)] == [
        412, 412, 200,
    ]  # fmt: skip
    other = f"{path}/answers/{asking.first.organization_id}"
    assert (await asking.send("PUT", other, asking.head(asking.second), 2, {"cells": []})).status_code == 404


@given(some.lists(some.dictionaries(some.sampled_from(["1", "2"]), some.integers(-99, 99)), max_size=6))
def test_a_sum_is_the_sum(answers: list[dict[str, int]]) -> None:
    definition = Definition.model_validate(ASKED["definition"])
    cells = [{address(row, "n"): n for row, n in one.items()} for one in answers]
    sheet = summed("", definition, cells, 9, 0, date.min)
    assert [row[2] for row in sheet.sections[0].rows] == [sum(one.get(row, 0) for one in answers) for row in "12"]
