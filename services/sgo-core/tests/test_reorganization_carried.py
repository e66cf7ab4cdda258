"""What rests on an organization goes with the people an act moves, once, however often the run is cut short."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import GroupTeacherChanged, LoadChanged, StudyFormChanged, TeachingGroupChanged
from servicekit.runs import RunExecutor
from servicekit.testing import ServiceUnderTest
from sgo_core.reorganizations import moving
from sgo_core.staff import succession as staff_succession
from sgo_core.transfers import succession as transfer_succession

from .loading import distribute, load, teacher
from .planning import subject_ids
from .reorganizing import DAY, Acts, school, standing
from .samples.study_forms import AT_HOME
from .test_class_teachers import appoint
from .test_order_kinds import leave
from .test_subgroups import change_members, divide, open_crossing
from .test_subjects import add_own
from .transferring import Move
from .world import Registry

UNTIL = date(2027, 5, 1)


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


@pytest.fixture
def acts(registry: Registry) -> Acts:
    return Acts(registry)


async def killed(registry: Registry, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, call: int) -> None:
    """The worker dies in the transaction of a call, after it has done its work."""
    real, calls = getattr(module, name), 0

    async def dying(*args: Any) -> Any:
        nonlocal calls
        calls += 1
        done = await real(*args)
        if calls == call:
            raise asyncio.CancelledError
        return done

    monkeypatch.setattr(module, name, dying)
    with pytest.raises(asyncio.CancelledError):
        await RunExecutor(registry.service.runtime, registry.service.definition.runs).run()
    monkeypatch.setattr(module, name, real)
    await registry.let_pause_pass()


class Joined:
    """A school of four whose class has all that may rest on it, and another with a class and an elective of the same names."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    async def settle(self) -> None:
        registry = self.registry
        self.one, groups = await school(registry, 0, "1А", children=4)
        self.new, _ = await school(registry, 1000, "1А", children=1)
        self.group = groups["1А"]
        self.students = sorted(
            student for student, places in (await standing(registry)).items() if places[0][0] == self.one
        )
        self.worker = await teacher(registry, self.one, 1)
        assert (await appoint(registry, self.one, self.group, self.worker)).status_code == 201
        self.halves = await divide(registry, self.one, self.group, "alphabet")
        own = (await add_own(registry, self.one)).json()["id"]
        await open_crossing(registry, self.new, name="Шахматы", kind="elective")
        self.elective = await open_crossing(registry, self.one, name="Шахматы", kind="elective", subject_ids=[own])
        members = [str(one) for one in self.students[:2]]
        assert (await change_members(registry, self.one, self.elective, "2026-09-01", enter=members)).is_success
        subgroup_id = self.halves["subgroups"][0]["id"]
        ids = await subject_ids(registry)
        given = await distribute(
            registry,
            self.one,
            load(ids["mathematics"], self.worker, "4", group_id=self.group),
            load(ids["russian"], self.worker, "2", teaching_group_id=subgroup_id, valid_to="2027-01-15"),
            load(own, self.worker, "1", teaching_group_id=self.elective["id"]),
        )
        assert given.status_code == 201, given.text
        await self._of_students()

    async def _of_students(self) -> None:
        registry, client = self.registry, self.registry.service.client
        form = {**AT_HOME, "valid_from": "2026-09-10", "valid_to": "2027-02-01"}
        path = f"/students/{self.students[0]}/study-forms"
        assert (await client.post(path, json=form, headers=registry.office(self.one))).status_code == 201
        left = await registry.order(self.one, leave(self.students[1], date(2026, 9, 15), UNTIL), day="2026-09-14")
        assert left.status_code == 200, left.text
        third, theirs = await school(registry, 2000, "1В", children=1)
        self.third = third
        self.out = Move(registry, self.one, third, self.group, theirs["1В"], self.students[2])
        assert (await self.out.ask_out()).status_code == 201
        into = Move(registry, self.one, self.new, self.group, theirs["1В"], self.students[3])
        assert (await into.ask_out()).status_code == 201
        (self.stranger,) = [student for student, places in (await standing(registry)).items() if places[0][0] == third]
        coming = Move(registry, third, self.one, theirs["1В"], self.group, self.stranger)
        assert (await coming.ask_out()).status_code == 201
        assert (await coming.step(self.one, "agreement", group_id=str(self.group))).status_code == 200


