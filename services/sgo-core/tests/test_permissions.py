"""Every route in every position, compared with its policy."""

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from servicekit.testing.matrix import check_matrix

from . import samples
from .world import Registry, row, xlsx


async def test_rights(service: ServiceUnderTest) -> None:
    assert await check_matrix(service, samples.ALL) == []


async def test_a_run_is_seen_by_the_account_that_started_it(service: ServiceUnderTest) -> None:
    registry = Registry(service)
    organization_id = await registry.organization()
    run_id = (await registry.upload(organization_id, xlsx([row(1)]))).json()["id"]
    assert (await service.client.get(f"/runs/{run_id}", headers=registry.office(organization_id))).status_code == 200
    another = service.tokens.headers(Role.REGION_ADMIN, account_id=new_id())
    assert (await service.client.get(f"/runs/{run_id}", headers=another)).status_code == 404
