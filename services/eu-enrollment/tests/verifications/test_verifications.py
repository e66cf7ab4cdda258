"""What is checked of an application, by when, and what each decision leads to."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from eu_enrollment.applications import service as applications
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.runtime import EnrollmentRuntime
from eu_enrollment.verifications import documents
from eu_enrollment.verifications import service as verifications
from eu_enrollment.verifications.checks import Check
from eu_enrollment.verifications.kinds import CheckKind
from servicekit.clock import FixedClock
from servicekit.uow import UnitOfWork

from ..factories import SOCHI, Town, body, group, organization

NOTE = "Справка не представлена"


async def checks(town: Town, receipt: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await town.get(f"/applications/{receipt['id']}/verifications")
    return found


async def decide(town: Town, check: dict[str, Any], outcome: str, status: int = 204, note: str | None = NOTE) -> Any:
    sent = {"outcome": outcome} | ({} if note is None else {"note": note})
    return await town.post(f"/verifications/{check['id']}/decide", status, town.operator, sent)


async def card(town: Town, receipt: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = await town.get(f"/applications/{receipt['id']}")
    return found


async def standing(town: Town, *receipts: dict[str, Any]) -> list[int | None]:
    found = [await town.get(f"/applications/{receipt['id']}/position") for receipt in receipts]
    return [one["organizations"][0]["position"] for one in found]


def at(town: Town, instant: str) -> None:
    """Let the service's clock stand at an instant (UTC)."""
    town.service.runtime.clock = FixedClock(datetime.fromisoformat(instant).replace(tzinfo=UTC))


class TestOpening:
    async def test_nothing_to_check_goes_into_the_queue_at_once(self, town: Town, wanted: UUID) -> None:
        receipt = await town.apply(1, wanted)
        await town.examine()
        assert await checks(town, receipt) == []
        assert (await card(town, receipt))["status"] == "queued"
        await town.examine()
        assert len(await town.get(f"/applications/{receipt['id']}/history")) == 2

    async def test_each_thing_stated_is_a_check_of_its_own(self, town: Town, wanted: UUID) -> None:
        sent = body(town.campaign_id, 1, wanted, siblings_in=[str(wanted)])
        sent["benefits"] = [{"code": "judge"}, {"code": "police"}]
        sent["child"] |= {"citizenship": "051", "birth_date": "2017-05-01"}
        sent["child"]["document"]["issued_on"] = None
        receipt = (await town.send(sent)).json()
        await town.examine()
        assert {(check["kind"], check["subject"]) for check in await checks(town, receipt)} == {
            ("age", ""),
            ("benefit", "judge"),
            ("benefit", "police"),
            ("sibling", str(wanted)),
            ("stay_document", ""),
        }
        found = await card(town, receipt)
        assert (found["status"], found["attention"]) == ("registered", "to_verify")
        assert (await town.allocate())["applicants"] == 0

    async def test_a_child_who_applies_in_another_municipality_too(self, town: Town, wanted: UUID) -> None:
        other = Town(town.service, SOCHI)
        theirs = organization(SOCHI)
        place = group(theirs.organization_id, 20)
        await other.hear(theirs, place)
        await other.open({place: 1})
        await other.apply(1, theirs.organization_id)
        mine, alone = await town.apply(1, wanted), await town.apply(2, wanted)
        await town.examine()
        assert [check["kind"] for check in await checks(town, mine)] == ["duplicate"]
        assert await checks(town, alone) == []

    @pytest.mark.parametrize(
        ("accepted", "due"),
        [
            ("2026-05-10T20:59:59", "2026-05-17"),
            ("2026-05-10T21:00:00", "2026-05-18"),
            ("2026-05-10T22:30:00", "2026-05-18"),
        ],
    )
    async def test_the_term_runs_from_the_day_of_acceptance_where_the_region_lies(
        self, town: Town, wanted: UUID, accepted: str, due: str
    ) -> None:
        at(town, accepted)
        receipt = await town.apply(1, wanted, benefit="judge")
        at(town, "2026-05-20T09:00:00")
        await town.examine()
        (check,) = await checks(town, receipt)
        assert check["due_on"] == due


