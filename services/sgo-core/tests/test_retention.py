"""What has been kept for its term is destroyed by an act, with its history, and nothing else is."""

import asyncio
import io
import json
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from servicekit.runs import RunExecutor
from servicekit.testing import ServiceUnderTest
from sgo_core.catalogue.definition import CATALOGUE, CardKind, Retention
from sgo_core.consents import destroying
from sgo_core.people.model import Guardian, Student
from sgo_core.retention import running
from sgo_core.retention.repository import lock_drafts
from sgo_core.retention.terms import cutoff, due_on, terms
from sgo_core.staff.model import Worker

from .consenting import PHONE, a_student, card_of, edit, let_come_due, with_phone, withdraw
from .destroying import Destroying, left_long_ago
from .reorganizing import Acts
from .samples.retention import ACT, leaver
from .staffing import hiring
from .world import Registry, new_child, new_parent

MODELS = {CardKind.STUDENT: Student, CardKind.GUARDIAN: Guardian, CardKind.WORKER: Worker}


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


@given(left=st.dates(date(1990, 1, 1), date(2030, 1, 1)), day=st.dates(date(1990, 1, 1), date(2095, 1, 1)))
def test_a_term_asked_both_ways_round_is_one(left: date, day: date) -> None:
    for rule in CATALOGUE.retention.values():
        due, before = due_on(left, rule), cutoff(day, rule)
        assert (due is None) == (before is None)
        if due is not None and before is not None:
            assert (day >= due) == (left < before), (rule, left, day)


@pytest.mark.parametrize(
    ("years", "left", "due"),
    [
        (3, date(2026, 6, 25), date(2030, 1, 1)),
        (50, date(2026, 12, 31), date(2077, 1, 1)),
        (0, date(2026, 1, 10), date(2026, 2, 9)),
    ],
)
def test_terms_run_from_the_end_of_the_year(years: int, left: date, due: date) -> None:
    assert due_on(left, Retention(title="", basis="", years=years)) == due


def test_every_field_of_a_person_has_a_term_or_says_nothing_of_anybody() -> None:
    for kind, model in MODELS.items():
        timed = {name for term in terms(kind, model, date(2100, 1, 1)) for name in term.fields}
        assert CATALOGUE.cards[kind].stored().keys() - timed <= {"sex", "citizenship"}, kind


