"""Families are asked every year whether they still need a place: who was asked and does not say so is suspended, and may come back."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from eu_enrollment.campaigns.rules import Effect, rule_sets
from eu_enrollment.campaigns.rules.life import Need
from eu_enrollment.lifecycle import service as lifecycle

from ..campaigns.test_rules import LEGAL, in_place_of
from ..factories import Town, group, organization
from .test_ends import at, status

APPLIED, FIRST, LAST, AFTER = "2026-04-02T09:00:00", "2026-12-31T22:30:00", "2027-03-31T20:59:59", "2027-03-31T22:30:00"
"""In UTC: the first and the last day are Moscow's 1 January and 31 March of 2027."""


@pytest.fixture
async def wanted(town: Town) -> UUID:
    at(town, APPLIED)
    own = organization()
    place = group(own.organization_id, 20, ends_on="2028-09-01")
    await town.hear(own, place)
    await town.open({place: 1})
    return own.organization_id


async def tidy(town: Town, now: str) -> None:
    at(town, now)
    await lifecycle.tidy(town.service.runtime)


async def steps(town: Town, receipt: dict[str, Any]) -> list[str]:
    return [line["reason"] for line in await town.get(f"/applications/{receipt['id']}/history")]


async def standing(town: Town, receipt: dict[str, Any]) -> dict[str, Any]:
    """How a portal sees it."""
    answer = await town.post("/applications/statuses", 200, json={"ids": [receipt["id"]]})
    (one,) = answer["items"]
    return dict(one)


async def test_who_waits_since_last_year_is_asked_once_and_told_until_when(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    await town.examine()
    await tidy(town, "2026-12-31T20:59:59")
    assert await steps(town, receipt) == ["submitted", "checked"]
    for _ in range(2):
        await tidy(town, FIRST)
    assert await steps(town, receipt) == ["submitted", "checked", "need_asked"]
    seen = await standing(town, receipt)
    assert (seen["status"], seen["answer_by"], seen["portal_code"]) == ("queued", "2027-03-31", "140")
    told = (await town.get(f"/applications/{receipt['id']}/notifications", by=town.portal))[-1]
    assert (told["reason"], told["due_on"]) == ("need_asked", "2027-03-31")
    assert told["text"].startswith(
        f"Подтвердите, что место по заявлению {receipt['number']} всё ещё нужно — до 31.03.2027"
    )


async def test_who_says_so_in_time_stays_and_who_does_not_is_suspended(town: Town, wanted: UUID) -> None:
    said, silent = await town.apply(1, wanted), await town.apply(2, wanted)
    await town.examine()
    await tidy(town, FIRST)
    at(town, "2027-03-10T09:00:00")
    assert await town.post(f"/applications/{said['id']}/need", 200) == {"confirmed_on": "2027-03-10"}
    assert (await standing(town, said))["answer_by"] is None
    new = await town.apply(3, wanted)
    await town.examine()
    await tidy(town, LAST)
    assert [await status(town, one) for one in (said, silent, new)] == ["queued"] * 3
    await tidy(town, AFTER)
    assert [await status(town, one) for one in (said, silent, new)] == ["queued", "frozen", "queued"]
    assert (await steps(town, said))[2:] == ["need_asked", "need_confirmed"]
    assert (await steps(town, new)) == ["submitted", "checked"], "it has just said that it needs a place"
    seen = await standing(town, silent)
    assert (seen["portal_code"], seen["answer_by"]) == ("210", None)


async def test_nobody_is_suspended_who_was_not_asked(town: Town, wanted: UUID) -> None:
    """The worker did not run while families were to be asked; another was being checked all the time."""
    unasked, checked = await town.apply(1, wanted), await town.apply(2, wanted, benefit="judge")
    await town.examine()
    at(town, "2027-04-10T09:00:00")
    await town.confirm(checked)
    await tidy(town, "2027-04-10T09:00:00")
    assert [await status(town, one) for one in (unasked, checked)] == ["queued", "queued"]


async def test_a_right_that_is_being_checked_stays_so_when_its_family_is_asked(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    await town.examine()
    headers = town.portal | {
        "If-Match": (await town.service.client.get(f"/applications/{receipt['id']}", headers=town.portal)).headers[
            "ETag"
        ]
    }
    changed = {"benefits": [{"code": "judge"}]}
    answer = await town.service.client.patch(f"/applications/{receipt['id']}", json=changed, headers=headers)
    assert answer.status_code == 200, answer.text
    await tidy(town, FIRST)
    assert (await town.get(f"/applications/{receipt['id']}"))["attention"] == "rights_stated"
    await town.post(f"/applications/{receipt['id']}/need", 200)
    assert (await town.get(f"/applications/{receipt['id']}"))["attention"] == "rights_stated"


@pytest.mark.parametrize(("effect", "order"), [(Effect.KEEPS_DATE, [1, 2]), (Effect.LOSES_DATE, [2, 1])])
async def test_who_comes_back_keeps_or_loses_the_date_by_the_rules(
    town: Town, effect: Effect, order: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asking(town, monkeypatch, effect)
    at(town, APPLIED)
    own = organization()
    place = group(own.organization_id, 20, ends_on="2028-09-01")
    await town.hear(own, place)
    await town.open({place: 1})
    silent, said = [await town.apply(number, own.organization_id) for number in (1, 2)]
    await town.examine()
    await tidy(town, FIRST)
    await town.post(f"/applications/{said['id']}/need", 200)
    await tidy(town, AFTER)
    await town.post(f"/applications/{silent['id']}/restore")
    assert await status(town, silent) == "queued"
    positions = [
        (await town.get(f"/applications/{one['id']}/position", by=town.portal))["organizations"][0]["position"]
        for one in (silent, said)
    ]
    assert positions == order
    history = await town.get(f"/applications/{silent['id']}/history")
    assert history[-1]["date_lost"] == (effect is Effect.LOSES_DATE)
    await tidy(town, AFTER)
    assert await status(town, silent) == "queued", "whoever comes back has said that it needs a place"
    await town.post(f"/applications/{silent['id']}/freeze")
    await town.post(f"/applications/{silent['id']}/restore")
    last = (await town.get(f"/applications/{silent['id']}/history"))[-1]
    assert last["date_lost"] is False, "it froze its application itself"


def asking(town: Town, monkeypatch: pytest.MonkeyPatch, effect: Effect) -> None:
    """Preschool rules by which coming back after silence has an effect on the date."""
    rules = rule_sets()["preschool-236-2025"]
    assert rules.life.need is not None
    need = rules.life.need.model_copy(update={"restored": effect})
    in_place_of(monkeypatch, rules.model_copy(update={"life": rules.life.model_copy(update={"need": need})}))


@pytest.mark.parametrize("changes", [{"until": "02-28"}, {"restored": "refused"}])
def test_need_that_makes_no_sense_is_refused(changes: dict[str, str]) -> None:
    values = {"opens": "03-01", "until": "03-31", "legal": LEGAL}
    with pytest.raises(ValidationError):
        Need.model_validate(values | changes)
