"""Drafts: judged and made ready before the start, sent by the same door with the same receipt."""

import asyncio
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from asu_contracts.access import Role
from eu_enrollment.attachments.keeping import forget_drafts
from eu_enrollment.runtime import EnrollmentRuntime
from servicekit.clock import Clock
from servicekit.ids import new_id

from ..factories import Town, body, group, organization

OPENS = Clock().now() + timedelta(days=7)


@pytest.fixture
async def wanted(town: Town) -> UUID:
    """An organization with places in a campaign that has yet to open; its id."""
    found = organization()
    place = group(found.organization_id, 20)
    await town.hear(found, place)
    await town.open({place: 5}, opens_at=OPENS.isoformat())
    return found.organization_id


async def start(town: Town) -> None:
    """The campaign opens."""
    await town.fetch("UPDATE campaign SET opens_at = now() - interval '1 minute'")
    cast(EnrollmentRuntime, town.service.runtime).campaigns.clear()


async def save(town: Town, content: dict[str, Any], by: dict[str, str] | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = await town.post("/drafts", 201, by, content)
    return answer


async def send(town: Town, draft: dict[str, Any], key: str | None = None, version: int | None = None) -> Any:
    headers = town.portal | {"Idempotency-Key": key or str(new_id())}
    sent = {"version": version or draft["version"]}
    return await town.service.client.post(f"/drafts/{draft['id']}/send", json=sent, headers=headers)


async def put(town: Town, draft: dict[str, Any], content: dict[str, Any], version: int = 1) -> Any:
    headers = town.portal | {"If-Match": f'"{version}"'}
    return await town.service.client.put(f"/drafts/{draft['id']}", json=content, headers=headers)


class TestJudging:
    async def test_a_good_draft_is_ready_and_cannot_be_sent_before_the_start(self, town: Town, wanted: UUID) -> None:
        draft = await save(town, body(town.campaign_id, 1, wanted))
        assert (draft["state"], draft["remarks"], draft["application_id"]) == ("ready", [], None)
        answer = await send(town, draft)
        assert (answer.status_code, answer.json()["code"]) == (409, "campaign.closed")
        assert await town.counts() == {}

    async def test_whatever_is_wrong_is_remarked_with_its_place_and_kept(self, town: Town, wanted: UUID) -> None:
        """The same pointers and codes as acceptance answers with."""
        content = body(town.campaign_id, 1, wanted, desired_from="soon")
        del content["consent"]
        content["child"]["snils"] = "112-233-445 96"
        draft = await save(town, content)
        assert draft["state"] == "remarks"
        assert {(one["pointer"], one["code"]) for one in draft["remarks"]} == {
            ("/body/consent", "field.missing"),
            ("/body/desired_from", "field.date-from-datetime-parsing"),
            ("/body/child/snils", "snils.checksum"),
        }
        card = await town.get(f"/drafts/{draft['id']}", by=town.portal)
        assert card["body"] == content
        refused = await send(town, draft)
        assert (refused.status_code, refused.json()["code"]) == (422, "draft.not-ready")
        assert refused.json()["errors"] == draft["remarks"]

    async def test_rules_of_the_campaign_are_judged_too(self, town: Town, wanted: UUID) -> None:
        stranger = new_id()
        content = body(town.campaign_id, 1, wanted, stranger, benefits=[{"code": "nobody"}])
        draft = await save(town, content)
        assert [(one["pointer"], one["code"]) for one in draft["remarks"]] == [
            ("/body/benefits/0/code", "benefit.unknown"),
            ("/body/choices/1/organization_id", "choice.unknown"),
        ]
        await start(town)
        answer = await town.send(content)
        assert answer.json()["errors"] == draft["remarks"]

    async def test_mending_makes_it_ready(self, town: Town, wanted: UUID) -> None:
        content = body(town.campaign_id, 1, wanted)
        draft = await save(town, {"campaign_id": town.campaign_id})
        assert draft["state"] == "remarks"
        mended = await put(town, draft, content)
        assert (mended.json()["state"], mended.json()["version"], mended.headers["etag"]) == ("ready", 2, '"2"')
        late = await put(town, draft, content)
        assert (late.status_code, late.json()["code"]) == (412, "version-mismatch")

    @pytest.mark.parametrize(
        ("content", "status"),
        [
            ("{}", 422),
            ('{"campaign_id": "%s", "child": NaN}', 422),
            (r'{"campaign_id": "%s", "child": "\ud800"}', 422),
            ('{"campaign_id": "%s", "child": "' + "x" * 70_000 + '"}', 413),
        ],
    )
    @pytest.mark.usefixtures("wanted")
    async def test_what_cannot_be_kept_is_refused(self, town: Town, content: str, status: int) -> None:
        headers = town.portal | {"Content-Type": "application/json"}
        sent = content.replace("%s", town.campaign_id)
        answer = await town.service.client.post("/drafts", content=sent, headers=headers)
        assert answer.status_code == status, answer.text
        assert await town.fetch("SELECT * FROM draft") == []

    async def test_nothing_of_the_child_is_readable_in_the_table(self, town: Town, wanted: UUID) -> None:
        content = body(town.campaign_id, 1, wanted)
        await save(town, content)
        await save(town, {"campaign_id": town.campaign_id, "child": content["child"]})
        rows = str(await town.fetch("SELECT d::text FROM draft d"))
        for secret in ("Иванова", "Мария", content["child"]["snils"], "2023-05-01", "+79180000000"):
            assert secret not in rows


class TestSending:
    async def test_gives_the_receipt_that_the_same_body_sent_directly_would(self, town: Town, wanted: UUID) -> None:
        content = body(town.campaign_id, 1, wanted)
        draft = await save(town, content)
        await start(town)
        key = str(new_id())
        first, again, under_another = (
            await send(town, draft, key),
            await send(town, draft, key),
            await send(town, draft),
        )
        assert [answer.status_code for answer in (first, again, under_another)] == [201, 200, 200]
        assert first.json() == again.json() == under_another.json()
        directly = await town.send(content | {"external_id": str(new_id())})
        assert (directly.status_code, directly.json()) == (200, first.json())
        card = await town.get(f"/drafts/{draft['id']}", by=town.portal)
        assert (card["state"], card["application_id"]) == ("sent", first.json()["id"])
        stated = await town.get(f"/applications/{first.json()['id']}", by=town.portal)
        assert stated["child"]["last_name"] == "Иванова"
        assert await town.counts() == {"registered": 1}

    async def test_only_the_version_that_was_seen(self, town: Town, wanted: UUID) -> None:
        draft = await save(town, body(town.campaign_id, 1, wanted))
        await put(town, draft, body(town.campaign_id, 2, wanted))
        await start(town)
        assert (await send(town, draft, version=1)).status_code == 412
        assert (await send(town, draft, version=2)).status_code == 201

    async def test_ten_at_once_are_one_application(self, town: Town, wanted: UUID) -> None:
        draft = await save(town, body(town.campaign_id, 1, wanted))
        await start(town)
        answers = await asyncio.gather(*(send(town, draft) for _ in range(10)))
        assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
        assert len({answer.text for answer in answers}) == 1

    async def test_two_drafts_of_one_child(self, town: Town, wanted: UUID) -> None:
        content = body(town.campaign_id, 1, wanted)
        first, same = await save(town, content), await save(town, content)
        other = await save(town, content | {"desired_from": "2026-10-01"})
        await start(town)
        receipt = (await send(town, first)).json()
        answer = await send(town, same)
        assert (answer.status_code, answer.json()) == (200, receipt)
        assert (await town.get(f"/drafts/{same['id']}", by=town.portal))["application_id"] == receipt["id"]
        refused = await send(town, other)
        assert (refused.status_code, refused.json()["code"]) == (409, "application.already-applied")

    async def test_what_was_sent_is_sent_for_good(self, town: Town, wanted: UUID) -> None:
        content = body(town.campaign_id, 1, wanted)
        draft = await save(town, content)
        await start(town)
        receipt = (await send(town, draft)).json()
        await town.post(f"/applications/{receipt['id']}/withdraw")
        assert (await send(town, draft)).json() == receipt
        for answer in (
            await put(town, draft, content),
            await town.service.client.delete(f"/drafts/{draft['id']}", headers=town.portal),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "draft.sent")

    async def test_made_ready_by_an_earlier_version_of_the_service_it_is_made_ready_anew(
        self, town: Town, wanted: UUID
    ) -> None:
        draft = await save(town, body(town.campaign_id, 1, wanted))
        await town.fetch("UPDATE draft SET prepared = prepared #- '{derived,kinds}'")
        await start(town)
        answer = await send(town, draft)
        assert answer.status_code == 201, answer.text

    async def test_on_a_later_day_it_is_judged_anew(
        self, town: Town, wanted: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        content = body(town.campaign_id, 1, wanted)
        content["consent"]["valid_until"] = (OPENS + timedelta(days=1)).date().isoformat()
        draft = await save(town, content)
        assert draft["state"] == "ready"

        class Later(Clock):
            def now(self) -> datetime:
                return OPENS + timedelta(days=9)

        monkeypatch.setattr(town.service.runtime, "clock", Later())
        answer = await send(town, draft)
        assert [error["code"] for error in answer.json()["errors"]] == ["consent.expired"]

    async def test_an_organization_that_closed_meanwhile_is_named(self, town: Town, wanted: UUID) -> None:
        draft = await save(town, body(town.campaign_id, 1, wanted))
        await start(town)
        await town.fetch("UPDATE directory_organization SET active = false")
        refused = await send(town, draft)
        assert [error["pointer"] for error in refused.json()["errors"]] == ["/body/choices/0/organization_id"]


class TestKeeping:
    async def test_each_sees_its_own_alone(self, town: Town, wanted: UUID) -> None:
        mine = await save(town, body(town.campaign_id, 1, wanted))
        operators = await save(town, body(town.campaign_id, 2, wanted), town.operator)
        for by, draft in ((town.portal, mine), (town.operator, operators)):
            page = await town.get(f"/drafts?campaign_id={town.campaign_id}", by=by)
            assert [item["id"] for item in page["items"]] == [draft["id"]]
            assert "body" not in page["items"][0]
        other = town.service.tokens.headers(Role.PORTAL, account_id="portal-2")
        assert (await town.service.client.get(f"/drafts/{mine['id']}", headers=other)).status_code == 404

    async def test_reading_is_audited(self, town: Town, wanted: UUID) -> None:
        draft = await save(town, body(town.campaign_id, 1, wanted))
        await town.get(f"/drafts/{draft['id']}", by=town.portal)
        (row,) = await town.fetch("SELECT * FROM audit")
        assert (row["action"], str(row["subjects"][0])) == ("draft.read", draft["id"])

    async def test_deleted_at_will(self, town: Town, wanted: UUID) -> None:
        draft = await save(town, body(town.campaign_id, 1, wanted))
        for status in (204, 404):
            answer = await town.service.client.delete(f"/drafts/{draft['id']}", headers=town.portal)
            assert answer.status_code == status

    async def test_forgotten_a_term_after_the_campaign_closed(self, town: Town, wanted: UUID) -> None:
        kept, old = [await save(town, body(town.campaign_id, number, wanted)) for number in (1, 2)]
        await town.fetch("UPDATE draft SET closes_at = now() - interval '31 day' WHERE id = $1", UUID(old["id"]))
        await town.fetch("UPDATE draft SET closes_at = now() - interval '29 day' WHERE id = $1", UUID(kept["id"]))
        await forget_drafts(town.service.runtime)
        assert [str(row["id"]) for row in await town.fetch("SELECT id FROM draft")] == [kept["id"]]

    async def test_none_is_taken_after_the_campaign_closed(self, town: Town, wanted: UUID) -> None:
        await town.close()
        refused = await town.post("/drafts", 409, json=body(town.campaign_id, 1, wanted))
        assert refused["code"] == "campaign.closed"
