import pytest

from reporting.bootstrap import SERVICE
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
    return Reporting(service)
