"""Services for benches over the servers of the tests; a bench about writing asks for ``postgres_server(durable=True)``."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from servicekit.messaging import Topology
from servicekit.messaging.definitions import build
from servicekit.runtime import Runtime
from servicekit.service import ServiceDefinition
from servicekit.testing import Template
from servicekit.testing.harness import Database, settings_for_tests
from servicekit.testing.servers import PASSWORD, Broker, VirtualHost


async def migrated(postgres: str, definition: ServiceDefinition) -> Template:
    """A service's migrated database."""
    import asyncio

    template = Template(postgres, definition)
    await template.create()
    await asyncio.to_thread(template.migrate)
    return template


def virtual_host(broker: Broker, name: str, topologies: Sequence[Topology]) -> VirtualHost:
    """A virtual host with these topologies."""
    broker.define(build(topologies, {topology.service: PASSWORD for topology in topologies}, name))
    return VirtualHost(broker, name)


@dataclass(frozen=True)
class Running:
    """A service's runtime over a database of its own."""

    runtime: Runtime
    database: Database

    async def execute(self, statement: str, *arguments: object) -> None:
        """Run a statement as the superuser."""
        connection = await asyncpg.connect(self.database.owner_url)
        try:
            await connection.execute(statement, *arguments)
        finally:
            await connection.close()


@asynccontextmanager
async def running(
    definition: ServiceDefinition, template: Template, host: VirtualHost | None = None, process: str = "worker"
) -> AsyncIterator[Running]:
    """A runtime of one process of the service."""
    with TemporaryDirectory() as files:
        async with template.clone() as database:
            amqp = host.url(definition.service) if host else "amqp://127.0.0.1:1/none"
            runtime = definition.runtime(settings_for_tests(definition, database, Path(files), amqp_url=amqp), process)
            try:
                yield Running(runtime, database)
            finally:
                await runtime.close()
