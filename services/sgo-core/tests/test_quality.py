"""Completeness, doubts, duties, confirmations: what is missing, since when, who answers for it by when."""

import asyncio
import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest
from servicekit.workdays import add_workdays
from sgo_core.catalogue.definition import CATALOGUE, CardKind, Stored
from sgo_core.quality.duties import DEFAULTS
from sgo_core.quality.measuring import measure_all
from sgo_core.quality.populations import CONDITIONS, DERIVED
from sgo_core.quality.rules import BY_CODE, OPENED, RULES

from .consenting import days_later, edit
from .staffing import hiring
from .world import MUNICIPALITY, OTHER_MUNICIPALITY, Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def measured(registry: Registry, organization_id: UUID) -> dict[str, Any]:
    path = f"/organizations/{organization_id}/quality/measurement"
    answer = await registry.service.client.post(path, headers=registry.office(organization_id))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def get(registry: Registry, path: str, headers: dict[str, str], **params: Any) -> dict[str, Any]:
    answer = await registry.service.client.get(path, params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def of_kind(standing: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in standing["cards"] if one["card_kind"] == kind)
    return found


async def a_class(registry: Registry, students: int = 2) -> tuple[UUID, UUID, list[UUID]]:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    return (
        organization_id,
        group_id,
        [await registry.student(organization_id, group_id, number) for number in range(1, students + 1)],
    )


async def clone(connection: Any, table: str, times: str, changed: dict[str, str]) -> None:
    """Rows like the one of a table, as many as ``times`` has."""
    query = "SELECT column_name FROM information_schema.columns WHERE table_name = $1 AND is_generated = 'NEVER'"
    names = [row["column_name"] for row in await connection.fetch(query, table)]
    values = ", ".join(changed.get(name, f"origin.{name}") for name in names)
    await connection.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} AS origin, {times}"
    )


def test_every_mandatory_field_can_be_measured() -> None:
    assert CATALOGUE.mandatory.keys() == CONDITIONS.keys()
    derived = {
        (kind, name)
        for kind, card in CATALOGUE.cards.items()
        for name, one in card.fields.items()
        if one.mandatory is not None and one.stored is Stored.DERIVED
    }
    assert derived == DERIVED.keys()
    assert DEFAULTS.keys() == set(CardKind)
    assert len(BY_CODE) == len(RULES) + len(OPENED)


def test_every_rule_names_fields_of_the_card_it_looks_into() -> None:
    for one in BY_CODE.values():
        fields = CATALOGUE.cards[one.card].fields
        assert set(one.fields) <= fields.keys(), one.code
    for rule in RULES:
        read = {name for name in CATALOGUE.cards[rule.card].stored() if f"c.{name}" in rule.where}
        assert read <= set(rule.fields), rule.code
    for opened in OPENED:
        assert opened.field in opened.fields, opened.code


