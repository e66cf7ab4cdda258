import pytest
from kit_sample.service import PRODUCER

from servicekit.service import ServiceDefinition


@pytest.fixture(scope="session")
def definition() -> ServiceDefinition:
    return PRODUCER
