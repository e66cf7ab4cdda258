"""Five databases and their least-privilege roles, on whatever server was found."""

from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from devstack.errors import StackError
from servicekit.db import asyncpg_dsn
from servicekit.migrations import provision
from servicekit.migrations.provision import application, owner


def url_of(admin_url: str, role: str, password: str, database: str) -> str:
    """The server of ``admin_url`` seen by another role and database."""
    parts = urlsplit(asyncpg_dsn(admin_url))
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(("postgresql", f"{role}:{quote(password, safe='')}@{host}", f"/{database}", parts.query, ""))


async def answers(admin_url: str) -> bool:
    """Whether the server takes the superuser's connection."""
    try:
        connection = await asyncpg.connect(asyncpg_dsn(admin_url), timeout=3)
    except asyncpg.InvalidPasswordError:
        raise StackError("PostgreSQL не принимает пароль администратора") from None
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        return False
    await connection.close()
    return True


async def create(admin_url: str, passwords: dict[str, tuple[str, str]]) -> None:
    """Roles, databases, extensions. ``passwords``: owner's and application's by short name. Harmless to repeat."""
    connection = await asyncpg.connect(asyncpg_dsn(admin_url))
    try:
        for short, (owner_password, application_password) in passwords.items():
            await _role(connection, owner(short), owner_password)
            await _role(connection, application(short), application_password)
            await _database(connection, short)
    finally:
        await connection.close()
    for short in passwords:
        await _rights(admin_url, short)


async def _role(connection: "asyncpg.Connection[asyncpg.Record]", name: str, password: str) -> None:
    exists = await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", name)
    if not exists:
        await connection.execute(provision.create_role(name))
    await connection.execute(provision.set_password(name, password))


async def _database(connection: "asyncpg.Connection[asyncpg.Record]", short: str) -> None:
    row = await connection.fetchrow(
        "SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider = 'i' AS icu, "
        "pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = $1",
        short,
    )
    if row is None:
        for statement in provision.create_database(short):
            await connection.execute(statement)
    elif row["owner"] != owner(short):
        raise StackError(f"База данных «{short}» на сервере принадлежит другому владельцу: дайте адрес другого сервера")
    elif row["encoding"] != "UTF8" or not row["icu"]:
        raise StackError(f"База данных «{short}» уже есть на сервере, но создана не в UTF8 с локалью ICU")
    for statement in provision.close_database(short):
        await connection.execute(statement)


async def _rights(admin_url: str, short: str) -> None:
    parts = urlsplit(asyncpg_dsn(admin_url))
    connection = await asyncpg.connect(urlunsplit(parts._replace(path=f"/{short}")))
    try:
        for statement in provision.furnish_database(short):
            await connection.execute(statement)
    finally:
        await connection.close()