async def test_everything_goes_with_the_people_once(
    registry: Registry, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "PART", 2)
    joined = Joined(registry)
    await joined.settle()
    act = await acts.confirmed("accession", predecessors=[joined.one], successors=[joined.new], move_workers=True)
    queued = (await acts.execute(act)).json()["id"]
    await killed(registry, monkeypatch, transfer_succession, "follow", 2)
    assert sum(places[0][0] == joined.one for places in (await standing(registry)).values()) == 2
    await killed(registry, monkeypatch, staff_succession, "pass_on", 1)
    assert await registry.value("SELECT count(*) FROM group_teacher") == 1
    await killed(registry, monkeypatch, transfer_succession, "redirect", 1)
    run = await registry.run(queued, acts.confirmer)
    assert (run["status"], run["result"]["students"]) == ("succeeded", 4), run
    await registry.check()
    now = await standing(registry)
    ((_, group),) = {now[student][0] for student in joined.students}
    await _led_and_taught(registry, joined, group)
    await _attended(registry, joined, now)
    await _studied(registry, joined)
    transfers = await registry.fetch(
        "SELECT student_id, from_organization_id, to_organization_id, group_id, state, end_reason FROM transfer"
    )
    assert {tuple(one) for one in transfers} == {
        (joined.students[2], joined.new, joined.third, None, "asked", None),
        (joined.students[3], joined.one, joined.new, None, "withdrawn", "reorganization"),
        (joined.stranger, joined.third, joined.new, group, "agreed", None),
    }


async def _led_and_taught(registry: Registry, joined: Joined, group: UUID) -> None:
    led = await registry.fetch("SELECT group_id, valid_from, valid_to FROM group_teacher ORDER BY valid_from")
    assert [tuple(one) for one in led] == [(joined.group, date(2026, 9, 1), DAY), (group, DAY, None)]
    taught = await registry.fetch(
        "SELECT s.title, s.organization_id, l.hours_week::int, l.valid_from, l.valid_to, l.group_id, "
        "(SELECT name FROM teaching_group WHERE id = l.teaching_group_id) AS part "
        "FROM teaching_load AS l JOIN subject AS s ON s.id = l.subject_id JOIN employment AS e ON e.id = l.employment_id "
        "WHERE l.organization_id = $1 AND e.organization_id = $1 ORDER BY hours_week",
        joined.new,
    )
    own = await registry.value("SELECT title FROM subject WHERE organization_id = $1", joined.one)
    assert [tuple(one) for one in taught] == [
        (own, joined.new, 1, DAY, date(2027, 9, 1), None, "Шахматы (Орг 1)"),
        ("Русский язык", None, 2, DAY, date(2027, 1, 15), None, "Подгруппа 1"),
        ("Математика", None, 4, DAY, date(2027, 9, 1), group, None),
    ]
    ended = await registry.fetch("SELECT valid_to FROM teaching_load WHERE organization_id = $1", joined.one)
    assert [one["valid_to"] for one in ended] == [DAY] * 3
    for event in (LoadChanged, GroupTeacherChanged):
        told = [event.model_validate_json(one["payload"]) for one in await registry.events(event.type)]
        assert any(one.organization_id == joined.new for one in told)


async def _attended(registry: Registry, joined: Joined, now: dict[UUID, list[tuple[UUID, UUID]]]) -> None:
    stays = await registry.fetch(
        "SELECT t.name, t.organization_id, s.student_id, s.valid_from, s.valid_to "
        "FROM teaching_group_stay AS s JOIN teaching_group AS t ON t.id = s.teaching_group_id"
    )
    before = {(one["name"], one["student_id"]) for one in stays if one["organization_id"] == joined.one}
    after = {
        (one["name"].removesuffix(" (Орг 1)"), one["student_id"])
        for one in stays
        if one["organization_id"] == joined.new
    }
    assert before == after
    assert len(stays) == 2 * len(after) == 12
    for one in stays:
        interval = (DAY, None) if one["organization_id"] == joined.new else (date(2026, 9, 1), DAY)
        assert (one["valid_from"], one["valid_to"]) == interval
    assert await registry.value("SELECT count(*) FROM division WHERE active") == 1
    used = await registry.fetch("SELECT DISTINCT organization_id FROM teaching_group WHERE active")
    assert [one["organization_id"] for one in used] == [joined.new]
    told = await registry.events(TeachingGroupChanged.type)
    last = {}
    for one in (TeachingGroupChanged.model_validate_json(event["payload"]) for event in told):
        last[one.teaching_group_id] = one
    assert sorted(len(one.members) for one in last.values() if one.organization_id == joined.new) == [0, 2, 2, 2]
    assert now.keys() >= set(joined.students)


async def _studied(registry: Registry, joined: Joined) -> None:
    forms = await registry.fetch(
        "SELECT f.organization_id, m.organization_id AS stays_in, f.kind, f.basis, f.order_number, f.valid_from, f.valid_to "
        "FROM study_form AS f JOIN membership AS m ON m.id = f.membership_id ORDER BY f.valid_from"
    )
    since, until, basis = date(2026, 9, 10), date(2027, 2, 1), AT_HOME["basis"]
    assert [tuple(one) for one in forms] == [
        (joined.one, joined.one, "at_home", basis, AT_HOME["order_number"], since, DAY),
        (joined.new, joined.new, "at_home", basis, "1-п", DAY, until),
    ]
    told = [
        StudyFormChanged.model_validate_json(one["payload"]) for one in await registry.events(StudyFormChanged.type)
    ]
    assert [one.valid_to for one in told if one.organization_id == joined.new] == [until]
    leaves = await registry.fetch(
        "SELECT m.organization_id, l.valid_from, l.until, l.valid_to FROM academic_leave AS l "
        "JOIN membership AS m ON m.id = l.membership_id ORDER BY l.valid_from"
    )
    assert [tuple(one) for one in leaves] == [
        (joined.one, date(2026, 9, 15), UNTIL, DAY),
        (joined.new, DAY, UNTIL, None),
    ]
    book = await registry.fetch(
        "SELECT organization_id, kind FROM movement WHERE leave_id IS NOT NULL AND reason = 'reorganization'"
    )
    assert {tuple(one) for one in book} == {
        (joined.one, "transferred_between_organizations"),
        (joined.new, "academic_leave_started"),
    }


