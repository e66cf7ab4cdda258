"""Curricula: drafted, checked, approved for classes, replaced by editions, carried into the next year."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asu_contracts.access import Role
from asu_contracts.core import CurriculumChanged
from servicekit.testing import ServiceUnderTest
from sgo_core.bootstrap import SERVICE
from sgo_core.curricula.checking import Plan, check
from sgo_core.curricula.model import CurriculumLine
from sgo_core.study_norms.service import GradeNorms
from sgo_core.subjects.model import Subject

from .planning import FIFTH, SENIOR, approve, approved, draft, fifth_class, lines, subject_ids
from .world import Registry, class_


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def checked(registry: Registry, plan: dict[str, Any]) -> dict[str, Any]:
    answer = await registry.service.client.get(f"/curricula/{plan['id']}/check", headers=registry.region)
    report: dict[str, Any] = answer.json()
    return report


def codes(report: dict[str, Any], level: str = "error") -> list[str]:
    return [one["code"].removeprefix("curricula.") for one in report["findings"] if one["level"] == level]


async def edit(registry: Registry, organization_id: UUID, plan: dict[str, Any], **changes: Any) -> Any:
    headers = {**registry.position(organization_id, Role.COORDINATOR), "If-Match": f'"{plan["version"]}"'}
    return await registry.service.client.patch(f"/curricula/{plan['id']}", json=changes, headers=headers)


async def test_a_plan_goes_from_draft_to_force(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await fifth_class(registry, organization_id)
    drafted = await draft(registry, organization_id, group_id)
    assert drafted.status_code == 201, drafted.text
    plan = drafted.json()
    assert (plan["state"], len(plan["lines"]), plan["lines"][0]["hours_year"]) == ("draft", 11, "170.0")
    report = await checked(registry, plan)
    assert (report["ready"], report["hours_week"], report["maximum"]) == (True, ["26.0"], "29.0")
    assert "6.6" in report["maximum_source"]
    client = registry.service.client
    path, office = f"/groups/{group_id}/curriculum", registry.office(organization_id)
    assert (await client.get(path, params={"date": "2026-09-01"}, headers=office)).status_code == 404
    done = (await approve(registry, organization_id, plan)).json()
    assert (done["state"], done["document_number"], done["classes"][0]["valid_from"]) == (
        "approved",
        "15-о",
        "2026-09-01",
    )
    assert (await client.get(path, params={"date": "2026-08-31"}, headers=office)).status_code == 404
    found = await client.get(path, params={"date": "2026-09-01"}, headers=office)
    assert found.json()["id"] == plan["id"]
    (event,) = await registry.events("core.curriculum.changed.v1")
    told = CurriculumChanged.model_validate_json(event["payload"])
    assert (told.classes[0].group_id, told.lines[0].hours_week) == (group_id, 5.0)
    source = SERVICE.sources[CurriculumChanged]
    async with registry.service.runtime.sessions() as session:
        again = [one for chunk in [part async for part in source(session)] for one in chunk]
    assert [(one.event, one.version) for one in again] == [(told, event["version"])]


async def test_the_sum_is_at_most_the_maximum_of_the_grade_and_the_week(registry: Registry) -> None:
    organization_id = await registry.organization()
    ids = await subject_ids(registry)
    base = await lines(registry)
    more = {"subject_id": ids["kuban"], "component": "participants", "hours_week": "3"}
    talks = {"subject_id": ids["important_talks"], "component": "extracurricular", "hours_week": "10"}
    plan = (await draft(registry, organization_id, lines=[*base, more, talks])).json()
    report = await checked(registry, plan)
    assert (codes(report), report["hours_week"]) == ([], ["29.0"])
    assert report["by_component"] == {"obligatory": "26.0", "participants": "3.0", "extracurricular": "10.0"}
    plan = (await edit(registry, organization_id, plan, lines=[*base, {**more, "hours_week": "3.5"}])).json()
    report = await checked(registry, plan)
    assert codes(report) == ["over-maximum"]
    assert report["findings"][0]["title"] == (
        "Нагрузка 29,5 ч в неделю больше предельной 29 ч (5 класс, 5-дневная неделя)"
    )
    refused = await approve(registry, organization_id, plan)
    assert (refused.status_code, refused.json()["code"]) == (409, "curricula.check-failed")
    assert refused.json()["errors"][0]["code"] == "curricula.over-maximum"
    plan = (await edit(registry, organization_id, plan, week_days=6)).json()
    assert codes(await checked(registry, plan)) == []


async def test_hours_of_each_period_are_checked(registry: Registry) -> None:
    organization_id = await registry.organization()
    base = await lines(registry)
    base[0] |= {"period_hours": ["5", "9"]}
    wrong = await draft(registry, organization_id, lines=base)
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "curricula.periods")
    plan = (await draft(registry, organization_id, lines=base, period_count=2)).json()
    report = await checked(registry, plan)
    assert (report["hours_week"], codes(report)) == (["26.0", "30.0"], ["over-maximum"])
    assert "в периоде 2 30 ч" in report["findings"][0]["title"]
    undone = await edit(registry, organization_id, plan, period_count=3)
    assert (undone.status_code, undone.json()["code"]) == (422, "curricula.lines")


async def test_the_first_grade_has_no_six_day_week(registry: Registry) -> None:
    organization_id = await registry.organization()
    hours = dict.fromkeys(("russian", "reading", "mathematics", "world", "art", "music", "labour", "sport"), "2")
    plan = (
        await draft(registry, organization_id, grade=1, week_days=6, weeks=33, lines=await lines(registry, hours))
    ).json()
    report = await checked(registry, plan)
    assert codes(report) == ["week-length"]
    assert plan["lines"][0]["hours_year"] == "66.0"


async def test_obligatory_subjects_are_there_or_an_own_one_stands_for_them(registry: Registry) -> None:
    organization_id = await registry.organization()
    ids = await subject_ids(registry)
    rest = {code: hours for code, hours in FIFTH.items() if code not in {"mathematics", "music"}}
    plan = (await draft(registry, organization_id, lines=await lines(registry, rest))).json()
    report = await checked(registry, plan)
    assert codes(report) == ["obligatory-missing"] * 2
    assert {one["subject_id"] for one in report["findings"] if one["level"] == "error"} == {
        ids["mathematics"],
        ids["music"],
    }
    own = await registry.service.client.post(
        f"/organizations/{organization_id}/subjects",
        json={
            "title": "Математика: углублённый курс",
            "short_title": "Матем.",
            "area": "mathematics",
            "counts_as": ids["mathematics"],
            "valid_from": "2026-09-01",
        },
        headers=registry.position(organization_id, Role.COORDINATOR),
    )
    outside = {"subject_id": ids["music"], "component": "extracurricular", "hours_week": "1"}
    inside = {"subject_id": own.json()["id"], "component": "obligatory", "hours_week": "5", "level": "advanced"}
    sent = [*await lines(registry, rest), inside, outside]
    plan = (await edit(registry, organization_id, plan, lines=sent)).json()
    report = await checked(registry, plan)
    assert [one["subject_id"] for one in report["findings"] if one["level"] == "error"] == [ids["music"]]


async def test_lines_that_cannot_be_are_named_with_their_place(registry: Registry) -> None:
    organization_id, other = await registry.organization(), await registry.organization()
    own = await registry.service.client.post(
        f"/organizations/{other}/subjects",
        json={"title": "Шахматы", "short_title": "Шах.", "area": "sport", "valid_from": "2026-09-01"},
        headers=registry.position(other, Role.COORDINATOR),
    )
    base = await lines(registry)
    sent = [
        *base,
        base[0],
        {**base[0], "subject_id": own.json()["id"]},
        {**base[1], "component": "secret"},
    ]
    answer = await draft(registry, organization_id, lines=sent)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("/body/lines/11/subject_id", "curricula.line-twice"),
        ("/body/lines/12/subject_id", "curricula.subject-unknown"),
        ("/body/lines/13/component", "curricula.component-unknown"),
    ]
    assert await registry.value("SELECT count(*) FROM curriculum") == 0
    quarter = await draft(registry, organization_id, lines=[{**base[0], "hours_week": "0.25"}])
    assert quarter.status_code == 422


async def test_a_plan_is_for_classes_of_its_year_and_grade(registry: Registry) -> None:
    organization_id, other = await registry.organization(), await registry.organization()
    wrong = [
        await fifth_class(registry, other),
        await fifth_class(registry, organization_id, year=2027),
        UUID((await registry.groups(organization_id, class_("6А", 25, 6)))[0]["id"]),
        UUID(int=7),
    ]
    for group_id in wrong:
        answer = await draft(registry, organization_id, group_id)
        assert (answer.status_code, answer.json()["code"]) == (422, "curricula.classes")
    mine = await fifth_class(registry, organization_id)
    assert (await draft(registry, organization_id, mine, mine)).json()["code"] == "curricula.classes"
    garden = await registry.organization("preschool")
    assert (await draft(registry, garden)).json()["code"] == "curricula.not-a-school"
    nowhere = await draft(registry, organization_id, profile="wizardry")
    assert nowhere.json()["code"] == "reference-books.entry-unknown"


async def test_a_draft_drops_lines_and_classes_and_keeps_its_history(registry: Registry) -> None:
    organization_id = await registry.organization()
    first, second = await fifth_class(registry, organization_id), await fifth_class(registry, organization_id, "5Б")
    plan = (await draft(registry, organization_id, first)).json()
    base = await lines(registry)
    changed = await edit(
        registry,
        organization_id,
        plan,
        lines=[{**base[0], "hours_week": "4.5"}, *base[2:]],
        group_ids=[str(second)],
    )
    edited = changed.json()
    assert [line["subject_id"] for line in edited["lines"]] == [one["subject_id"] for one in (base[0], *base[2:])]
    assert (edited["lines"][0]["hours_week"], edited["lines"][0]["id"]) == ("4.5", plan["lines"][0]["id"])
    assert [one["group_id"] for one in edited["classes"]] == [str(second)]
    stale = await edit(registry, organization_id, plan, title="Другой")
    assert stale.status_code == 412
    back = (await edit(registry, organization_id, edited, lines=base)).json()
    assert [line["id"] for line in back["lines"]] == [line["id"] for line in plan["lines"]]
    path = f"/curricula/{plan['id']}/history"
    page = await registry.service.client.get(path, params={"limit": 500}, headers=registry.office(organization_id))
    changes = [one["changes"] for one in page.json()["items"] if not one["created"]]
    assert [4.5, 5.0] in [one.get("hours_week") for one in changes]
    assert [False, True] in [one.get("dropped") for one in changes]


async def test_an_approved_plan_is_changed_by_a_new_edition_only(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await fifth_class(registry, organization_id)
    plan = await approved(registry, organization_id, group_id)
    refused = await edit(registry, organization_id, plan, title="Другой")
    assert (refused.status_code, refused.json()["code"]) == (409, "curricula.not-a-draft")
    for change in (
        "UPDATE curriculum SET title = 'x' WHERE id = $1",
        "UPDATE curriculum_line SET hours_week = 1 WHERE curriculum_id = $1",
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await registry.fetch(change, UUID(plan["id"]))
    client, headers = registry.service.client, registry.position(organization_id, Role.COORDINATOR)
    path = f"/curricula/{plan['id']}/editions"
    both = await asyncio.gather(*(client.post(path, headers=headers) for _ in range(2)))
    assert sorted(one.status_code for one in both) == [201, 409]
    second = next(one.json() for one in both if one.status_code == 201)
    assert (second["edition"], second["replaces"], len(second["lines"])) == (2, plan["id"], 11)
    assert [one["group_id"] for one in second["classes"]] == [str(group_id)]
    done = await approve(registry, organization_id, second, "2027-01-11")
    assert done.status_code == 200, done.text
    found = [
        (await client.get(f"/groups/{group_id}/curriculum", params={"date": day}, headers=headers)).json()["edition"]
        for day in ("2026-09-01", "2027-01-10", "2027-01-11")
    ]
    assert found == [1, 1, 2]
    events = await registry.events("core.curriculum.changed.v1")
    told = [CurriculumChanged.model_validate_json(one["payload"]) for one in events]
    assert [(one.edition, one.classes[0].valid_to) for one in told] == [(1, None), (2, None), (1, date(2027, 1, 11))]


async def test_a_class_that_the_new_edition_leaves_out_studies_by_it_no_longer(registry: Registry) -> None:
    organization_id = await registry.organization()
    first, second = await fifth_class(registry, organization_id), await fifth_class(registry, organization_id, "5Б")
    plan = await approved(registry, organization_id, first, second)
    client, headers = registry.service.client, registry.position(organization_id, Role.COORDINATOR)
    edition = (await client.post(f"/curricula/{plan['id']}/editions", headers=headers)).json()
    edition = (await edit(registry, organization_id, edition, group_ids=[str(first)])).json()
    assert (await approve(registry, organization_id, edition, "2026-10-01")).status_code == 200
    left = await client.get(f"/groups/{second}/curriculum", params={"date": "2026-10-01"}, headers=headers)
    assert left.status_code == 404


async def test_a_class_has_one_plan_in_force(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await fifth_class(registry, organization_id)
    drafts = [(await draft(registry, organization_id, group_id, title=f"План {number}")).json() for number in range(4)]
    answers = await asyncio.gather(*(approve(registry, organization_id, plan, "2026-10-01") for plan in drafts))
    assert {one.status_code for one in answers} == {200}
    last = (await draft(registry, organization_id, group_id)).json()
    earlier = await approve(registry, organization_id, last, "2026-09-01")
    assert (earlier.status_code, earlier.json()["code"]) == (409, "curricula.later-plan")
    outside = await approve(registry, organization_id, last, "2027-09-01")
    assert (outside.status_code, outside.json()["code"]) == (422, "curricula.in-force-date")
    standing = await registry.value(
        "SELECT count(*) FROM curriculum_class WHERE valid_from IS NOT NULL AND daterange(valid_from, valid_to) @> DATE '2026-10-01'"
    )
    assert standing == 1


async def test_a_profile_wants_two_advanced_subjects(registry: Registry) -> None:
    organization_id = await registry.organization()
    senior: dict[str, Any] = {"grade": 10, "profile": "technological", "title": "10 класс"}
    plain = await lines(registry, SENIOR)
    plan = (await draft(registry, organization_id, **senior, lines=plain)).json()
    assert codes(await checked(registry, plan), "warning") == ["profile-advanced", "no-classes"]
    for line in plain[3:5]:
        line["level"] = "advanced"
    plan = (await edit(registry, organization_id, plan, lines=plain)).json()
    assert codes(await checked(registry, plan), "warning") == ["no-classes"]
    both = [*plain, {**plain[3], "level": "base"}]
    plan = (await edit(registry, organization_id, plan, lines=both)).json()
    assert "two-levels" in codes(await checked(registry, plan))
    plan = (await edit(registry, organization_id, plan, kind="individual")).json()
    assert codes(await checked(registry, plan)) == []


async def test_a_year_s_plans_are_carried_into_the_next(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await fifth_class(registry, organization_id)
    ids = await subject_ids(registry)
    kuban = {"subject_id": ids["kuban"], "component": "participants", "hours_week": "1"}
    plan = await approved(registry, organization_id, group_id, lines=[*await lines(registry), kuban])
    client, headers = registry.service.client, registry.position(organization_id, Role.COORDINATOR)
    edition = (await client.post(f"/curricula/{plan['id']}/editions", headers=headers)).json()
    edition = (await edit(registry, organization_id, edition, title="Исправленный план")).json()
    assert (await approve(registry, organization_id, edition, "2027-01-11")).status_code == 200
    await client.patch(
        f"/subjects/{ids['kuban']}",
        json={"reason": "Исключён", "valid_to": "2027-06-01"},
        headers={**registry.region, "If-Match": '"1"'},
    )
    next_class = await fifth_class(registry, organization_id, year=2027)
    await fifth_class(registry, organization_id, "5Б", year=2027)
    path, body = f"/organizations/{organization_id}/curricula/copies", {"from_year": 2026, "to_year": 2027}
    made = await client.post(path, json=body, headers=headers)
    assert made.status_code == 201, made.text
    (copy,) = made.json()["items"]
    assert (copy["title"], copy["state"], copy["edition"]) == ("Исправленный план", "draft", 1)
    assert [one["group_id"] for one in copy["classes"]] == [str(next_class)]
    whole = (await client.get(f"/curricula/{copy['id']}", headers=headers)).json()
    assert len(whole["lines"]) == 11, "the subject that is out of use by then is left out"
    again = await client.post(path, json=body, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "curricula.nothing-to-copy")
    withdrawn = await client.post(
        f"/curricula/{copy['id']}/withdrawal", headers={**headers, "If-Match": f'"{copy["version"]}"'}
    )
    assert withdrawn.json()["state"] == "withdrawn"
    assert (await client.post(path, json=body, headers=headers)).status_code == 201


halves = st.integers(1, 20).map(lambda number: Decimal(number) / 2)


@given(st.lists(st.tuples(st.sampled_from(["obligatory", "participants", "extracurricular"]), halves), max_size=12))
def test_the_sum_is_of_what_counts_and_an_error_is_exactly_what_exceeds(found: list[tuple[str, Decimal]]) -> None:
    day = date(2026, 9, 1)
    subjects = [
        Subject(id=UUID(int=number), title=f"Предмет {number}", grade_from=1, grade_to=11, valid_from=day)
        for number in range(len(found))
    ]
    made = [
        CurriculumLine(subject_id=subject.id, component=component, level="base", hours_week=hours)
        for subject, (component, hours) in zip(subjects, found, strict=True)
    ]
    report = check(
        Plan(
            grade=5,
            week_days=5,
            starts_on=day,
            lines=made,
            subjects={one.id: one for one in subjects},
            counted=frozenset({"obligatory", "participants"}),
            norms=GradeNorms(maximum={5: Decimal(29)}, obligatory=frozenset()),
        )
    )
    total = sum((hours for component, hours in found if component != "extracurricular"), Decimal(0))
    assert list(report.hours_week) == [total]
    assert (total > Decimal(29)) == any(one.code == "curricula.over-maximum" for one in report.errors)
    assert sum(report.by_component.values(), Decimal(0)) == sum((hours for _, hours in found), Decimal(0))
