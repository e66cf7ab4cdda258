"""Notices to a portal: signed, in order, retried until taken, never into a private network unasked."""

import asyncio
import hmac
import json
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from eu_enrollment.settings import EnrollmentSettings
from eu_enrollment.webhooks import delivering, signing
from eu_enrollment.webhooks.errors import WebhookUrlError
from eu_enrollment.webhooks.sending import check_url
from servicekit.clock import Clock
from servicekit.messaging.republish import raise_epoch

from ..factories import Town
from .receiving import Address, deliver, subscribe


class Shifted(Clock):
    """Runs some time ahead."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


@pytest.fixture
def clock(town: Town, monkeypatch: pytest.MonkeyPatch) -> Shifted:
    shifted = Shifted()
    monkeypatch.setattr(town.service.runtime, "clock", shifted)
    return shifted


async def standing(town: Town, made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = await town.get(f"/portal/webhooks/{made['id']}", by=town.portal)
    return found


def verified(headers: dict[str, str], body: str, secret: str) -> bool:
    """As a receiver checks it by the specification."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    mine = b64encode(hmac.new(b64decode(secret.removeprefix("whsec_")), signed, sha256).digest()).decode()
    return f"v1,{mine}" in headers["webhook-signature"].split()


def test_the_signature_is_that_of_the_specification() -> None:
    """Example of standard-webhooks' reference implementations."""
    made = signing.headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",  # type: ignore[arg-type]  # its id is no UUID
        1614265330,
        '{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


