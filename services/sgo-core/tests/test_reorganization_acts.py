"""How an act of reorganization is drafted and confirmed, and what stands in its way."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest
from sgo_core.reorganizations import moving

from .reorganizing import DAY, Acts, school, standing
from .world import MUNICIPALITY, OTHER_MUNICIPALITY, Registry, class_


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


@pytest.fixture
def acts(registry: Registry) -> Acts:
    return Acts(registry)


class TestConfirming:
    """An act is drafted by one, confirmed by another, and carried out from its day on when nothing is in the way."""

    async def test_another_person_confirms(self, registry: Registry, acts: Acts) -> None:
        one, new = await registry.organization(), await registry.organization()
        act = (await acts.draft("accession", predecessors=[one], successors=[new])).json()
        early = await acts.execute(act)
        assert (early.status_code, early.json()["code"]) == (409, "reorganizations.state")
        same = await acts.confirm(act, acts.drafter)
        assert (same.status_code, same.json()["code"]) == (403, "reorganizations.same-person")
        assert (await acts.confirm(act)).status_code == 200
        second = (await acts.draft("accession", predecessors=[one], successors=[new])).json()
        busy = await acts.confirm(second)
        assert (busy.status_code, busy.json()["code"]) == (409, "reorganizations.busy")
        first = await acts.execute(act)
        again = await acts.execute(act)
        assert (first.status_code, again.json()["code"]) == (202, "reorganizations.running")

    async def test_an_act_waits_for_its_day(self, registry: Registry, acts: Acts) -> None:
        one, new = await registry.organization(), await registry.organization()
        tomorrow = registry.service.runtime.clock.today() + timedelta(days=1)
        act = await acts.confirmed("accession", predecessors=[one], successors=[new], day=tomorrow)
        answer = await acts.execute(act)
        assert (answer.status_code, answer.json()["code"]) == (409, "reorganizations.too-early")

    async def test_a_returned_act_is_mended(self, registry: Registry, acts: Acts) -> None:
        one, new = await registry.organization(), await registry.organization()
        act = await acts.confirmed("accession", predecessors=[one], successors=[new])
        client, path = registry.service.client, f"/reorganizations/{act['id']}"
        headers = {**acts.confirmer, "If-Match": f'"{act["version"]}"'}
        given_back = await client.post(f"{path}/return", json={"remark": "Не та школа"}, headers=headers)
        assert (given_back.json()["state"], given_back.json()["remark"]) == ("draft", "Не та школа")
        third = await registry.organization()
        plan = {"predecessors": [str(one)], "successors": [str(third)]}
        headers = {**acts.drafter, "If-Match": given_back.headers["ETag"]}
        mended = await client.patch(path, json={"plan": plan}, headers=headers)
        assert mended.json()["plan"]["successors"] == [str(third)]
        withdrawn = await client.post(
            f"{path}/withdrawal", headers={**acts.drafter, "If-Match": mended.headers["ETag"]}
        )
        assert withdrawn.json()["state"] == "withdrawn"
        with pytest.raises(Exception, match="is withdrawn"):
            await registry.service.fetch("UPDATE reorganization SET document_number = '9'")

    @pytest.mark.parametrize(
        ("kind", "predecessors", "successors", "more"),
        [
            ("merger", 1, 1, {}),
            ("merger", 2, 2, {}),
            ("division", 1, 1, {}),
            ("accession", 1, 0, {}),
            ("rename", 1, 0, {}),
            ("rename", 1, 0, {"values": {"kind": "preschool"}}),
            ("liquidation", 1, 0, {"values": {"short_name": "Школа"}}),
        ],
    )
    async def test_an_act_has_what_its_kind_needs(
        self, registry: Registry, acts: Acts, kind: str, predecessors: int, successors: int, more: dict[str, Any]
    ) -> None:
        origin = [await registry.organization() for _ in range(predecessors)]
        target = [await registry.organization() for _ in range(successors)]
        answer = await acts.draft(kind, predecessors=origin, successors=target, **more)
        assert (answer.status_code, answer.json()["code"]) == (422, "reorganizations.shape")

    async def test_only_what_the_body_sees_is_reorganized(self, registry: Registry, acts: Acts) -> None:
        one = await registry.organization()
        far = await registry.organization(municipality=OTHER_MUNICIPALITY)
        answer = await acts.draft("accession", predecessors=[one], successors=[far])
        assert (answer.status_code, answer.json()["code"]) == (422, "reorganizations.party")
        new = await registry.organization()
        answer = await acts.draft("accession", predecessors=[one], successors=[new], rest_to=far)
        assert (answer.status_code, answer.json()["code"]) == (422, "reorganizations.target")


class TestInTheWay:
    """What cannot be carried out is told before anything moves."""

    async def test_a_full_class_and_a_movement_to_come(self, registry: Registry, acts: Acts) -> None:
        one, groups = await school(registry, 0, "1А")
        new = await registry.organization()
        (small,) = await registry.groups(new, class_("1А", 2))
        route = {"group_id": groups["1А"], "organization_id": new, "to_group_id": UUID(small["id"])}
        leaving = next(iter(await standing(registry)))
        later = registry.service.runtime.clock.today() + timedelta(days=3)
        await registry.depart(one, leaving, later.isoformat())
        act = (await acts.draft("accession", predecessors=[one], successors=[new], groups=[route])).json()
        preview = await acts.preview(act)
        assert [(one["code"], one["count"]) for one in preview["conflicts"]] == [("scheduled", 1), ("capacity", 1)]
        answer = await acts.confirm(act)
        assert (answer.status_code, answer.json()["code"]) == (409, "reorganizations.conflicts")
        codes = [error["code"] for error in answer.json()["errors"]]
        assert codes == ["reorganizations.scheduled", "reorganizations.capacity"]

    async def test_a_class_that_filled_up_meanwhile_stops_the_run_and_it_goes_on_when_there_is_room(
        self, registry: Registry, acts: Acts
    ) -> None:
        one, groups = await school(registry, 0, "1А")
        new = await registry.organization()
        (room,) = await registry.groups(new, class_("1А", 3))
        route = {"group_id": groups["1А"], "organization_id": new, "to_group_id": UUID(room["id"])}
        act = await acts.confirmed("accession", predecessors=[one], successors=[new], groups=[route])
        newcomer = await registry.student(new, UUID(room["id"]), 900)
        queued = (await acts.execute(act)).json()
        run = await registry.run(queued["id"], acts.confirmer)
        assert (run["status"], run["problem"]["code"]) == ("failed", "reorganizations.conflicts")
        assert await registry.contingent(one, DAY) == 3
        client, headers = registry.service.client, {**registry.office(new), "If-Match": '"2"'}
        assert (await client.patch(f"/groups/{room['id']}", json={"capacity": 4}, headers=headers)).status_code == 200
        run = await registry.run((await acts.execute(act)).json()["id"], acts.confirmer)
        assert run["status"] == "succeeded", run
        assert newcomer in await standing(registry)
        assert await registry.contingent(new, DAY) == 4
        await registry.check()

    async def test_nobody_enters_between_the_last_student_and_the_end(
        self, registry: Registry, acts: Acts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A child enrolled while the last ones move is moved too."""
        one, groups = await school(registry, 0, "1А")
        new = await registry.organization()
        act = await acts.confirmed("accession", predecessors=[one], successors=[new])
        entered: list[UUID] = []
        real = moving.move_workers

        async def enrol(context: Any, work: Any) -> None:
            if not entered:
                entered.append(await registry.student(one, groups["1А"], 901))
            await real(context, work)

        monkeypatch.setattr(moving, "move_workers", enrol)
        run = await registry.run((await acts.execute(act)).json()["id"], acts.confirmer)
        assert (run["status"], run["result"]["students"]) == ("succeeded", 4), run
        assert {place[0] for places in (await standing(registry)).values() for place in places} == {new}
        await registry.check()


