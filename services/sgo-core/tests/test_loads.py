"""The teaching load: distributed, compared with the curricula, replaced, shown on the teacher's card."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from asu_contracts.access import Role
from asu_contracts.core import LoadChanged, WorkerStatisticsChanged
from servicekit.clock import FixedClock
from servicekit.testing import ServiceUnderTest
from sgo_core.bootstrap import SERVICE
from sgo_core.loads.service import tell_untold

from .loading import distribute, load, on, subgroup, teacher
from .planning import approved, fifth_class, subject_ids
from .world import MUNICIPALITY, Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def distribution(registry: Registry, organization_id: UUID, **query: Any) -> dict[str, Any]:
    answer = await registry.service.client.get(
        f"/organizations/{organization_id}/loads/distribution",
        params={"date": "2026-10-01", **query},
        headers=registry.office(organization_id),
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def states(registry: Registry, organization_id: UUID) -> dict[str, str]:
    found = await distribution(registry, organization_id)
    return {one["subject"]: one["state"] for one in found["items"]}


async def test_hours_are_given_and_compared_with_the_plan(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await fifth_class(registry, organization_id)
    bare = await fifth_class(registry, organization_id, "5Б")
    await approved(registry, organization_id, group_id)
    ids = await subject_ids(registry)
    vera, anna = await teacher(registry, organization_id, 1), await teacher(registry, organization_id, 2)
    made = await distribute(
        registry,
        organization_id,
        load(ids["mathematics"], vera, "5", group_id=group_id),
        load(ids["russian"], anna, "4.5", group_id=group_id),
        load(ids["history"], anna, "3", group_id=group_id),
        load(ids["kuban"], anna, "1", group_id=group_id),
    )
    assert made.status_code == 201, made.text
    line = made.json()["items"][0]
    assert (line["taught"], line["subject"], line["hours_week"], line["valid_from"], line["valid_to"]) == (
        "5А",
        "Математика",
        "5.0",
        "2026-09-01",
        "2027-09-01",
    )
    assert line["values"]["last_name"] == "Учителева"
    found = await states(registry, organization_id)
    assert {one: found[one] for one in ("Математика", "Русский язык", "История", "Кубановедение", "Музыка")} == {
        "Математика": "met",
        "Русский язык": "under",
        "История": "over",
        "Кубановедение": "unplanned",
        "Музыка": "under",
    }
    report = await distribution(registry, organization_id, problems="true", group_id=str(group_id))
    titles = [one["title"] for one in report["items"]]
    assert "5А, Русский язык: по плану 5 ч, распределено 4,5 ч" in titles
    assert not any("Математика" in one for one in titles)
    assert (await distribution(registry, organization_id))["without_plan"] == [str(bare)]


async def test_each_subgroup_gets_what_is_planned(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await fifth_class(registry, organization_id)
    await approved(registry, organization_id, group_id)
    ids = await subject_ids(registry)
    vera, anna = await teacher(registry, organization_id, 1), await teacher(registry, organization_id, 2)
    first = await subgroup(registry, organization_id, group_id, "Английский 1")
    second = await subgroup(registry, organization_id, group_id, "Английский 2")
    await distribute(registry, organization_id, load(ids["foreign"], vera, "3", teaching_group_id=first))
    assert (await states(registry, organization_id))["Иностранный язык"] == "met"
    half = await distribute(registry, organization_id, load(ids["foreign"], anna, "2", teaching_group_id=second))
    line = half.json()["items"][0]
    assert (line["taught"], (await states(registry, organization_id))["Иностранный язык"]) == ("Английский 2", "under")
    mended = await registry.service.client.patch(
        f"/loads/{line['id']}",
        json={"reason": "Опечатка", "hours_week": "3"},
        headers={**registry.position(organization_id, Role.COORDINATOR), "If-Match": '"1"'},
    )
    assert (mended.json()["hours_week"], mended.json()["version"]) == ("3.0", 2)
    found = await distribution(registry, organization_id)
    (foreign,) = (one for one in found["items"] if one["subject"] == "Иностранный язык")
    assert (foreign["state"], foreign["whole"]) == ("met", "0.0")
    assert [part["hours_week"] for part in foreign["parts"]] == ["3.0", "3.0"]


async def test_lines_that_cannot_be_are_named_and_none_is_kept(registry: Registry) -> None:
    organization_id, other = await registry.organization(), await registry.organization()
    group_id, theirs = await fifth_class(registry, organization_id), await fifth_class(registry, other)
    ids = await subject_ids(registry)
    vera, stranger = await teacher(registry, organization_id, 1), await teacher(registry, other, 2)
    good = load(ids["mathematics"], vera, "5", group_id=group_id)
    answer = await distribute(
        registry,
        organization_id,
        good,
        {**good, "group_id": str(theirs)},
        {**good, "subject_id": str(UUID(int=3))},
        {**good, "worker_id": stranger},
        {**good, "valid_from": "2026-08-01"},
        {**good, "valid_to": "2027-10-01"},
        {**good, "hours_week": "1"},
        {**good, "valid_from": "2026-12-01", "valid_to": "2026-12-01"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "loads.refused")
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("/body/loads/1/group_id", "loads.taught-unknown"),
        ("/body/loads/2/subject_id", "loads.subject-unknown"),
        ("/body/loads/3/worker_id", "loads.not-employed"),
        ("/body/loads/4/valid_from", "loads.dates"),
        ("/body/loads/5/valid_to", "loads.dates"),
        ("/body/loads/6/subject_id", "loads.twice"),
        ("/body/loads/7/valid_from", "loads.dates"),
    ]
    assert await registry.value("SELECT count(*) FROM teaching_load") == 0
    both = {**good, "teaching_group_id": str(theirs)}
    assert (await distribute(registry, organization_id, both)).json()["errors"][0]["code"] == "loads.taught"
    twice = await asyncio.gather(*(distribute(registry, organization_id, good) for _ in range(2)))
    assert sorted(one.status_code for one in twice) == [201, 409]


async def replace(
    registry: Registry, organization_id: UUID, line: dict[str, Any], worker_id: str, day: str, **more: Any
) -> httpx.Response:
    return await registry.service.client.post(
        f"/loads/{line['id']}/replacement",
        json={"worker_id": worker_id, "valid_from": day, "reason": "Больничный", **more},
        headers={**registry.position(organization_id, Role.COORDINATOR), "If-Match": f'"{line["version"]}"'},
    )


async def test_a_teacher_is_replaced_for_a_time_and_comes_back(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await fifth_class(registry, organization_id)
    mathematics = (await subject_ids(registry))["mathematics"]
    vera, anna = await teacher(registry, organization_id, 1), await teacher(registry, organization_id, 2)
    made = await distribute(registry, organization_id, load(mathematics, vera, "5", group_id=group_id))
    (line,) = made.json()["items"]
    back = await replace(registry, organization_id, line, anna, "2026-10-01", valid_to="2026-11-01")
    assert back.status_code == 200, back.text
    spans = [(one["worker_id"], one["valid_from"], one["valid_to"]) for one in back.json()["items"]]
    assert spans == [
        (vera, "2026-09-01", "2026-10-01"),
        (anna, "2026-10-01", "2026-11-01"),
        (vera, "2026-11-01", "2027-09-01"),
    ]
    for day, worker_id in (("2026-09-30", vera), ("2026-10-01", anna), ("2026-11-01", vera)):
        page = await on(registry, organization_id, day, group_id=str(group_id))
        assert [one["worker_id"] for one in page] == [worker_id]
    stale = await replace(registry, organization_id, line, anna, "2026-09-10")
    assert stale.status_code == 412
    late = await replace(registry, organization_id, {**line, "version": 2}, anna, "2026-12-10")
    assert (late.status_code, late.json()["code"]) == (422, "loads.dates")
    told = [LoadChanged.model_validate_json(one["payload"]) for one in await registry.events("core.load.changed.v1")]
    assert [(str(one.worker_id), one.valid_from.isoformat(), one.valid_to.isoformat()) for one in told] == [
        (vera, "2026-09-01", "2027-09-01"),
        *spans,
    ]
    async with registry.service.runtime.sessions() as session:
        again = [one for chunk in [part async for part in SERVICE.sources[LoadChanged](session)] for one in chunk]
    assert sorted(one.version or 0 for one in again) == [1, 1, 2]


async def test_hours_are_told_by_post_subject_and_grade_without_saying_whose(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await fifth_class(registry, organization_id)
    ids = await subject_ids(registry)
    vera = await teacher(registry, organization_id, 1)
    part = await subgroup(registry, organization_id, group_id, "Английский 1")
    own = {"title": "Математика: углублённый курс", "short_title": "Матем.", "area": "mathematics"}
    made = await registry.service.client.post(
        f"/organizations/{organization_id}/subjects",
        json={**own, "counts_as": ids["mathematics"], "valid_from": "2026-09-01"},
        headers=registry.position(organization_id, Role.COORDINATOR),
    )
    assert made.status_code == 201, made.text
    await distribute(
        registry,
        organization_id,
        load(ids["foreign"], vera, "3", teaching_group_id=part),
        load(made.json()["id"], vera, "1.5", group_id=group_id),
    )
    told = [LoadChanged.model_validate_json(one["payload"]) for one in await registry.events("core.load.changed.v1")]
    counted = await registry.events("core.worker.statistics-changed.v1")
    (post,) = WorkerStatisticsChanged.model_validate_json(counted[-1]["payload"]).posts
    assert {one.employment_id for one in told} == {post.employment_id}
    assert post.employment_id != await registry.value("SELECT employment_id FROM teaching_load LIMIT 1")
    assert {(one.subject_title, one.grade, one.hours_week) for one in told} == {
        ("Иностранный язык", 5, 3.0),
        ("Математика", 5, 1.5),
    }


async def test_under_a_new_title_of_the_subject_hours_are_told_anew(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await fifth_class(registry, organization_id)
    ids = await subject_ids(registry)
    vera = await teacher(registry, organization_id, 1)
    own = {"title": "Практикум", "short_title": "Практ.", "area": "mathematics", "counts_as": ids["mathematics"]}
    made = await registry.service.client.post(
        f"/organizations/{organization_id}/subjects",
        json={**own, "valid_from": "2026-09-01"},
        headers=registry.position(organization_id, Role.COORDINATOR),
    )
    subjects = [ids["mathematics"], made.json()["id"], ids["music"]]
    await distribute(registry, organization_id, *(load(one, vera, "1", group_id=group_id) for one in subjects))
    for version, change in enumerate(({"title": "Математика и логика"}, {"short_title": "Мат. и лог."}), 1):
        renamed = await registry.service.client.patch(
            f"/subjects/{subjects[0]}",
            json={"reason": "Новый ФГОС", **change},
            headers={**registry.region, "If-Match": f'"{version}"'},
        )
        assert renamed.status_code == 200, renamed.text
    await tell_untold(registry.service.runtime)
    await tell_untold(registry.service.runtime)
    told = [LoadChanged.model_validate_json(one["payload"]) for one in await registry.events("core.load.changed.v1")]
    assert len(told) == 5, "once each of the two, and not of another subject's"
    assert {(str(one.subject_id), one.subject_title) for one in told[3:]} == {
        (one, "Математика и логика") for one in subjects[:2]
    }
    assert await registry.value("SELECT count(*) FROM row_history WHERE relation = 'teaching_load'") == 0


async def test_a_dismissal_ends_the_load_and_readers_hear_of_it(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await fifth_class(registry, organization_id)
    await approved(registry, organization_id, group_id)
    mathematics = (await subject_ids(registry))["mathematics"]
    vera = await teacher(registry, organization_id, 1)
    await distribute(registry, organization_id, load(mathematics, vera, "5", group_id=group_id))
    employment = await registry.value("SELECT id FROM employment WHERE worker_id = $1", UUID(vera))
    left = await registry.service.client.patch(
        f"/employments/{employment}",
        json={"reason": "По собственному желанию", "dismissed_on": "2026-10-01", "dismissal_order": "9-у"},
        headers={**registry.office(organization_id), "If-Match": '"1"'},
    )
    assert left.status_code == 200, left.text
    assert len(await on(registry, organization_id, "2026-09-30")) == 1
    assert await on(registry, organization_id, "2026-10-01") == []
    assert (await states(registry, organization_id))["Математика"] == "under"
    await tell_untold(registry.service.runtime)
    await tell_untold(registry.service.runtime)
    told = [LoadChanged.model_validate_json(one["payload"]) for one in await registry.events("core.load.changed.v1")]
    assert [one.valid_to for one in told] == [date(2027, 9, 1), date(2026, 10, 1)]
    music = (await subject_ids(registry))["music"]
    again = await distribute(registry, organization_id, load(music, vera, "1", group_id=group_id))
    assert again.status_code == 201, again.text
    assert again.json()["items"][0]["valid_to"] == "2026-10-01", "no longer than the employment"


async def test_the_card_shows_what_the_worker_teaches_now_and_then(registry: Registry) -> None:
    runtime, client = registry.service.runtime, registry.service.client
    runtime.clock = FixedClock(datetime(2026, 10, 1, 9, tzinfo=UTC))
    organization_id = await registry.organization()
    group_id = await fifth_class(registry, organization_id)
    vera = await teacher(registry, organization_id, 1)
    office = registry.office(organization_id)
    body = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)

    async def teaching(headers: dict[str, str], **query: str) -> Any:
        answer = await client.get(f"/workers/{vera}", headers=headers, params=query)
        return answer.json()["values"]["teaching"]

    assert await teaching(office) == []
    mathematics = (await subject_ids(registry))["mathematics"]
    made = await distribute(registry, organization_id, load(mathematics, vera, "4.5", group_id=group_id))
    assert await teaching(office) == await teaching(body) == ["Математика, 5А: 4,5 ч"]
    runtime.clock = FixedClock(datetime(2026, 10, 5, 9, tzinfo=UTC))
    changed = await client.patch(
        f"/loads/{made.json()['items'][0]['id']}",
        json={"reason": "По плану", "hours_week": "5"},
        headers={**registry.position(organization_id, Role.COORDINATOR), "If-Match": '"1"'},
    )
    assert changed.status_code == 200, changed.text
    assert await teaching(office) == ["Математика, 5А: 5 ч"]
    assert await teaching(office, as_of="2026-10-02") == ["Математика, 5А: 4,5 ч"]


async def test_the_tariff_list_counts_hours_and_rates(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await fifth_class(registry, organization_id)
    ids = await subject_ids(registry)
    vera, anna = (
        await teacher(registry, organization_id, 1),
        await teacher(registry, organization_id, 2, last_name="Азова"),
    )
    await distribute(
        registry,
        organization_id,
        load(ids["mathematics"], vera, "5", group_id=group_id),
        load(ids["geography"], vera, "1", group_id=group_id),
        load(ids["russian"], anna, "4.5", group_id=group_id),
    )
    path = f"/organizations/{organization_id}/loads/tariff"
    query = {"date": "2026-10-01"}
    found = (await registry.service.client.get(path, params=query, headers=registry.office(organization_id))).json()
    assert [(one["values"]["last_name"], one["hours_week"], one["norm"], one["rates"]) for one in found["items"]] == [
        ("Азова", "4.5", 18, "0.25"),
        ("Учителева", "6.0", 18, "0.33"),
    ]
    assert (found["hours_week"], [one["subject"] for one in found["items"][1]["lines"]]) == (
        "10.5",
        ["География", "Математика"],
    )
    seen = await registry.value("SELECT subjects FROM audit WHERE action = 'loads.tariff.read'")
    assert set(seen) == {UUID(vera), UUID(anna)}
