"""A machine client may call so often; acceptance, which bounds itself, is not counted."""

import pytest

from asu_contracts.access import Role
from servicekit.rates import Rate, Rates

from ..factories import Town, body, group, organization


async def test_too_many_are_refused_with_when_to_come_back(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    found = organization()
    place = group(found.organization_id, 20)
    await town.hear(found, place)
    await town.open({place: 5})
    monkeypatch.setattr(town.service.runtime, "rates", Rates(Rate(per_second=0.01, burst=3)))
    client = town.service.client
    answers = [await client.get("/portal/changes", headers=town.portal) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit"].partition(";t=")[0] for answer in answers] == [
        f'"client";r={left}' for left in (2, 1, 0, 0)
    ]
    assert answers[0].headers["ratelimit-policy"] == '"client";q=3;w=300'
    assert answers[3].json()["code"] == "rate-limited"
    assert 0 < int(answers[3].headers["retry-after"]) <= 100
    other = town.service.tokens.headers(Role.PORTAL, account_id="portal-2")
    assert (await client.get("/portal/changes", headers=other)).status_code == 200
    accepted = await town.send(body(town.campaign_id, 1, found.organization_id))
    assert (accepted.status_code, "ratelimit" in accepted.headers) == (201, False)
    operators = await client.get(f"/campaigns/{town.campaign_id}", headers=town.operator)
    assert (operators.status_code, "ratelimit" in operators.headers) == (200, False)
