"""Brothers and sisters who apply together: who makes a family, who cannot join one, and that it is placed as one."""

from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from eu_enrollment.campaigns.rules import Channel
from servicekit.ids import new_id

from ..factories import Town, body, group, organization
from ..lifecycle.test_amendments import amend

UNKNOWN = ("/body/together_with/0", "together.unknown")


@pytest.fixture
async def gardens(town: Town) -> list[UUID]:
    """Two organizations in an open campaign: the first offers one place, the second many."""
    found = [organization(), organization()]
    places = {group(found[0].organization_id, 20): 1, group(found[1].organization_id, 20): 5}
    await town.hear(*found, *places)
    await town.open(places)
    return [one.organization_id for one in found]


def of_mother(mother: int, **more: Any) -> dict[str, Any]:
    """What an application of a child says beside its choices: who its mother is."""
    return {"representatives": body("", mother)["representatives"], **more}


async def apply(town: Town, number: int, choices: list[UUID], mother: int = 1, **more: Any) -> dict[str, Any]:
    return await town.apply(number, *choices, **of_mother(mother, **more))


async def refused(town: Town, sent: dict[str, Any], by: dict[str, str] | None = None) -> list[tuple[str, str]]:
    answer = await town.send(sent, by=by)
    assert answer.status_code == 422, answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


async def family(town: Town, receipt: dict[str, Any], by: dict[str, str] | None = None) -> list[str]:
    found: list[str] = (await town.get(f"/applications/{receipt['id']}", by=by))["together_with"]
    return found


async def reasons(town: Town, receipt: dict[str, Any]) -> list[str]:
    return [line["reason"] for line in await town.get(f"/applications/{receipt['id']}/history")]


class TestPlaced:
    @pytest.mark.parametrize("together", [True, False])
    async def test_a_family_is_placed_together_and_strangers_each_alone(
        self, town: Town, gardens: list[UUID], *, together: bool
    ) -> None:
        first = await apply(town, 1, gardens)
        named = [first["number"]] if together else []
        second = await apply(town, 2, gardens, together_with=named, apart_allowed=not together)
        assert (await town.allocate())["blocking"] == []
        placed = {one["application_id"]: one["organization_id"] for one in await town.referrals()}
        near, far = map(str, gardens)
        assert placed == {first["id"]: far if together else near, second["id"]: far}
        assert await family(town, first, town.portal) == ([second["number"]] if together else [])

    async def test_each_sees_the_other_and_reads_when_it_came(self, town: Town, gardens: list[UUID]) -> None:
        first = await apply(town, 1, gardens)
        second = await apply(town, 2, gardens, together_with=[first["number"]])
        await town.examine()
        assert await family(town, first, town.portal) == [second["number"]]
        assert await family(town, second, town.portal) == [first["number"]]
        assert sorted(await reasons(town, first)) == ["checked", "family_changed", "submitted"]
        assert await reasons(town, second) == ["submitted", "checked"]
        await town.post(f"/applications/{second['id']}/withdraw")
        assert await family(town, first) == []


