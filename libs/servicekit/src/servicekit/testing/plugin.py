"""Pytest plugin: session servers and per-test services.

A service's ``conftest.py`` defines ``definition`` (session scope, returns its ``ServiceDefinition``); then ``service`` is the
running service of a test; ``virtual_host`` makes a broker's virtual host from topologies.
"""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
import uvloop
from hypothesis import HealthCheck, settings

from servicekit.ids import new_id
from servicekit.log import configure_logging
from servicekit.memory import settle
from servicekit.messaging import Topology
from servicekit.messaging.definitions import build
from servicekit.service import ServiceDefinition
from servicekit.testing.harness import ServiceUnderTest, Template
from servicekit.testing.servers import PASSWORD, Broker, VirtualHost, postgres_server, rabbitmq_server
from servicekit.testing.tokens import TokenFactory

if TYPE_CHECKING:
    from servicekit.testing.fuzz import Served


settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")  # a busy machine makes examples up slowly: that tells nothing of the code


def pytest_configure() -> None:
    """Set what every test runs on. What is imported stays: looking through it for garbage takes a quarter of the imports' time."""
    gc.disable()
    # The loop that the services run on, and a faster one. pytest-asyncio takes the policy that it finds: a fixture
    # `event_loop_policy` of a plugin loses to its own.
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())


def pytest_collection_finish() -> None:
    """No collection between tests walks what was imported."""
    settle()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _logging() -> None:
    configure_logging("tests", "pytest", "WARNING")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Superuser address of the session's PostgreSQL."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[Broker]:
    """The session's RabbitMQ."""
    with rabbitmq_server() as broker:
        yield broker


@pytest.fixture
def virtual_host(rabbitmq: Broker) -> Iterator[Callable[..., VirtualHost]]:
    """Makes virtual hosts of the test's own: ``virtual_host([topology, …], wait_ms=…, delivery_limit=…)``."""
    made: list[str] = []

    def make(topologies: Sequence[Topology], **options: int) -> VirtualHost:
        name = f"t{new_id().hex}"
        made.append(name)
        passwords = {topology.service: PASSWORD for topology in topologies}
        rabbitmq.define(build(topologies, passwords, name, **options))
        return VirtualHost(rabbitmq, name)

    yield make
    for name in made:
        rabbitmq.drop(name)


@pytest.fixture(scope="session")
def tokens() -> TokenFactory:
    """Issuer of access tokens."""
    return TokenFactory()


@pytest_asyncio.fixture(scope="session")
async def template(postgres: str, definition: ServiceDefinition) -> AsyncIterator[Template]:
    """The service's migrated database."""
    made = Template(postgres, definition)
    await made.create()
    await asyncio.to_thread(made.migrate)
    yield made
    await made.close()


@pytest.fixture(scope="session")
def extra_settings() -> Mapping[str, Any]:
    """Settings a service adds to those of every test: a ``conftest.py`` redefines it."""
    return {}


@pytest_asyncio.fixture
async def service(
    definition: ServiceDefinition,
    template: Template,
    tokens: TokenFactory,
    tmp_path: Path,
    extra_settings: Mapping[str, Any],
) -> AsyncIterator[ServiceUnderTest]:
    """The service over a database of its own."""
    async with ServiceUnderTest.start(definition, template, tokens, tmp_path, **extra_settings) as running:
        yield running


@pytest.fixture(scope="session")
def fuzz_examples() -> int:
    """Requests per operation and mode: few in every test run, many in ``make fuzz``."""
    return int(os.environ.get("ASU_FUZZ_EXAMPLES", "4"))


@pytest.fixture
def served(
    definition: ServiceDefinition,
    template: Template,
    tokens: TokenFactory,
    tmp_path: Path,
    extra_settings: Mapping[str, Any],
) -> Iterator["Served"]:
    """The service over real HTTP."""
    from servicekit.testing.fuzz import serving  # a heavy import, for the tests that need it

    with serving(definition, template, tokens, tmp_path, extra_settings) as running:
        yield running
