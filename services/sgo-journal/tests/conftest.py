import pytest
import pytest_asyncio

from servicekit.service import ServiceDefinition
from servicekit.testing import ServiceUnderTest
from sgo_journal.bootstrap import SERVICE

from .factories import School


@pytest.fixture(scope="session")
def definition() -> ServiceDefinition:
    return SERVICE


@pytest_asyncio.fixture
async def school(service: ServiceUnderTest) -> School:
    return await School(service).open()
