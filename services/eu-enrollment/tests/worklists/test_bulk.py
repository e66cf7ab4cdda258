"""One action over many applications: shown first, carried out as shown, once, each whole or not at all."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.clock import Clock
from servicekit.runs import RunContext

from ..factories import Town, group, organization

TODAY = Clock().today()


@pytest.fixture
async def wanted(town: Town) -> UUID:
    """An organization where five children hold places."""
    own = organization()
    place = group(own.organization_id, 10)
    await town.hear(own, place)
    await town.open({place: 10})
    for number in range(5):
        await town.apply(number, own.organization_id)
    await town.allocate()
    return own.organization_id


async def preview(town: Town, status: int = 201, by: dict[str, str] | None = None, **sent: Any) -> Any:
    return await town.post(f"/campaigns/{town.campaign_id}/bulk", status, by or town.operator, sent)


async def carry_out(town: Town, bulk_id: str, by: dict[str, str] | None = None) -> dict[str, Any]:
    """Begin the run, do the worker's part, read what became of it."""
    run = await town.post(f"/bulk/{bulk_id}/run", 202, by or town.operator)
    handler = town.service.definition.runs["enrollment.bulk"]
    await handler(RunContext(town.service.runtime, UUID(run["id"]), {"bulk_id": bulk_id}))
    found: dict[str, Any] = await town.get(f"/bulk/{bulk_id}", by=by)
    return found


async def test_nothing_changes_until_it_is_run_and_then_what_was_shown_does(town: Town, wanted: UUID) -> None:
    events = await town.fetch("SELECT count(*) AS n FROM outbox")
    held = await town.referrals()
    await town.post(f"/referrals/{held[0]['id']}/decline")
    chosen = [item["application_id"] for item in held]
    shown = await preview(town, action="accept", applications=chosen)
    assert (shown["total"], shown["allowed"], shown["done"]) == (5, 4, 0)
    (refused,) = [item for item in shown["items"] if not item["allowed"]]
    assert (refused["application_id"], refused["code"]) == (held[0]["application_id"], "bulk.no-place")
    assert refused["title"] == "По заявлению нет действующего направления"
    assert await town.counts() == {"declined": 1, "referred": 4}
    assert len(await town.fetch("SELECT * FROM outbox")) == events[0]["n"] + 1  # the family's own answer
    done = await carry_out(town, shown["id"])
    assert (done["done"], await town.counts()) == (4, {"accepted": 4, "declined": 1})
    run = await town.get(f"/runs/{done['run_id']}")
    assert (run["status"], run["result"]["done"], run["result"]["refused"]) == ("succeeded", 4, 1)


async def test_it_runs_once(town: Town, wanted: UUID) -> None:
    shown = await preview(town, action="accept", queue="to_answer")
    first = await carry_out(town, shown["id"])
    assert await carry_out(town, shown["id"]) == first
    steps = await town.fetch("SELECT count(*) AS n FROM application_history WHERE reason = 'place_accepted'")
    assert steps[0]["n"] == 5


async def test_what_has_changed_since_is_left_alone(town: Town, wanted: UUID) -> None:
    shown = await preview(town, action="no_show", queue="to_answer", note="Не явились")
    late, *_ = await town.referrals()
    await town.post(f"/referrals/{late['id']}/accept")
    done = await carry_out(town, shown["id"])
    (left,) = [item for item in done["items"] if not item["done"]]
    assert (left["application_id"], left["code"]) == (late["application_id"], "bulk.changed-meanwhile")
    assert await town.counts() == {"accepted": 1, "no_show": 4}


async def test_terms_are_put_off_together(town: Town, wanted: UUID) -> None:
    later = (TODAY + timedelta(days=30)).isoformat()
    missing = await preview(town, 422, action="extend", queue="to_answer")
    assert [error["pointer"] for error in missing["errors"]] == ["/body/due_on", "/body/note"]
    shown = await preview(town, action="extend", queue="to_answer", due_on=later, note="Паводок", filters={})
    assert (await carry_out(town, shown["id"]))["done"] == 5
    assert {item["due_on"] for item in await town.referrals()} == {later}
    again = await preview(town, action="extend", filters={"organization_id": str(wanted)}, due_on=later, note="Ещё")
    assert (again["total"], again["allowed"]) == (5, 0)


async def test_checks_are_passed_together(town: Town, wanted: UUID) -> None:
    for number in range(10, 13):
        await town.apply(number, wanted, benefit="police")
    await town.examine()
    shown = await preview(town, action="check", queue="to_check")
    assert (await carry_out(town, shown["id"]))["done"] == 3
    assert (await town.counts())["queued"] == 3


async def test_an_organization_acts_on_its_own_by_its_own_rights(town: Town, wanted: UUID) -> None:
    head = town.of_organization(wanted)
    names = {one["name"] for one in await town.get("/bulk-actions", by=head)}
    assert names == {"no_show", "contract"}
    await preview(town, 403, head, action="check", queue="to_answer")
    other = town.of_organization(UUID(int=7))
    await preview(town, 404, other, action="no_show", queue="to_answer")
    held = await town.referrals()
    await town.post(f"/referrals/{held[0]['id']}/accept")
    shown = await preview(town, action="contract", queue="to_contract", by=head)
    await town.post(f"/bulk/{shown['id']}/run", 404, town.operator)
    assert (await carry_out(town, shown["id"], head))["done"] == 1
    assert await town.counts() == {"contract": 1, "referred": 4}


async def test_what_was_shown_long_ago_is_not_carried_out(town: Town, wanted: UUID) -> None:
    shown = await preview(town, action="accept", queue="to_answer")
    await town.fetch("UPDATE bulk_action SET shown_at = shown_at - interval '61 minutes'")
    answer = await town.post(f"/bulk/{shown['id']}/run", 409, town.operator)
    assert answer["code"] == "bulk.preview-expired"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"action": "accept"}, 422),
        ({"action": "accept", "applications": []}, 422),
        ({"action": "accept", "applications": [str(UUID(int=1))]}, 422),
        ({"action": "accept", "queue": "nowhere"}, 404),
        ({"action": "burn", "queue": "to_answer"}, 403),
        ({"action": "accept", "queue": "to_answer", "applications": [str(UUID(int=1))]}, 422),
    ],
)
async def test_unfit_orders(town: Town, wanted: UUID, sent: dict[str, Any], status: int) -> None:
    await preview(town, status, **sent)


async def test_the_portal_acts_on_nobody(town: Town, wanted: UUID) -> None:
    portal = town.service.tokens.headers(Role.PORTAL)
    await preview(town, 403, portal, action="accept", queue="to_answer")
