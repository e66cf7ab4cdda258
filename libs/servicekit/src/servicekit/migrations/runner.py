"""Runs a service's Alembic migrations from code: no alembic.ini, the address comes from the settings."""

import asyncio
from importlib.resources import files
from typing import Any

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from servicekit import tables
from servicekit.db import asyncpg_dsn
from servicekit.waiting import wait_for_database


def _config(package: str, url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files(package) / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def upgrade(package: str, url: str) -> None:
    """Bring the database at ``url`` (owner role) to the newest revision of ``package``'s migrations."""
    command.upgrade(_config(package, url), "head")


def check(package: str, url: str) -> None:
    """Raise if the models and the migrated database differ."""
    command.check(_config(package, url))


_PARTITION = "_p_"


def _include(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Partitions are made by a job, not by the models, and so are the copies of a foreign key that point at them."""
    if not reflected or compare_to is not None:
        return True
    if kind == "foreign_key_constraint":
        return _PARTITION not in item.referred_table.name
    return not (kind == "table" and name is not None and _PARTITION in name)


def _run(connection: Connection, metadata: MetaData) -> None:
    schemas = {None, *(table.schema for table in metadata.tables.values())}
    context.configure(
        connection=connection,
        target_metadata=[metadata, tables.metadata],
        include_schemas=len(schemas) > 1,
        include_name=lambda name, kind, _: kind != "schema" or name in schemas,
        include_object=_include,
        compare_server_default=False,
        transaction_per_migration=True,
    )
    connection.execute(text("SET lock_timeout = '4s'"))
    connection.execute(text("SET statement_timeout = '600s'"))
    connection.commit()
    with context.begin_transaction():
        context.run_migrations()


def run_env(metadata: MetaData) -> None:
    """Body of every service's ``migrations/env.py``."""
    url = context.config.attributes["url"]

    async def migrate() -> None:
        engine = create_async_engine(
            asyncpg_dsn(url).replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=pool.NullPool
        )
        await wait_for_database(engine)
        async with engine.connect() as connection:
            await connection.run_sync(_run, metadata)
        await engine.dispose()

    asyncio.run(migrate())
