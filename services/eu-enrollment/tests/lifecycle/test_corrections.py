"""A mistake in what is said of a child is put right by an operator: by a document, keeping the date, the receipt and what was said."""

from typing import Any
from uuid import UUID

import pytest

from eu_enrollment.acceptance_log import service as acceptance_log
from eu_enrollment.acceptance_log.chain import receipt_doubts
from eu_enrollment.runtime import EnrollmentRuntime
from identifiers import complete_snils

from ..acceptance_log.test_log import proof_of, seal
from ..campaigns.test_rules import DATA, changed, in_place_of
from ..factories import SOCHI, Town, body, group, organization
from .test_amendments import amend

NOTE = "Опечатка при вводе"
PAPER = {"title": "Свидетельство о рождении", "number": "000777", "issued_on": "2023-05-20"}


async def correct(
    town: Town, receipt: dict[str, Any], status: int = 200, by: dict[str, str] | None = None, **child: Any
) -> Any:
    """Let the operator put some of the child's data right."""
    seen = await town.get(f"/applications/{receipt['id']}")
    sent = {"child": seen["child"] | child, "ground": NOTE, "document": PAPER}
    answer = await town.service.client.post(
        f"/applications/{receipt['id']}/corrections",
        json=sent,
        headers=(by or town.operator) | {"If-Match": f'"{seen["version"]}"'},
    )
    assert answer.status_code == status, answer.text
    return answer.json()


def certificate(number: int) -> dict[str, Any]:
    document: dict[str, Any] = body("", number)["child"]["document"]
    return document


async def place(town: Town, receipt: dict[str, Any]) -> int | None:
    (there,) = (await town.get(f"/applications/{receipt['id']}/position"))["organizations"]
    position: int | None = there["position"]
    return position


