from datetime import UTC, datetime

import pytest

from reporting.bootstrap import SERVICE
from servicekit.clock import FixedClock
from servicekit.service import ServiceDefinition
from servicekit.testing import ServiceUnderTest

from .factories import Region, Reporting


@pytest.fixture(scope="session")
def definition() -> ServiceDefinition:
    return SERVICE


@pytest.fixture
def region() -> Region:
    return Region()


@pytest.fixture
def reporting(service: ServiceUnderTest) -> Reporting:
    """The service, a year after the days that the tests ask about."""
    service.runtime.clock = FixedClock(datetime(2028, 1, 10, tzinfo=UTC))
    return Reporting(service)
