"""Achievements, portfolios, projects, methodical works, attestation."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest

from .samples.achievements import ENTRY, OLYMPIAD, WORK, a_project
from .staffing import hiring
from .world import MUNICIPALITY, Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def send(
    registry: Registry, method: str, path: str, body: Any, headers: dict[str, str], version: int | None = None
) -> httpx.Response:
    match = {} if version is None else {"If-Match": f'"{version}"'}
    return await registry.service.client.request(method, path, json=body, headers={**headers, **match})


async def items(registry: Registry, path: str, headers: dict[str, str]) -> list[dict[str, Any]]:
    answer = await registry.service.client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def a_student(registry: Registry) -> tuple[UUID, UUID, dict[str, str]]:
    """An organization, its student, and the mother's headers."""
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    student_id = await registry.student(organization_id, group_id, 1)
    mother = await registry.value("SELECT guardian_id FROM guardianship WHERE student_id = $1", student_id)
    return organization_id, student_id, registry.service.tokens.headers(Role.GUARDIAN, person_id=mother)


async def a_worker(registry: Registry, organization_id: UUID, number: int = 1, **values: Any) -> UUID:
    path = f"/organizations/{organization_id}/workers"
    answer = await send(registry, "POST", path, hiring(number, **values), registry.office(organization_id))
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["worker_id"])


def teacher(registry: Registry, organization_id: UUID, person_id: UUID) -> dict[str, str]:
    return registry.service.tokens.headers(
        Role.TEACHER, municipality=MUNICIPALITY, organization_id=organization_id, person_id=person_id
    )


