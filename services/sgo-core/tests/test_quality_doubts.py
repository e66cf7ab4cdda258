"""Doubts about cards: what rules find, who sees it, what an explanation does."""

from typing import Any
from uuid import UUID

import pytest

from servicekit.testing import ServiceUnderTest

from .consenting import days_later, edit
from .measuring import a_class, get, measured
from .staffing import hiring
from .world import Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


class TestDoubts:
    async def issues(self, registry: Registry, organization_id: UUID, **params: Any) -> dict[str, dict[str, Any]]:
        await measured(registry, organization_id)
        path = f"/organizations/{organization_id}/quality/issues"
        found = await get(registry, path, registry.office(organization_id), **params)
        return {one["rule"]: one for one in found["items"]}

    async def test_what_cannot_be_true_is_found_and_goes_when_mended(self, registry: Registry) -> None:
        organization_id, _, (student_id,) = await a_class(registry, 1)
        changed = {"birth_date": "2010-05-14", "middle_name": "Петрович"}
        assert (await edit(registry, organization_id, student_id, changed)).status_code == 200
        found = await self.issues(registry, organization_id)
        assert found.keys() == {"student.age-grade", "student.middle-name", "student.certificate-at-14"}
        assert found["student.age-grade"]["kind"] == "contradiction"
        changed = {"birth_date": "2019-05-14", "middle_name": "Петровна"}
        assert (await edit(registry, organization_id, student_id, changed)).status_code == 200
        assert await self.issues(registry, organization_id) == {}

    async def test_an_explanation_holds_until_the_card_changes(self, registry: Registry) -> None:
        organization_id, _, (student_id,) = await a_class(registry, 1)
        await edit(registry, organization_id, student_id, {"middle_name": "Петрович"})
        issue = (await self.issues(registry, organization_id))["student.middle-name"]
        office = registry.office(organization_id)
        path = f"/quality/issues/{issue['id']}/explanation"
        body = {"explanation": "Так в свидетельстве"}
        stale = await registry.service.client.post(path, json=body, headers={**office, "If-Match": '"9"'})
        assert stale.status_code == 412
        answer = await registry.service.client.post(path, json=body, headers={**office, "If-Match": '"1"'})
        assert answer.status_code == 200, answer.text
        assert await self.issues(registry, organization_id) == {}
        kept = await self.issues(registry, organization_id, only_open=False)
        assert kept["student.middle-name"]["explanation"] == "Так в свидетельстве"
        assert (await edit(registry, organization_id, student_id, {"first_name": "Анна"})).status_code == 200
        again = await self.issues(registry, organization_id)
        assert again["student.middle-name"]["explanation"] is None
        assert (await edit(registry, organization_id, student_id, {"middle_name": "Петровна"})).status_code == 200
        assert await self.issues(registry, organization_id) == {}
        gone = await self.issues(registry, organization_id, settled=True)
        assert gone["student.middle-name"]["id"] == issue["id"]
        assert gone["student.middle-name"]["settled_on"] == registry.service.runtime.clock.today().isoformat()
        told = (await get(registry, f"/quality/issues/{issue['id']}/history", registry.office(organization_id)))[
            "items"
        ]
        said = "Так в свидетельстве"
        assert [one["changes"].get("explanation") for one in told] == [None, [None, said], [said, None], None]
        assert "settled_on" in told[-1]["changes"]
        late = await registry.service.client.post(path, json=body, headers={**office, "If-Match": '"4"'})
        assert late.status_code == 404, "there is nothing left to explain"

    async def test_workers_families_and_the_organization_are_doubted_too(self, registry: Registry) -> None:
        organization_id, _, _ = await a_class(registry, 4)
        office = registry.office(organization_id)
        old = {"category": "first", "valid_until": "2020-01-01"}
        body = hiring(1, qualification=old, service_since="1990-01-01", teaching_since="1989-01-01")
        hired = await registry.service.client.post(
            f"/organizations/{organization_id}/workers", json=body, headers=office
        )
        assert hired.status_code == 201, hired.text
        workers = await self.issues(registry, organization_id, card_kind="worker")
        assert workers.keys() == {
            "worker.qualification",
            "worker.service",
            "worker.teaching-before-service",
            "worker.courses",
        }
        guardians = await self.issues(registry, organization_id, card_kind="guardian")
        assert guardians.keys() == {"guardian.shared-phone"}, "four mothers with one phone"
        organization = await self.issues(registry, organization_id, card_kind="organization")
        assert organization.keys() == {"organization.no-director", "organization.unconfirmed"}

    async def test_sealed_documents_are_looked_into(self, registry: Registry) -> None:
        organization_id, _, (student_id,) = await a_class(registry, 1)
        await registry.consent(organization_id, student_id)
        needs = {"disorder": "speech", "valid_until": "2025-01-01"}
        answer = await edit(registry, organization_id, student_id, {"special_needs": needs})
        assert answer.status_code == 200, answer.text
        assert "student.special-needs" in await self.issues(registry, organization_id)
        needs["valid_until"] = "2099-01-01"
        await edit(registry, organization_id, student_id, {"special_needs": needs})
        assert "student.special-needs" not in await self.issues(registry, organization_id)

    async def test_a_card_nobody_has_touched_for_a_year_is_stale(self, registry: Registry) -> None:
        organization_id, _, _ = await a_class(registry, 1)
        async with days_later(registry, 370):
            assert "student.untouched" in await self.issues(registry, organization_id, kind="stale")
            assert "student.untouched" not in await self.issues(registry, organization_id, kind="contradiction")

    async def test_a_body_learns_of_nobodys_health_from_a_doubt(self, registry: Registry) -> None:
        organization_id, _, (student_id,) = await a_class(registry, 1)
        await registry.consent(organization_id, student_id)
        needs = {"disorder": "speech", "valid_until": "2025-01-01"}
        changed = {"special_needs": needs, "birth_date": "2010-05-14", "middle_name": "Петрович"}
        assert (await edit(registry, organization_id, student_id, changed)).status_code == 200
        found = await self.issues(registry, organization_id)
        assert found.keys() >= {"student.special-needs", "student.age-grade", "student.middle-name"}
        for rule in ("student.age-grade", "student.middle-name"):
            answer = await registry.service.client.post(
                f"/quality/issues/{found[rule]['id']}/explanation",
                json={"explanation": "По заключению комиссии"},
                headers={**registry.office(organization_id), "If-Match": '"1"'},
            )
            assert answer.status_code == 200, answer.text
        path = f"/organizations/{organization_id}/quality/issues"
        shown = await get(registry, path, registry.region, only_open=False)
        seen = {one["rule"]: one for one in shown["items"]}
        assert seen.keys() == found.keys() - {"student.special-needs"}
        assert {one["explanation"] for one in seen.values()} == {None}, "a free text may name the child"
        assert seen["student.age-grade"]["explained_at"] is not None
        stale = await get(registry, path, registry.region, kind="stale")
        assert "student.special-needs" not in {one["rule"] for one in stale["items"]}
        masked = await get(registry, f"/quality/issues/{seen['student.age-grade']['id']}/history", registry.region)
        assert not any("explanation" in one["changes"] for one in masked["items"])
        assert "explained_at" in masked["items"][-1]["changes"]
        secret = f"/quality/issues/{found['student.special-needs']['id']}/history"
        assert (await registry.service.client.get(secret, headers=registry.region)).status_code == 404

    async def test_what_was_compared_with_the_papers_is_not_stale(self, registry: Registry) -> None:
        organization_id, _, _ = await a_class(registry, 1)
        async with days_later(registry, 360):
            drawn = await registry.service.client.post(
                f"/organizations/{organization_id}/sample-checks",
                json={"card_kind": "student", "size": 1},
                headers=registry.region,
            )
            item = f"/sample-check-items/{drawn.json()['items'][0]['id']}"
            judged = await registry.service.client.patch(
                item, json={"verdict": "matches"}, headers={**registry.region, "If-Match": '"1"'}
            )
            assert judged.status_code == 200, judged.text
        async with days_later(registry, 370):
            assert "student.untouched" not in await self.issues(registry, organization_id, kind="stale")
        async with days_later(registry, 360 + 370):
            assert "student.untouched" in await self.issues(registry, organization_id, kind="stale")

    async def test_that_something_stale_is_right_holds_for_a_year(self, registry: Registry) -> None:
        organization_id, _, _ = await a_class(registry, 1)
        async with days_later(registry, 370):
            issue = (await self.issues(registry, organization_id, kind="stale"))["student.untouched"]
            answer = await registry.service.client.post(
                f"/quality/issues/{issue['id']}/explanation",
                json={"explanation": "Сверено с документами"},
                headers={**registry.office(organization_id), "If-Match": '"1"'},
            )
            assert answer.status_code == 200, answer.text
            assert "student.untouched" not in await self.issues(registry, organization_id, kind="stale")
        async with days_later(registry, 370 + 360):
            assert "student.untouched" not in await self.issues(registry, organization_id, kind="stale")
        async with days_later(registry, 370 + 370):
            assert "student.untouched" in await self.issues(registry, organization_id, kind="stale")
