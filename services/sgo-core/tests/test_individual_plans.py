"""Individual plans of students: chosen of the class's curriculum, checked, approved one at a time."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest

from .planning import SENIOR, approved, lines, subject_ids
from .world import Registry, class_

APPROVAL = {"document_number": "3-и", "document_date": "2026-08-30", "in_force_from": "2026-09-01"}


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def tenth_class(registry: Registry) -> tuple[UUID, UUID, dict[str, Any]]:
    """A school, a student of its tenth class, and the curriculum of which the students choose: mathematics on both levels."""
    organization_id = await registry.organization()
    group_id = UUID((await registry.groups(organization_id, class_("10А", 25, 10)))[0]["id"])
    offered = await lines(registry, SENIOR)
    advanced = [{**one, "level": "advanced", "hours_week": "6"} for one in offered if one["hours_week"] == "4"]
    plan = await approved(registry, organization_id, group_id, grade=10, kind="individual", lines=[*offered, *advanced])
    return organization_id, await registry.student(organization_id, group_id, 1), plan


async def draft(
    registry: Registry, organization_id: UUID, student_id: UUID, curriculum_id: str, **choice: Any
) -> httpx.Response:
    return await registry.service.client.post(
        f"/students/{student_id}/individual-plans",
        json={"curriculum_id": curriculum_id, **choice},
        headers=registry.position(organization_id, Role.COORDINATOR),
    )


async def approve(registry: Registry, organization_id: UUID, plan: dict[str, Any], **changes: str) -> httpx.Response:
    return await registry.service.client.post(
        f"/individual-plans/{plan['id']}/approval",
        json={**APPROVAL, **changes},
        headers={**registry.position(organization_id, Role.HEAD), "If-Match": f'"{plan["version"]}"'},
    )


def base(plan: dict[str, Any]) -> list[str]:
    return [one["id"] for one in plan["lines"] if one["level"] == "base"]


async def test_a_student_studies_what_was_chosen_within_the_norm(registry: Registry) -> None:
    organization_id, student_id, curriculum = await tenth_class(registry)
    ids = await subject_ids(registry)
    elective = {"subject_id": ids["kuban"], "component": "participants", "hours_week": "5.5"}
    made = await draft(
        registry, organization_id, student_id, curriculum["id"], chosen=base(curriculum), electives=[elective]
    )
    assert made.status_code == 201, made.text
    plan = made.json()
    assert (plan["hours_week"], plan["lines"][-1]["line_id"]) == ("34.5", None)
    refused = await approve(registry, organization_id, plan)
    assert (refused.status_code, refused.json()["code"]) == (409, "individual-plans.check-failed")
    assert [one["code"] for one in refused.json()["errors"]] == ["curricula.over-maximum"]
    client, office = registry.service.client, registry.position(organization_id, Role.COORDINATOR)
    path = f"/individual-plans/{plan['id']}"
    less = {"electives": [{**elective, "hours_week": "5"}]}
    edited = await client.patch(path, json=less, headers={**office, "If-Match": '"1"'})
    assert (edited.json()["hours_week"], len(edited.json()["lines"])) == ("34.0", 16)
    report = (await client.get(f"{path}/check", headers=office)).json()
    assert (report["ready"], report["hours_week"], report["maximum"]) == (True, ["34.0"], "34.0")
    done = await approve(registry, organization_id, edited.json())
    assert (done.json()["state"], done.json()["valid_to"]) == ("approved", "2027-09-01")
    again = await client.patch(path, json=less, headers={**office, "If-Match": '"3"'})
    assert (again.status_code, again.json()["code"]) == (409, "individual-plans.not-a-draft")
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await registry.fetch("UPDATE individual_plan SET lines = '[]' WHERE id = $1", UUID(plan["id"]))


async def test_each_period_of_the_curriculum_is_held_to_the_norm(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = UUID((await registry.groups(organization_id, class_("10А", 25, 10)))[0]["id"])
    offered = await lines(registry, SENIOR)
    offered[0] |= {"period_hours": ["0.5", "8"]}
    curriculum = await approved(
        registry, organization_id, group_id, grade=10, kind="individual", period_count=2, lines=offered
    )
    student_id = await registry.student(organization_id, group_id, 1)
    chosen = await draft(registry, organization_id, student_id, curriculum["id"], chosen=base(curriculum))
    plan = chosen.json()
    assert (plan["lines"][0]["hours_week"], plan["lines"][0]["period_hours"]) == ("2.0", ["0.5", "8.0"])
    path = f"/individual-plans/{plan['id']}/check"
    office = registry.position(organization_id, Role.COORDINATOR)
    assert (await registry.service.client.get(path, headers=office)).json()["hours_week"] == ["27.5", "35.0"]
    refused = await approve(registry, organization_id, plan)
    assert [one["code"] for one in refused.json()["errors"]] == ["curricula.over-maximum"]


async def test_a_choice_that_cannot_be_is_named(registry: Registry) -> None:
    organization_id, student_id, curriculum = await tenth_class(registry)
    ids = await subject_ids(registry)
    everything = [one["id"] for one in curriculum["lines"]]
    both = await draft(registry, organization_id, student_id, curriculum["id"], chosen=everything)
    assert [one["code"] for one in both.json()["errors"]] == ["individual-plans.twice"]
    wrong = await draft(
        registry,
        organization_id,
        student_id,
        curriculum["id"],
        chosen=[str(UUID(int=1))],
        electives=[
            {"subject_id": str(UUID(int=2)), "component": "participants", "hours_week": "1"},
            {"subject_id": ids["kuban"], "component": "secret", "hours_week": "1"},
        ],
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "individual-plans.choice")
    assert [one["pointer"] for one in wrong.json()["errors"]] == [
        "/body/chosen/0",
        "/body/electives/0/subject_id",
        "/body/electives/1/component",
    ]
    few = (await draft(registry, organization_id, student_id, curriculum["id"], chosen=base(curriculum)[1:])).json()
    refused = await approve(registry, organization_id, few)
    assert [one["title"] for one in refused.json()["errors"]] == ["Нет обязательного предмета «Русский язык»"]
    assert await registry.value("SELECT count(*) FROM individual_plan WHERE state = 'approved'") == 0


async def test_a_student_has_one_plan_in_force_and_by_the_curriculum_of_the_class(registry: Registry) -> None:
    organization_id, student_id, curriculum = await tenth_class(registry)
    plans = [
        (await draft(registry, organization_id, student_id, curriculum["id"], chosen=base(curriculum))).json()
        for _ in range(3)
    ]
    answers = await asyncio.gather(*(approve(registry, organization_id, one) for one in plans[:2]))
    assert {one.status_code for one in answers} <= {200, 409}
    assert any(one.status_code == 200 for one in answers)
    last = await approve(registry, organization_id, plans[2], in_force_from="2027-01-11")
    assert last.status_code == 200, last.text
    client, office = registry.service.client, registry.position(organization_id, Role.SECRETARY)
    path = f"/organizations/{organization_id}/individual-plans"
    for day in ("2026-09-01", "2027-01-10", "2027-01-11"):
        page = (await client.get(path, params={"date": day}, headers=office)).json()["items"]
        assert len(page) == 1
        assert (page[0]["id"] == plans[2]["id"]) == (day == "2027-01-11")
    unused = await approved(registry, organization_id, grade=10, kind="individual", lines=await lines(registry, SENIOR))
    other = (await draft(registry, organization_id, student_id, unused["id"], chosen=base(unused))).json()
    refused = await approve(registry, organization_id, other)
    assert (refused.status_code, refused.json()["code"]) == (409, "individual-plans.other-curriculum")


async def test_the_family_sees_what_is_approved_and_bodies_nothing(registry: Registry) -> None:
    organization_id, student_id, curriculum = await tenth_class(registry)
    made = await draft(registry, organization_id, student_id, curriculum["id"], chosen=base(curriculum))
    client, path = registry.service.client, f"/students/{student_id}/individual-plans"
    guardian = await registry.value("SELECT guardian_id FROM guardianship WHERE student_id = $1", student_id)
    family = registry.service.tokens.headers(Role.GUARDIAN, person_id=guardian)
    assert (await client.get(path, headers=family)).json()["items"] == []
    await approve(registry, organization_id, made.json())
    assert [one["state"] for one in (await client.get(path, headers=family)).json()["items"]] == ["approved"]
    stranger = registry.service.tokens.headers(Role.GUARDIAN, person_id=UUID(int=9))
    assert (await client.get(path, headers=stranger)).status_code == 404
    assert (await client.get(path, headers=registry.region)).status_code == 403
    other = await registry.organization()
    assert (await client.get(path, headers=registry.office(other))).status_code == 404