class TestCompleteness:
    async def test_a_filled_field_leaves_the_list_and_the_share_grows(self, registry: Registry) -> None:
        organization_id, _, (student_id, other_id) = await a_class(registry)
        headers = registry.office(organization_id)
        before = of_kind(await measured(registry, organization_id), "student")
        assert before["cards"] == 2
        assert before["without_ground"] > 0, "no consent was given: nobody can be asked for the health group"
        path = f"/organizations/{organization_id}/quality/gaps"
        gaps = (await get(registry, path, headers, card_kind="student"))["items"]
        assert {one["card_id"] for one in gaps} == {str(student_id), str(other_id)}
        mine = next(one for one in gaps if one["card_id"] == str(student_id))
        assert mine["values"]["last_name"] == "Образцова"
        assert mine["responsible"]["role"] == "secretary"
        fields = {one["field"]: one for one in mine["gaps"]}
        assert not fields["residence"]["overdue"]
        assert fields["health_group"]["due_on"] is None
        answer = await edit(registry, organization_id, student_id, {"residence": {"text": "г. Образцовск, 1"}})
        assert answer.status_code == 200
        after = of_kind(await measured(registry, organization_id), "student")
        assert after["missing"] == before["missing"] - 1
        assert after["share"] > before["share"]
        gaps = (await get(registry, path, headers, card_kind="student"))["items"]
        mine = next(one for one in gaps if one["card_id"] == str(student_id))
        assert "residence" not in {one["field"] for one in mine["gaps"]}

    async def test_a_consent_makes_fields_be_asked_for(self, registry: Registry) -> None:
        organization_id, _, (student_id, _) = await a_class(registry)
        before = of_kind(await measured(registry, organization_id), "student")
        await registry.consent(organization_id, student_id)
        after = of_kind(await measured(registry, organization_id), "student")
        asked = before["without_ground"] // 2
        assert asked > 0
        assert after["without_ground"] == before["without_ground"] - asked
        assert after["missing"] == before["missing"] + asked
        assert after["mandatory"] == before["mandatory"]

    async def test_a_gap_is_overdue_after_its_term_and_dated_from_its_beginning(self, registry: Registry) -> None:
        organization_id, _, (student_id,) = await a_class(registry, 1)
        headers = registry.office(organization_id)
        await measured(registry, organization_id)
        path = f"/organizations/{organization_id}/quality/gaps"
        (card,) = (await get(registry, path, headers, card_kind="student"))["items"]
        today = registry.service.runtime.clock.today()
        residence = next(one for one in card["gaps"] if one["field"] == "residence")
        assert residence["since"] == max(today, date(2026, 9, 1)).isoformat()
        assert residence["due_on"] == add_workdays(date.fromisoformat(residence["since"]), 10).isoformat()
        last = date.fromisoformat(residence["due_on"])
        async with days_later(registry, (last - today).days):
            on_time = of_kind(await measured(registry, organization_id), "student")
        async with days_later(registry, (last - today).days + 1):
            late = of_kind(await measured(registry, organization_id), "student")
            shown = await get(registry, path, headers, card_kind="student", overdue=True)
        assert on_time["overdue"] == 0
        assert late["overdue"] == late["missing"] > 0
        assert [one["card_id"] for one in shown["items"]] == [str(student_id)]
        assert all(one["since"] == residence["since"] for one in shown["items"][0]["gaps"] if one["due_on"])

    async def test_measured_twice_nothing_changes_and_nobody_is_told_again(self, registry: Registry) -> None:
        organization_id, _, _ = await a_class(registry)
        first = await measured(registry, organization_id)
        assert await measured(registry, organization_id) == first
        told = await registry.events("core.quality.measured.v1")
        assert [one["version"] for one in told if one["subject"] == str(organization_id)] == [1]
        numbers = {one["kind"]: one for one in json.loads(told[-1]["payload"])["cards"]}
        assert numbers["student"]["missing"] == of_kind(first, "student")["missing"]
        assert "Образцова" not in str(told)

    async def test_the_term_runs_from_the_consent(self, registry: Registry) -> None:
        organization_id, _, (student_id,) = await a_class(registry, 1)
        await measured(registry, organization_id)
        today = registry.service.runtime.clock.today()
        async with days_later(registry, 59):
            await measured(registry, organization_id)
        await registry.consent(organization_id, student_id)
        async with days_later(registry, 60):
            student = of_kind(await measured(registry, organization_id), "student")
            path = f"/organizations/{organization_id}/quality/gaps"
            (card,) = (await get(registry, path, registry.office(organization_id), card_kind="student"))["items"]
        gaps = {one["field"]: one for one in card["gaps"]}
        assert gaps["residence"]["overdue"]
        assert gaps["health_group"]["since"] == (today + timedelta(days=59)).isoformat()
        assert not gaps["health_group"]["overdue"], "nobody could fill it before"
        assert 0 < student["overdue"] < student["missing"]

    async def test_a_gap_that_opens_is_not_there_since_the_card_was_made(self, registry: Registry) -> None:
        organization_id, _, _ = await a_class(registry, 1)
        office = registry.office(organization_id)
        body = hiring(1, post="director")
        hired = await registry.service.client.post(
            f"/organizations/{organization_id}/workers", json=body, headers=office
        )
        assert hired.status_code == 201, hired.text
        today = registry.service.runtime.clock.today()
        before = await measured(registry, organization_id)
        assert "director" not in {one["field"] for one in before["fields"]}
        async with days_later(registry, 100):
            await measured(registry, organization_id)
        async with days_later(registry, 101):
            await registry.value(
                "UPDATE employment SET dismissed_on = $1, dismissal_order = '5-у' RETURNING id",
                today + timedelta(days=100),
            )
            after = await measured(registry, organization_id)
        since = next(one["since"] for one in after["fields"] if one["field"] == "director")
        assert since == (today + timedelta(days=100)).isoformat()
        assert of_kind(after, "organization")["overdue"] < of_kind(after, "organization")["missing"]

    async def test_an_organization_that_cannot_be_measured_keeps_none_of_the_others_waiting(
        self, registry: Registry
    ) -> None:
        broken, _, _ = await a_class(registry, 1)
        whole = [await registry.organization() for _ in range(2)]
        await registry.value("UPDATE student SET document = 'lost', birth_date = '2000-01-01' RETURNING id")
        await measure_all(registry.service.runtime)
        rows = await registry.fetch("SELECT DISTINCT organization_id FROM quality_measure")
        assert {row["organization_id"] for row in rows} == set(whole)
        assert broken not in whole

    async def test_a_large_school_is_measured_before_the_database_gives_up(self, registry: Registry) -> None:
        organization_id, _, (student_id,) = await a_class(registry, 1)
        await registry.consent(organization_id, student_id)
        connection = await registry.service.database.connect()
        try:
            await connection.execute("SET session_replication_role = replica")
            keys = {"id": "gen_random_uuid()", "statistical_id": "gen_random_uuid()"}
            one = {**keys, "snils_key": "NULL", "document_key": "gen_random_uuid()::text::bytea"}
            await clone(connection, "student", "generate_series(1, 1500)", one)
            others = f"(SELECT id AS other FROM student WHERE id <> '{student_id}') AS others"
            await clone(connection, "membership", others, {**keys, "student_id": "other"})
            await clone(connection, "consent", others, {**keys, "subject_id": "other"})
        finally:
            await connection.close()
        student = of_kind(await measured(registry, organization_id), "student")
        assert (student["cards"], student["without_ground"]) == (1501, 0)
        again = of_kind(await measured(registry, organization_id), "student")
        assert again == student

    async def test_an_organization_that_was_closed_counts_no_more(self, registry: Registry) -> None:
        closed, _, _ = await a_class(registry)
        going_on = await registry.organization()
        await measure_all(registry.service.runtime)
        await registry.value("UPDATE organization SET active = false WHERE id = $1 RETURNING id", closed)
        shown = (await get(registry, "/quality", registry.region))["items"]
        assert [one["organization_id"] for one in shown] == [str(going_on)]
        sums = (await get(registry, "/quality/sums", registry.region))["items"]
        whole = {one["card_kind"]: one for one in sums if one["municipality"] is None}
        assert (whole["organization"]["organizations"], whole["student"]["cards"]) == (1, 0)

    async def test_the_job_measures_every_organization_once_a_day(self, registry: Registry) -> None:
        ones = [(await a_class(registry, 0))[0] for _ in range(3)]
        await measure_all(registry.service.runtime)
        await measure_all(registry.service.runtime)
        rows = await registry.fetch("SELECT organization_id, count(*) FROM quality_measure GROUP BY 1")
        assert {row["organization_id"]: row["count"] for row in rows} == dict.fromkeys(ones, len(CardKind))
        async with days_later(registry, 1):
            await measure_all(registry.service.runtime)
        path = f"/organizations/{ones[0]}/quality/trend"
        last = registry.service.runtime.clock.today() + timedelta(days=1)
        trend = await get(registry, path, registry.office(ones[0]), card_kind="student", last=last.isoformat())
        assert len(trend["items"]) == 2

    async def test_a_body_sees_shares_by_municipality_and_by_class(self, registry: Registry) -> None:
        organization_id, group_id, _ = await a_class(registry)
        elsewhere = await registry.organization(municipality=OTHER_MUNICIPALITY)
        await measure_all(registry.service.runtime)
        sums = (await get(registry, "/quality/sums", registry.region))["items"]
        by_place = {(one["municipality"], one["card_kind"]): one for one in sums}
        assert by_place[MUNICIPALITY, "student"]["cards"] == 2
        assert by_place[OTHER_MUNICIPALITY, "student"]["cards"] == 0
        whole = by_place[None, "organization"]
        assert whole["organizations"] == whole["cards"] == 2
        municipal = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
        shown = (await get(registry, "/quality", municipal))["items"]
        assert str(elsewhere) not in {one["organization_id"] for one in shown}
        groups = (await get(registry, f"/organizations/{organization_id}/quality/groups", municipal))["items"]
        assert [(one["group_id"], one["cards"]) for one in groups] == [(str(group_id), 2)]
        student = of_kind(await measured(registry, organization_id), "student")
        assert (groups[0]["missing"], groups[0]["mandatory"]) == (student["missing"], student["mandatory"])


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
        assert seen["student.middle-name"]["explanation"] == "По заключению комиссии"
        assert seen["student.age-grade"]["explanation"] is None, "it speaks of a field that is masked for a body"
        assert seen["student.age-grade"]["explained_at"] is not None
        stale = await get(registry, path, registry.region, kind="stale")
        assert "student.special-needs" not in {one["rule"] for one in stale["items"]}

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