async def test_what_cannot_go_stands_in_the_way_by_name(registry: Registry, acts: Acts) -> None:
    one, groups = await school(registry, 0, "1А", "1Б", children=1)
    other, theirs = await school(registry, 1000, "1А", children=1)
    here = {places[0][1]: student for student, places in (await standing(registry)).items()}
    on_leave, leaving, coming = here[groups["1А"]], here[groups["1Б"]], here[theirs["1А"]]
    left = await registry.order(one, leave(on_leave, date(2026, 9, 15), DAY), day="2026-09-14")
    assert left.status_code == 200, left.text
    out = Move(registry, one, other, groups["1Б"], theirs["1А"], leaving)
    assert (await out.ask_out()).status_code == 201
    into = Move(registry, other, one, theirs["1А"], groups["1А"], coming)
    assert (await into.ask_out()).status_code == 201
    routes: list[dict[str, Any]] = [
        {"group_id": groups["1А"], "organization_id": other},
        {"group_id": groups["1Б"], "reason": "family_education"},
    ]
    halves = [other, await registry.organization()]
    plan: dict[str, Any] = {"predecessors": [one], "successors": halves, "groups": routes}
    act = (await acts.draft("liquidation", **plan)).json()
    found = {conflict["code"]: conflict["count"] for conflict in (await acts.preview(act))["conflicts"]}
    assert found == {"leave-over": 1, "transfer-open": 1, "transfers-expected": 1}
    refused = await acts.confirm(act)
    assert refused.json()["code"] == "reorganizations.conflicts"
    assert (await out.step(other, "agreement", group_id=str(theirs["1А"]))).status_code == 200
    assert (await out.release(date(2026, 10, 1))).status_code == 200
    found = {conflict["code"]: conflict["count"] for conflict in (await acts.preview(act))["conflicts"]}
    assert found == {"leave-over": 1, "transfers-unfinished": 1, "transfers-expected": 1}


async def test_a_class_that_is_separated_takes_its_part_of_what_is_shared(registry: Registry, acts: Acts) -> None:
    one, groups = await school(registry, 0, "1А", "1Б", children=1)
    new = await registry.organization()
    stayers, movers = await teacher(registry, one, 1), await teacher(registry, one, 2)
    for name, worker in (("1А", stayers), ("1Б", stayers)):
        assert (await appoint(registry, one, groups[name], worker)).status_code == 201
    children = [str(student) for student in await standing(registry)]
    club = await open_crossing(registry, one, name="Хор", kind="extracurricular")
    assert (await change_members(registry, one, club, "2026-09-01", enter=children)).is_success
    subject = (await subject_ids(registry))["mathematics"]
    given = await distribute(
        registry,
        one,
        load(subject, stayers, "4", group_id=groups["1А"]),
        load(subject, stayers, "4", group_id=groups["1Б"]),
        load(subject, movers, "1", teaching_group_id=club["id"]),
    )
    assert given.status_code == 201, given.text
    employment = await registry.value("SELECT id FROM employment WHERE worker_id = $1", UUID(movers))
    run = await acts.carry_out(
        "separation",
        predecessors=[one],
        successors=[new],
        groups=[{"group_id": groups["1Б"], "organization_id": new}],
        workers=[{"id": employment, "organization_id": new}],
    )
    assert run["status"] == "succeeded", run
    ended = await registry.fetch("SELECT group_id, valid_to FROM group_teacher")
    assert {tuple(appointed) for appointed in ended} == {(groups["1А"], None), (groups["1Б"], DAY)}
    taught = await registry.fetch("SELECT organization_id, group_id, valid_to FROM teaching_load")
    assert {tuple(line) for line in taught} == {
        (one, groups["1А"], date(2027, 9, 1)),
        (one, groups["1Б"], DAY),
        (one, None, DAY),
        (new, None, date(2027, 9, 1)),
    }
    stays = await registry.fetch("SELECT organization_id, valid_to FROM teaching_group_stay")
    assert sorted((stay["organization_id"] == new, stay["valid_to"]) for stay in stays if stay["valid_to"] is None) == [
        (False, None),
        (True, None),
    ]
    assert await registry.value("SELECT count(*) FROM teaching_group WHERE active") == 2
    await registry.check()
