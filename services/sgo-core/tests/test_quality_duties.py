"""Who answers for cards, who confirms them, who checks a sample of them."""

import asyncio
import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest
from servicekit.workdays import add_workdays
from sgo_core.catalogue.definition import CardKind

from .measuring import a_class, get, measured
from .staffing import hiring
from .world import MUNICIPALITY, Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


class TestDutiesAndConfirmations:
    async def test_who_has_left_answers_for_nothing(self, registry: Registry) -> None:
        organization_id, _, _ = await a_class(registry, 1)
        office, head = registry.office(organization_id), registry.position(organization_id, Role.HEAD)
        hired = await registry.service.client.post(
            f"/organizations/{organization_id}/workers", json=hiring(2), headers=office
        )
        path = f"/organizations/{organization_id}/quality/duties"
        body = {"reason": "Приказ № 5", "worker_id": hired.json()["worker_id"], "term_days": 3}
        answer = await registry.service.client.patch(f"{path}/student", json=body, headers={**head, "If-Match": '"0"'})
        assert answer.json()["worker_id"] == hired.json()["worker_id"]
        today = registry.service.runtime.clock.today()
        await registry.value("UPDATE employment SET dismissed_on = $1, dismissal_order = '5-у' RETURNING id", today)
        (duty,) = [one for one in (await get(registry, path, office))["items"] if one["card_kind"] == "student"]
        assert (duty["worker_id"], duty["role"], duty["term_days"], duty["version"]) == (None, "secretary", 3, 1)

    async def test_what_is_confirmed_is_unconfirmed_no_more(self, registry: Registry) -> None:
        organization_id, _, _ = await a_class(registry, 1)
        await measured(registry, organization_id)
        head = registry.position(organization_id, Role.HEAD)
        path = f"/organizations/{organization_id}/quality"
        issues = f"{path}/issues"
        before = await get(registry, issues, head, card_kind="organization")
        assert "organization.unconfirmed" in {one["rule"] for one in before["items"]}
        answer = await registry.service.client.post(
            f"{path}/confirmations", json={"remark": "Директор будет назначен"}, headers=head
        )
        assert answer.status_code == 201, answer.text
        after = await get(registry, issues, head, card_kind="organization")
        assert {one["rule"] for one in after["items"]} == {"organization.no-director"}
        (kept,) = [one for one in answer.json()["standing"] if one["card_kind"] == "organization"]
        assert kept["issues"] == {"contradiction": 1}

    async def test_somebody_is_appointed_with_a_shorter_term(self, registry: Registry) -> None:
        organization_id, _, _ = await a_class(registry, 1)
        office, head = registry.office(organization_id), registry.position(organization_id, Role.HEAD)
        hired = await registry.service.client.post(
            f"/organizations/{organization_id}/workers", json=hiring(2), headers=office
        )
        path = f"/organizations/{organization_id}/quality/duties/student"
        body = {"reason": "Приказ № 5", "worker_id": hired.json()["worker_id"], "role": "secretary", "term_days": 3}
        answer = await registry.service.client.patch(path, json=body, headers={**head, "If-Match": '"0"'})
        assert answer.status_code == 200, answer.text
        again = await registry.service.client.patch(path, json=body, headers={**head, "If-Match": '"0"'})
        assert again.status_code == 412
        stranger = {**body, "worker_id": str(organization_id)}
        refused = await registry.service.client.patch(path, json=stranger, headers={**head, "If-Match": '"1"'})
        assert refused.json()["code"] == "quality.not-employed"
        standing = await measured(registry, organization_id)
        duty = next(one for one in standing["duties"] if one["card_kind"] == "student")
        assert (duty["term_days"], duty["worker_id"], duty["version"]) == (3, hired.json()["worker_id"], 1)
        gaps = await get(registry, f"/organizations/{organization_id}/quality/gaps", office, card_kind="student")
        gap = next(one for one in gaps["items"][0]["gaps"] if one["due_on"])
        assert gap["due_on"] == add_workdays(date.fromisoformat(gap["since"]), 3).isoformat()

    async def test_the_head_confirms_and_says_why_contradictions_stay(self, registry: Registry) -> None:
        organization_id, _, _ = await a_class(registry, 1)
        head = registry.position(organization_id, Role.HEAD)
        path = f"/organizations/{organization_id}/quality/confirmations"
        refused = await registry.service.client.post(path, json={}, headers=head)
        assert (refused.status_code, refused.json()["code"]) == (409, "quality.remark-required")
        answer = await registry.service.client.post(path, json={"remark": "Директор будет назначен"}, headers=head)
        assert answer.status_code == 201, answer.text
        standing = await get(registry, f"/organizations/{organization_id}/quality", registry.region)
        today = registry.service.runtime.clock.today().isoformat()
        assert standing["confirmed_on"] == today
        (kept,) = (await get(registry, path, registry.region))["items"]
        assert {one["card_kind"] for one in kept["standing"]} == {kind.value for kind in CardKind}
        told = await registry.events("core.quality.measured.v1")
        assert json.loads(told[-1]["payload"])["confirmed_on"] == today
        with pytest.raises(Exception, match="permission denied"):
            async with registry.service.runtime.engine.begin() as connection:
                await connection.exec_driver_sql("UPDATE quality_confirmation SET remark = NULL")


