"""Whoever comes back is where its checks leave it: nobody enters the queue by being frozen and restored."""

from typing import Any
from uuid import UUID

from ..factories import SOCHI, Town, body, group, organization
from .test_amendments import amend


async def there_and_back(town: Town, receipt: dict[str, Any]) -> dict[str, Any]:
    """The family freezes its application and restores it; how it stands then."""
    await town.post(f"/applications/{receipt['id']}/freeze")
    await town.post(f"/applications/{receipt['id']}/restore")
    found: dict[str, Any] = await town.get(f"/applications/{receipt['id']}")
    return found


async def test_what_an_operator_has_not_confirmed_still_bars(town: Town, wanted: UUID) -> None:
    sent = body(town.campaign_id, 1, wanted)
    sent["child"]["citizenship"] = "051"
    receipt = (await town.send(sent)).json()
    await town.doubt(receipt["id"])
    found = await there_and_back(town, receipt)
    assert (found["status"], found["attention"]) == ("registered", "not_confirmed")
    assert (await town.allocate())["applicants"] == 0


async def test_a_right_that_was_not_confirmed_bars_nobody(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted, benefit="judge")
    await town.doubt(receipt["id"])
    assert (await there_and_back(town, receipt))["status"] == "queued"


async def test_one_that_nobody_had_looked_at_is_looked_at_as_any_other(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted, benefit="judge", siblings_in=[str(wanted)])
    found = await there_and_back(town, receipt)
    assert (found["status"], found["attention"]) == ("registered", "rights_stated")
    await town.examine()
    first, second = await town.get(f"/applications/{receipt['id']}/verifications")
    for check, status in ((first, "registered"), (second, "queued")):
        await town.post(f"/verifications/{check['id']}/decide", by=town.operator, json={"outcome": "confirmed"})
        assert (await town.get(f"/applications/{receipt['id']}"))["status"] == status


async def test_one_that_was_changed_before_anybody_looked_keeps_nobody_from_being_looked_at(
    town: Town, wanted: UUID
) -> None:
    receipt = await town.apply(1, wanted)
    await town.post(f"/applications/{receipt['id']}/freeze")
    await amend(town, receipt, benefits=[{"code": "judge"}])
    await town.post(f"/applications/{receipt['id']}/restore")
    other = await town.apply(2, wanted)
    await town.examine()
    assert [one["kind"] for one in await town.get(f"/applications/{receipt['id']}/verifications")] == ["benefit"]
    assert (await town.get(f"/applications/{other['id']}"))["status"] == "queued"


async def test_an_application_in_another_municipality_keeps_nobody_from_coming_back(town: Town, wanted: UUID) -> None:
    other = Town(town.service, SOCHI)
    theirs = organization(SOCHI)
    place = group(theirs.organization_id, 20)
    await other.hear(theirs, place)
    await other.open({place: 1})
    await other.apply(1, theirs.organization_id)
    receipt = await town.apply(1, wanted)
    await town.examine()
    assert (await there_and_back(town, receipt))["status"] == "queued"


async def test_what_is_not_borne_out_of_who_changed_nothing_is_no_change_refused(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted, benefit="judge")
    await town.examine()
    await town.post(f"/applications/{receipt['id']}/freeze")
    await town.doubt(receipt["id"])
    line = (await town.get(f"/applications/{receipt['id']}/history"))[-1]
    assert (line["reason"], line["portal_code"], line["to_status"]) == ("verified", None, "frozen")
