"""The end of the year: proposed, decided, confirmed by two, carried out, taken back, made final."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from asu_contracts.core import AcademicYearClosed, MovementRecorded
from servicekit.testing import ServiceUnderTest

from .closing_year import END, JUNE, ORDERS, School, at
from .world import YEAR, Registry, class_


@pytest.fixture
async def school(service: ServiceUnderTest) -> School:
    return await School(Registry(service)).open()


async def test_everyone_is_proposed_an_outcome_with_its_reason(school: School) -> None:
    five, nine, eleven = (school.students[name] for name in school.now)
    items = [
        {"student_id": str(five[1]), "subject": "Алгебра", "annual": "2"},
        {"student_id": str(five[1]), "subject": "Физика", "annual": "2", "final": "3"},
        {"student_id": str(nine[1]), "subject": "Физика", "annual": "н/а"},
    ]
    with at(school.registry):
        entered = await school.call(
            Role.SECRETARY,
            "PUT",
            f"/organizations/{school.id}/year-results",
            json={"academic_year": YEAR, "items": items},
        )
        assert entered.status_code == 200, entered.text
        closing = await school.prepare()
        found = await school.outcomes(closing["id"])
    said = {one: (out["outcome"], out["basis"], out["target_group_id"]) for one, out in found.items()}
    assert said == {
        str(five[0]): ("promoted", "finished_grade", str(school.next["6А"])),
        str(five[1]): ("conditional", "debt", str(school.next["6А"])),
        str(nine[0]): ("graduated", "finished_stage", None),
        str(nine[1]): ("repeated", "not_admitted", str(school.next["9А"])),
        **{str(one): ("graduated", "finished_stage", None) for one in eleven},
    }
    assert (found[str(five[1])]["debts"], found[str(five[1])]["debts_due"]) == (["Алгебра"], "2027-10-31")
    assert found[str(five[0])]["values"]["last_name"] == "Образцова"
    assert not any(one["conflicts"] for one in found.values())


async def test_two_people_close_a_year_and_the_contingent_follows(school: School) -> None:
    registry, five, nine = school.registry, school.students["5А"], school.students["9А"]
    with at(registry):
        closing = await school.prepare()
        path = f"/year-closings/{closing['id']}/confirmation"
        await school.decide(
            closing["id"], nine[:1], outcome="promoted", basis="continues", target_group_id=str(school.next["10А"])
        )
        leaves = {"departure_reason": "to_organization", "destination": "Школа № 2", "leaves_on": "2027-07-10"}
        decided = await school.decide(closing["id"], five[1:], outcome="departed", **leaves)
        assert decided.status_code == 200, decided.text
        version = (await school.closing(closing["id"]))["version"]
        stale = await school.call(Role.COORDINATOR, "POST", path, closing["version"])
        assert stale.status_code == 412
        first = await school.call(Role.COORDINATOR, "POST", path, version)
        assert (first.json()["state"], first.json()["run"]) == ("draft", None)
        account = first.json()["coordinator_by"]
        both = registry.service.tokens.headers(
            Role.ORGANIZATION_ADMIN, municipality="03701000", organization_id=school.id, account_id=UUID(account)
        )
        own = await registry.service.client.post(path, headers={**both, "If-Match": f'"{first.json()["version"]}"'})
        assert (own.status_code, own.json()["code"]) == (403, "years.same-person")
        second = await school.call(Role.ORGANIZATION_ADMIN, "POST", path, first.json()["version"])
        assert second.json()["state"] == "closing"
        run = await school.run(second)
        assert (run["status"], run["result"], run["done"], run["total"]) == ("succeeded", {"students": 6}, 6, 6)
        assert (await school.closing(closing["id"]))["state"] == "closed"
        await registry.check()
        again = await school.call(
            Role.ORGANIZATION_ADMIN, "POST", path, (await school.closing(closing["id"]))["version"]
        )
        assert (again.status_code, again.json()["code"]) == (409, "years.state")
    lines = await registry.fetch("SELECT kind, count(*) FROM movement WHERE kind <> 'enrolled' GROUP BY 1 ORDER BY 1")
    assert [tuple(one) for one in lines] == [("departed", 1), ("graduated", 3), ("promoted", 2)]
    orders = await registry.fetch(
        "SELECT number, state, drafted_by <> checked_by AS two FROM movement_order WHERE number LIKE '12_-у' ORDER BY 1"
    )
    assert [tuple(one) for one in orders] == [(one["number"], "signed", True) for one in ORDERS.values()]
    counted = [date(2027, 6, 25), date(2027, 6, 26), date(2027, 7, 10), END - timedelta(days=1), END]
    assert [await registry.contingent(school.id, day) for day in counted] == [6, 3, 2, 2, 2]
    facts = [
        MovementRecorded.model_validate_json(one["payload"]) for one in await registry.events(MovementRecorded.type)
    ]
    promoted = [one for one in facts if one.kind == "promoted"]
    steps = {
        (one.closed.grade, one.opened.grade, one.opened.academic_year) for one in promoted if one.opened and one.closed
    }
    assert steps == {(5, 6, 2027), (9, 10, 2027)}
    told = [
        AcademicYearClosed.model_validate_json(one["payload"]).state
        for one in await registry.events(AcademicYearClosed.type)
    ]
    assert told == ["closing", "closed"]
    with at(registry, datetime(2027, 9, 1, 0, 5, tzinfo=UTC)):
        from sgo_core.movements.service import release_places

        await release_places(registry.service.runtime)
        await registry.check()
        assert await registry.value("SELECT sum(occupied) FROM study_group WHERE academic_year = 2026") == 0


async def test_orders_and_the_day_of_graduation_are_needed(school: School) -> None:
    with at(school.registry):
        closing = await school.prepare(graduation=None)
        refused = await school.confirm(closing["id"])
        assert (refused.status_code, refused.json()["code"]) == (409, "years.orders-missing")


async def test_a_year_is_not_closed_in_winter_nor_twice(school: School) -> None:
    path, body = f"/organizations/{school.id}/year-closings", {"academic_year": YEAR}
    with at(school.registry, datetime(2027, 2, 1, tzinfo=UTC)):
        early = await school.call(Role.COORDINATOR, "POST", path, json=body)
        assert (early.status_code, early.json()["code"]) == (409, "years.too-early")
    with at(school.registry):
        await school.prepare()
        twice = await school.call(Role.COORDINATOR, "POST", path, json=body)
        assert (twice.status_code, twice.json()["code"]) == (409, "years.already-prepared")


async def test_a_later_decision_takes_the_confirmation_back(school: School) -> None:
    with at(school.registry):
        closing = await school.prepare()
        path = f"/year-closings/{closing['id']}"
        first = await school.call(Role.COORDINATOR, "POST", f"{path}/confirmation", closing["version"])
        assert first.json()["coordinator_by"] is not None
        student = school.students["5А"][0]
        decided = await school.call(
            Role.COORDINATOR,
            "PUT",
            f"{path}/outcomes/{student}",
            1,
            json={"outcome": "repeated", "basis": "commission"},
        )
        assert decided.status_code == 200, decided.text
        assert (await school.closing(closing["id"]))["coordinator_by"] is None
        late = await school.call(Role.ORGANIZATION_ADMIN, "POST", f"{path}/confirmation", first.json()["version"])
        assert late.status_code == 412


class TestClosedYear:
    """What was closed is read only, and stays readable."""

    async def test_nothing_in_it_changes(self, school: School) -> None:
        registry, five = school.registry, school.students["5А"]
        with at(registry):
            await school.close()
            groups = [await school.call(Role.HEAD, "GET", f"/groups/{school.now['5А']}")]
            patch = await school.call(
                Role.COORDINATOR,
                "PATCH",
                f"/groups/{school.now['5А']}",
                groups[0].json()["version"],
                json={"capacity": 31},
            )
            more = await school.call(
                Role.COORDINATOR,
                "POST",
                f"/organizations/{school.id}/groups",
                json={"academic_year": YEAR, "groups": [class_("5Б")]},
            )
            result = await school.call(
                Role.SECRETARY, "PUT", f"/organizations/{school.id}/year-results",
                json={"academic_year": YEAR, "items": [{"student_id": str(five[0]), "subject": "Физика", "annual": "5"}]},
            )  # fmt: skip
            line = {"kind": "enrolled", "effective_date": "2027-06-27", "group_id": str(school.now["5А"])}
            order = await registry.order(school.id, {"student_id": str(school.students["11А"][0]), **line}, number="90")
            order_id = await registry.value("SELECT id FROM movement_order WHERE number = '120-у'")
            drafted = await registry.service.client.post(
                f"/orders/{order_id}/cancellation", json={"number": "91", "date": "2027-06-27", "reason": "Вручную"},
                headers=registry.position(school.id, Role.SECRETARY),
            )  # fmt: skip
            cancelled = await registry.sign(school.id, drafted.json())
            holidays = {"academic_year": YEAR, "kind": "vacations", "intervals": [], "reason": "Правка задним числом"}
            dates = await school.call(Role.COORDINATOR, "POST", "/calendar/sets", json=holidays)
            day = {"day": "2027-05-11", "kind": "off", "title": "Радоница", "reason": "Правка задним числом"}
            special = await school.call(Role.COORDINATOR, "POST", "/calendar/special-days", json=day)
        for answer in (patch, more, result, order, cancelled):
            assert (answer.status_code, answer.json()["code"]) == (409, "years.closed"), answer.text
        for answer in (dates, special):
            assert (answer.status_code, answer.json()["code"]) == (409, "organizations.closed-past"), answer.text
        rows = await registry.fetch("SELECT count(*) FROM movement WHERE kind = 'cancelled'")
        assert rows[0][0] == 0
        with pytest.raises(Exception, match="year 2026 is closed"):
            await registry.fetch("UPDATE placement SET valid_to = '2027-06-01' WHERE group_id = $1", school.now["5А"])
        book = await school.call(Role.HEAD, "GET", f"/organizations/{school.id}/movements")
        assert len(book.json()["items"]) == 12
        await registry.check()

    async def test_the_next_year_goes_on(self, school: School) -> None:
        registry = school.registry
        with at(registry):
            await school.close()
            holidays = {"academic_year": YEAR + 1, "kind": "vacations", "intervals": [], "reason": "График"}
            assert (await school.call(Role.COORDINATOR, "POST", "/calendar/sets", json=holidays)).status_code == 201
            came = await registry.student(school.id, school.next["5А"], 970, effective_date=END)
            leaver = school.students["5А"][0]
            line = {
                "student_id": str(leaver),
                "kind": "departed",
                "effective_date": "2027-09-01",
                "reason": "parents_wish",
            }
            left = await registry.order(school.id, line, number="95")
            assert left.status_code == 200, left.text
            free = await registry.value("SELECT occupied FROM study_group WHERE id = $1", school.next["6А"])
        assert came is not None
        assert free == 1
        assert await registry.contingent(school.id, END) == 2
        await registry.check()


class TestReversal:
    """As long as the next year is not opened, a closing is taken back by counter-orders."""

    async def test_all_stands_as_before_and_may_be_closed_otherwise(self, school: School) -> None:
        registry, nine = school.registry, school.students["9А"]
        before = await school.stands()
        with at(registry):
            closing_id = await school.close()
            assert await school.stands() != before
            run = await school.reverse(closing_id)
            assert run["status"] == "succeeded", run
            assert await school.stands() == before
            await registry.check()
            closing = await school.closing(closing_id)
            assert (closing["state"], closing["orders"]["promotion"]) == ("draft", None)
            days = [date(2027, 6, 26), END - timedelta(days=1), END]
            assert [await registry.contingent(school.id, day) for day in days] == [6, 6, 6]
            await school.decide(
                closing_id, nine, outcome="promoted", basis="continues", target_group_id=str(school.next["10А"])
            )
            earlier = {"departure_reason": "other", "leaves_on": "2027-06-20"}
            await school.decide(closing_id, school.students["5А"][:1], outcome="departed", **earlier)
            orders = {kind: {**one, "number": f"{one['number']}2"} for kind, one in ORDERS.items()}
            version = (await school.closing(closing_id))["version"]
            body = {"orders": orders, "graduated_on": "2027-06-24"}
            await school.call(Role.COORDINATOR, "PATCH", f"/year-closings/{closing_id}", version, json=body)
            run = await school.run(await school.confirm(closing_id))
            assert run["status"] == "succeeded", run
            await registry.check()
        days = [date(2027, 6, 19), date(2027, 6, 20), date(2027, 6, 24), END]
        assert [await registry.contingent(school.id, day) for day in days] == [6, 5, 3, 3]

    async def test_the_readers_end_where_the_registry_does(self, school: School) -> None:
        """Ends of placements as the consumers keep them, the latest recorded for each, give the same contingent on every day."""
        registry = school.registry
        with at(registry):
            closing_id = await school.close()
        with at(registry, JUNE + timedelta(days=1)):
            await school.reverse(closing_id)
        ends: dict[tuple[str, UUID], tuple[datetime, date]] = {}
        for one in await registry.events(MovementRecorded.type):
            fact = MovementRecorded.model_validate_json(one["payload"])
            for side, placement in (("from", fact.opened), ("to", fact.closed)):
                if placement is not None:
                    known = ends.get((side, placement.placement_id))
                    if known is None or known[0] <= fact.recorded_at:
                        ends[side, placement.placement_id] = (fact.recorded_at, fact.effective_date)
        opened = {place: day for (side, place), (_, day) in ends.items() if side == "from"}
        for day in (date(2026, 9, 1), date(2027, 6, 26), END - timedelta(days=1), END):
            told = sum(
                start <= day and (("to", place) not in ends or day < ends["to", place][1])
                for place, start in opened.items()
            )
            assert told == await registry.contingent(school.id, day) == 6

    async def test_what_stands_on_it_is_undone_first(self, school: School) -> None:
        registry = school.registry
        with at(registry):
            closing_id = await school.close()
        with at(registry, JUNE + timedelta(days=1)):
            line = {
                "student_id": str(school.students["5А"][0]),
                "kind": "departed",
                "effective_date": "2027-09-01",
                "reason": "other",
            }
            assert (await registry.order(school.id, line, number="95")).status_code == 200
            version = (await school.closing(closing_id))["version"]
            body = {"orders": ORDERS | {"promotion": {"number": "1-о", "date": "2027-06-27"}}, "reason": "Ошибка"}
            await school.call(Role.COORDINATOR, "POST", f"/year-closings/{closing_id}/reversal", version, json=body)
            refused = await school.confirm(closing_id, "reversal/confirmation")
        assert (refused.status_code, refused.json()["code"]) == (409, "years.later-movement")
        assert (await school.closing(closing_id))["state"] == "closed"

    async def test_an_opened_year_is_never_taken_back(self, school: School) -> None:
        with at(school.registry):
            closing_id = await school.close()
            version = (await school.closing(closing_id))["version"]
            coordinator = await school.call(Role.COORDINATOR, "POST", f"/year-closings/{closing_id}/opening", version)
            assert coordinator.status_code == 403
            opened = await school.call(Role.ORGANIZATION_ADMIN, "POST", f"/year-closings/{closing_id}/opening", version)
            assert opened.json()["state"] == "opened"
            body = {"orders": ORDERS, "reason": "Поздно"}
            late = await school.call(
                Role.COORDINATOR, "POST", f"/year-closings/{closing_id}/reversal", opened.json()["version"], json=body
            )
        assert (late.status_code, late.json()["code"]) == (409, "years.state")
        with pytest.raises(Exception, match="cannot go from opened"):
            await school.registry.fetch(
                "UPDATE year_closing SET state = 'draft', opened_at = NULL, opened_by = NULL, closed_at = NULL"
            )


async def test_classes_of_the_next_year_are_proposed_and_opened(service: ServiceUnderTest) -> None:
    registry = Registry(service)
    school = School(registry)
    school.id = await registry.organization()
    (five,) = await registry.groups(school.id, {**class_("5А", 27), "grade": 5})
    student = await registry.student(school.id, UUID(five["id"]), 1)
    with at(registry):
        closing = await school.prepare()
        path = f"/year-closings/{closing['id']}/next-classes"
        (proposed,) = (await school.call(Role.COORDINATOR, "GET", path)).json()["items"]
        assert (proposed["name"], proposed["grade"], proposed["capacity"], proposed["group_id"]) == ("6А", 6, 27, None)
        wrong: dict[str, Any] = {"items": [{"from_group_id": five["id"], "name": "Класс с очень длинным именем"}]}
        refused = await school.call(Role.COORDINATOR, "POST", path, closing["version"], json=wrong)
        assert (refused.status_code, refused.json()["code"]) == (422, "years.classes")
        body: dict[str, Any] = {"items": [{"from_group_id": five["id"], "capacity": 30}]}
        opened = await school.call(Role.COORDINATOR, "POST", path, closing["version"], json=body)
        assert opened.status_code == 200, opened.text
        (again,) = (await school.call(Role.COORDINATOR, "GET", path)).json()["items"]
        outcome = (await school.outcomes(closing["id"]))[str(student)]
    assert again["group_id"] == outcome["target_group_id"] is not None
    assert await registry.value("SELECT capacity FROM study_group WHERE academic_year = 2027") == 30