class TestDeciding:
    async def test_the_last_decision_lets_it_into_the_queue(self, town: Town, wanted: UUID) -> None:
        await town.apply(1, wanted)
        receipt = await town.apply(2, wanted, benefit="judge", siblings_in=[str(wanted)])
        await town.examine()
        first, second = await checks(town, receipt)
        await decide(town, first, "confirmed")
        assert (await card(town, receipt))["status"] == "registered"
        await decide(town, second, "confirmed")
        assert (await card(town, receipt))["status"] == "queued"
        assert await standing(town, receipt) == [1]
        await decide(town, second, "not_confirmed", 409)

    async def test_a_right_that_is_not_borne_out_does_not_count(self, town: Town, wanted: UUID) -> None:
        plain = await town.apply(1, wanted)
        claims = [await town.apply(number, wanted, benefit="judge", siblings_in=[str(wanted)]) for number in (2, 3)]
        await town.examine()
        for receipt, lost in zip(claims, ({"benefit"}, {"benefit", "sibling"}), strict=True):
            for check in await checks(town, receipt):
                await decide(town, check, "not_confirmed" if check["kind"] in lost else "confirmed")
        assert await standing(town, plain, *claims) == [2, 1, 3]

    async def test_of_two_benefits_the_one_that_is_borne_out_counts(self, town: Town, wanted: UUID) -> None:
        stronger = await town.apply(1, wanted, benefit="judge")
        both = await town.apply(2, wanted, benefits=[{"code": "judge"}, {"code": "police"}])
        weaker = await town.apply(3, wanted, benefit="police")
        await town.examine()
        judge, police = await checks(town, both)
        await decide(town, judge, "not_confirmed")
        await decide(town, police, "confirmed")
        for receipt in (stronger, weaker):
            await town.confirm(receipt)
        assert await standing(town, stronger, both, weaker) == [1, 2, 3]

    async def test_what_bars_from_the_queue_waits_for_a_refusal(self, town: Town, wanted: UUID) -> None:
        sent = body(town.campaign_id, 1, wanted)
        sent["child"]["citizenship"] = "051"
        receipt = (await town.send(sent)).json()
        await town.examine()
        (check,) = await checks(town, receipt)
        await decide(town, check, "not_confirmed")
        found = await card(town, receipt)
        assert (found["status"], found["attention"]) == ("registered", "not_confirmed")
        assert (await town.allocate())["applicants"] == 0

    async def test_no_without_why(self, town: Town, wanted: UUID) -> None:
        receipt = await town.apply(1, wanted, benefit="judge")
        await town.examine()
        (check,) = await checks(town, receipt)
        for outcome in ("not_confirmed", "documents_requested"):
            answer = await decide(town, check, outcome, 422, note=None)
            assert [error["code"] for error in answer["errors"]] == ["note.missing"]

    async def test_two_operators_decide_at_once(self, town: Town, wanted: UUID) -> None:
        for number in range(4):
            receipt = await town.apply(number, wanted, benefit="judge")
            await town.examine()
            (check,) = await checks(town, receipt)
            answers = await asyncio.gather(
                *(
                    town.service.client.post(
                        f"/verifications/{check['id']}/decide",
                        json={"outcome": outcome, "note": NOTE},
                        headers=town.operator,
                    )
                    for outcome in ("confirmed", "not_confirmed")
                )
            )
            assert sorted(answer.status_code for answer in answers) == [204, 409]
            history = await town.get(f"/applications/{receipt['id']}/history")
            assert [line["reason"] for line in history] == ["submitted", "checked"]
            (decided,) = await checks(town, receipt)
            assert decided["state"] == ("confirmed" if answers[0].status_code == 204 else "not_confirmed")

    async def test_a_withdrawn_application_leaves_nothing_to_decide(self, town: Town, wanted: UUID) -> None:
        receipt = await town.apply(1, wanted, benefit="judge")
        await town.examine()
        (check,) = await checks(town, receipt)
        await town.post(f"/applications/{receipt['id']}/withdraw")
        assert (await town.get("/verifications"))["items"] == []
        await decide(town, check, "confirmed", 409)


