from datetime import UTC, datetime

import pytest
import pytest_asyncio

from servicekit.clock import FixedClock
from servicekit.service import ServiceDefinition
from servicekit.testing import ServiceUnderTest
from sgo_journal.bootstrap import SERVICE

from .factories import School


@pytest.fixture(scope="session")
def definition() -> ServiceDefinition:
    return SERVICE


@pytest.fixture(autouse=True)
def monday(request: pytest.FixtureRequest) -> None:
    """It is the Monday most lessons of the tests are on, at half past one in the night: in UTC it is still Sunday."""
    clock = FixedClock(datetime(2026, 9, 6, 22, 30, tzinfo=UTC))
    if "service" in request.fixturenames:
        request.getfixturevalue("service").runtime.clock = clock
    if "served" in request.fixturenames:
        request.getfixturevalue("served").service.runtime.clock = clock


@pytest_asyncio.fixture
async def school(service: ServiceUnderTest) -> School:
    return await School(service).open()
