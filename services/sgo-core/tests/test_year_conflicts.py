"""What is in the way of closing a year: named student by student, refused at the confirmation."""

from datetime import date, timedelta

import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest

from .closing_year import END, JUNE, School, at
from .world import YEAR, Registry, class_


@pytest.fixture
async def school(service: ServiceUnderTest) -> School:
    return await School(Registry(service)).open()


async def codes(school: School, closing_id: str) -> dict[str, set[str]]:
    found = await school.outcomes(closing_id, in_conflict=True)
    return {student: set(one["conflicts"]) for student, one in found.items()}


async def test_what_is_in_the_way_is_named_and_refuses_the_confirmation(school: School) -> None:
    registry, five, nine, eleven = school.registry, *school.students.values()
    other = await registry.organization()
    foreign = await registry.school_class(other, "6Я")
    with at(registry):
        newcomer = await registry.student(school.id, school.now["5А"], 950)
        closing = await school.prepare()
        late = await registry.student(school.id, school.now["5А"], 951)
        await school.decide(closing["id"], [five[0]], outcome="promoted", target_group_id=str(school.next["10А"]))
        unknown = await school.decide(closing["id"], [five[0]], outcome="promoted", target_group_id=str(foreign))
        assert (unknown.status_code, unknown.json()["code"]) == (422, "years.classes")
        await school.decide(closing["id"], [eleven[0]], outcome="repeated", basis="exam_failed")
        await registry.draft(
            school.id,
            {"student_id": str(nine[0]), "kind": "departed", "effective_date": "2027-06-01", "reason": "other"},
        )
        await registry.order(
            school.id,
            {"student_id": str(five[1]), "kind": "departed", "effective_date": "2027-06-01", "reason": "other"},
            number="80",
        )
        await school.decide(closing["id"], [newcomer], outcome="graduated")
        assert await codes(school, closing["id"]) == {
            str(five[0]): {"wrong_class"},
            str(five[1]): {"moved"},
            str(nine[0]): {"draft_order"},
            str(eleven[0]): {"no_class"},
            str(newcomer): {"not_a_last_grade"},
        }
        refused = await school.confirm(closing["id"])
        assert (refused.status_code, refused.json()["code"]) == (409, "years.conflicts")
        assert {one["code"] for one in refused.json()["errors"]} == {
            "years.wrong-class", "years.moved", "years.draft-order", "years.no-class", "years.not-a-last-grade", "years.not-listed",
        }  # fmt: skip
        summary = (await school.call(Role.HEAD, "GET", f"/year-closings/{closing['id']}/summary")).json()
        assert {one["code"]: one["students"] for one in summary["conflicts"]}["not_listed"] == 1
        version = (await school.closing(closing["id"]))["version"]
        fresh = await school.call(Role.COORDINATOR, "POST", f"/year-closings/{closing['id']}/refresh", version)
        assert fresh.status_code == 200, fresh.text
        found = await school.outcomes(closing["id"])
    assert str(late) in found
    assert str(five[1]) not in found
    assert found[str(five[0])]["decided"]
    assert await registry.value("SELECT count(*) FROM movement WHERE kind IN ('promoted', 'graduated')") == 0


async def test_a_class_of_the_next_year_takes_no_more_than_its_places(service: ServiceUnderTest) -> None:
    school = await School(Registry(service)).open(each=3, capacity=3)
    with at(school.registry):
        await school.registry.student(school.id, school.next["6А"], 960, effective_date=END)
        closing = await school.prepare()
        assert set(await codes(school, closing["id"])) == {str(one) for one in school.students["5А"]}
        (bigger,) = await school.registry.groups(school.id, {**class_("6Б", 5), "grade": 6}, year=YEAR + 1)
        await school.decide(closing["id"], school.students["5А"][:1], outcome="promoted", target_group_id=bigger["id"])
        assert await codes(school, closing["id"]) == {}


async def test_a_transfer_in_hand_and_a_leave_are_seen(school: School) -> None:
    """An open transfer is ended first; who is on leave keeps the grade; the leave ends with the stay and comes back with it."""
    registry, five, nine = school.registry, school.students["5А"], school.students["9А"]
    other = await registry.organization()
    begin = {"kind": "academic_leave_started", "effective_date": "2027-03-01", "until": "2027-12-01"}
    with at(registry, JUNE - timedelta(days=1)):
        lines = [{"student_id": str(one), **begin} for one in (five[0], nine[0])]
        assert (await registry.order(school.id, *lines, number="81")).status_code == 200
    with at(registry):
        body = {"to_organization_id": str(other), "applied_on": "2027-06-26"}
        asked = await school.call(Role.SECRETARY, "POST", f"/students/{nine[1]}/transfers", json=body)
        assert asked.status_code == 201, asked.text
        closing_id = (await school.prepare())["id"]
        found = await school.outcomes(closing_id)
        proposed = [
            (found[str(one)]["outcome"], found[str(one)]["basis_title"], found[str(one)]["target_group_id"])
            for one in (five[0], nine[0])
        ]
        assert proposed == [("on_leave", "Академический отпуск", str(school.next[name])) for name in ("5А", "9А")]
        assert await codes(school, closing_id) == {str(nine[1]): {"open_transfer"}}
        await school.decide(closing_id, five[:1], outcome="promoted")
        await school.decide(closing_id, five[1:], outcome="on_leave")
        assert await codes(school, closing_id) == {
            str(five[0]): {"on_leave"}, str(five[1]): {"not_on_leave"}, str(nine[1]): {"open_transfer"}
        }  # fmt: skip
        await school.decide(closing_id, [five[0]], outcome="on_leave")
        await school.decide(closing_id, [five[1]], outcome="promoted")
        await school.decide(closing_id, [nine[0]], outcome="departed", departure_reason="other", leaves_on="2027-06-26")
        path, version = f"/transfers/{asked.json()['id']}/withdrawal", asked.json()["version"]
        withdrawn = await school.call(Role.SECRETARY, "POST", path, version, json={"remark": "Семья передумала"})
        assert withdrawn.status_code == 200, withdrawn.text
        assert (await school.run(await school.confirm(closing_id)))["status"] == "succeeded"
        ends = "SELECT m.student_id, l.valid_to FROM academic_leave l JOIN membership m ON m.id = l.membership_id ORDER BY 2"
        assert [tuple(one) for one in await registry.fetch(ends)] == [(nine[0], date(2027, 6, 26)), (five[0], None)]
        assert (str(five[0]), "5А 2027") in {row[:2] for row in await school.stands()}
        assert (await school.reverse(closing_id))["status"] == "succeeded"
        assert {row["valid_to"] for row in await registry.fetch(ends)} == {None}
