"""Rights that run out: judged anew by the day of each allocation, dated in the history, told in the queue."""

from typing import Any
from uuid import UUID

import pytest

from servicekit.jobs import Job

from ..allocation.test_simulation import state
from ..campaigns.test_rules import DATA, changed, in_place_of
from ..factories import Town, body, group, organization
from ..lifecycle.test_amendments import amend
from ..queue.test_ledger import ledger
from ..territories.acts import act, line, publish, schools
from .test_territory import SCHOOL, applied, at_home, checks, status
from .test_verifications import standing

CONFIRMED = "2026-04-02T09:00:00+03:00"
LAST_MOMENT, NEXT_DAY = "2026-04-10T20:59:59Z", "2026-04-10T22:30:00Z"
"""The end of 10 April in Moscow, and a moment of 11 April there that is the same day in UTC."""
UNTIL_10_APRIL = {"code": "judge", "document": {"title": "Справка", "valid_until": "2026-04-10"}}


@pytest.fixture
async def wanted(town: Town) -> UUID:
    """An organization with one place in an open campaign; its id."""
    found = organization()
    place = group(found.organization_id, 20)
    town.at(CONFIRMED)
    await town.hear(found, place)
    await town.open({place: 1})
    return found.organization_id


async def reasons(town: Town, receipt: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(line["reason"], line["note"]) for line in await town.get(f"/applications/{receipt['id']}/history")]


@pytest.mark.parametrize(("now", "counts"), [(LAST_MOMENT, True), (NEXT_DAY, False)])
async def test_a_right_counts_through_the_last_day_of_its_document(
    town: Town, wanted: UUID, now: str, *, counts: bool
) -> None:
    plain, last = [await town.apply(number, wanted) for number in (1, 2)]
    judge = await town.confirm(await town.apply(3, wanted, benefits=[UNTIL_10_APRIL]))
    before = await town.get(f"/applications/{last['id']}/position")
    town.at(now)
    await town.allocate()
    (placed,) = await town.referrals()
    assert placed["application_id"] == (judge if counts else plain)["id"]
    assert (("rights_reviewed", "lapsed") in await reasons(town, judge)) is not counts
    (told,) = (await ledger(town, last["id"], before["at"]))["organizations"]
    assert {line["cause"]: line["change"] for line in told["lines"]} == (
        {"placed": -1} if counts else {"rights_reviewed": -1, "placed": -1}
    )
    assert told["federal"]["increase_benefits"] == (0 if counts else -1)
    assert told["position_now"] == (2 if counts else 1)


async def test_a_simulation_counts_by_the_day_and_changes_nothing(town: Town, wanted: UUID) -> None:
    await town.apply(1, wanted)
    judge = await town.confirm(await town.apply(2, wanted, benefits=[UNTIL_10_APRIL]))
    town.at(NEXT_DAY)
    rights = "SELECT application_id, priority FROM application_choice ORDER BY application_id"
    before = [*await state(town), *await town.fetch(rights), *await town.fetch("SELECT judged_until FROM application")]
    (told, *_) = (await town.simulate())["mechanisms"]
    assert (told["placed"], told["passed"]) == (1, 0)
    after = [*await state(town), *await town.fetch(rights), *await town.fetch("SELECT judged_until FROM application")]
    assert after == before
    assert ("rights_reviewed", "lapsed") not in await reasons(town, judge)


async def test_who_was_offered_a_place_is_judged_anew_before_a_rerun_and_keeps_it(town: Town, wanted: UUID) -> None:
    """The child whose right has run out waits for a better place no stronger than anyone, and loses nothing."""
    other = organization()
    second = group(other.organization_id, 20)
    await town.hear(other, second)
    places = await town.fetch("SELECT group_id FROM offer")
    offers = [{"group_id": str(places[0]["group_id"]), "places": 1}, {"group_id": str(second.group_id), "places": 1}]
    assert (await town.put_offers(offers)).status_code == 204
    plain = await town.apply(1, wanted)
    holder = await town.confirm(
        await town.apply(2, wanted, other.organization_id, benefits=[UNTIL_10_APRIL | {"code": "police"}])
    )
    first = await town.confirm(await town.apply(3, wanted, benefit="judge"))
    await town.allocate()
    offered = {one["application_id"]: one for one in await town.referrals()}
    assert {id_: one["organization_id"] for id_, one in offered.items()} == {
        first["id"]: str(wanted),
        holder["id"]: str(other.organization_id),
    }
    await town.post(f"/referrals/{offered[first['id']]['id']}/decline")
    town.at(NEXT_DAY)
    await town.allocate(policy="rerun")
    held = {one["application_id"]: one["organization_id"] for one in await town.referrals()}
    assert held == {plain["id"]: str(wanted), holder["id"]: str(other.organization_id)}
    card = await town.get(f"/applications/{holder['id']}")
    assert (card["status"], card["organization_id"]) == ("referred", str(other.organization_id))
    assert (await reasons(town, holder))[-1] == ("rights_reviewed", "lapsed")


