"""What a family changes of its application: what stays with it, what is checked anew, what the history keeps."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.applications.service import read_payload
from servicekit.clock import FixedClock

from ..factories import SOCHI, Town, group, organization

BEFORE, AFTER = "2026-05-01T20:59:59", "2026-05-01T22:30:00"
"""The last moment at which the preschool rules let the date stay, and a moment after it that is the same day in UTC."""


@pytest.fixture
async def wanted(town: Town) -> list[UUID]:
    """Two organizations with places in an open campaign; their ids."""
    at(town, BEFORE)
    found = [organization(), organization()]
    places = {group(one.organization_id, 20): 5 for one in found}
    await town.hear(*found, *places)
    await town.open(places)
    return [one.organization_id for one in found]


def at(town: Town, instant: str) -> None:
    town.service.runtime.clock = FixedClock(datetime.fromisoformat(instant).replace(tzinfo=UTC))


async def amend(town: Town, receipt: dict[str, Any], status: int = 200, version: int | None = None, **sent: Any) -> Any:
    path = f"/applications/{receipt['id']}"
    seen = await town.service.client.get(path, headers=town.portal)
    tag = seen.headers["ETag"] if version is None else f'"{version}"'
    answer = await town.service.client.patch(path, json=sent, headers=town.portal | {"If-Match": tag})
    assert answer.status_code == status, answer.text
    return answer.json()


def choices(*ids: UUID) -> list[dict[str, str]]:
    return [{"organization_id": str(id_)} for id_ in ids]


async def positions(town: Town, receipt: dict[str, Any]) -> dict[str, int]:
    told = await town.get(f"/applications/{receipt['id']}/position")
    return {one["organization_id"]: one["position"] for one in told["organizations"]}


class TestDate:
    @pytest.mark.parametrize(("now", "kept"), [(BEFORE, True), (AFTER, False)])
    async def test_other_organizations_keep_or_lose_the_date(
        self, town: Town, wanted: list[UUID], now: str, kept: bool
    ) -> None:
        a, b = wanted
        mine, later = await town.apply(1, a), await town.apply(2, b)
        await town.examine()
        at(town, now)
        told = await amend(town, mine, choices=choices(b, a))
        assert (told["fields"], told["date_kept"], told["version"]) == (["choices"], kept, 3)
        assert await positions(town, mine) == {str(b): 1 if kept else 2, str(a): 1}
        assert await positions(town, later) == {str(b): 2 if kept else 1}
        line = (await town.get(f"/applications/{mine['id']}/history"))[-1]
        assert (line["reason"], line["portal_code"], line["fields"]) == ("changed", "170", ["choices"])
        assert (line["from_status"], line["to_status"], line["date_lost"]) == ("queued", "queued", not kept)
        (row,) = await town.fetch("SELECT accepted_seq, queue_seq FROM application WHERE id = $1", UUID(mine["id"]))
        assert (row["accepted_seq"] == row["queue_seq"] == mine["accepted_seq"]) is kept
        assert row["accepted_seq"] == mine["accepted_seq"]

    async def test_contacts_never_cost_the_date(self, town: Town, wanted: list[UUID]) -> None:
        mine = await town.apply(1, wanted[0])
        at(town, AFTER)
        card = await town.get(f"/applications/{mine['id']}", by=town.portal)
        (mother,) = card["representatives"]
        told = await amend(town, mine, representatives=[mother | {"phone": "+79180000001"}])
        assert (told["fields"], told["date_kept"]) == (["representatives"], True)
        card = await town.get(f"/applications/{mine['id']}", by=town.portal)
        assert card["representatives"][0]["phone"] == "+79180000001"


class TestRights:
    async def test_a_right_added_in_the_queue_counts_once_it_is_confirmed(self, town: Town, wanted: list[UUID]) -> None:
        first, mine = await town.apply(1, wanted[0]), await town.apply(2, wanted[0])
        await town.examine()
        await amend(town, mine, benefits=[{"code": "judge"}])
        assert list((await positions(town, mine)).values()) == [2]
        (check,) = await town.get(f"/applications/{mine['id']}/verifications")
        await town.post(f"/verifications/{check['id']}/decide", by=town.operator, json={"outcome": "confirmed"})
        assert list((await positions(town, mine)).values()) == [1]
        assert list((await positions(town, first)).values()) == [2]
        history = await town.get(f"/applications/{mine['id']}/history")
        assert [line["reason"] for line in history] == ["submitted", "checked", "changed", "verified"]

    async def test_one_that_is_not_borne_out_is_a_change_refused(self, town: Town, wanted: list[UUID]) -> None:
        mine = await town.apply(1, wanted[0])
        await town.examine()
        await amend(town, mine, benefits=[{"code": "judge"}])
        await town.doubt(mine["id"])
        line = (await town.get(f"/applications/{mine['id']}/history"))[-1]
        assert (line["reason"], line["portal_code"], line["note"]) == (
            "change_refused",
            "180",
            "Справка не представлена",
        )
        assert (await town.get(f"/applications/{mine['id']}"))["status"] == "queued"

    async def test_a_right_given_up_lets_the_application_wait_at_once(self, town: Town, wanted: list[UUID]) -> None:
        mine = await town.apply(1, wanted[0], benefit="judge")
        await town.examine()
        await amend(town, mine, benefits=[])
        assert (await town.get(f"/applications/{mine['id']}"))["status"] == "queued"
        (check,) = await town.get(f"/applications/{mine['id']}/verifications")
        assert check["state"] == "dropped"

    async def test_what_was_confirmed_stays_unless_it_is_stated_otherwise(self, town: Town, wanted: list[UUID]) -> None:
        mine = await town.confirm(await town.apply(1, wanted[0], benefit="judge"))
        await amend(town, mine, benefits=[{"code": "judge"}, {"code": "police"}])
        states = [(c["subject"], c["state"]) for c in await town.get(f"/applications/{mine['id']}/verifications")]
        assert states == [("judge", "confirmed"), ("police", "open")]
        await amend(town, mine, benefits=[{"code": "judge", "document": {"title": "Удостоверение"}}])
        states = [(c["subject"], c["state"]) for c in await town.get(f"/applications/{mine['id']}/verifications")]
        assert states == [("judge", "dropped"), ("police", "dropped"), ("judge", "open")]

    async def test_a_change_before_the_examination_is_examined_as_changed(self, town: Town, wanted: list[UUID]) -> None:
        mine = await town.apply(1, wanted[0])
        await amend(town, mine, benefits=[{"code": "judge"}])
        assert (await town.get(f"/applications/{mine['id']}"))["attention"] == "rights_stated"
        await town.examine()
        assert [c["state"] for c in await town.get(f"/applications/{mine['id']}/verifications")] == ["open"]


class TestRefused:
    async def test_what_the_rules_do_not_take_is_named_and_changes_nothing(
        self, town: Town, wanted: list[UUID]
    ) -> None:
        foreign = organization(SOCHI)
        await town.hear(foreign)
        mine = await town.apply(1, wanted[0])
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"choices": choices(foreign.organization_id)}, "/body/choices/0/organization_id"),
            ({"choices": []}, "/body/choices"),
            ({"choices": choices(wanted[0], wanted[0])}, "/body"),
            ({"benefits": [{"code": "cosmonaut"}]}, "/body/benefits/0/code"),
            ({"child": {}}, "/body"),
            ({"agree_other": None}, "/body/agree_other"),
        ]
        for sent, pointer in wrong:
            answer = await amend(town, mine, 422, **sent)
            assert pointer in [error["pointer"] for error in answer["errors"]], answer
        assert len(await town.get(f"/applications/{mine['id']}/history")) == 1
        assert await town.fetch("SELECT * FROM application_edition") == []

    async def test_nothing_new_is_no_step(self, town: Town, wanted: list[UUID]) -> None:
        mine = await town.apply(1, wanted[0])
        assert await amend(town, mine, choices=choices(wanted[0])) == {"version": 1, "fields": [], "date_kept": True}

    async def test_who_holds_a_place_changes_nothing(self, town: Town, wanted: list[UUID]) -> None:
        mine = await town.apply(1, wanted[0])
        await town.allocate()
        answer = await amend(town, mine, 409, agree_other=True)
        assert answer["code"] == "application.not-amendable"
        assert await town.fetch("SELECT * FROM application_edition") == []

    async def test_an_old_version_is_refused(self, town: Town, wanted: list[UUID]) -> None:
        mine = await town.apply(1, wanted[0])
        await amend(town, mine, agree_other=True)
        await amend(town, mine, 412, version=1, agree_other=False)


SPEECH = {"orientations": ["compensating"], "disorder": "speech", "adapted_consent": True}


class TestGroup:
    async def test_another_stay_mode_keeps_the_date_and_is_told_where_it_leads(
        self, town: Town, wanted: list[UUID]
    ) -> None:
        own = wanted[0]
        at(town, "2026-05-01T09:00:00")
        for number in (1, 2):
            await town.apply(number, own)
        mine = await town.apply(3, own)
        before = await town.get(f"/applications/{mine['id']}/position")
        at(town, "2026-05-01T10:00:00")
        changed = await amend(town, mine, group={"stay_modes": ["short_stay"]})
        assert (changed["fields"], changed["date_kept"]) == (["group"], True)
        assert await positions(town, mine) == {str(own): 1}
        at(town, "2026-05-01T11:00:00")
        path = f"/applications/{mine['id']}/position/changes?since={quote(before['at'])}"
        (told,) = (await town.get(path))["organizations"]
        assert (told["position_then"], told["position_now"]) == (3, 1)
        assert [(line["cause"], line["change"]) for line in told["lines"]] == [("own_change", -2)]
        at(town, BEFORE)
        await amend(town, mine, group={})
        assert await positions(town, mine) == {str(own): 3}

    async def test_a_kind_that_needs_a_conclusion_waits_outside_the_queue_until_it_is_seen(
        self, town: Town, wanted: list[UUID]
    ) -> None:
        mine = await town.confirm(await town.apply(1, wanted[0], benefit="judge"))
        await amend(town, mine, group=SPEECH)
        card = await town.get(f"/applications/{mine['id']}")
        assert (card["status"], card["attention"]) == ("registered", "rights_stated")
        assert (await town.allocate())["applicants"] == 0
        await town.confirm(mine)
        assert (await town.get(f"/applications/{mine['id']}"))["status"] == "queued"
        (kinds,) = await town.fetch("SELECT kinds::text FROM application")
        assert json.loads(kinds["kinds"]) == ["compensating:speech/full_day", "compensating/full_day"]

    async def test_with_an_alternative_it_waits_for_that_meanwhile(self, town: Town, wanted: list[UUID]) -> None:
        mine = await town.confirm(await town.apply(1, wanted[0], benefit="judge"))
        both = SPEECH | {"orientations": ["compensating", "general"]}
        await amend(town, mine, group=both)
        assert (await town.get(f"/applications/{mine['id']}"))["status"] == "queued"
        await town.confirm(mine)
        await amend(town, mine, group=both | {"disorder": "vision"})
        (check,) = [
            one for one in await town.get(f"/applications/{mine['id']}/verifications") if one["state"] == "open"
        ]
        assert (check["kind"], check["subject"]) == ("orientation", "compensating")
        await town.allocate()
        assert [one["application_id"] for one in await town.referrals()] == [mine["id"]]


async def test_nobody_changes_to_the_organization_that_the_child_attends(town: Town, wanted: list[UUID]) -> None:
    a, b = wanted
    mine = await town.apply(1, a, attends={"organization_id": str(b), "group_id": str(a)})
    refused = await amend(town, mine, 422, choices=choices(a, b))
    assert [error["code"] for error in refused["errors"]] == ["attends.chosen"]
    await town.fetch("UPDATE directory_organization SET active = false WHERE id = $1", a)
    await amend(town, mine, agree_other=True)


async def test_every_edition_is_kept_encrypted(town: Town, wanted: list[UUID]) -> None:
    a, b = wanted
    mine = await town.apply(1, a)
    await amend(town, mine, choices=choices(b))
    await amend(town, mine, choices=choices(b, a))
    rows = await town.fetch("SELECT version, payload FROM application_edition ORDER BY version")
    assert [row["version"] for row in rows] == [1, 2]
    assert "Иванова" not in json.dumps([row["payload"] for row in rows], ensure_ascii=False)
    stated: list[ApplicationIn] = [read_payload(town.service.runtime.cipher, row["payload"]) for row in rows]
    assert [[choice.organization_id for choice in one.choices] for one in stated] == [[a], [b]]


async def test_a_family_changes_while_an_operator_decides(town: Town, wanted: list[UUID]) -> None:
    """Either comes first: the check that the change takes away is never confirmed for what is stated otherwise."""
    for number in range(4):
        mine = await town.apply(number, wanted[0], benefit="judge")
        await town.examine()
        (check,) = await town.get(f"/applications/{mine['id']}/verifications")
        changed, decided = await asyncio.gather(
            town.service.client.patch(
                f"/applications/{mine['id']}", json={"benefits": []}, headers=town.portal | {"If-Match": '"1"'}
            ),
            town.service.client.post(
                f"/verifications/{check['id']}/decide", json={"outcome": "confirmed"}, headers=town.operator
            ),
        )
        assert sorted((changed.status_code, decided.status_code)) in ([200, 409], [204, 412])
        (row,) = await town.fetch("SELECT * FROM application WHERE id = $1", UUID(mine["id"]))
        (choice,) = await town.fetch("SELECT priority FROM application_choice WHERE application_id = $1", row["id"])
        history = await town.fetch("SELECT count(*) AS n FROM application_history WHERE application_id = $1", row["id"])
        assert (row["status"], history[0]["n"]) == ("queued", row["version"])
        (plain,) = await town.fetch("SELECT max(priority) AS priority FROM application_choice")
        assert (choice["priority"] == plain["priority"]) is (changed.status_code == 200) or number == 0
