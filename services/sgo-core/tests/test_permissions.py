"""Every route in every position, compared with its policy."""

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
    assert await check_routes(service, samples.MODULES[module]) == []


async def test_a_run_is_seen_by_the_account_that_started_it(service: ServiceUnderTest) -> None:
    registry = Registry(service)
    organization_id = await registry.organization()
    run_id = (await registry.upload(organization_id, xlsx([row(1)]))).json()["id"]
    assert (await service.client.get(f"/runs/{run_id}", headers=registry.office(organization_id))).status_code == 200
    another = service.tokens.headers(Role.REGION_ADMIN, account_id=new_id())
    assert (await service.client.get(f"/runs/{run_id}", headers=another)).status_code == 404
