"""What a portal took is on record in sums, and can be sent to it again."""

import json
from hashlib import sha256
from uuid import UUID

from asu_contracts.access import Role
from asu_contracts.enrollment import OutwardExchangeRecorded
from eu_enrollment.webhooks import recording

from ..factories import Town
from .receiving import Address, deliver, subscribe


async def test_what_was_taken_is_on_record_and_sent_again_as_one(town: Town, wanted: UUID, address: Address) -> None:
    made = await subscribe(town, address)
    first, second = [await town.apply(number, wanted) for number in (1, 2)]
    await deliver(town)
    for _ in range(2):  # once is enough
        await recording.record(town.service.runtime)
    (event,) = [json.loads(row["payload"]) for row in await town.events(OutwardExchangeRecorded.type)]
    rows = await town.fetch("SELECT id, body, exchange_id FROM webhook_delivery ORDER BY id")
    content = "".join(f"{row['body']}\n" for row in rows).encode()
    assert {str(row["exchange_id"]) for row in rows} == {event["exchange_id"]}
    assert (event["kind"], event["persons"], event["size"]) == ("notices", 2, len(content))
    assert event["sha256"] == sha256(content).hexdigest()
    assert event["receiver"] == address.url.removesuffix("/notices"), "the rest of an address may be a secret"
    assert first["id"] not in str(event)
    region = town.service.tokens.headers(Role.REGION_ADMIN)
    path = event["again"].removeprefix("/api/enrollment/v1")
    assert await town.post(path, 200, by=region) == {"notices": len(rows)}
    assert (await town.post(path, 409, by=region))["code"] == "outward.not-kept"
    address.came.clear()
    await deliver(town)
    await deliver(town)
    assert sorted(address.told) == sorted([(first["id"], 1), (second["id"], 1)])
    assert {UUID(headers["webhook-id"]) for headers, _ in address.came} == {row["id"] for row in rows}
    answer = await town.service.client.delete(f"/portal/webhooks/{made['id']}", headers=town.portal)
    assert answer.status_code == 204
    told = await town.events(OutwardExchangeRecorded.type)
    assert len(told) == 2, "sent again it is another exchange, on record though the subscription has ended"


async def test_each_notice_is_on_record_under_the_address_that_took_it(
    town: Town, wanted: UUID, address: Address
) -> None:
    """Though the subscription has another address by then."""
    made = await subscribe(town, address)
    await town.apply(1, wanted)
    await deliver(town)
    elsewhere = address.url.replace("localhost", "127.0.0.1")
    answer = await town.service.client.put(
        f"/portal/webhooks/{made['id']}",
        json={"url": elsewhere, "state": "active"},
        headers=town.portal | {"If-Match": '"1"'},
    )
    assert answer.status_code == 200, answer.text
    await town.apply(2, wanted)
    await deliver(town)
    await recording.record(town.service.runtime)
    told = [json.loads(row["payload"]) for row in await town.events(OutwardExchangeRecorded.type)]
    assert sorted((one["receiver"], one["persons"]) for one in told) == sorted(
        (url.removesuffix("/notices"), 1) for url in (address.url, elsewhere)
    )
