"""Pytest plugin: session servers and per-test services.

A service's ``conftest.py`` defines ``definition`` (session scope, returns its ``ServiceDefinition``); then ``service`` is the
running service of a test and ``broker_vhost`` a virtual host of its own with every service's topology.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from servicekit.service import ServiceDefinition
from servicekit.testing.harness import ServiceUnderTest, Template
from servicekit.testing.servers import Broker, postgres_server, rabbitmq_server
from servicekit.testing.tokens import TokenFactory


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


@pytest.fixture(scope="session")
def tokens() -> TokenFactory:
    """Issuer of access tokens."""
    return TokenFactory()


@pytest.fixture(scope="session")
def template(postgres: str, definition: ServiceDefinition) -> Template:
    """The service's migrated database."""
    made = Template(postgres, definition)
    asyncio.run(made.create())
    made.migrate()
    return made


@pytest_asyncio.fixture
async def service(
    definition: ServiceDefinition, template: Template, tokens: TokenFactory, tmp_path: Path
) -> AsyncIterator[ServiceUnderTest]:
    """The service over a database of its own."""
    async with ServiceUnderTest.start(definition, template, tokens, tmp_path) as running:
        yield running
