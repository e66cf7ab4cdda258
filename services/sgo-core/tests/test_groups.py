"""Classes and preschool groups with all they are described by, their history, and their state on a past date."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from asu_contracts.core import GroupChanged
from servicekit.clock import FixedClock
from servicekit.testing import ServiceUnderTest

from .world import FIRST_DAY, Registry, class_


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


@pytest.fixture
def clock(service: ServiceUnderTest) -> Iterator[FixedClock]:
    """A day in the middle of the autumn."""
    runtime = service.runtime
    real, runtime.clock = runtime.clock, FixedClock(datetime(2026, 10, 1, 9, tzinfo=UTC))
    yield runtime.clock
    runtime.clock = real


PRESCHOOL: dict[str, Any] = {
    "kind": "preschool_group",
    "name": "Ромашка",
    "age_from": 3,
    "age_to": 4,
    "capacity": 15,
    "orientation": "compensating",
    "disorder": "speech",
    "stay_mode": "full_day",
}


@pytest.mark.parametrize(
    ("sent", "name", "letter"),
    [
        ({"name": "5Б", "grade": 5}, "5Б", "Б"),
        ({"letter": "Б", "grade": 5}, "5Б", "Б"),
        ({"name": "10 физмат", "grade": 10}, "10 физмат", "физмат"),
        ({"name": "10А", "grade": 1}, "10А", "10А"),
        ({"letter": "инженерный-1234", "grade": 11}, "11инженерный-1234", "инженерный-1234"),
        ({"letter": "Б", "name": "Класс кадет", "grade": 7}, "Класс кадет", "Б"),
    ],
)
async def test_a_class_is_its_grade_and_a_letter(
    registry: Registry, sent: dict[str, Any], name: str, letter: str
) -> None:
    organization_id = await registry.organization()
    (opened,) = await registry.groups(organization_id, {"kind": "class", "capacity": 25, **sent})
    assert (opened["name"], opened["letter"]) == (name, letter)
    assert (opened["class_type"], opened["plan_type"]) == ("ordinary", "classical")


async def test_what_does_not_fit_a_kind_is_refused(registry: Registry) -> None:
    organization_id = await registry.organization()
    path = f"/organizations/{organization_id}/groups"
    for sent in (
        {"kind": "class", "grade": 5, "capacity": 25},
        {**class_("5" + "Б" * 16, grade=5)},
        {**class_("5Б", grade=5), "letter": "Б" * 16},
        {**class_("5Б", grade=5), "stay_mode": "full_day"},
        {**class_("5Б", grade=5), "shift": 4},
        {**PRESCHOOL, "profile": "Технологический"},
        {**PRESCHOOL, "orientation": "general"},
        {**PRESCHOOL, "age_from": 5},
        {**PRESCHOOL, "stay_mode": "hour"},
        {"kind": "additional_group", "name": "Кружок", "capacity": 10},
    ):
        answer = await registry.service.client.post(
            path, json={"academic_year": 2026, "groups": [sent]}, headers=registry.region
        )
        assert answer.status_code == 422, sent
    preschool = await registry.organization("preschool")
    for kind, wrong in (("preschool", preschool), ("additional", await registry.organization("additional"))):
        answer = await registry.service.client.post(
            f"/organizations/{wrong}/groups",
            json={"academic_year": 2026, "groups": [class_("1А")]},
            headers=registry.region,
        )
        assert answer.json()["code"] == "groups.kind-mismatch", kind
    assert await registry.value("SELECT count(*) FROM study_group") == 0


async def test_a_group_tells_all_it_is_described_by(registry: Registry) -> None:
    school = await registry.organization()
    described = {
        **class_("10А", grade=10),
        "class_type": "lyceum",
        "plan_type": "individual",
        "profile": "Технологический",
        "combined_set": "10–11",
        "shift": 2,
        "reference_headcount": 24,
    }
    opened = await registry.groups(school, described, PRESCHOOL)
    for sent, one in zip((described, PRESCHOOL), opened, strict=True):
        assert {name: one[name] for name in sent} == sent
    events = await registry.events("core.group.changed.v1")
    told = [GroupChanged.model_validate_json(event["payload"]) for event in events]
    assert [(one.class_type, one.shift, one.orientation, one.disorder, one.stay_mode) for one in told] == [
        ("lyceum", 2, None, None, None),
        (None, None, "compensating", "speech", "full_day"),
    ]
    path = f"/organizations/{school}/groups"
    listed = await registry.service.client.get(path, params={"kind": "preschool_group"}, headers=registry.region)
    assert [one["name"] for one in listed.json()["items"]] == ["Ромашка"]


async def test_a_change_keeps_what_was(registry: Registry, clock: FixedClock) -> None:
    school = await registry.organization()
    (opened,) = await registry.groups(school, class_("5А", grade=5))
    client, path = registry.service.client, f"/groups/{opened['id']}"
    office = registry.office(school)
    before = clock.instant
    clock.instant += timedelta(days=1)
    changed = await client.patch(
        path,
        json={"letter": "Б", "shift": 2, "class_type": "in_depth", "reason": "Приказ о комплектовании"},
        headers={**office, "If-Match": '"1"'},
    )
    assert changed.status_code == 200, changed.text
    assert {name: changed.json()[name] for name in ("name", "letter", "shift", "class_type", "version")} == {
        "name": "5Б",
        "letter": "Б",
        "shift": 2,
        "class_type": "in_depth",
        "version": 2,
    }
    past = (await client.get(path, params={"as_of": before.isoformat()}, headers=office)).json()
    assert (past["name"], past["shift"], past["class_type"]) == ("5А", 1, "ordinary")
    assert (past["occupied"], past["version"]) == (None, None)
    history = (await client.get(f"{path}/history", headers=office)).json()["items"]
    assert [one["created"] for one in history] == [True, False]
    assert history[1]["reason"] == "Приказ о комплектовании"
    assert history[1]["changes"] == {
        "name": ["5А", "5Б"],
        "letter": ["А", "Б"],
        "shift": [1, 2],
        "class_type": ["ordinary", "in_depth"],
    }
    early = (before - timedelta(days=1)).isoformat()
    assert (await client.get(path, params={"as_of": early}, headers=office)).status_code == 404


async def test_fields_of_another_kind_are_not_set(registry: Registry) -> None:
    school = await registry.organization()
    opened = await registry.groups(school, class_("5А", grade=5), PRESCHOOL)
    client = registry.service.client
    for one, sent in (
        (opened[0], {"stay_mode": "full_day"}),
        (opened[0], {"name": "5" + "А" * 20}),
        (opened[1], {"profile": "Технологический"}),
        (opened[1], {"age_from": 6}),
    ):
        answer = await client.patch(f"/groups/{one['id']}", json=sent, headers={**registry.region, "If-Match": '"1"'})
        assert answer.json()["code"] == "groups.fields", sent
    general = await client.patch(
        f"/groups/{opened[1]['id']}", json={"orientation": "general"}, headers={**registry.region, "If-Match": '"1"'}
    )
    assert (general.json()["orientation"], general.json()["disorder"]) == ("general", None)


async def test_children_who_come_and_go_are_no_news_of_the_class(registry: Registry) -> None:
    school = await registry.organization()
    group_id = await registry.school_class(school, capacity=3)
    for number in range(2):
        await registry.student(school, group_id, number)
    history = await registry.service.client.get(f"/groups/{group_id}/history", headers=registry.office(school))
    assert [one["created"] for one in history.json()["items"]] == [True]
    assert await registry.value("SELECT occupied FROM study_group WHERE id = $1", group_id) == 2
    assert await registry.contingent(school, FIRST_DAY) == 2
    await registry.check()
