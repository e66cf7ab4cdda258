"""Every route in every position, compared with its policy."""

import json
import re
from typing import Any

import httpx
import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from servicekit.testing.matrix import check_routes, missing_samples

from . import samples
from .world import Registry, row, xlsx


def test_every_route_has_a_sample(service: ServiceUnderTest) -> None:
    assert missing_samples(service, samples.ALL) == []


@pytest.mark.parametrize("module", samples.MODULES)
async def test_rights(service: ServiceUnderTest, module: str) -> None:
    service.client.event_hooks["request"].append(_keyed)
    assert await check_routes(service, samples.MODULES[module], apart=module in samples.APART) == []
    kept = await Registry(service).fetch("SELECT DISTINCT route, answer FROM idempotency")
    named = {re.sub(_ID, "{id}", one["route"]) for one in kept if _names_people(json.loads(one["answer"] or "null"))}
    assert named == set(), "what is kept for a repeated request names people by id alone"


async def _keyed(request: httpx.Request) -> None:
    if request.method == "POST":
        request.headers["Idempotency-Key"] = new_id().hex


_ID = r"[0-9a-f]{8}-[0-9a-f-]{27}"
_PERSONAL = frozenset({"last_name", "first_name", "birth_date", "snils", "mobile_phone"})


def _names_people(answer: Any) -> bool:
    if isinstance(answer, dict):
        return bool(answer.keys() & _PERSONAL) or any(map(_names_people, answer.values()))
    return isinstance(answer, list) and any(map(_names_people, answer))


async def test_a_run_is_seen_by_the_account_that_started_it(service: ServiceUnderTest) -> None:
    registry = Registry(service)
    organization_id = await registry.organization()
    run_id = (await registry.upload(organization_id, xlsx([row(1)]))).json()["id"]
    assert (await service.client.get(f"/runs/{run_id}", headers=registry.office(organization_id))).status_code == 200
    another = service.tokens.headers(Role.REGION_ADMIN, account_id=new_id())
    assert (await service.client.get(f"/runs/{run_id}", headers=another)).status_code == 404