async def test_a_category_that_begins_to_count_does_so_on_its_day(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    benefits = [one | ({"valid_from": "2026-04-11"} if one["code"] == "judge" else {}) for one in DATA["benefits"]]
    in_place_of(monkeypatch, changed(benefits=benefits))
    found = organization()
    place = group(found.organization_id, 20)
    town.at(CONFIRMED)
    await town.hear(found, place)
    await town.open({place: 1})
    await town.apply(1, found.organization_id)
    judge = await town.confirm(await town.apply(2, found.organization_id, benefit="judge"))
    town.at(NEXT_DAY)
    await town.allocate()
    (placed,) = await town.referrals()
    assert placed["application_id"] == judge["id"]
    assert ("rights_reviewed", "begun") in await reasons(town, judge)


async def test_a_conclusion_counts_through_its_last_day(town: Town, wanted: UUID) -> None:
    """Then only what needs none is left; where nothing is, the application is an operator's to see and gets no place."""
    speech = group(wanted, 20, orientation="compensating", disorder="speech")
    await town.hear(speech)
    (general,) = await town.fetch("SELECT group_id FROM offer")
    offers = [{"group_id": str(id_), "places": 1} for id_ in (speech.group_id, general["group_id"])]
    assert (await town.put_offers(offers)).status_code == 204
    paper = {"title": "Заключение ПМПК", "valid_until": "2026-04-10"}
    needs = {"disorder": "speech", "conclusion": paper, "adapted_consent": True}
    alone = await town.confirm(await town.apply(1, wanted, group=needs | {"orientations": ["compensating"]}))
    either = await town.confirm(
        await town.apply(2, wanted, group=needs | {"orientations": ["compensating", "general"]})
    )
    town.at(LAST_MOMENT)
    (before,) = (await town.get(f"/applications/{either['id']}/position"))["organizations"]
    assert (before["total"], before["ahead"], before["seats"]) == (2, 1, 2)
    town.at(NEXT_DAY)
    await town.allocate()
    (placed,) = await town.referrals()
    assert (placed["application_id"], placed["group_id"]) == (either["id"], str(general["group_id"]))
    card = await town.get(f"/applications/{alone['id']}")
    assert (card["status"], card["attention"]) == ("queued", "not_confirmed")
    assert (await reasons(town, alone))[-1] == ("rights_reviewed", "lapsed")
    await amend(town, alone, benefits=[{"code": "judge"}])
    await town.confirm(alone)
    assert await status(town, alone) == "queued"


async def watch(town: Town) -> None:
    """The worker's job."""
    (job,) = (one for one in town.service.definition.jobs if one.name == "rights.watch")
    assert isinstance(job, Job)
    await job.action(town.service.runtime)


async def texts_of(town: Town, receipt: dict[str, Any]) -> list[tuple[str, str | None]]:
    """(reason, last day) of what the family is told."""
    found = await town.get(f"/applications/{receipt['id']}/notifications", by=town.portal)
    return [(one["reason"], one["due_on"]) for one in found]


@pytest.mark.parametrize(("now", "counts"), [(LAST_MOMENT, True), (NEXT_DAY, False)])
async def test_a_right_ends_on_its_day_though_nothing_is_allocated(
    town: Town, wanted: UUID, now: str, *, counts: bool
) -> None:
    plain, last = [await town.apply(number, wanted) for number in (1, 2)]
    judge = await town.confirm(await town.apply(3, wanted, benefits=[UNTIL_10_APRIL]))
    await town.examine()
    before = await town.get(f"/applications/{last['id']}/position")
    town.at(now)
    for _ in range(2):
        await watch(town)
    (there,) = (await town.get(f"/applications/{plain['id']}/position"))["organizations"]
    assert there["position"] == (2 if counts else 1)
    (told,) = (await ledger(town, last["id"], before["at"]))["organizations"]
    assert {line["cause"]: line["change"] for line in told["lines"]} == ({} if counts else {"rights_reviewed": -1})
    assert [reason for reason, _ in await reasons(town, judge)].count("rights_reviewed") == (0 if counts else 1)
    assert (("rights_reviewed", None) in await texts_of(town, judge)) is not counts


@pytest.mark.parametrize(
    ("now", "warned"),
    [("2026-04-15T20:59:59Z", False), ("2026-04-15T22:30:00Z", True), ("2026-04-30T20:59:59Z", True)],
)
async def test_its_family_is_warned_some_working_days_before_once(
    town: Town, wanted: UUID, now: str, *, warned: bool
) -> None:
    """Ten working days before 30 April: from the 16th on, which begins in Moscow when it is still the 15th in UTC."""
    paper = {"title": "Справка", "valid_until": "2026-04-30"}
    receipt = await town.confirm(await town.apply(3, wanted, benefits=[{"code": "judge", "document": paper}]))
    town.at(now)
    for _ in range(2):
        await watch(town)
    told = [line for line in await texts_of(town, receipt) if line[0] == "rights_ending"]
    assert told == ([("rights_ending", "2026-04-30")] if warned else [])
    if warned:
        *_, last = await town.get(f"/applications/{receipt['id']}/notifications", by=town.portal)
        assert "30.04.2026" in last["text"]


async def test_who_loses_nothing_by_the_end_of_a_document_is_not_warned(town: Town, wanted: UUID) -> None:
    both = [UNTIL_10_APRIL, {"code": "prosecutor"}]
    receipt = await town.confirm(await town.apply(3, wanted, benefits=both))
    await watch(town)
    assert "rights_ending" not in [reason for reason, _ in await texts_of(town, receipt)]


async def test_a_right_confirmed_shortly_before_it_ends_is_warned_of(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(3, wanted)
    await town.examine()
    await amend(town, receipt, benefits=[UNTIL_10_APRIL])
    await watch(town)
    assert "rights_ending" not in [reason for reason, _ in await texts_of(town, receipt)]
    await town.confirm(receipt)
    for _ in range(2):
        await watch(town)
    assert (await texts_of(town, receipt))[-1] == ("rights_ending", "2026-04-10")
    assert [reason for reason, _ in await texts_of(town, receipt)].count("rights_ending") == 1


async def test_who_brings_a_new_document_in_time_keeps_its_right_while_that_is_checked(
    town: Town, wanted: UUID
) -> None:
    """Up to the last day of the document confirmed before, and no longer, however often it is changed."""
    plain = await town.apply(1, wanted)
    receipt = await town.confirm(await town.apply(2, wanted, benefits=[UNTIL_10_APRIL]))
    for until in ("2026-12-31", "2027-12-31"):
        paper = {"title": "Справка", "valid_until": until}
        await amend(town, receipt, benefits=[UNTIL_10_APRIL | {"document": paper}])
        assert await standing(town, receipt, plain) == [1, 2]
    assert (await town.get(f"/applications/{receipt['id']}"))["attention"] == "rights_stated"
    town.at(LAST_MOMENT)
    await watch(town)
    assert await standing(town, receipt, plain) == [1, 2]
    town.at(NEXT_DAY)
    await watch(town)
    assert await standing(town, receipt, plain) == [2, 1]
    assert (await reasons(town, receipt))[-1] == ("rights_reviewed", "lapsed")
    await town.confirm(receipt)
    assert await standing(town, receipt, plain) == [1, 2]


async def test_a_new_document_that_is_not_borne_out_ends_the_right(town: Town, wanted: UUID) -> None:
    plain = await town.apply(1, wanted)
    receipt = await town.confirm(await town.apply(2, wanted, benefit="judge"))
    await amend(town, receipt, benefits=[UNTIL_10_APRIL])
    assert await standing(town, receipt, plain) == [1, 2]
    await town.doubt(receipt["id"])
    assert await standing(town, receipt, plain) == [2, 1]


async def test_a_new_conclusion_of_the_same_disorder_keeps_the_place_in_its_groups(town: Town, wanted: UUID) -> None:
    speech = group(wanted, 20, orientation="compensating", disorder="speech")
    await town.hear(speech)
    assert (await town.put_offers([{"group_id": str(speech.group_id), "places": 1}])).status_code == 204
    paper = {"title": "Заключение ПМПК", "valid_until": "2026-04-10"}
    needs = {"orientations": ["compensating"], "disorder": "speech", "conclusion": paper, "adapted_consent": True}
    receipt = await town.confirm(await town.apply(1, wanted, group=needs))
    await amend(town, receipt, group=needs | {"conclusion": paper | {"valid_until": "2027-04-10"}})
    assert (await town.get(f"/applications/{receipt['id']}"))["status"] == "queued"
    assert await standing(town, receipt) == [1]
    await amend(town, receipt, group=needs | {"disorder": "vision"})
    assert (await town.get(f"/applications/{receipt['id']}"))["status"] == "registered"


async def test_a_stay_that_is_lawful_no_more_is_looked_at_before_a_place_is_given(town: Town, wanted: UUID) -> None:
    sent = body(town.campaign_id, 1, wanted, stay_document={"title": "Вид на жительство", "valid_until": "2026-04-10"})
    sent["child"]["citizenship"] = "051"
    receipt = await town.confirm((await town.send(sent)).json())
    town.at(LAST_MOMENT)
    await watch(town)
    assert (await reasons(town, receipt))[-1] == ("rights_ending", "2026-04-10")
    assert (await town.get(f"/applications/{receipt['id']}"))["status"] == "queued"
    town.at(NEXT_DAY)
    assert (await town.allocate())["applicants"] == 0
    seen = await town.get(f"/applications/{receipt['id']}")
    assert (seen["status"], seen["attention"]) == ("registered", "to_verify")
    states = [(one["kind"], one["state"]) for one in await town.get(f"/applications/{receipt['id']}/verifications")]
    assert states == [("stay_document", "confirmed"), ("stay_document", "open")]
    await town.confirm(receipt)
    for _ in range(2):
        await watch(town)
    assert (await town.get(f"/applications/{receipt['id']}"))["status"] == "queued"


async def test_the_only_ground_that_runs_out_is_decided_before_the_family_waits_on(town: Town) -> None:
    town.at(CONFIRMED)
    (school,) = await schools(town, 1)
    await town.open({}, **SCHOOL)
    receipt = await town.confirm(await applied(town, 1, str(school), benefits=[UNTIL_10_APRIL | {"code": "police"}]))
    assert await status(town, receipt) == "queued"
    town.at(NEXT_DAY)
    await watch(town)
    assert await status(town, receipt) == "registered"
    assert (await checks(town, receipt))[-1] == ("condition", "ground.none", "open")


async def test_what_was_not_borne_out_does_not_stand_for_the_ground_that_runs_out(town: Town) -> None:
    town.at(CONFIRMED)
    (school,) = await schools(town, 1)
    await publish(town, act(line(school, houses="нечётные")))
    await town.open({}, **SCHOOL)
    police = UNTIL_10_APRIL | {"code": "police"}
    receipt = await applied(town, 1, str(school), address=at_home("1"), benefits=[police])
    await town.examine()
    (address,) = await town.fetch("SELECT id FROM verification WHERE kind = 'address'")
    refusal = {"outcome": "not_confirmed", "note": "Регистрация не подтверждена"}
    await town.post(f"/verifications/{address['id']}/decide", by=town.operator, json=refusal)
    await town.confirm(receipt)
    assert await status(town, receipt) == "queued"
    town.at(NEXT_DAY)
    await watch(town)
    assert await status(town, receipt) == "registered"
    assert (await checks(town, receipt))[-1] == ("condition", "ground.none", "open")


async def foreign(town: Town, wanted: UUID) -> dict[str, Any]:
    """Sent for a child whose stay is lawful through 10 April."""
    sent = body(town.campaign_id, 1, wanted, stay_document={"title": "Вид на жительство", "valid_until": "2026-04-10"})
    sent["child"]["citizenship"] = "051"
    receipt: dict[str, Any] = (await town.send(sent)).json()
    return receipt


async def test_a_change_after_the_last_day_hides_no_stay_that_has_ended(town: Town, wanted: UUID) -> None:
    receipt = await town.confirm(await foreign(town, wanted))
    path = f"/applications/{receipt['id']}"
    await town.post(f"{path}/freeze", by=town.portal)
    town.at(NEXT_DAY)
    await amend(town, receipt, agree_other=True)
    await town.post(f"{path}/restore", by=town.portal)
    assert await status(town, receipt) == "registered"
    assert [state for kind, _, state in await checks(town, receipt) if kind == "stay_document"] == ["confirmed", "open"]
    await town.confirm(receipt)
    await watch(town)
    assert await status(town, receipt) == "queued"


async def test_who_confirms_a_stay_after_its_last_day_is_asked_once(town: Town, wanted: UUID) -> None:
    receipt = await foreign(town, wanted)
    await town.examine()
    town.at(NEXT_DAY)
    await town.confirm(receipt)
    await watch(town)
    assert await status(town, receipt) == "queued"
    assert [state for kind, _, state in await checks(town, receipt) if kind == "stay_document"] == ["confirmed"]
