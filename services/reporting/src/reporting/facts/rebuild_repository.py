"""SQL of a rebuild: tables beside the served ones, how far they are, whether they are equal, the exchange."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from reporting.facts.model import PARTITIONED, SCHEMA, TABLES
from reporting.metadata import metadata

NEXT = "facts_next"
_APPLICATION = "reporting_app"
_HALF = "('x' || left(md5(one::text), 16))::bit(64)::bigint::numeric"


async def prepare(connection: AsyncConnection) -> None:
    """Make the tables that are filled, unless an earlier attempt left them: it is gone on with."""
    if await connection.scalar(text("SELECT to_regnamespace(:name) IS NOT NULL"), {"name": NEXT}):
        return
    await connection.execute(text(f"CREATE SCHEMA {NEXT}"))
    beside = await connection.execution_options(schema_translate_map={SCHEMA: NEXT})
    await beside.run_sync(metadata.create_all, tables=TABLES, checkfirst=False)
    await connection.execute(text(f"GRANT USAGE ON SCHEMA {NEXT} TO {_APPLICATION}"))
    for table in TABLES:
        await connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {NEXT}.{table.name} TO {_APPLICATION}"))
    await connection.execute(text(f"CREATE TABLE {NEXT}.rebuilt (position bigint NOT NULL)"))
    await connection.execute(text(f"INSERT INTO {NEXT}.rebuilt VALUES (0)"))  # noqa: S608 - our own name


async def discard(connection: AsyncConnection) -> None:
    """Forget an earlier attempt."""
    await connection.execute(text(f"DROP SCHEMA IF EXISTS {NEXT} CASCADE"))


async def reached(session: AsyncSession) -> int:
    """Position of the last event the new tables know of."""
    return int(await session.scalar(text(f"SELECT position FROM {NEXT}.rebuilt")) or 0)  # noqa: S608 - our own name


async def reach(session: AsyncSession, position: int) -> None:
    """Note how far the new tables are, in the transaction that filled them."""
    await session.execute(text(f"UPDATE {NEXT}.rebuilt SET position = :position"), {"position": position})  # noqa: S608 - our own name


async def ensure_years(session: AsyncSession, years: Iterable[int]) -> None:
    """Partitions of the new tables."""
    for year in sorted(years):
        for table in PARTITIONED:
            await session.execute(
                text(
                    f"CREATE TABLE IF NOT EXISTS {NEXT}.{table.name}_p_{year} "
                    f"PARTITION OF {NEXT}.{table.name} FOR VALUES IN ({year})"
                )
            )


async def served_years(session: AsyncSession) -> list[int]:
    """Years that have partitions now: also those made ahead."""
    rows = await session.scalars(
        text(
            "SELECT DISTINCT substring(relname FROM '_p_([0-9]{4})$')::integer FROM pg_class "
            "WHERE relispartition AND relkind = 'r' AND relnamespace = CAST(:schema AS regnamespace)"
        ),
        {"schema": SCHEMA},
    )
    return list(rows)


async def checksum(session: AsyncSession, schema: str) -> dict[str, tuple[int, str]]:
    """Rows of each table and their checksum, whatever their order: the sum of the rows' MD5, halved to 64 bits."""
    found: dict[str, tuple[int, str]] = {}
    for table in TABLES:
        columns = ", ".join(_stable(column.name) for column in table.columns)
        rows = f"(SELECT {columns} FROM {schema}.{table.name}) AS one"  # noqa: S608 - names of our own tables
        statement = f"SELECT count(*), coalesce(sum({_HALF}), 0)::text FROM {rows}"  # noqa: S608 - as above
        count, total = (await session.execute(text(statement))).one()
        found[table.name] = (count, total)
    return found


def _stable(column: str) -> str:
    """Events of a subject are a set, kept in the order they came in."""
    return "(SELECT array_agg(id ORDER BY id) FROM unnest(event_ids) AS id)" if column == "event_ids" else column


async def exchange(session: AsyncSession) -> None:
    """Put the new tables in the place of the served ones."""
    await session.execute(text(f"DROP TABLE {NEXT}.rebuilt"))
    await session.execute(text(f"ALTER SCHEMA {SCHEMA} RENAME TO facts_old"))
    await session.execute(text(f"ALTER SCHEMA {NEXT} RENAME TO {SCHEMA}"))


async def remove_old(connection: AsyncConnection) -> None:
    """Drop what was served before, once nobody reads it."""
    await connection.execute(text("DROP SCHEMA IF EXISTS facts_old CASCADE"))