async def test_it_is_a_step_that_keeps_date_receipt_and_what_was_said(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    await town.apply(2, wanted)
    await town.examine()
    await seal(town)
    snils = complete_snils("400000007")
    done = await correct(town, receipt, last_name="Иванцова", snils=snils, document=certificate(777))
    assert sorted(done["fields"]) == ["document", "last_name", "snils"]
    seen = await town.get(f"/applications/{receipt['id']}")
    assert (seen["status"], seen["version"], seen["child"]["snils"]) == ("queued", done["version"], snils)
    assert await place(town, receipt) == 1
    (kept,) = await town.get(f"/applications/{receipt['id']}/corrections")
    assert (kept["before"]["last_name"], kept["before"]["document"]["number"]) == ("Иванова", "000001")
    assert (kept["ground"], kept["document"]["number"], sorted(kept["fields"])) == (
        NOTE,
        "000777",
        sorted(done["fields"]),
    )
    feed = (await town.get("/portal/changes", by=town.portal))["items"]
    assert (feed[-1]["reason"], feed[-1]["portal_code"], feed[-1]["status"]) == ("child_corrected", "170", "queued")
    *_, told = await town.get(f"/applications/{receipt['id']}/notifications", by=town.portal)
    assert NOTE in told["text"]
    keys = (await town.service.client.get("/receipts/keys")).json()
    assert receipt_doubts(receipt, (await proof_of(town, receipt)).json(), keys) == []
    runtime = town.service.runtime
    assert isinstance(runtime, EnrollmentRuntime)
    async with runtime.uow() as uow:
        assert (await acceptance_log.doubts(uow, runtime.receipt_keys))[2] == []
    rows = str(await town.fetch("SELECT c::text, e::text FROM application_correction c, application_edition e"))
    assert "000777" not in rows
    assert "Иванова" not in rows


@pytest.mark.parametrize("by", ["snils", "document"])
async def test_a_child_that_has_an_application_already_gets_no_second_one(town: Town, wanted: UUID, by: str) -> None:
    mine, other = await town.apply(1, wanted), await town.apply(2, wanted)
    taken = (await town.get(f"/applications/{other['id']}"))["child"][by]
    refused = await correct(town, mine, 409, **{by: taken})
    assert refused["code"] == "application.already-applied"
    seen = await town.get(f"/applications/{mine['id']}")
    assert (seen["version"], seen["child"]["document"]["number"]) == (1, "000001")
    await town.post(f"/applications/{other['id']}/withdraw")
    await correct(town, mine, **{by: taken})
    repeated = await town.send(body(town.campaign_id, 2, wanted))
    assert repeated.status_code == 409


async def test_by_its_right_number_a_child_may_turn_out_to_apply_elsewhere(town: Town, wanted: UUID) -> None:
    other = Town(town.service, SOCHI)
    theirs = organization(SOCHI)
    there = group(theirs.organization_id, 20)
    await other.hear(theirs, there)
    await other.open({there: 1})
    await other.apply(7, theirs.organization_id)
    receipt = await town.apply(1, wanted)
    await town.examine()
    await correct(town, receipt, snils=None, document=certificate(7))
    assert [check["kind"] for check in await town.get(f"/applications/{receipt['id']}/verifications")] == ["duplicate"]
    assert await place(town, receipt) == 1


async def test_another_age_is_judged_and_checked_anew(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    await town.examine()
    document = certificate(1) | {"issued_on": None}
    await correct(town, receipt, birth_date="2016-05-01", document=document)
    seen = await town.get(f"/applications/{receipt['id']}")
    assert (seen["status"], seen["age"], seen["of_age"]) == ("registered", 10, False)
    assert [check["kind"] for check in await town.get(f"/applications/{receipt['id']}/verifications")] == ["age"]
    assert (await town.allocate())["applicants"] == 0
    await correct(town, receipt, birth_date="2022-05-01", document=document)
    assert (await town.get(f"/applications/{receipt['id']}"))["status"] == "queued"
    refused = await correct(town, receipt, 422, birth_date="2099-01-01")
    assert {error["pointer"] for error in refused["errors"]} >= {"/body/child/birth_date"}


async def test_an_age_that_the_rules_refuse_is_refused_whatever_has_run_out_meanwhile(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    conditions = [one | ({"consequence": "refuse"} if one["kind"] == "age" else {}) for one in DATA["conditions"]]
    in_place_of(monkeypatch, changed(conditions=conditions))
    found = organization()
    place = group(found.organization_id, 20)
    town.at("2026-04-02T09:00:00+03:00")
    await town.hear(found, place)
    await town.open({place: 1})
    paper = {"title": "Справка", "valid_until": "2026-04-10"}
    receipt = await town.apply(1, found.organization_id, benefits=[{"code": "judge", "document": paper}])
    town.at("2026-04-10T22:30:00Z")
    document = certificate(1) | {"issued_on": None}
    refused = await correct(town, receipt, 422, birth_date="2016-05-01", document=document)
    assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [
        ("/body/child/birth_date", "age.above")
    ]
    await correct(town, receipt, birth_date="2022-05-01", document=document)


async def test_what_shows_it_is_there_already(town: Town, wanted: UUID) -> None:
    town.at("2026-04-10T09:00:00+03:00")
    receipt = await town.apply(1, wanted)
    for day, status in (("2026-04-11", 422), ("2026-04-10", 200)):
        sent = {"child": body("", 1)["child"] | {"first_name": "Марина"}, "ground": NOTE}
        sent["document"] = PAPER | {"issued_on": day}
        answer = await town.service.client.post(
            f"/applications/{receipt['id']}/corrections", json=sent, headers=town.operator | {"If-Match": '"1"'}
        )
        assert answer.status_code == status, answer.text
        if status != 200:
            assert [error["pointer"] for error in answer.json()["errors"]] == ["/body/document/issued_on"]


async def test_a_place_held_stays_but_not_against_the_age_it_was_given_by(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    await town.allocate()
    refused = await correct(town, receipt, 409, birth_date="2022-05-01")
    assert refused["code"] == "correction.place-held"
    await correct(town, receipt, first_name="Марина")
    seen = await town.get(f"/applications/{receipt['id']}")
    assert (seen["status"], seen["organization_id"], seen["child"]["first_name"]) == ("referred", str(wanted), "Марина")
    (referral,) = await town.referrals()
    await town.take(referral)
    await town.order(wanted)
    refused = await correct(town, receipt, 409, first_name="Мария")
    assert refused["code"] == "application.not-amendable"


async def shown(town: Town) -> dict[str, int]:
    """How many stand in the queues of who is to be checked and who is to be ordered."""
    path = f"/campaigns/{town.campaign_id}/queues"
    return {
        name: len((await town.get(f"{path}/{name}", by=town.operator))["items"]) for name in ("to_check", "to_order")
    }


async def test_a_child_that_turns_out_to_be_foreign_is_not_admitted_unlooked_at(town: Town, wanted: UUID) -> None:
    """Whatever steps the place it holds takes meanwhile."""
    receipt = await town.apply(1, wanted)
    await town.allocate()
    (referral,) = await town.referrals()
    await correct(town, receipt, citizenship="051")
    await town.take(referral)
    await town.order(wanted, status=409)
    assert await shown(town) == {"to_check": 1, "to_order": 0}
    await town.confirm(receipt)
    assert await shown(town) == {"to_check": 0, "to_order": 1}
    await town.order(wanted)


async def test_what_only_foreign_children_state_does_not_stand_against_later_changes(town: Town, wanted: UUID) -> None:
    sent = body(town.campaign_id, 1, wanted, language_test={"passed_on": "2026-03-01"})
    sent["child"]["citizenship"] = "051"
    receipt = (await town.send(sent)).json()
    await correct(town, receipt, citizenship="643")
    assert (await amend(town, receipt, language="uk"))["fields"] == ["language"]


async def test_who_and_what_may_not(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    assert (await correct(town, receipt))["fields"] == []
    await correct(town, receipt, 403, by=town.portal, first_name="Марина")
    sent = {"child": body("", 1)["child"], "ground": NOTE, "document": PAPER}
    answer = await town.service.client.post(
        f"/applications/{receipt['id']}/corrections", json=sent, headers=town.operator | {"If-Match": '"9"'}
    )
    assert answer.status_code == 412
