"""What the tests of counted reports count."""

import pytest_asyncio

from ..factories import Region, Reporting
from .telling import Told


@pytest_asyncio.fixture
async def told(reporting: Reporting, region: Region) -> Told:
    found = Told(reporting, region)
    await found.everything()
    return found
