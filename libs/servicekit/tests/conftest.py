"""The sample service and its reader for all tests."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from kit_sample.pair import TOPOLOGIES, Side, side
from kit_sample.service import CONSUMER, PRODUCER, Recorder

from servicekit.service import ServiceDefinition
from servicekit.testing import Template
from servicekit.testing.servers import VirtualHost


@pytest.fixture(scope="session")
def definition() -> ServiceDefinition:
    return PRODUCER


@pytest.fixture(scope="module")
def reader_template(postgres: str) -> Template:
    made = Template(postgres, CONSUMER)
    asyncio.run(made.create())
    made.migrate()
    return made


@pytest.fixture
def host(virtual_host: Callable[..., VirtualHost]) -> VirtualHost:
    return virtual_host(TOPOLOGIES, wait_ms=50, delivery_limit=2)


@pytest_asyncio.fixture
async def producer(template: Template, host: VirtualHost, tmp_path: Path) -> AsyncIterator[Side]:
    async with side(PRODUCER, template, host, tmp_path) as made:
        yield made


@pytest_asyncio.fixture
async def reader(reader_template: Template, host: VirtualHost, tmp_path: Path) -> AsyncIterator[Side]:
    Recorder.failures.clear()
    Recorder.batches.clear()
    async with side(CONSUMER, reader_template, host, tmp_path) as made:
        yield made
