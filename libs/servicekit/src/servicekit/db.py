"""Engine, naming of constraints, and what a database must be."""

from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_GRACE = 5
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def make_metadata() -> MetaData:
    """Metadata with the naming convention: every constraint has a name that an error handler can know."""
    return MetaData(naming_convention=NAMING)


def asyncpg_dsn(url: str) -> str:
    """Address in the form asyncpg itself takes."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


def create_engine(
    url: str, *, pool_size: int = 10, application_name: str = "asu", statement_seconds: int = 60
) -> AsyncEngine:
    """Async engine. Statements and waits are bounded, parameters never reach an error text.

    The server ends a statement after ``statement_seconds``; a server that does not answer is given up a little later.
    """
    return create_async_engine(
        asyncpg_dsn(url).replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=False,
        hide_parameters=True,
        connect_args={
            "timeout": 5,
            "command_timeout": statement_seconds + _GRACE,
            "server_settings": {
                "application_name": application_name,
                "timezone": "UTC",
                "lock_timeout": "5s",
                "statement_timeout": f"{statement_seconds}s",
                "idle_in_transaction_session_timeout": "120s",
            },
        },
    )


async def check_database(engine: AsyncEngine) -> None:
    """Raise ``RuntimeError`` if the database is not UTF-8 with a character type that knows Cyrillic.

    With ``LC_CTYPE C`` lower() and trigrams fail on Russian names.
    """
    async with engine.connect() as connection:
        row = (
            await connection.execute(
                text(
                    "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()"
                )
            )
        ).one()
    if row[0] != "UTF8" or row[1] in {"C", "POSIX"}:
        raise RuntimeError(f"database encoding {row[0]}, LC_CTYPE {row[1]}: UTF8 and C.UTF-8 are needed")
