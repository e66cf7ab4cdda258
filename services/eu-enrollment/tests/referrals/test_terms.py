"""Terms of a referral: answer, contract, order; put off once, lapsed by the job, late ones seen."""

from datetime import date, timedelta
from typing import Any

import pytest

from eu_enrollment.referrals import service as referrals
from servicekit.clock import Clock
from servicekit.workdays import add_workdays

from ..factories import Town, group, organization

TODAY = Clock().today()


@pytest.fixture
async def held(town: Town) -> dict[str, Any]:
    """A place held for a child."""
    own = organization()
    place = group(own.organization_id, 3)
    await town.hear(own, place)
    await town.open({place: 3})
    await town.apply(1, own.organization_id)
    await town.allocate()
    (found,) = await town.referrals()
    return found


async def one(town: Town) -> dict[str, Any]:
    (row,) = (await town.get(f"/campaigns/{town.campaign_id}/referrals"))["items"]
    found: dict[str, Any] = row
    return found


async def do(town: Town, held: dict[str, Any], what: str, status: int = 204, **sent: Any) -> Any:
    return await town.post(f"/referrals/{held['id']}/{what}", status, town.operator, sent)


async def taken(town: Town) -> int:
    (row,) = await town.fetch("SELECT taken FROM offer")
    count: int = row["taken"]
    return count


class TestContract:
    async def test_each_step_has_a_last_day_by_the_rules(self, town: Town, held: dict[str, Any]) -> None:
        assert held["due_on"] == held["answer_by"] == (TODAY + timedelta(days=10)).isoformat()
        await do(town, held, "accept")
        assert (await one(town))["due_on"] == add_workdays(TODAY, 10).isoformat()
        await do(town, held, "contract", sign_by=(TODAY + timedelta(days=4)).isoformat())
        assert (await one(town))["due_on"] == (TODAY + timedelta(days=4)).isoformat()
        assert await town.counts() == {"contract": 1}
        await do(town, held, "contract/sign", number="17-Д", date=TODAY.isoformat())
        found = await one(town)
        assert (found["status"], found["contract_number"], found["contract_date"]) == (
            "contracted",
            "17-Д",
            TODAY.isoformat(),
        )
        assert found["due_on"] == add_workdays(TODAY, 3).isoformat()
        assert await town.counts() == {"contracted": 1}

    async def test_repeated_steps_change_nothing(self, town: Town, held: dict[str, Any]) -> None:
        for _ in range(2):
            await do(town, held, "accept")
        for _ in range(2):
            await do(town, held, "contract")
        for _ in range(2):
            await do(town, held, "contract/sign", number="1", date=TODAY.isoformat())
        await do(town, held, "contract/sign", 409, number="2", date=TODAY.isoformat())
        history = await town.get(f"/applications/{held['application_id']}/history")
        assert [line["reason"] for line in history][-3:] == ["place_accepted", "contract_offered", "contract_signed"]

    async def test_no_order_before_the_contract(self, town: Town, held: dict[str, Any]) -> None:
        await do(town, held, "accept")
        await town.order(held["organization_id"], status=409)
        await do(town, held, "contract")
        await town.order(held["organization_id"], status=409)

    @pytest.mark.parametrize(
        ("what", "sent", "code"),
        [
            ("contract", {"sign_by": (TODAY - timedelta(days=1)).isoformat()}, "referral.contract-term"),
            ("contract", {"sign_by": (TODAY + timedelta(days=91)).isoformat()}, "referral.contract-term"),
            (
                "contract/sign",
                {"number": "1", "date": (TODAY + timedelta(days=1)).isoformat()},
                "referral.contract-date",
            ),
            (
                "contract/sign",
                {"number": "1", "date": (TODAY - timedelta(days=1)).isoformat()},
                "referral.contract-date",
            ),
        ],
    )
    async def test_impossible_days(self, town: Town, held: dict[str, Any], what: str, sent: Any, code: str) -> None:
        await do(town, held, "accept")
        if what == "contract/sign":
            await do(town, held, "contract")
        answer = await do(town, held, what, 422, **sent)
        (error,) = answer["errors"]
        assert (error["code"], error["pointer"]) == (code, f"/body/{next(reversed(sent))}")

    async def test_a_contract_not_signed_in_time_frees_the_place(self, town: Town, held: dict[str, Any]) -> None:
        await do(town, held, "accept")
        await do(town, held, "contract")
        await town.fetch("UPDATE referral SET due_on = '2026-01-01'")
        await referrals.expire(town.service.runtime)
        assert await town.counts() == {"no_show": 1}
        assert await taken(town) == 0

    async def test_a_family_still_declines_before_the_order(self, town: Town, held: dict[str, Any]) -> None:
        await town.take(held)
        await do(town, held, "decline")
        assert (await town.counts(), await taken(town)) == ({"declined": 1}, 0)