class TestAchievements:
    async def test_what_a_family_states_counts_when_the_school_confirms_it(self, registry: Registry) -> None:
        organization_id, student_id, mother = await a_student(registry)
        office = registry.office(organization_id)
        held = registry.service.runtime.clock.today()
        body = {**OLYMPIAD, "result": "winner", "held_on": held.isoformat()}
        path = f"/students/{student_id}/achievements"
        stated = (await send(registry, "POST", path, body, mother)).json()
        assert stated["state"] == "stated"
        counted = f"/organizations/{organization_id}/achievements?first={held}&last={held}"
        assert await items(registry, counted, registry.region) == []
        decision = f"/achievements/{stated['id']}/decision"
        unreasoned = await send(registry, "POST", decision, {"decision": "refused"}, office, 1)
        assert unreasoned.json()["code"] == "achievements.remark-required"
        own = await send(registry, "POST", decision, {"decision": "confirmed"}, mother, 1)
        assert own.status_code == 403
        confirmed = await send(registry, "POST", decision, {"decision": "confirmed"}, office, 1)
        assert confirmed.json()["state"] == "confirmed"
        again = await send(registry, "POST", decision, {"decision": "confirmed"}, office, 2)
        assert again.json()["code"] == "achievements.state"
        expected = {"kind": "olympiad", "level": "region", "result": "winner", "achievements": 1, "people": 1}
        assert await items(registry, counted, registry.region) == [{"owner_kind": "student", **expected}]
        changed = await send(
            registry, "PATCH", f"/achievements/{stated['id']}", {"reason": "Описка", "place": 1}, mother, 2
        )
        assert changed.json()["state"] == "stated", "who changed it again is not the school"
        assert await items(registry, counted, registry.region) == []
        gone = {"reason": "Не наше", "withdrawn": True}
        assert (await send(registry, "PATCH", f"/achievements/{stated['id']}", gone, mother, 3)).status_code == 200
        assert await items(registry, path, mother) == []
        kept = await registry.value("SELECT count(*) FROM row_history WHERE relation = 'achievement'")
        assert kept == 3

    async def test_the_future_and_a_strangers_child_are_refused(self, registry: Registry) -> None:
        _, student_id, mother = await a_student(registry)
        tomorrow = registry.service.runtime.clock.today() + timedelta(days=1)
        path = f"/students/{student_id}/achievements"
        early = await send(registry, "POST", path, {**OLYMPIAD, "held_on": tomorrow.isoformat()}, mother)
        assert early.json()["code"] == "achievements.date"
        stranger = registry.service.tokens.headers(Role.GUARDIAN, person_id=new_id())
        assert (await send(registry, "POST", path, OLYMPIAD, stranger)).status_code == 404
        elsewhere = registry.office(await registry.organization())
        assert (await send(registry, "POST", path, OLYMPIAD, elsewhere)).status_code == 404

    async def test_a_worker_states_the_office_confirms(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        worker_id = await a_worker(registry, organization_id)
        own = teacher(registry, organization_id, worker_id)
        stated = (await send(registry, "POST", f"/workers/{worker_id}/achievements", OLYMPIAD, own)).json()
        assert stated["state"] == "stated"
        decision = f"/achievements/{stated['id']}/decision"
        assert (await send(registry, "POST", decision, {"decision": "confirmed"}, own, 1)).status_code == 404
        answer = await send(registry, "POST", decision, {"decision": "confirmed"}, registry.office(organization_id), 1)
        assert answer.json()["state"] == "confirmed"

    async def test_who_does_not_decide_sees_only_what_was_confirmed(self, registry: Registry) -> None:
        organization_id, student_id, mother = await a_student(registry)
        worker_id, colleague_id = (
            await a_worker(registry, organization_id),
            await a_worker(registry, organization_id, 2),
        )
        office, own = registry.office(organization_id), teacher(registry, organization_id, worker_id)
        colleague = teacher(registry, organization_id, colleague_id)
        for path, author in (
            (f"/students/{student_id}/achievements", mother),
            (f"/workers/{worker_id}/achievements", own),
        ):
            made = [(await send(registry, "POST", path, OLYMPIAD, author)).json() for _ in range(3)]
            decided = [("confirmed", "Диплом сверен"), ("refused", "Диплома нет")]
            for one, (decision, remark) in zip(made, decided, strict=False):
                body = {"decision": decision, "remark": remark}
                answer = await send(registry, "POST", f"/achievements/{one['id']}/decision", body, office, 1)
                assert answer.status_code == 200, answer.text
            whole = {one["id"]: one["state"] for one in await items(registry, path, author)}
            assert sorted(whole.values()) == ["confirmed", "refused", "stated"]
            assert {one["id"] for one in await items(registry, path, office)} == whole.keys()
            outsiders = [registry.region] if author is mother else [registry.region, colleague]
            for headers in outsiders:
                (shown,) = await items(registry, path, headers)
                assert (shown["id"], shown["remark"]) == (made[0]["id"], None)


class TestPortfolios:
    async def test_the_family_shows_the_school_what_it_wants_to(self, registry: Registry) -> None:
        organization_id, student_id, mother = await a_student(registry)
        path = f"/students/{student_id}/portfolio"
        empty = await send(registry, "POST", path, {"section": "about", "title": "О себе"}, mother)
        assert empty.json()["code"] == "portfolios.empty"
        private = await send(registry, "POST", path, {**ENTRY, "shared": False}, mother)
        shared = await send(registry, "POST", path, ENTRY, mother)
        assert len(await items(registry, path, mother)) == 2
        office = registry.office(organization_id)
        assert [one["id"] for one in await items(registry, path, office)] == [shared.json()["id"]]
        entry = f"/portfolio-entries/{private.json()['id']}"
        assert (await send(registry, "PATCH", entry, {"shared": True}, office, 1)).status_code == 404
        assert (await send(registry, "PATCH", entry, {"shared": True}, mother, 1)).status_code == 200
        assert len(await items(registry, path, office)) == 2
        assert (await send(registry, "PATCH", entry, {"removed": True}, mother, 2)).status_code == 200
        late = await send(registry, "PATCH", entry, {"title": "Снова"}, mother, 3)
        assert late.json()["code"] == "portfolios.removed"

    async def test_every_user_has_a_portfolio_of_its_own(self, registry: Registry) -> None:
        organization_id, _, mother = await a_student(registry)
        worker_id = await a_worker(registry, organization_id)
        everybody = [
            mother,
            teacher(registry, organization_id, worker_id),
            registry.office(organization_id),
            registry.region,
        ]
        for headers in everybody:
            assert (await send(registry, "POST", "/me/portfolio", ENTRY, headers)).status_code == 201
        for headers in everybody:
            assert len(await items(registry, "/me/portfolio", headers)) == 1
        shared = await items(registry, f"/workers/{worker_id}/portfolio", registry.office(organization_id))
        assert [one["title"] for one in shared] == ["Рисунок"]


class TestProjects:
    async def test_a_supervisor_and_authors_from_planning_to_defence(self, registry: Registry) -> None:
        organization_id, student_id, mother = await a_student(registry)
        worker_id, other_id = await a_worker(registry, organization_id), await a_worker(registry, organization_id, 2)
        path = f"/organizations/{organization_id}/projects"
        own, other = teacher(registry, organization_id, worker_id), teacher(registry, organization_id, other_id)
        lonely = {**a_project(worker_id, student_id), "student_authors": []}
        assert (await send(registry, "POST", path, lonely, own)).json()["code"] == "projects.members-required"
        strange = a_project(worker_id, new_id())
        assert (await send(registry, "POST", path, strange, own)).json()["code"] == "projects.member-unknown"
        made = await send(registry, "POST", path, a_project(worker_id, student_id), own)
        assert made.status_code == 201, made.text
        project = f"/projects/{made.json()['id']}"
        assert (
            await send(registry, "PATCH", project, {"reason": "Хочу", "state": "running"}, other, 1)
        ).status_code == 403
        undated = await send(registry, "PATCH", project, {"reason": "Защита", "state": "defended"}, own, 1)
        assert undated.json()["code"] == "projects.defended-on"
        defended = {"reason": "Защита", "state": "defended", "defended_on": "2026-10-01", "result": "Отлично"}
        assert (await send(registry, "PATCH", project, defended, own, 1)).json()["version"] == 2
        more = {"reason": "Второй руководитель", "supervisors": [str(worker_id), str(other_id)]}
        changed = await send(registry, "PATCH", project, more, own, 2)
        assert changed.json()["version"] == 3
        roles = [one["role"] for one in changed.json()["members"]]
        assert roles == ["supervisor", "supervisor", "author"]
        (shown,) = await items(registry, f"/students/{student_id}/projects", mother)
        assert (shown["state"], shown["result"]) == ("defended", "Отлично")
        fewer = {"reason": "Передал", "supervisors": [str(other_id)]}
        assert (await send(registry, "PATCH", project, fewer, own, 3)).status_code == 200
        assert (await send(registry, "PATCH", project, {"reason": "Ещё", "title": "Вода"}, own, 4)).status_code == 403

    async def test_a_workers_own_projects(self, registry: Registry) -> None:
        organization_id, student_id, _ = await a_student(registry)
        worker_id, other_id = await a_worker(registry, organization_id), await a_worker(registry, organization_id, 2)
        own = teacher(registry, organization_id, worker_id)
        path = f"/organizations/{organization_id}/projects"
        made = (await send(registry, "POST", path, a_project(worker_id, student_id), own)).json()
        await send(registry, "POST", path, a_project(other_id, student_id), own)
        for headers in (own, registry.office(organization_id), registry.region):
            (shown,) = await items(registry, f"/workers/{worker_id}/projects", headers)
            assert shown["id"] == made["id"]

    async def test_a_closed_year_keeps_its_projects(self, registry: Registry) -> None:
        organization_id, student_id, _ = await a_student(registry)
        worker_id = await a_worker(registry, organization_id)
        own = teacher(registry, organization_id, worker_id)
        path = f"/organizations/{organization_id}/projects"
        body = a_project(worker_id, student_id)
        made = (await send(registry, "POST", path, body, own)).json()
        await close_year(registry, organization_id)
        changes: list[dict[str, Any]] = [
            {"reason": "Описка", "title": "Вода"},
            {"reason": "Ушёл", "student_authors": [], "worker_authors": [str(worker_id)]},
        ]
        for change in changes:
            refused = await send(registry, "PATCH", f"/projects/{made['id']}", change, own, 1)
            assert (refused.status_code, refused.json()["code"]) == (409, "years.closed")
        late = await send(registry, "POST", path, body, own)
        assert (late.status_code, late.json()["code"]) == (409, "years.closed")
        (kept,) = await items(registry, path, own)
        assert (kept["title"], kept["version"]) == (made["title"], 1)


async def close_year(registry: Registry, organization_id: UUID) -> None:
    """As the run of closing leaves it."""
    await registry.fetch(
        "INSERT INTO year_closing (id, organization_id, academic_year, state, orders, coordinator_by, administrator_by, closed_at, "
        "recorded_at, recorded_by, reason) VALUES ($1, $2, 2026, 'closed', '[]', 'one', 'two', now(), now(), 'test', 'Проверка')",
        new_id(),
        organization_id,
    )


class TestAttestation:
    async def test_from_plan_to_the_category_on_the_card(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        office = registry.office(organization_id)
        worker_id = await a_worker(registry, organization_id)
        own = teacher(registry, organization_id, worker_id)
        works = f"/workers/{worker_id}/methodical-works"
        assert (await send(registry, "POST", works, WORK, own)).status_code == 201
        starts = f"/organizations/{organization_id}/attestation"
        (start,) = await items(registry, starts, registry.region)
        assert (start["due_on"], start["overdue"], start["methodical_works"]) == ("2022-09-01", True, 1)
        plan = {
            "organization_id": str(organization_id),
            "post_code": "teacher",
            "category": "first",
            "planned_on": "2026-09-01",
        }
        path = f"/workers/{worker_id}/attestations"
        guard = await send(registry, "POST", path, {**plan, "post_code": "director"}, office)
        assert guard.json()["code"] == "attestation.not-teaching"
        made = (await send(registry, "POST", path, plan, office)).json()
        twice = await send(registry, "POST", path, plan, office)
        assert twice.json()["code"] == "attestation.open"
        steps = f"/attestations/{made['id']}/steps"
        early = await send(registry, "POST", steps, {"step": "granted", "on": "2026-10-01", "number": "5"}, office, 1)
        assert early.json()["code"] == "attestation.state"
        await send(registry, "POST", steps, {"step": "applied", "on": "2026-09-10", "number": "12"}, office, 1)
        backwards = {"step": "granted", "on": "2026-09-01", "number": "5"}
        assert (await send(registry, "POST", steps, backwards, office, 2)).json()["code"] == "attestation.date"
        granted = await send(registry, "POST", steps, {**backwards, "on": "2026-10-01"}, office, 2)
        assert granted.json()["state"] == "granted"
        card = (await registry.service.client.get(f"/workers/{worker_id}", headers=office)).json()
        assert card["values"]["qualification"]["category"] == "first"
        (start,) = await items(registry, starts, registry.region)
        assert (start["due_on"], start["overdue"]) == (None, False)
        assert start["qualification"]["order_number"] == "5"
        assert (await send(registry, "POST", path, plan, office)).status_code == 201, "a category is asked for again"

    async def test_fitness_for_the_post_is_due_every_five_years_and_hides_no_category(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        office = registry.office(organization_id)
        worker_id = await a_worker(registry, organization_id)
        path = f"/workers/{worker_id}/attestations"
        for category, day in (("fits_post", "2026-02-02"), ("highest", "2026-03-03"), ("fits_post", "2026-04-04")):
            plan = {
                "organization_id": str(organization_id),
                "post_code": "teacher",
                "category": category,
                "planned_on": day,
            }
            made = (await send(registry, "POST", path, plan, office)).json()
            steps = f"/attestations/{made['id']}/steps"
            await send(registry, "POST", steps, {"step": "applied", "on": day}, office, 1)
            granted = await send(registry, "POST", steps, {"step": "granted", "on": day, "number": "7"}, office, 2)
            assert granted.status_code == 200, granted.text
            (start,) = await items(registry, f"/organizations/{organization_id}/attestation", office)
            expected = {"fits_post": "2031-02-02", "highest": None}[category] if day != "2026-04-04" else None
            assert start["due_on"] == expected
        assert start["qualification"]["category"] == "highest"
        assert len(await items(registry, path, registry.region)) == 3

    async def plan(self, registry: Registry, organization_id: UUID, worker_id: UUID, **changes: Any) -> httpx.Response:
        plan = {
            "organization_id": str(organization_id),
            "post_code": "teacher",
            "category": "fits_post",
            "planned_on": "2026-02-02",
            **changes,
        }
        headers = registry.office(organization_id)
        return await send(registry, "POST", f"/workers/{worker_id}/attestations", plan, headers)

    async def test_a_colleague_learns_nothing_of_an_attestation(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        worker_id, colleague_id = (
            await a_worker(registry, organization_id),
            await a_worker(registry, organization_id, 2),
        )
        assert (await self.plan(registry, organization_id, worker_id)).status_code == 201
        path = f"/workers/{worker_id}/attestations"
        assert len(await items(registry, path, teacher(registry, organization_id, worker_id))) == 1
        colleague = teacher(registry, organization_id, colleague_id)
        answer = await registry.service.client.get(path, headers=colleague)
        assert answer.status_code == 404

    async def test_each_employer_certifies_fitness_for_its_own_post(self, registry: Registry) -> None:
        first, second = await registry.organization(), await registry.organization()
        worker_id = await a_worker(registry, first)
        body = hiring(1, main=False)
        await send(registry, "POST", f"/organizations/{second}/workers", body, registry.office(second))
        made = await self.plan(registry, first, worker_id)
        assert (await self.plan(registry, second, worker_id)).status_code == 201
        assert (await self.plan(registry, second, worker_id)).json()["code"] == "attestation.open"
        steps, office = f"/attestations/{made.json()['id']}/steps", registry.office(first)
        await send(registry, "POST", steps, {"step": "applied", "on": "2026-02-02"}, office, 1)
        granted = {"step": "granted", "on": "2026-02-02", "number": "7"}
        assert (await send(registry, "POST", steps, granted, office, 2)).status_code == 200
        (start,) = await items(registry, f"/organizations/{first}/attestation", office)
        assert (start["due_on"], start["overdue"]) == ("2031-02-02", False)

    async def test_who_was_dismissed_is_attested_there_no_more(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        office = registry.office(organization_id)
        worker_id = await a_worker(registry, organization_id)
        made = (await self.plan(registry, organization_id, worker_id, category="highest")).json()
        steps = f"/attestations/{made['id']}/steps"
        await send(registry, "POST", steps, {"step": "applied", "on": "2026-02-02"}, office, 1)
        today = registry.service.runtime.clock.today()
        await registry.value("UPDATE employment SET dismissed_on = $1, dismissal_order = '5-у' RETURNING id", today)
        granted = {"step": "granted", "on": "2026-03-03", "number": "7"}
        refused = await send(registry, "POST", steps, granted, office, 2)
        assert (refused.status_code, refused.json()["code"]) == (422, "attestation.not-teaching")
        assert await registry.value("SELECT qualification FROM worker WHERE id = $1", worker_id) is None
        withdrawn = {"step": "withdrawn", "on": "2026-03-03"}
        assert (await send(registry, "POST", steps, withdrawn, office, 2)).json()["state"] == "withdrawn"
