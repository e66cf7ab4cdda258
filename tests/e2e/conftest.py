from collections.abc import Iterator
from pathlib import Path

import pytest
from system import journeys
from system.traces import Collector, collecting

from devstack.stack import Stack, running_stack

INSTANCE = "e2e"


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    with collecting() as made:
        yield made


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return journeys.generate(tmp_path_factory.mktemp("region"))


@pytest.fixture
def stack(collector: Collector) -> Iterator[Stack]:
    made = Stack(INSTANCE, environment={"ASU_OTLP_ENDPOINT": collector.url})
    made.reset()
    with running_stack(made) as running:
        yield running
