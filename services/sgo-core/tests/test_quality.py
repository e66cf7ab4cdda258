"""Completeness, doubts, duties, confirmations: what is missing, since when, who answers for it by when."""

import json
from datetime import date, timedelta

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
from .measuring import a_class, clone, get, measured, of_kind
from .staffing import hiring
from .world import MUNICIPALITY, OTHER_MUNICIPALITY, Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


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
        odd = await registry.service.client.get(
            path, params={"card_kind": "student", "last": "0001-01-01"}, headers=registry.office(ones[0])
        )
        assert odd.status_code == 422

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