class TestRefused:
    async def test_whatever_may_not_be_named_is_not_there(self, town: Town, gardens: list[UUID]) -> None:
        """Another family's, another sender's, one that waits no more, none at all: one answer, and nothing changes."""
        stranger = await apply(town, 1, gardens, mother=7)
        gone = await apply(town, 2, gardens)
        await town.post(f"/applications/{gone['id']}/withdraw")
        other = town.service.tokens.headers(Role.PORTAL, account_id="portal-2")
        sent = body(town.campaign_id, 3, *gardens, **of_mother(1))
        foreign = (await town.send(sent, by=other)).json()
        for number in (stranger["number"], gone["number"], foreign["number"], "03701-2026-99999999"):
            mine = body(town.campaign_id, 4, *gardens, **of_mother(1, together_with=[number]))
            assert await refused(town, mine) == [UNKNOWN]
        assert await town.fetch("SELECT * FROM application WHERE family_key IS NOT NULL OR version > 2") == []

    async def test_nobody_is_a_family_without_a_number_of_the_guardian(self, town: Town, gardens: list[UUID]) -> None:
        nameless = [body("", 1)["representatives"][0] | {"snils": None}]
        first = await town.apply(1, *gardens, representatives=nameless)
        sent = body(town.campaign_id, 2, *gardens, representatives=nameless, together_with=[first["number"]])
        assert await refused(town, sent) == [UNKNOWN]

    async def test_another_campaign_is_another_matter(self, town: Town, gardens: list[UUID]) -> None:
        first = await apply(town, 1, gardens)
        await town.open({}, rules="preschool-236-supplementary-2025", kind="preschool_supplementary")
        mine = body(town.campaign_id, 2, *gardens, **of_mother(1, together_with=[first["number"]]))
        assert await refused(town, mine) == [UNKNOWN]

    async def test_the_receipt_is_given_again_whatever_has_become_of_the_named(
        self, town: Town, gardens: list[UUID]
    ) -> None:
        first = await apply(town, 1, gardens)
        mine = body(town.campaign_id, 2, *gardens, **of_mother(1, together_with=[first["number"]]))
        receipt = (await town.send(mine)).json()
        await town.post(f"/applications/{first['id']}/withdraw")
        again = await town.send(mine)
        assert (again.status_code, again.json()) == (200, receipt)
        await town.examine()
        assert await town.fetch("SELECT * FROM application WHERE family_key IS NOT NULL") == []


class TestDoors:
    async def test_a_draft_names_whom_its_family_has(self, town: Town, gardens: list[UUID]) -> None:
        first = await apply(town, 1, gardens)
        named = [first["number"]]
        wrong = await town.post(
            "/drafts", 201, json=body(town.campaign_id, 2, *gardens, **of_mother(7, together_with=named))
        )
        assert [(one["pointer"], one["code"]) for one in wrong["remarks"]] == [UNKNOWN]
        draft = await town.post(
            "/drafts", 201, json=body(town.campaign_id, 3, *gardens, **of_mother(1, together_with=named))
        )
        headers = town.portal | {"Idempotency-Key": str(new_id())}
        path = f"/drafts/{draft['id']}/send"
        sent = await town.service.client.post(path, json={"version": 1}, headers=headers)
        await town.examine()
        assert await family(town, first) == [sent.json()["number"]]

    async def test_what_comes_on_paper_joins_what_a_portal_sent(self, town: Town, gardens: list[UUID]) -> None:
        """An operator sees both; a portal is told of none that it has not sent."""
        first = await apply(town, 1, gardens)
        sent = of_mother(1, together_with=[first["number"]], channel=Channel.MFC)
        paper = (await town.send(body(town.campaign_id, 2, *gardens, **sent), by=town.operator)).json()
        await town.examine()
        assert await family(town, first) == [paper["number"]]
        assert await family(town, first, town.portal) == []

    async def test_a_change_joins_and_leaves_and_keeps_the_date(self, town: Town, gardens: list[UUID]) -> None:
        first, second, third = [await apply(town, number, gardens) for number in (1, 2, 3)]
        stranger = await apply(town, 4, gardens, mother=7)
        await town.examine()
        told = await amend(town, third, together_with=[first["number"], second["number"]])
        assert (told["fields"], told["date_kept"]) == (["together_with"], True)
        assert await family(town, first) == [second["number"], third["number"]]
        for number in (stranger["number"], third["number"]):
            answer = await amend(town, third, 422, together_with=[number])
            assert [(one["pointer"], one["code"]) for one in answer["errors"]] == [UNKNOWN]
        await amend(town, third, together_with=[second["number"]])
        assert await family(town, first) == []
        assert await family(town, second) == [third["number"]]
        await amend(town, third, together_with=[])
        assert await town.fetch("SELECT * FROM application WHERE family_key IS NOT NULL") == []
        assert (await reasons(town, first)).count("family_changed") == 2
        assert (await reasons(town, second)).count("family_changed") == 2

    async def test_families_that_have_a_child_in_common_are_one(self, town: Town, gardens: list[UUID]) -> None:
        first = await apply(town, 1, gardens)
        second = await apply(town, 2, gardens, together_with=[first["number"]])
        third = await apply(town, 3, gardens, together_with=[second["number"]])
        await town.examine()
        assert await family(town, first) == [second["number"], third["number"]]