class TestSampleChecks:
    async def check(self, registry: Registry, organization_id: UUID, size: int) -> dict[str, Any]:
        answer = await registry.service.client.post(
            f"/organizations/{organization_id}/sample-checks",
            json={"card_kind": "student", "size": size},
            headers=registry.region,
        )
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def send(
        self, registry: Registry, method: str, path: str, body: Any, headers: dict[str, str], version: int
    ) -> Any:
        return await registry.service.client.request(
            method, path, json=body, headers={**headers, "If-Match": f'"{version}"'}
        )

    async def test_from_the_draw_to_the_answer(self, registry: Registry) -> None:
        organization_id, _, students = await a_class(registry, 5)
        check = await self.check(registry, organization_id, 2)
        assert (check["population"], len(check["items"])) == (5, 2)
        order = await registry.fetch(
            "SELECT id FROM student WHERE id = ANY ($1) ORDER BY md5($2 || id::text) LIMIT 2", students, check["seed"]
        )
        assert {one["card_id"] for one in check["items"]} == {str(row["id"]) for row in order}, "it can be drawn again"
        first, second = (f"/sample-check-items/{one['id']}" for one in check["items"])
        conclusion = f"/sample-checks/{check['id']}/conclusion"
        body = {"conclusion": "Есть расхождения", "mend_by": "2099-01-01"}
        early = await self.send(registry, "POST", conclusion, body, registry.region, 1)
        assert early.json()["code"] == "sample-checks.unchecked"
        unnamed = await self.send(registry, "PATCH", first, {"verdict": "differs"}, registry.region, 1)
        assert unnamed.json()["code"] == "sample-checks.fields"
        differs = {"verdict": "differs", "fields": ["birth_date"], "remark": "В свидетельстве другая дата"}
        assert (await self.send(registry, "PATCH", first, differs, registry.region, 1)).status_code == 200
        assert (
            await self.send(registry, "PATCH", second, {"verdict": "matches"}, registry.region, 1)
        ).status_code == 200
        undated = await self.send(registry, "POST", conclusion, {"conclusion": "Есть"}, registry.region, 1)
        assert undated.json()["code"] == "sample-checks.mend-by"
        done = await self.send(registry, "POST", conclusion, body, registry.region, 1)
        assert (done.status_code, done.json()["state"]) == (200, "finished")
        late = await self.send(registry, "PATCH", second, {"verdict": "not_shown"}, registry.region, 2)
        assert late.json()["code"] == "sample-checks.state"
        office = registry.office(organization_id)
        path = f"/sample-checks/{check['id']}/answer"
        answered = await self.send(registry, "POST", path, {"answer": "Исправлено"}, office, 2)
        assert (answered.status_code, answered.json()["state"]) == (200, "answered")
        lines = (await get(registry, f"/organizations/{organization_id}/sample-checks", office))["items"]
        assert [(one["id"], one["answer"]) for one in lines] == [(check["id"], "Исправлено")]
        municipal = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
        for headers, told in ((registry.region, ("Исправлено", body["conclusion"])), (municipal, (None, None))):
            read = await get(registry, f"/sample-checks/{check['id']}", headers)
            assert (read["answer"], read["conclusion"]) == told, (
                "the body that drew it reads what it wrote and was answered"
            )

    async def test_of_two_who_judge_a_card_at_once_one_is_told(self, registry: Registry) -> None:
        organization_id, _, _ = await a_class(registry, 1)
        check = await self.check(registry, organization_id, 1)
        path = f"/sample-check-items/{check['items'][0]['id']}"
        for turn in range(5):
            verdicts = [{"verdict": one, "remark": f"Проверка {turn}"} for one in ("matches", "not_shown")]
            version = await registry.value("SELECT version FROM sample_check_item")
            answers = await asyncio.gather(
                *(self.send(registry, "PATCH", path, body, registry.region, version) for body in verdicts)
            )
            assert sorted(one.status_code for one in answers) == [200, 412]

    async def test_a_check_is_of_the_body_that_drew_it(self, registry: Registry) -> None:
        organization_id, _, _ = await a_class(registry, 1)
        check = await self.check(registry, organization_id, 1)
        path = f"/sample-check-items/{check['items'][0]['id']}"
        municipal = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
        seen = await registry.service.client.get(f"/sample-checks/{check['id']}", headers=municipal)
        assert seen.status_code == 200
        strange = await self.send(registry, "PATCH", path, {"verdict": "matches"}, municipal, 1)
        assert (strange.status_code, strange.json()["code"]) == (403, "sample-checks.other-body")
        ministry = registry.service.tokens.headers(Role.MINISTRY_OFFICER)
        assert (await self.send(registry, "PATCH", path, {"verdict": "matches"}, ministry, 1)).status_code == 200
        conclusion = f"/sample-checks/{check['id']}/conclusion"
        late = await self.send(registry, "POST", conclusion, {"conclusion": "Верно"}, municipal, 1)
        assert late.json()["code"] == "sample-checks.other-body"

    async def test_a_body_finds_no_difference_in_what_it_may_not_see(self, registry: Registry) -> None:
        organization_id, _, _ = await a_class(registry, 1)
        check = await self.check(registry, organization_id, 1)
        path = f"/sample-check-items/{check['items'][0]['id']}"
        hidden = {"verdict": "differs", "fields": ["diseases"]}
        refused = await self.send(registry, "PATCH", path, hidden, registry.region, 1)
        assert refused.json()["code"] == "sample-checks.fields"
        masked = {"verdict": "differs", "fields": ["snils"]}
        assert (await self.send(registry, "PATCH", path, masked, registry.region, 1)).status_code == 200

    async def test_more_cards_than_there_are(self, registry: Registry) -> None:
        organization_id, _, _ = await a_class(registry, 1)
        answer = await registry.service.client.post(
            f"/organizations/{organization_id}/sample-checks",
            json={"card_kind": "student", "size": 2},
            headers=registry.region,
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "sample-checks.too-few-cards")
