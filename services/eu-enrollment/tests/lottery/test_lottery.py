"""The lots of a campaign: committed to before the first application, published with the first allocation, one for each child."""

from typing import Any
from uuid import UUID

import pytest

from eu_enrollment.campaigns import rules
from eu_enrollment.campaigns.rules import Tie, TieRule
from eu_enrollment.lottery.lots import commitment, line, lot, lot_of, mixed

from ..factories import Town, group, organization


@pytest.fixture
async def garden(town: Town, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A garden with two places, known to the service; lots instead of time."""
    by_time = rules.rule_sets()["preschool-236-2025"]
    drawn = by_time.model_copy(update={"tie": Tie(by=TieRule.LOTTERY, legal=by_time.tie.legal)})
    for module in ("campaigns.rules", "campaigns.model", "campaigns.service"):
        monkeypatch.setattr(f"eu_enrollment.{module}.rule_sets", lambda: {drawn.id: drawn})
    found = organization()
    place = group(found.organization_id, 20, 18)
    await town.hear(found, place)
    await town.open({place: 2})
    return found.organization_id


async def shown(town: Town) -> dict[str, Any]:
    """What anyone sees of the lots."""
    answer = await town.service.client.get(f"/public/campaigns/{town.campaign_id}/lottery")
    assert answer.status_code == 200
    assert "public" in answer.headers["Cache-Control"]
    found: dict[str, Any] = answer.json()
    return found


async def refused(town: Town, **body: Any) -> str:
    """Code of the problem an allocation ends by."""
    path = f"/campaigns/{town.campaign_id}/allocations"
    run = await town.post(path, 202, town.operator, body)
    with pytest.raises(Exception) as raised:  # noqa: PT011 - any error of the domain, told by its code
        await town.carry_out(run["id"], **body)
    return str(raised.value)


def test_a_lot_belongs_to_the_child_and_the_seed() -> None:
    assert lot("seed", b"child") == lot("seed", b"child") == lot_of("seed", line("seed", b"child"))
    assert len({lot("seed", b"child"), lot("other", b"child"), lot("seed", b"another")}) == 3
    assert 0 <= lot("seed", b"child") < 2**63
    assert line("one", b"child") != line("other", b"child")
    assert len({mixed("seed", None), mixed("seed", "17"), mixed("seed", "18")}) == 3


async def test_the_seed_is_committed_to_at_once_and_published_with_the_first_allocation(
    town: Town, garden: UUID
) -> None:
    before = await shown(town)
    assert (before["seed"], before["drawn_at"]) == (None, None)
    (stored,) = await town.fetch("SELECT * FROM lottery")
    assert before["commitment"] == stored["commitment"]
    for number in range(4):
        await town.apply(number, garden)
    await town.simulate()
    assert (await shown(town))["seed"] is None, "a simulation draws other lots"
    await town.allocate()
    after = await shown(town)
    assert commitment(after["seed"]) == after["commitment"] == before["commitment"]
    assert after["seed"] not in stored["sealed"]
    await town.allocate()
    assert await shown(town) == after
    ties = await town.fetch(
        "SELECT o.tie, a.document_key FROM allocation_outcome o JOIN application a ON a.id = o.application_id"
    )
    assert [int(row["tie"]) for row in ties] == [lot(after["seed"], row["document_key"]) for row in ties]


async def test_filing_anew_changes_no_lot(town: Town, garden: UUID) -> None:
    receipts = [await town.apply(number, garden) for number in range(4)]
    await town.allocate()
    (old,) = await town.fetch("SELECT tie FROM allocation_outcome WHERE application_id = $1", UUID(receipts[0]["id"]))
    await town.post(f"/applications/{receipts[0]['id']}/withdraw")
    again = await town.apply(0, garden)
    await town.allocate()
    (new,) = await town.fetch("SELECT tie FROM allocation_outcome WHERE application_id = $1", UUID(again["id"]))
    assert new["tie"] == old["tie"]


async def test_an_announced_draw_is_mixed_in_once_and_only_after_acceptance(town: Town, garden: UUID) -> None:
    await town.apply(9, garden)
    assert await refused(town, outcome="17 42") == "lottery.outcome-unannounced"
    place = group(garden, 20, 18)
    await town.hear(place)
    await town.open({place: 2}, beacon="Тираж 1 июня")
    for number in range(4):
        await town.apply(number, garden)
    assert await refused(town) == "lottery.outcome-needed"
    assert await refused(town, outcome="17 42") == "lottery.outcome-early"
    await town.close()
    await town.allocate(outcome="17 42")
    found = await shown(town)
    assert (found["beacon"], found["outcome"]) == ("Тираж 1 июня", "17 42")
    (carried_out,) = (await town.get(f"/campaigns/{town.campaign_id}/allocations"))["items"]
    assert carried_out["seed"] == mixed(found["seed"], "17 42")
    assert await refused(town, outcome="18") == "lottery.outcome-fixed"
    await town.allocate()


async def test_the_service_itself_can_change_neither_commitment_nor_draw(town: Town) -> None:
    rights = await town.fetch(
        "SELECT has_table_privilege('enrollment_app', t, 'UPDATE') OR has_table_privilege('enrollment_app', t, 'DELETE') AS can "
        "FROM unnest(ARRAY['lottery', 'lottery_draw', 'allocation_document', 'allocation_document_part']) AS t"
    )
    assert [row["can"] for row in rights] == [False] * 4
