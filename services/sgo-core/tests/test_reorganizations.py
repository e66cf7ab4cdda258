"""Acts on organizations: whoever is moved is moved whole, once, and whoever succeeds is seen to succeed."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import MovementRecorded, OrganizationReorganized
from servicekit.runs import RunExecutor
from servicekit.testing import ServiceUnderTest
from sgo_core.movements import succession as movement_succession
from sgo_core.reorganizations import moving

from .clubs import club
from .clubs import line as club_line
from .consenting import PHONE, card_of, edit
from .reorganizing import DAY, Acts, school, standing
from .samples.buildings import BUILDING
from .staffing import hiring
from .world import Registry, class_, row, snils, xlsx

BEFORE = DAY - timedelta(days=1)


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


@pytest.fixture
def acts(registry: Registry) -> Acts:
    return Acts(registry)


async def test_two_schools_become_one_and_the_contingent_stays_whole(registry: Registry, acts: Acts) -> None:
    one, groups = await school(registry, 0, "1А", "1Б")
    other, _ = await school(registry, 1000, "1А")
    new = await registry.organization()
    before = await standing(registry)
    drafted = (await acts.draft("merger", predecessors=[one, other], successors=[new])).json()
    preview = await acts.preview(drafted)
    assert preview["conflicts"] == []
    assert [(total["before"], total["after"], total["closes"]) for total in preview["totals"]] == [
        (6, 0, True),
        (3, 0, True),
        (0, 9, False),
    ]
    assert sorted(group["name"] for group in preview["groups"]) == ["1А", "1А (Орг 2)", "1Б"]
    assert preview["consents_pass"] is True
    confirmed = await acts.confirm(drafted)
    assert confirmed.status_code == 200, confirmed.text
    queued = await acts.execute(drafted)
    run = await registry.run(queued.json()["id"], acts.confirmer)
    assert (run["status"], run["result"]["students"], run["done"]) == ("succeeded", 9, run["total"]), run
    after = await standing(registry)
    assert after.keys() == before.keys()
    assert all([place[0] for place in places] == [new] for places in after.values())
    for organization_id, was, now in ((one, 6, 0), (other, 3, 0), (new, 0, 9)):
        assert await registry.contingent(organization_id, BEFORE) == was
        assert await registry.contingent(organization_id, DAY) == now
    together = [student for student, places in before.items() if places[0][1] == groups["1А"]]
    assert len({after[student][0][1] for student in together}) == 1  # a class stays a class
    await registry.check()
    await _is_told_and_seen(registry, acts, one, new)
    closed = await registry.fetch("SELECT active FROM organization WHERE id = ANY ($1)", [one, other])
    assert [row["active"] for row in closed] == [False, False]
    assert await registry.value("SELECT count(*) FROM study_group WHERE active AND organization_id <> $1", new) == 0


async def _is_told_and_seen(registry: Registry, acts: Acts, one: UUID, new: UUID) -> None:
    client = registry.service.client
    (told,) = await registry.events(OrganizationReorganized.type)
    event = OrganizationReorganized.model_validate_json(told["payload"])
    assert (event.kind, event.successors, one in event.predecessors) == ("merger", (new,), True)
    card = (await client.get(f"/organizations/{new}", headers=acts.drafter)).json()
    assert {link["organization_id"] for link in card["predecessors"]} >= {str(one)}
    former = (await client.get(f"/organizations/{one}", headers=acts.drafter)).json()
    assert [(link["organization_id"], link["valid_from"]) for link in former["successors"]] == [
        (str(new), DAY.isoformat())
    ]
    past = await client.get(f"/organizations/{one}", params={"as_of": "2026-09-30"}, headers=acts.drafter)
    assert past.status_code == 404 or past.json()["successors"] == []
    history = (await client.get(f"/organizations/{one}/history", headers=acts.drafter)).json()["items"]
    assert history[-1]["reason"].startswith("Слияние: Постановление о реорганизации № 1-п от 20.08.2026")
    facts = [
        MovementRecorded.model_validate_json(fact["payload"]) for fact in await registry.events(MovementRecorded.type)
    ]
    moved = [fact for fact in facts if fact.kind == "transferred_between_organizations"]
    assert len(moved) == 18
    assert sorted((fact.opened is None) + (fact.closed is None) for fact in moved) == [1] * 18


async def test_a_killed_run_goes_on_and_ends_the_same(
    registry: Registry, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "PART", 4)
    one, _ = await school(registry, 0, "1А", "1Б", children=5)
    new, _ = await school(registry, 1000, "1А")
    before = await standing(registry)
    act = await acts.confirmed("accession", predecessors=[one], successors=[new])
    queued = await acts.execute(act)
    real, parts = movement_succession.relocate, 0

    async def killed(*args: Any) -> Any:
        nonlocal parts
        parts += 1
        done = await real(*args)
        if parts == 2:
            raise asyncio.CancelledError
        return done

    monkeypatch.setattr(movement_succession, "relocate", killed)
    executor = RunExecutor(registry.service.runtime, registry.service.definition.runs)
    with pytest.raises(asyncio.CancelledError):
        await executor.run()
    monkeypatch.setattr(movement_succession, "relocate", real)
    await registry.let_pause_pass()
    halfway = await standing(registry)
    assert sorted(halfway) == sorted(before)
    assert sorted(len(places) for places in halfway.values()) == [1] * 13
    assert sum(places[0][0] == one for places in halfway.values()) == 6
    run = await registry.run(queued.json()["id"], acts.confirmer)
    assert (run["status"], run["result"]["students"]) == ("succeeded", 10), run
    after = await standing(registry)
    assert after.keys() == before.keys()
    assert {place[0] for places in after.values() for place in places} == {new}
    names = await registry.fetch("SELECT name, occupied FROM study_group WHERE organization_id = $1 AND active", new)
    assert sorted((group["name"], group["occupied"]) for group in names) == [("1А", 3), ("1А (Орг 1)", 5), ("1Б", 5)]
    assert await registry.value("SELECT count(*) FROM movement WHERE reason = 'reorganization'") == 20
    assert await registry.value("SELECT count(*) FROM succession") == 1
    await registry.check()


async def test_consents_pass_to_a_successor_and_end_with_a_liquidated_organization(
    registry: Registry, acts: Acts
) -> None:
    one, groups = await school(registry, 0, "1А", children=1)
    (student_id,) = await standing(registry)
    assert (await edit(registry, one, student_id, PHONE)).status_code == 200
    new = await registry.organization()
    run = await acts.carry_out("accession", predecessors=[one], successors=[new])
    assert run["status"] == "succeeded", run
    card = await card_of(registry, student_id, registry.office(new))
    assert card["values"]["mobile_phone"] == PHONE["mobile_phone"]
    operators = await registry.fetch(
        "SELECT operator, fields, valid_until FROM consent WHERE subject_id = $1 ORDER BY id", student_id
    )
    assert [bool(consent["fields"]) for consent in operators] == [False, True]
    assert operators[0]["valid_until"] == BEFORE
    assert operators[1]["operator"].endswith("(правопреемник: Организация 1)")
    assert groups.keys() == {"1А"}
    (third,) = [await registry.organization()]
    run = await acts.carry_out(
        "liquidation",
        predecessors=[new],
        successors=[third],
        groups=[{"group_id": (await standing(registry))[student_id][0][1], "organization_id": third}],
        day=date(2026, 10, 5),
    )
    assert run["status"] == "succeeded", run
    card = await card_of(registry, student_id, registry.office(third))
    assert "mobile_phone" not in card["values"]
    assert await registry.value("SELECT count(*) FROM succession") == 1  # a liquidated organization has no successor
    assert await registry.contingent(third, date(2026, 10, 5)) == 1


async def test_children_of_a_liquidated_school_go_where_the_plan_says(registry: Registry, acts: Acts) -> None:
    one, groups = await school(registry, 0, "1А", "1Б")
    other, theirs = await school(registry, 1000, "1А")
    routes: list[dict[str, Any]] = [
        {"group_id": groups["1А"], "organization_id": other, "to_group_id": theirs["1А"]},
        {"group_id": groups["1Б"], "reason": "abroad"},
    ]
    act = (await acts.draft("liquidation", predecessors=[one], successors=[other], groups=routes)).json()
    assert [conflict["code"] for conflict in (await acts.preview(act))["conflicts"]] == ["departure"]
    routes[1] |= {"reason": "family_education"}
    act = (await acts.draft("liquidation", predecessors=[one], successors=[other], groups=routes)).json()
    preview = await acts.preview(act)
    assert (preview["conflicts"], preview["departing"]) == ([], 3)
    run = await acts.carry_out("liquidation", predecessors=[one], successors=[other], groups=routes)
    assert run["status"] == "succeeded", run
    assert [await registry.contingent(one, day) for day in (BEFORE, DAY)] == [6, 0]
    assert [await registry.contingent(other, day) for day in (BEFORE, DAY)] == [3, 6]
    assert await registry.value("SELECT occupied FROM study_group WHERE id = $1", theirs["1А"]) == 6
    assert await registry.value("SELECT count(*) FROM movement WHERE kind = 'departed'") == 3
    await registry.check()


async def test_classes_are_separated_and_the_rest_stays(registry: Registry, acts: Acts) -> None:
    one, groups = await school(registry, 0, "1А", "1Б")
    new = await registry.organization()
    office, client = registry.office(one), registry.service.client
    building = (await client.post(f"/organizations/{one}/buildings", json=BUILDING, headers=office)).json()
    room = {"number": "1", "kind": "classroom", "building_id": building["id"]}
    assert (await client.post(f"/organizations/{one}/rooms", json=room, headers=office)).status_code == 201
    run = await acts.carry_out(
        "separation",
        predecessors=[one],
        successors=[new],
        groups=[{"group_id": groups["1Б"], "organization_id": new, "name": "1В", "capacity": 4}],
        buildings=[{"id": building["id"], "organization_id": new}],
    )
    assert (run["status"], run["result"]) == ("succeeded", {"students": 3, "buildings": 1}), run
    assert [await registry.contingent(organization_id, DAY) for organization_id in (one, new)] == [3, 3]
    assert await registry.value("SELECT active FROM organization WHERE id = $1", one) is True
    (group,) = await registry.fetch("SELECT name, capacity, occupied FROM study_group WHERE organization_id = $1", new)
    assert tuple(group) == ("1В", 4, 3)
    assert await registry.value("SELECT organization_id FROM building") == new
    assert await registry.value("SELECT organization_id FROM room") == new
    await registry.check()


async def test_workers_pass_on_but_for_the_head(registry: Registry, acts: Acts) -> None:
    one, new = await registry.organization(), await registry.organization()
    client = registry.service.client
    for number, post in ((1, "teacher"), (2, "director")):
        answer = await client.post(
            f"/organizations/{one}/workers", json=hiring(number, post=post), headers=registry.office(one)
        )
        assert answer.status_code == 201, answer.text
    run = await acts.carry_out("accession", predecessors=[one], successors=[new], move_workers=True)
    assert run["status"] == "succeeded", run
    posts = await registry.fetch(
        "SELECT post_code, organization_id, hired_on, dismissed_on, dismissal_order FROM employment "
        "ORDER BY post_code, hired_on"
    )
    assert [tuple(post) for post in posts] == [
        ("director", one, date(2020, 9, 1), DAY, "1-п"),
        ("teacher", one, date(2020, 9, 1), DAY, "1-п"),
        ("teacher", new, DAY, None, None),
    ]


async def test_a_branch_follows_and_cards_change_by_an_act(registry: Registry, acts: Acts) -> None:
    one, new = await registry.organization(), await registry.organization()
    client = registry.service.client
    head = (await client.get(f"/organizations/{one}", headers=registry.region)).json()["values"]
    values = {name: head[name] for name in ("kind", "municipality", "locality", "inn", "ogrn", "legal_address")}
    body = {"parent_id": str(one), "values": {**values, "full_name": "Филиал", "short_name": "Филиал"}}
    branch = (await client.post("/organizations", json=body, headers=registry.region)).json()["id"]
    run = await acts.carry_out("accession", predecessors=[one], successors=[new])
    assert run["status"] == "succeeded", run
    card = (await client.get(f"/organizations/{branch}", headers=registry.region)).json()
    successor = (await client.get(f"/organizations/{new}", headers=registry.region)).json()
    assert (card["parent_id"], card["values"]["ogrn"]) == (str(new), successor["values"]["ogrn"])
    run = await acts.carry_out(
        "transformation", predecessors=[new], values={"legal_form": "75401", "full_name": "Лицей", "kind": "preschool"}
    )
    assert run["status"] == "succeeded", run
    card = (await client.get(f"/organizations/{new}", headers=registry.region)).json()
    assert (card["values"]["full_name"], card["values"]["kind"], card["active"]) == ("Лицей", "preschool", True)
    found = await client.get("/organizations", params={"search": "лицей"}, headers=registry.region)
    assert [item["id"] for item in found.json()["items"]] == [str(new)]


async def test_a_school_is_divided_and_the_family_in_both_halves_consents_to_both(
    registry: Registry, acts: Acts
) -> None:
    """Two children of one mother go to two schools: her own consent passes to each."""
    one = await registry.organization()
    made = await registry.groups(one, class_("1А"), class_("1Б"))
    family = {"Родитель: СНИЛС": snils(500_001)}
    rows = [row(number, **{"Класс (группа)": f"1{'АБ'[number - 1]}"}, **family) for number in (1, 2)]
    assert (await registry.import_list(one, xlsx(rows)))["created"] == 2
    halves = [await registry.organization() for _ in range(2)]
    routes = [
        {"group_id": UUID(group["id"]), "organization_id": half} for group, half in zip(made, halves, strict=True)
    ]
    plan: dict[str, Any] = {"predecessors": [one], "successors": halves}
    undecided = (await acts.draft("division", **plan, groups=routes[:1])).json()
    assert [conflict["code"] for conflict in (await acts.preview(undecided))["conflicts"]] == ["unassigned"]
    run = await acts.carry_out("division", **plan, groups=routes)
    assert run["status"] == "succeeded", run
    assert [await registry.contingent(half, DAY) for half in halves] == [1, 1]
    mother = await registry.fetch(
        "SELECT organization_id FROM consent WHERE subject_kind = 'guardian' AND fields <> '{}'"
    )
    assert sorted(consent["organization_id"] for consent in mother) == sorted(halves)
    assert await registry.value("SELECT count(*) FROM succession") == 2
    await registry.check()


async def test_clubs_move_with_their_programme_beside_the_main_place(registry: Registry, acts: Acts) -> None:
    """A pupil of the one school in clubs of both: the main place moves, the club moves, the club already there stays one."""
    one, _ = await school(registry, 0, "1А", children=1)
    new = await registry.organization()
    (student_id,) = await standing(registry)
    mine, theirs = await club(registry, one, "Хор"), await club(registry, new, "Шахматы")
    for organization_id, (programme_id, group_id) in ((one, mine), (new, theirs)):
        entry = club_line("enrolled", student_id, programme_id, group_id=group_id)
        entered = await registry.order(organization_id, entry, number="к-1")
        assert entered.status_code == 200, entered.text
    act = (await acts.draft("accession", predecessors=[one], successors=[new])).json()
    totals = (await acts.preview(act))["totals"]
    assert [(total["before"], total["additional_before"], total["additional_after"]) for total in totals] == [
        (1, 1, 0),
        (0, 1, 2),
    ]
    run = await acts.carry_out("accession", predecessors=[one], successors=[new])
    assert run["status"] == "succeeded", run
    stays = await registry.fetch("SELECT organization_id, main FROM membership WHERE valid_to IS NULL")
    assert sorted((stay["organization_id"] == new, stay["main"]) for stay in stays) == [
        (True, False),
        (True, False),
        (True, True),
    ]
    assert await registry.value("SELECT count(*) FROM programme WHERE organization_id = $1", new) == 2
    await registry.check()