async def test_an_order_of_an_act_is_not_undone_by_an_office(registry: Registry, acts: Acts) -> None:
    one, _ = await school(registry, 0, "1А")
    new = await registry.organization()
    assert (await acts.carry_out("accession", predecessors=[one], successors=[new]))["status"] == "succeeded"
    for organization_id in (one, new):
        order_id = await registry.value(
            "SELECT order_id FROM movement WHERE organization_id = $1 AND reason = 'reorganization' LIMIT 1",
            organization_id,
        )
        drafted = await registry.service.client.post(
            f"/orders/{order_id}/cancellation",
            json={"number": "77", "date": "2026-10-02", "reason": "Ошибка"},
            headers=registry.position(organization_id, Role.SECRETARY),
        )
        refused = await registry.sign(organization_id, drafted.json())
        assert (refused.status_code, refused.json()["code"]) == (409, "orders.not-cancellable")
    assert await registry.contingent(new, DAY) == 3


async def test_the_office_sees_an_act_once_it_is_confirmed(registry: Registry, acts: Acts) -> None:
    one, new = await registry.organization(), await registry.organization()
    act = (await acts.draft("accession", predecessors=[one], successors=[new])).json()
    client, office = (
        registry.service.client,
        registry.service.tokens.headers(Role.HEAD, municipality=MUNICIPALITY, organization_id=new),
    )
    path = f"/reorganizations/{act['id']}"
    assert (await client.get(path, headers=office)).status_code == 404
    assert (await acts.confirm(act)).status_code == 200
    assert (await client.get(path, headers=office)).json()["state"] == "confirmed"