class TestNoShow:
    @pytest.mark.parametrize("step", ["pending", "accepted", "contract"])
    async def test_from_every_step_the_family_takes(self, town: Town, held: dict[str, Any], step: str) -> None:
        if step != "pending":
            await do(town, held, "accept")
        if step == "contract":
            await do(town, held, "contract")
        for _ in range(2):
            await do(town, held, "no-show", note="Не отвечают на звонки")
        assert (await town.counts(), await taken(town)) == ({"no_show": 1}, 0)
        await town.post(f"/applications/{held['application_id']}/restore")
        assert (await town.allocate())["placed"] == 1

    async def test_never_after_the_contract(self, town: Town, held: dict[str, Any]) -> None:
        await town.take(held)
        await do(town, held, "no-show", 409)
        assert await town.counts() == {"contracted": 1}


class TestExtension:
    async def test_once_a_step_with_its_history(self, town: Town, held: dict[str, Any]) -> None:
        day = date.fromisoformat(held["due_on"])
        later = (day + timedelta(days=3)).isoformat()
        await do(town, held, "extension", due_on=later, reason="Семья в отъезде")
        found = await one(town)
        assert (found["due_on"], found["answer_by"]) == (later, later)
        again = await do(town, held, "extension", 409, due_on=(day + timedelta(days=9)).isoformat(), reason="Ещё")
        assert again["code"] == "referral.extended"
        await do(town, held, "accept")
        await do(town, held, "extension", due_on=(TODAY + timedelta(days=40)).isoformat(), reason="Болезнь")
        kept = await town.get(f"/referrals/{held['id']}/extensions")
        assert [(line["step"], line["reason"]) for line in kept] == [
            ("pending", "Семья в отъезде"),
            ("accepted", "Болезнь"),
        ]
        assert kept[0]["due_before"] == day.isoformat()

    @pytest.mark.parametrize("days", [0, -1, 91])
    async def test_only_later_and_not_for_ever(self, town: Town, held: dict[str, Any], days: int) -> None:
        start = TODAY if days > 0 else date.fromisoformat(held["due_on"])
        sent = (start + timedelta(days=days)).isoformat()
        answer = await do(town, held, "extension", 422, due_on=sent, reason="Так надо")
        assert answer["code"] == "referral.extension"

    async def test_the_term_of_the_order_is_the_organizations_own(self, town: Town, held: dict[str, Any]) -> None:
        await town.take(held)
        await do(town, held, "extension", 409, due_on=(TODAY + timedelta(days=20)).isoformat(), reason="Не успеваем")

    async def test_another_organization_reads_nothing_of_the_place_before(
        self, town: Town, held: dict[str, Any]
    ) -> None:
        other = organization()
        place = group(other.organization_id, 3)
        await town.hear(other, place)
        await do(town, held, "extension", due_on=(TODAY + timedelta(days=30)).isoformat(), reason="Болезнь")
        await do(town, held, "decline")
        await town.post(f"/applications/{held['application_id']}/restore")
        chosen = {"choices": [{"organization_id": str(other.organization_id)}]}
        path = f"/applications/{held['application_id']}"
        seen = await town.service.client.get(path, headers=town.operator)
        headers = town.operator | {"If-Match": seen.headers["ETag"]}
        answer = await town.service.client.patch(path, json=chosen, headers=headers)
        assert answer.status_code == 200, answer.text
        (row,) = await town.fetch("SELECT group_id FROM offer")
        await town.put_offers(
            [{"group_id": str(row["group_id"]), "places": 3}, {"group_id": str(place.group_id), "places": 1}]
        )
        await town.allocate()
        head = town.of_organization(other.organization_id)
        assert (await town.get(path, by=head))["organization_id"] == str(other.organization_id)
        answer = await town.service.client.get(f"/referrals/{held['id']}/extensions", headers=head)
        assert answer.status_code == 404