class TestDocuments:
    async def asked(self, town: Town, wanted: UUID, **more: Any) -> dict[str, Any]:
        at(town, "2026-05-10T09:00:00")
        receipt = await town.apply(1, wanted, **more)
        await town.examine()
        (check,) = await checks(town, receipt)
        await decide(town, check, "documents_requested", note="Справка с места службы")
        return receipt

    async def test_asked_for_and_brought(self, town: Town, wanted: UUID) -> None:
        receipt = await self.asked(town, wanted, benefit="judge")
        (check,) = await checks(town, receipt)
        assert (check["state"], check["due_on"], check["note"]) == ("awaiting", "2026-05-25", "Справка с места службы")
        found = await card(town, receipt)
        assert (found["status"], found["portal_code"]) == ("documents_required", "130")
        at(town, "2026-05-12T09:00:00")
        await town.post(f"/applications/{receipt['id']}/documents")
        (check,) = await checks(town, receipt)
        assert (check["state"], check["due_on"]) == ("open", "2026-05-19")
        await town.post(f"/applications/{receipt['id']}/documents", 409)
        await decide(town, check, "confirmed")
        assert (await card(town, receipt))["status"] == "queued"

    @pytest.mark.parametrize(
        ("now", "status"), [("2026-05-25T20:59:59", "documents_required"), ("2026-05-25T22:30:00", "frozen")]
    )
    async def test_not_brought_in_time(self, town: Town, wanted: UUID, now: str, status: str) -> None:
        receipt = await self.asked(town, wanted, benefit="judge")
        at(town, now)
        await documents.overdue(town.service.runtime)
        assert (await card(town, receipt))["status"] == status
        if status == "frozen":
            at(town, "2026-06-01T09:00:00")
            await town.post(f"/applications/{receipt['id']}/restore")
            (check,) = await checks(town, receipt)
            assert (check["state"], check["due_on"]) == ("open", "2026-06-08")
            found = await card(town, receipt)
            assert (found["status"], found["attention"]) == ("registered", "rights_stated")

    async def test_brought_and_asked_for_anew_while_the_job_waits(
        self, town: Town, wanted: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        receipt = await self.asked(town, wanted, benefit="judge")
        at(town, "2026-05-26T09:00:00")
        lock = applications.lock

        async def late(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
            monkeypatch.setattr(applications, "lock", lock)
            await town.post(f"/applications/{receipt['id']}/documents")
            (check,) = await checks(town, receipt)
            await decide(town, check, "documents_requested", note="Не та справка")
            await lock(uow, ids)

        monkeypatch.setattr(applications, "lock", late)
        await documents.overdue(town.service.runtime)
        assert (await card(town, receipt))["status"] == "documents_required"


class TestLists:
    async def test_the_most_urgent_first_by_pages_and_terms(self, town: Town, wanted: UUID) -> None:
        for number, day in enumerate(("03", "01", "02", "09")):
            at(town, f"2026-05-{day}T09:00:00")
            await town.apply(number, wanted, benefit="judge")
        at(town, "2026-05-09T09:00:00")
        await town.examine()
        path, seen = "/verifications?limit=3", []
        after: str | None = ""
        while after is not None:
            page = await town.get(f"{path}{after and '&after='}{after}")
            seen += [item["due_on"] for item in page["items"]]
            after = page["next"]
        assert seen == ["2026-05-08", "2026-05-09", "2026-05-10", "2026-05-16"]
        overdue = (await town.get("/verifications?due=overdue"))["items"]
        assert [(item["due_on"], item["overdue"]) for item in overdue] == [("2026-05-08", True)]
        soon = (await town.get("/verifications?due=soon"))["items"]
        assert [item["due_on"] for item in soon] == ["2026-05-09", "2026-05-10"]
        (count,) = await town.get(f"/verifications/summary?campaign_id={town.campaign_id}")
        assert (count["kind"], count["total"], count["overdue"], count["soon"]) == ("benefit", 4, 1, 2)

    async def test_an_operator_takes_one(self, town: Town, wanted: UUID) -> None:
        receipt = await town.apply(1, wanted, benefit="judge")
        await town.examine()
        (check,) = await checks(town, receipt)
        path = f"/verifications/{check['id']}/assignee"
        answer = await town.service.client.put(path, json={"account_id": "operator-7"}, headers=town.operator)
        assert answer.status_code == 204
        assert len((await town.get("/verifications?assignee=operator-7"))["items"]) == 1
        assert (await town.get("/verifications?assignee=operator-8"))["items"] == []


class Pensions:
    """A registry within reach that knows judges."""

    name = "pensions"
    kinds = frozenset({CheckKind.BENEFIT})

    async def ask(self, check: Check, stated: ApplicationIn) -> bool:
        return check.subject == "judge" and stated.child.last_name == "Иванова"


async def test_what_a_registry_confirms_no_operator_looks_at(town: Town, wanted: UUID) -> None:
    judge = await town.apply(1, wanted, benefit="judge")
    police = await town.apply(2, wanted, benefit="police")
    await town.examine()
    await verifications.ask(town.service.runtime)
    assert [(await checks(town, one))[0]["state"] for one in (judge, police)] == ["open", "open"]
    runtime = town.service.runtime
    assert isinstance(runtime, EnrollmentRuntime)
    runtime.registries = Pensions()
    await verifications.ask(runtime)
    (confirmed,), (left,) = [await checks(town, one) for one in (judge, police)]
    assert (confirmed["state"], confirmed["source"], left["state"]) == ("confirmed", "pensions", "open")
    assert (await card(town, judge))["status"] == "queued"
