"""How an application ends or is suspended: refused on a ground, frozen, archived; schools without places redirect."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import GroupKind, OrganizationKind
from eu_enrollment.lifecycle import service as lifecycle
from servicekit.clock import FixedClock

from ..factories import Town, body, group, organization


def at(town: Town, instant: str) -> None:
    town.service.runtime.clock = FixedClock(datetime.fromisoformat(instant).replace(tzinfo=UTC))


async def preschool(town: Town, places: int) -> UUID:
    own = organization()
    place = group(own.organization_id, 20)
    await town.hear(own, place)
    await town.open({place: places})
    return own.organization_id


async def school(town: Town, places: int) -> UUID:
    own = organization(kind=OrganizationKind.SCHOOL)
    first = group(own.organization_id, 25, kind=GroupKind.CLASS, grade=1, age_from=None, age_to=None)
    await town.hear(own, first)
    await town.open(
        {first: places},
        kind="school_first_grade",
        rules="school-458-2025",
        opens_at="2026-04-01T09:00:00+03:00",
        closes_at="2026-06-30T18:00:00+03:00",
    )
    return own.organization_id


async def pupil(town: Town, number: int, wanted: UUID, **more: Any) -> dict[str, Any]:
    sent = body(town.campaign_id, number, wanted, **more)
    sent["child"] |= {"birth_date": "2019-05-01"}
    sent["child"]["document"]["issued_on"] = None
    answer = await town.send(sent)
    assert answer.status_code == 201, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


async def status(town: Town, receipt: dict[str, Any]) -> str:
    return str((await town.get(f"/applications/{receipt['id']}"))["status"])


class TestRefusal:
    async def test_on_a_ground_of_the_rules_alone(self, town: Town) -> None:
        receipt = await town.apply(1, await preschool(town, 1))
        path = f"/applications/{receipt['id']}/refuse"
        answer = await town.post(path, 422, town.operator, {"ground": "dislike"})
        assert [(error["pointer"], error["code"]) for error in answer["errors"]] == [
            ("/body/ground", "refusal.ground-unknown")
        ]
        await town.post(path, by=town.operator, json={"ground": "documents", "note": "Нет свидетельства о рождении"})
        line = (await town.get(f"/applications/{receipt['id']}/history"))[-1]
        assert (line["reason"], line["ground"], line["note"]) == (
            "refused",
            "documents",
            "Нет свидетельства о рождении",
        )
        again = await town.apply(
            1, UUID((await town.get(f"/applications/{receipt['id']}"))["choices"][0]["organization_id"])
        )
        assert again["id"] != receipt["id"]

    @pytest.mark.parametrize(("places", "expected"), [(1, 409), (0, 204)])
    async def test_for_want_of_places_only_where_there_are_none(self, town: Town, places: int, expected: int) -> None:
        receipt = await town.apply(1, await preschool(town, places))
        await town.post(f"/applications/{receipt['id']}/refuse", expected, town.operator, {"ground": "no_places"})
        assert await status(town, receipt) == ("registered" if places else "refused")

    async def test_a_school_without_places_redirects_first(self, town: Town) -> None:
        at(town, "2026-04-02T09:00:00")
        receipt = await pupil(town, 1, await school(town, 0))
        path = f"/applications/{receipt['id']}/refuse"
        await town.post(path, by=town.operator, json={"ground": "no_places"})
        assert await status(town, receipt) == "redirected"
        await town.post(path, by=town.operator, json={"ground": "no_places"})
        assert await status(town, receipt) == "refused"

    async def test_whom_a_school_redirects_the_authority_places_once_all_but_rights_is_checked(
        self, town: Town
    ) -> None:
        """The child has no ground for the first wave: whether it may have a place by it is for an operator to say first."""
        at(town, "2026-04-02T09:00:00")
        wanted = await school(town, 0)
        receipt = await pupil(town, 1, wanted)
        await town.post(f"/applications/{receipt['id']}/refuse", by=town.operator, json={"ground": "no_places"})
        (row,) = await town.fetch("SELECT group_id FROM offer")
        await town.put_offers([{"group_id": str(row["group_id"]), "places": 1}])
        assert (await town.allocate())["applicants"] == 0
        (there,) = (await town.get(f"/applications/{receipt['id']}/position"))["organizations"]
        assert there["position"] is None
        await town.confirm(receipt)
        assert await status(town, receipt) == "redirected"
        assert (await town.allocate())["placed"] == 1
        assert await status(town, receipt) == "referred"

    async def test_a_right_that_nobody_has_confirmed_goes_before_nobody_when_redirected(self, town: Town) -> None:
        at(town, "2026-04-02T09:00:00")
        wanted = await school(town, 0)
        early = await pupil(town, 1, wanted)
        claims = await pupil(town, 2, wanted, benefits=[{"code": "svo_killed"}])
        for receipt in (early, claims):
            await town.post(f"/applications/{receipt['id']}/refuse", by=town.operator, json={"ground": "no_places"})
        await town.confirm(early)
        (row,) = await town.fetch("SELECT group_id FROM offer")
        await town.put_offers([{"group_id": str(row["group_id"]), "places": 1}])
        await town.allocate()
        assert [await status(town, one) for one in (early, claims)] == ["referred", "redirected"]
        assert (await town.get(f"/applications/{claims['id']}"))["attention"] == "rights_stated"


async def test_who_is_frozen_waits_for_nothing_until_restored(town: Town) -> None:
    receipt = await town.apply(1, await preschool(town, 1))
    await town.post(f"/applications/{receipt['id']}/freeze", json={"note": "Уезжаем до осени"})
    assert (await town.allocate())["applicants"] == 0
    await town.post(f"/applications/{receipt['id']}/freeze", 409)
    await town.post(f"/applications/{receipt['id']}/restore")
    assert (await town.allocate())["placed"] == 1
    history = await town.get(f"/applications/{receipt['id']}/history")
    assert [line["reason"] for line in history][:3] == ["submitted", "frozen", "reopened"]


class TestArchive:
    @pytest.mark.parametrize(
        ("now", "expected"), [("2026-10-01T20:59:59", "queued"), ("2026-10-01T22:30:00", "archived")]
    )
    async def test_whoever_has_passed_the_age(self, town: Town, now: str, expected: str) -> None:
        """Eight years old on 1 October: still a child of a preschool that day, no more from the next one on."""
        wanted = await preschool(town, 1)
        sent = body(town.campaign_id, 1, wanted)
        sent["child"]["birth_date"] = "2018-10-01"
        sent["child"]["document"]["issued_on"] = None
        old, young = (await town.send(sent)).json(), await town.apply(2, wanted)
        await town.examine()
        at(town, now)
        await lifecycle.tidy(town.service.runtime)
        assert (await status(town, old), await status(town, young)) == (expected, "queued")
        if expected == "archived":
            line = (await town.get(f"/applications/{old['id']}/history"))[-1]
            assert (line["reason"], line["actor"], line["note"]) == ("archived", "system", "aged_out")

    @pytest.mark.parametrize(
        ("now", "expected"), [("2027-08-31T20:59:59", "queued"), ("2027-08-31T22:30:00", "archived")]
    )
    async def test_a_school_year_that_is_over(self, town: Town, now: str, expected: str) -> None:
        at(town, "2026-04-02T09:00:00")
        receipt = await town.confirm(await pupil(town, 1, await school(town, 0)))
        at(town, now)
        await lifecycle.tidy(town.service.runtime)
        assert await status(town, receipt) == expected