async def test_what_rested_on_consent_goes_a_month_after_the_child_has_left(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    office = Destroying(registry, organization_id)
    await leaver(registry, organization_id, student_id)
    assert await office.due(date="2026-10-04") == []
    (due,) = await office.due(date="2026-10-05")
    assert (due["subject_id"], due["left_on"], due["fields"], due["rules"]) == (
        str(student_id),
        "2026-09-05",
        ["mobile_phone"],
        ["consent"],
    )
    act = await office.approved()
    run = await office.execute(act)
    assert (run["status"], run["result"]) == ("succeeded", {"destroyed": 1}), run
    (line,) = await office.lines(act)
    assert (line["outcome"], line["destroyed"]) == ("destroyed", ["mobile_phone"])
    card = await registry.fetch("SELECT mobile_phone, last_name, snils FROM student WHERE id = $1", student_id)
    assert card[0]["mobile_phone"] is None
    assert card[0]["last_name"] == "Образцова"
    assert card[0]["snils"] is not None
    assert await registry.value("SELECT count(*) FROM row_history WHERE row::text LIKE '%79001234567%'") == 0
    assert await office.due() == []
    document = await registry.service.client.get(f"/destruction-acts/{act['id']}/document", headers=office.head)
    text = " ".join(PdfReader(io.BytesIO(document.content)).pages[0].extract_text().split())
    assert "Акт об уничтожении персональных данных" in text
    assert str(student_id)[-12:] in text.replace(" ", "")
    assert "Образцова Алиса" not in text
    for statement in ("UPDATE destruction_act SET number = '9'", "UPDATE destruction_line SET outcome = 'nothing'"):
        with pytest.raises(Exception, match="act is final"):
            await registry.service.fetch(statement)


async def test_the_file_goes_after_three_years_the_alphabet_book_after_fifty(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    office = Destroying(registry, organization_id)
    await leaver(registry, organization_id, student_id)
    await left_long_ago(registry, date(2022, 9, 5))
    assert {one["subject_kind"] for one in await office.due(date="2025-12-31")} == {"student"}
    found = {one["subject_kind"]: one for one in await office.due(date="2026-01-01")}
    assert set(found["student"]["fields"]) == {"document", "snils", "mobile_phone"}
    assert set(found["guardian"]["fields"]) >= {"last_name", "first_name", "mobile_phone"}
    run = await office.execute(await office.approved())
    assert (run["status"], run["result"]) == ("succeeded", {"destroyed": 2}), run
    assert await office.due() == []
    await left_long_ago(registry, date(1975, 6, 1))
    (later,) = await office.due()
    assert {"last_name", "first_name", "birth_date"} <= set(later["fields"])
    again = await office.execute(await office.approved("2"))
    assert again["result"] == {"destroyed": 1}, again
    assert await office.due() == []
    (card,) = await registry.fetch("SELECT * FROM student WHERE id = $1", student_id)
    assert (card["last_name"], card["birth_date"], card["snils_key"], card["document_key"]) == (
        "Уничтожено",
        date(2020, 1, 1),
        None,
        None,
    )
    (guardian,) = await registry.fetch("SELECT * FROM guardian")
    assert (guardian["last_name"], guardian["mobile_phone"], guardian["search_name"]) == (
        "Уничтожено",
        None,
        "уничтожено",
    )
    kept = await registry.fetch("SELECT row FROM row_history WHERE relation IN ('student', 'guardian')")
    assert kept
    rows = [json.loads(one["row"]) for one in kept]
    assert all(row.get(key) is None for row in rows for key in ("snils", "snils_key", "document_key"))
    assert not any("бразцова" in one["row"] for one in kept)
    told = (await registry.events("core.guardian.profiled.v1"))[-1]["payload"]
    assert "Уничтожено" in told


async def test_a_guardian_stays_as_long_as_one_child_does(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    (guardian,) = await registry.fetch("SELECT guardian_id FROM guardianship WHERE student_id = $1", student_id)
    body = {"values": new_child(77), "guardians": [{"values": new_parent(), "kinship": "mother"}]}
    opened = await registry.service.client.post(
        f"/organizations/{organization_id}/students", json=body, headers=registry.office(organization_id)
    )
    await registry.service.fetch(
        "INSERT INTO guardianship (id, guardian_id, student_id, kinship, valid_from, recorded_at, recorded_by, reason) "
        "VALUES (gen_random_uuid(), $1, $2, 'mother', current_date, now(), 'test', 'Проверка')",
        guardian["guardian_id"],
        UUID(opened.json()["student_id"]),
    )
    await registry.depart(organization_id, student_id, "2026-09-05")
    due = await Destroying(registry, organization_id).due(date="2031-01-01")
    assert {one["subject_kind"] for one in due} == {"student"}


async def test_workers_count_from_the_last_dismissal(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    client = registry.service.client
    body = {**hiring(1, email="vera@example.org"), "consented_at": "2020-08-28T09:00:00+03:00"}
    hired = (await client.post(f"/organizations/{organization_id}/workers", json=body, headers=office)).json()
    patch = {"reason": "Увольнение", "dismissed_on": "2026-09-01", "dismissal_order": "5-к"}
    path = f"/employments/{hired['employment_id']}"
    assert (await client.patch(path, json=patch, headers={**office, "If-Match": '"1"'})).status_code == 200
    destroying_office = Destroying(registry, organization_id)
    (due,) = await destroying_office.due(date="2026-10-01")
    assert (due["subject_kind"], due["fields"]) == ("worker", ["email"])
    (much_later,) = await destroying_office.due(date="2077-01-01")
    assert {"snils", "last_name", "birth_date"} <= set(much_later["fields"])


async def test_a_hold_and_another_ground_keep(registry: Registry) -> None:
    """What is held is not offered; what a named ground keeps is closed to everybody, not destroyed, and not offered again."""
    organization_id, student_id = await a_student(registry)
    office = Destroying(registry, organization_id)
    grounds = {"mobile_phone": {"ground": "justice", "document": "Определение суда № 5"}}
    stored = await edit(registry, organization_id, student_id, PHONE, grounds=grounds)
    assert stored.status_code == 200, stored.text
    await registry.depart(organization_id, student_id, "2026-09-05")
    hold = {"subject_kind": "student", "subject_id": str(student_id), "document": "Запрос", "reason": "Проверка"}
    await registry.service.fetch(
        "INSERT INTO legal_hold (id, subject_kind, subject_id, organization_id, document, placed_on, recorded_at, "
        "recorded_by, reason) VALUES (gen_random_uuid(), $1, $2, $3, $4, current_date, now(), 'test', $5)",
        hold["subject_kind"],
        student_id,
        organization_id,
        hold["document"],
        hold["reason"],
    )
    assert [one["held"] for one in await office.due()] == [True]
    nothing = await office.draft()
    assert (nothing.status_code, nothing.json()["code"]) == (409, "retention.nothing-due")
    await registry.service.fetch("UPDATE legal_hold SET lifted_on = current_date")
    run = await office.execute(await office.approved())
    assert run["result"] == {"blocked": 1}, run
    assert await registry.value("SELECT mobile_phone FROM student WHERE id = $1", student_id) == PHONE["mobile_phone"]
    (block,) = await registry.fetch("SELECT fields, act_id IS NOT NULL AS by_act FROM field_block")
    assert (block["fields"], block["by_act"]) == (["mobile_phone"], True)
    assert await office.due() == []


async def test_who_has_come_back_is_passed_over(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    office = Destroying(registry, organization_id)
    await leaver(registry, organization_id, student_id)
    act = await office.approved()
    group_id = await registry.value("SELECT id FROM study_group")
    line = {
        "student_id": str(student_id),
        "kind": "enrolled",
        "effective_date": "2026-11-01",
        "group_id": str(group_id),
    }
    back = await registry.order(organization_id, line, number="вернулся")
    assert back.status_code == 200, back.text
    run = await office.execute(act)
    assert run["result"] == {"returned": 1}, run
    assert (await card_of(registry, student_id, registry.office(organization_id)))["values"]["mobile_phone"]


async def test_nobody_comes_back_while_the_parents_are_destroyed(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    organization_id, student_id = await a_student(registry)
    await leaver(registry, organization_id, student_id)
    await registry.fetch("UPDATE membership SET valid_from = '2015-09-01', valid_to = '2016-09-01'")
    office = Destroying(registry, organization_id)
    act = await office.approved()
    assert [one["subject_kind"] for one in await office.lines(act)] == ["student", "guardian"]
    monkeypatch.setattr(running, "PART", 1)
    real, tried = destroying.kept_by_grounds, []

    async def enrolling(*args: Any) -> Any:
        with pytest.raises(asyncpg.LockNotAvailableError):
            await registry.fetch("SELECT FROM student FOR UPDATE NOWAIT")
        tried.append(args)
        return await real(*args)

    monkeypatch.setattr(destroying, "kept_by_grounds", enrolling)
    assert (await office.execute(act))["result"] == {"destroyed": 2}
    assert len(tried) == 2


async def test_one_act_of_an_organization_is_drafted_at_a_time(registry: Registry) -> None:
    """Two would record one erasure."""
    organization_id, _, consent = await with_phone(registry)
    await withdraw(registry, consent, registry.office(organization_id))
    await let_come_due(registry)
    office = Destroying(registry, organization_id)
    async with registry.service.runtime.uow() as uow:
        await lock_drafts(uow.session, organization_id)
        assert (await office.draft()).json()["code"] == "busy"
    assert (await office.draft()).status_code == 201


async def test_a_killed_run_goes_on(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PART", 1)
    organization_id, first = await a_student(registry)
    group_id = await registry.value("SELECT id FROM study_group")
    for student_id in (first, await registry.student(organization_id, group_id, 2)):
        await leaver(registry, organization_id, student_id)
    office = Destroying(registry, organization_id)
    act = await office.approved()
    queued = await registry.service.client.post(f"/destruction-acts/{act['id']}/execution", headers=office.head)
    real, done = destroying.destroy, 0

    async def killed(*args: Any) -> Any:
        nonlocal done
        done += 1
        if done == 2:
            raise asyncio.CancelledError
        return await real(*args)

    monkeypatch.setattr(destroying, "destroy", killed)
    with pytest.raises(asyncio.CancelledError):
        await RunExecutor(registry.service.runtime, registry.service.definition.runs).run()
    assert await registry.value("SELECT count(*) FROM student WHERE mobile_phone IS NULL") == 1
    monkeypatch.setattr(destroying, "destroy", real)
    await registry.let_pause_pass()
    run = await registry.run(queued.json()["id"], office.head)
    assert (run["status"], run["result"], run["done"]) == ("succeeded", {"destroyed": 2}, 2), run
    assert await registry.value("SELECT count(*) FROM erasure") == 2


async def test_what_was_erased_without_an_act_is_recorded_in_the_next_one(registry: Registry) -> None:
    organization_id, _, consent = await with_phone(registry)
    await withdraw(registry, consent, registry.office(organization_id))
    await let_come_due(registry)
    office = Destroying(registry, organization_id)
    act = (await office.draft()).json()
    (line,) = await office.lines(act)
    assert (line["cause"], line["outcome"]) == ("withdrawal", "destroyed")
    assert (await office.draft("2")).json()["code"] == "retention.nothing-due"
    path = f"/destruction-acts/{act['id']}"
    given_up = await registry.service.client.post(
        f"{path}/withdrawal", json={"remark": "Не тот состав"}, headers={**office.coordinator, "If-Match": '"1"'}
    )
    assert given_up.json()["state"] == "withdrawn"
    act = await office.approved("3")
    assert (await office.execute(act))["result"] == {"destroyed": 1}


async def test_one_drafts_another_checks_the_head_approves(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    await leaver(registry, organization_id, student_id)
    office, client = Destroying(registry, organization_id), registry.service.client
    path = f"/organizations/{organization_id}/destruction-acts"
    drafted = await client.post(path, json={**ACT, "number": "1"}, headers=office.coordinator)
    act_path = f"/destruction-acts/{drafted.json()['id']}"
    same = await client.post(f"{act_path}/check", headers={**office.coordinator, "If-Match": '"1"'})
    assert (same.status_code, same.json()["code"]) == (403, "retention.same-person")
    early = await client.post(f"{act_path}/approval", headers={**office.head, "If-Match": '"1"'})
    assert (early.status_code, early.json()["code"]) == (409, "retention.state")
    early = await client.post(f"{act_path}/execution", headers=office.head)
    assert (early.status_code, early.json()["code"]) == (409, "retention.state")
    future = await office.draft("2", selected_on="2099-01-01")
    assert (future.status_code, future.json()["code"]) == (422, "retention.date")


async def test_the_successor_draws_the_act_for_a_closed_school(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    await leaver(registry, organization_id, student_id)
    new = await registry.organization()
    run = await Acts(registry).carry_out("accession", predecessors=[organization_id], successors=[new])
    assert run["status"] == "succeeded", run
    (due,) = await Destroying(registry, new).due()
    assert due["subject_id"] == str(student_id)
