"""Settings of the region and of organizations: what is in force, where it comes from, who may set it."""

import asyncio
import itertools
import re
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest
from sgo_core.settings.definition import SETTINGS
from sgo_core.settings.effective import Timeline

from .world import Registry, class_

IF_FIRST = {"If-Match": '"1"'}


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


def week(value: Any, day: str = "2026-09-01") -> dict[str, Any]:
    return {"name": "week_basic", "value": value, "valid_from": day, "reason": "Приказ"}


async def put(registry: Registry, headers: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    answer = await registry.service.client.post("/settings/values", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def read(
    registry: Registry, headers: dict[str, str], organization_id: UUID | None, day: str, name: str = "week_basic"
) -> tuple[Any, str]:
    params = {"date": day} | ({} if organization_id is None else {"organization_id": str(organization_id)})
    answer = await registry.service.client.get("/settings", params=params, headers=headers)
    found = next(one for one in answer.json()["items"] if one["name"] == name)
    return found["value"], found["origin"]


def test_every_setting_is_read_by_the_slices_it_names() -> None:
    root = Path(str(files("sgo_core")))
    for name, setting in SETTINGS.items():
        for slice_name in setting.read_by:
            code = "\n".join(one.read_text(encoding="utf-8") for one in (root / slice_name).glob("*.py"))
            assert re.search(rf'"{name}"', code), f"{slice_name} does not read {name}"


async def test_an_organization_inherits_until_it_sets_its_own_and_again_after(registry: Registry) -> None:
    school, other = await registry.organization(), await registry.organization()
    office = registry.office(school)
    assert await read(registry, office, school, "2026-10-01") == (5, "default")
    await put(registry, registry.region, week(6))
    assert await read(registry, office, school, "2026-10-01") == (6, "region")
    await put(registry, office, week(5, "2026-10-01"))
    await put(registry, office, week(None, "2027-01-11"))
    assert await read(registry, office, school, "2026-09-30") == (6, "region")
    assert await read(registry, office, school, "2026-10-01") == (5, "organization")
    assert await read(registry, office, school, "2027-01-10") == (5, "organization")
    assert await read(registry, office, school, "2027-01-11") == (6, "region")
    assert await read(registry, registry.office(other), other, "2026-10-01") == (6, "region")
    assert await read(registry, office, None, "2026-10-01") == (6, "region")


async def test_a_change_of_the_region_reaches_those_who_inherit_and_nobody_else(registry: Registry) -> None:
    school, heir = await registry.organization(), await registry.organization()
    made = await put(registry, registry.region, week(6))
    await put(registry, registry.office(school), week(6))
    edit = {"reason": "Отмена", "active": False}
    path = f"/settings/values/{made['id']}"
    assert (
        await registry.service.client.patch(path, json=edit, headers={**registry.region, **IF_FIRST})
    ).status_code == 200
    assert await read(registry, registry.office(heir), heir, "2026-10-01") == (5, "default")
    assert await read(registry, registry.office(school), school, "2026-10-01") == (6, "organization")


@pytest.mark.parametrize("value", [4, 7, "5", True, 5.5, "quarters"])
async def test_a_value_that_does_not_fit_is_refused(registry: Registry, value: Any) -> None:
    answer = await registry.service.client.post("/settings/values", json=week(value), headers=registry.region)
    assert answer.status_code == 422, answer.text
    assert await registry.value("SELECT count(*) FROM setting_value") == 0


async def test_refusals(registry: Registry) -> None:
    client, school, other = registry.service.client, await registry.organization(), await registry.organization()
    office = registry.office(school)
    unknown = {**week(5), "name": "unknown"}
    answer = await client.post("/settings/values", json=unknown, headers=registry.region)
    assert (answer.status_code, answer.json()["code"]) == (404, "settings.unknown")
    regional = (await put(registry, registry.region, week(6)))["id"]
    own = (await put(registry, office, week(6)))["id"]
    again = await client.post("/settings/values", json=week(5), headers=office)
    assert (again.status_code, again.json()["code"]) == (409, "settings.day-taken")
    edit = {"reason": "Чужое", "value": 5}

    async def status(value_id: str, headers: dict[str, str]) -> int:
        sent = {**headers, **IF_FIRST}
        return (await client.patch(f"/settings/values/{value_id}", json=edit, headers=sent)).status_code

    assert await status(regional, office) == 403
    assert await status(own, registry.region) == 403
    assert await status(own, registry.office(other)) == 404
    secretary = registry.service.tokens.headers(Role.SECRETARY, organization_id=school)
    assert await status(own, secretary) == 403
    assert await status(own, office) == 200
    assert await status(own, office) == 412


async def test_two_set_one_day_at_once_and_one_is_told(registry: Registry) -> None:
    school = await registry.organization()
    office, client = registry.office(school), registry.service.client
    sent = (client.post("/settings/values", json=week(value), headers=office) for value in (5, 6))
    assert sorted(one.status_code for one in await asyncio.gather(*sent)) == [201, 409]
    assert await registry.value("SELECT count(*) FROM setting_value") == 1


async def test_what_a_value_was_stays_readable(registry: Registry) -> None:
    school = await registry.organization()
    office, client = registry.office(school), registry.service.client
    made = await put(registry, office, week(6))
    path = f"/settings/values/{made['id']}"
    await client.patch(path, json={"reason": "Пятидневка", "value": 5}, headers={**office, **IF_FIRST})
    changes = (await client.get(f"{path}/history", headers=office)).json()["items"]
    assert [(one["created"], one["reason"]) for one in changes] == [(True, "Приказ"), (False, "Пятидневка")]
    assert changes[1]["changes"] == {"value": [6, 5]}


class Row:
    def __init__(self, organization_id: UUID | None, day: Any, value: Any) -> None:
        self.name, self.organization_id, self.valid_from, self.value = "week_basic", organization_id, day, value


SCHOOL = UUID(int=1)
days = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 3, 1))
levels = st.dictionaries(days, st.sampled_from([5, 6, None]), max_size=5)


@given(region=levels, own=levels, first=days, last=days)
def test_the_turns_of_a_setting_say_the_same_as_asking_for_each_day(
    region: dict[Any, Any], own: dict[Any, Any], first: Any, last: Any
) -> None:
    first, last = sorted((first, last))
    line = Timeline([Row(None, *one) for one in region.items()] + [Row(SCHOOL, *one) for one in own.items()])
    turns = line.turns("week_basic", SCHOOL, first, last)
    assert turns[0][0] == first
    assert all(one[1] != next_[1] and one[0] < next_[0] for one, next_ in itertools.pairwise(turns))
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        nearest = max((one for one in own if one <= day), default=None)
        expected = None if nearest is None else own[nearest]
        if expected is None:
            nearest = max((one for one in region if one <= day), default=None)
            expected = None if nearest is None else region[nearest]
        assert line.at("week_basic", SCHOOL, day).value == (expected or 5)
        assert next(value for begins, value in reversed(turns) if begins <= day) == (expected or 5)


async def test_new_classes_take_the_usual_shift_and_type_of_plan(registry: Registry) -> None:
    school = await registry.organization()
    await put(registry, registry.region, {**week("individual"), "name": "plan_type_secondary"})
    await put(registry, registry.office(school), {**week(2), "name": "default_shift"})
    made = await registry.groups(
        school,
        class_("10А", grade=10),
        class_("9А", grade=9),
        {**class_("11А", grade=11), "shift": 1, "plan_type": "classical"},
    )
    assert [(one["shift"], one["plan_type"]) for one in made] == [(2, "individual"), (2, "classical"), (1, "classical")]
