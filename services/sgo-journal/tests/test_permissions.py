"""Every route in every position, compared with its policy."""

import pytest

from servicekit.testing import ServiceUnderTest
from servicekit.testing.matrix import check_routes, missing_samples

from . import samples


def test_every_route_has_a_sample(service: ServiceUnderTest) -> None:
    assert missing_samples(service, samples.ALL) == []


@pytest.mark.parametrize("module", samples.MODULES)
async def test_rights(service: ServiceUnderTest, module: str) -> None:
    assert await check_routes(service, samples.MODULES[module]) == []