class TestDelivery:
    async def test_goes_on_after_a_restore_where_transactions_are_numbered_anew(
        self, town: Town, wanted: UUID, address: Address
    ) -> None:
        """Of a logical dump: rows keep the numbers that transactions had in the old database, far ahead of the new one's."""
        await subscribe(town, address)
        told = await town.apply(1, wanted)
        await deliver(town)
        missed = await town.apply(2, wanted)
        for table in ("application_history", "webhook"):
            await town.fetch(f"UPDATE {table} SET tx = tx + 1000000")
        assert await raise_epoch(town.service.database.owner_url, town.service.definition.restored) == 2
        fresh = await town.apply(3, wanted)
        await deliver(town)
        receipts = (told, missed, fresh)
        assert sorted(address.told) == [(receipt["id"], 1) for receipt in receipts]  # sent side by side
        feed = (await town.get("/portal/changes", by=town.portal))["items"]
        assert [item["application_id"] for item in feed] == [receipt["id"] for receipt in receipts]

    async def test_tells_exactly_what_the_feed_tells_signed_and_in_order(
        self, town: Town, wanted: UUID, address: Address
    ) -> None:
        before = await town.apply(1, wanted)
        made = await subscribe(town, address)
        for number in (2, 3):
            await town.apply(number, wanted)
        await town.allocate()
        await deliver(town)
        feed = (await town.get("/portal/changes", by=town.portal))["items"]
        news = [item for item in feed if item["application_id"] != before["id"] or item["status_seq"] > 1]
        notices = [json.loads(body) for _, body in address.came]
        by_step = sorted((one["data"] for one in notices), key=lambda one: (one["application_id"], one["status_seq"]))
        assert by_step == sorted(news, key=lambda one: (one["application_id"], one["status_seq"]))
        for id_ in {item["application_id"] for item in news}:
            order = [seq for application_id, seq in address.told if application_id == id_]
            assert order == sorted(order)
        for headers, body in address.came:
            assert verified(headers, body, made["secret"])
            assert not verified(headers, body + " ", made["secret"])
            assert headers["host"].startswith("localhost:")
            assert (json.loads(body)["type"], headers["content-type"]) == ("application.status", "application/json")
        assert len({headers["webhook-id"] for headers, _ in address.came}) == len(address.came)
        await deliver(town)
        assert len(address.came) == len(notices)

    async def test_what_is_not_taken_is_sent_again_under_the_same_id_and_holds_back_the_next(
        self, town: Town, wanted: UUID, address: Address, clock: Shifted
    ) -> None:
        await subscribe(town, address)
        receipt = await town.apply(1, wanted)
        await town.examine()
        address.answers = [500, 302]
        await deliver(town)
        await deliver(town)
        assert address.told == [(receipt["id"], 1)]
        for seconds in delivering.RETRIES[:2]:
            clock.ahead += timedelta(seconds=seconds + 1)
            await deliver(town)
        assert address.told == [(receipt["id"], 1)] * 3 + [(receipt["id"], 2)]
        assert len({headers["webhook-id"] for headers, _ in address.came[:3]}) == 1
        assert len({body for _, body in address.came[:3]}) == 1

    async def test_given_up_after_the_last_attempt_and_sent_again_on_demand(
        self, town: Town, wanted: UUID, address: Address, clock: Shifted
    ) -> None:
        made = await subscribe(town, address)
        receipt = await town.apply(1, wanted)
        address.answers = [503] * (len(delivering.RETRIES) + 1)
        for seconds in (0, *delivering.RETRIES):
            clock.ahead += timedelta(seconds=seconds + 1)
            await deliver(town)
        path = f"/portal/webhooks/{made['id']}/deliveries"
        (dead,) = (await town.get(f"{path}?state=dead", by=town.portal))["items"]
        assert (dead["status_seq"], dead["attempts"], dead["last_status"]) == (1, len(delivering.RETRIES) + 1, 503)
        await town.post(f"{path}/{dead['id']}/resend")
        clock.ahead += timedelta(hours=1)
        await deliver(town)
        assert address.told[-1] == (receipt["id"], 1)
        assert (await town.get(f"{path}?state=dead", by=town.portal))["items"] == []
        await town.post(f"{path}/{dead['id']}/resend", 404)

    async def test_an_address_that_is_gone_gets_nothing_more(self, town: Town, wanted: UUID, address: Address) -> None:
        made = await subscribe(town, address)
        await town.apply(1, wanted)
        address.answers = [410]
        await deliver(town)
        found = await standing(town, made)
        assert (found["state"], found["disabled_reason"]) == ("disabled", "gone")
        await town.examine()
        await deliver(town)
        assert len(address.came) == 1
        headers = town.portal | {"If-Match": f'"{found["version"]}"'}
        edit = {"url": address.url, "state": "active"}
        again = await town.service.client.put(f"/portal/webhooks/{made['id']}", json=edit, headers=headers)
        assert (again.status_code, again.json()["disabled_reason"]) == (200, None)

    async def test_turned_off_after_days_of_failure_with_the_reason_shown(
        self, town: Town, wanted: UUID, address: Address, clock: Shifted
    ) -> None:
        made = await subscribe(town, address)
        for number in (1, 2):
            await town.apply(number, wanted)
        address.answers = [500] * 100
        await deliver(town)
        found = await standing(town, made)
        assert (found["state"], found["failing_since"] is not None) == ("active", True)
        clock.ahead = timedelta(days=5, minutes=1)
        await deliver(town)
        assert (await standing(town, made))["disabled_reason"] == "failing"

    async def test_a_failing_address_is_left_alone_ever_longer(
        self, town: Town, wanted: UUID, address: Address, clock: Shifted
    ) -> None:
        await subscribe(town, address)
        for number in range(40):
            await town.apply(number, wanted)
        address.answers = [500] * 500
        await deliver(town)
        first = len(address.came)
        assert first < 20
        await deliver(town)
        assert len(address.came) == first
        clock.ahead = timedelta(hours=2)
        await deliver(town)
        second = len(address.came)
        assert first < second < first + 20
        clock.ahead += timedelta(minutes=14)
        await deliver(town)
        assert len(address.came) == second

    async def test_one_that_fails_holds_back_no_other(self, town: Town, wanted: UUID, address: Address) -> None:
        await town.post("/portal/webhooks", 201, json={"url": "http://127.0.0.1:1/closed"})
        await subscribe(town, address)
        await town.apply(1, wanted)
        await deliver(town)
        assert len(address.came) == 1

    async def test_a_slow_one_ends_its_turn_and_goes_on_in_the_next(
        self, town: Town, wanted: UUID, address: Address, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = await subscribe(town, address)
        for number in range(3):
            await town.apply(number, wanted)
        for step, taken in ((3, 0), (2, 1), (2, 2), (2, 3)):  # a turn that was over at once says nothing of the address
            seconds = count(step=step)
            monkeypatch.setattr(delivering, "monotonic", seconds.__next__)
            await deliver(town)
            shown = await town.get(f"/portal/webhooks/{made['id']}", by=town.portal)
            assert (len(address.came), shown["failing_since"]) == (taken, None)

    async def test_two_secrets_sign_while_the_old_one_holds(
        self, town: Town, wanted: UUID, address: Address, clock: Shifted
    ) -> None:
        made = await subscribe(town, address)
        fresh = await town.post(f"/portal/webhooks/{made['id']}/secret", 200)
        for number, hours in ((1, 0), (2, 25)):
            clock.ahead = timedelta(hours=hours)
            await town.apply(number, wanted)
            await deliver(town)
        (during, after) = address.came
        assert [verified(*during, secret) for secret in (made["secret"], fresh["secret"])] == [True, True]
        assert [verified(*after, secret) for secret in (made["secret"], fresh["secret"])] == [False, True]

    async def test_a_trial_shows_how_the_address_answers(self, town: Town, address: Address) -> None:
        made = await subscribe(town, address)
        path = f"/portal/webhooks/{made['id']}/test"
        assert await town.post(path, 200) == {"delivered": True, "status": 204, "error": None}
        assert json.loads(address.came[0][1])["type"] == "webhook.test"
        assert verified(*address.came[0], made["secret"])
        headers = town.portal | {"If-Match": '"1"'}
        closed = {"url": "http://127.0.0.1:1/", "state": "active"}
        await town.service.client.put(f"/portal/webhooks/{made['id']}", json=closed, headers=headers)
        assert await town.post(path, 200) == {"delivered": False, "status": None, "error": "connection-failed"}


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "http://portal.example/",
            "https://user:word@portal.example/",
            "https://portal.example/#part",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fd00::1]:8443/",
            "https://[::10.0.0.1]/",
            "https://[::ffff:224.0.0.1]/",
            "https://[64:ff9b::10.0.0.1]/",
            "https://[64:ff9b:1::10.0.0.1]/",
            "https://[2002:a00:1::1]/",
            "https://[fec0::1]/",
            "https://",
            "ftp://portal.example/",
            "https://portal.example:0/",
            f"https://portal.example:{'9' * 30}/",
        ],
    )
    def test_only_https_and_only_outside(self, town: Town, url: str) -> None:
        settings = town.service.runtime.settings
        assert isinstance(settings, EnrollmentSettings)
        strict = settings.model_copy(update={"webhook_plain_http": False, "webhook_private_addresses": False})
        check_url("https://portal.example:8443/notices?of=asu", strict)
        with pytest.raises(WebhookUrlError):
            check_url(url, strict)

    async def test_a_name_that_leads_inside_is_not_followed(
        self, town: Town, wanted: UUID, address: Address, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = await subscribe(town, address)
        runtime = town.service.runtime
        strict = runtime.settings.model_copy(update={"webhook_private_addresses": False})
        monkeypatch.setattr(runtime, "settings", strict)
        inside = address.url.replace("localhost", "inside.example")
        await town.fetch("UPDATE webhook SET url = $1", inside)
        port = int(address.url.split(":")[2].split("/")[0])

        async def resolve(*_args: Any, **_options: Any) -> list[Any]:
            return [(2, 1, 6, "", ("127.0.0.1", port))]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
        answer = await town.post(f"/portal/webhooks/{made['id']}/test", 200)
        assert answer == {"delivered": False, "status": None, "error": "address-not-allowed"}
        assert address.came == []


class TestSubscriptions:
    async def test_the_secret_is_shown_once_and_kept_encrypted(self, town: Town, address: Address) -> None:
        headers = town.portal | {"Idempotency-Key": "subscribe-1"}
        first, again = [
            await town.service.client.post("/portal/webhooks", json={"url": address.url}, headers=headers)
            for _ in range(2)
        ]
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json() == first.json() | {"secret": None}
        assert "secret" not in (await town.get("/portal/webhooks", by=town.portal))[0]
        rows = str(await town.fetch("SELECT w::text FROM webhook w")) + str(
            await town.fetch("SELECT i.answer::text FROM idempotency i")
        )
        assert first.json()["secret"] not in rows

    async def test_no_more_than_five_and_ended_at_will(self, town: Town, address: Address) -> None:
        asked = [
            town.service.client.post("/portal/webhooks", json={"url": address.url}, headers=town.portal)
            for _ in range(8)
        ]
        answers = [(one.status_code, one.json()) for one in await asyncio.gather(*asked)]
        made = [one["id"] for status, one in answers if status == 201]
        assert len(made) == 5
        assert [one["code"] for status, one in answers if status == 409] == ["webhook.too-many"] * 3
        for status in (204, 404):
            answer = await town.service.client.delete(f"/portal/webhooks/{made[0]}", headers=town.portal)
            assert answer.status_code == status

    async def test_old_notices_are_forgotten(self, town: Town, wanted: UUID, address: Address) -> None:
        await subscribe(town, address)
        for number in (1, 2):
            await town.apply(number, wanted)
        await deliver(town)
        (old, _) = await town.fetch("SELECT id FROM webhook_delivery ORDER BY id")
        past = "UPDATE webhook_delivery SET closed_at = now() - interval '31 day' WHERE id = $1"
        await town.fetch(past, old["id"])
        await delivering.forget(town.service.runtime)
        assert len(await town.fetch("SELECT * FROM webhook_delivery")) == 1
