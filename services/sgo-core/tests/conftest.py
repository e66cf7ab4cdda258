import pytest

from servicekit.service import ServiceDefinition
from sgo_core.bootstrap import SERVICE


@pytest.fixture(scope="session")
def definition() -> ServiceDefinition:
    return SERVICE
