"""Five databases and their least-privilege roles, on whatever server was found."""

from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from devstack.errors import StackError
from servicekit.db import asyncpg_dsn

EXTENSIONS = ("btree_gist", "pg_trgm")


def owner(short: str) -> str:
    """Role that owns the database and runs migrations."""
    return f"{short}_owner"


def application(short: str) -> str:
    """Role of the running processes: it may connect; migrations grant it tables."""
    return f"{short}_app"


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
    # Passwords are hexadecimal (credentials.password): utility statements take no parameters.
    verb = "ALTER" if exists else "CREATE"
    await connection.execute(f"{verb} ROLE \"{name}\" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '{password}'")


async def _database(connection: "asyncpg.Connection[asyncpg.Record]", short: str) -> None:
    row = await connection.fetchrow(
        "SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider = 'i' AS icu, "
        "pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = $1",
        short,
    )
    if row is None:
        # An administrator that is no superuser may give a database only to a role it belongs to.
        await connection.execute(f'GRANT "{owner(short)}" TO CURRENT_USER')
        await connection.execute(
            f'CREATE DATABASE "{short}" OWNER "{owner(short)}" TEMPLATE template0 ENCODING \'UTF8\' '
            "LOCALE_PROVIDER icu ICU_LOCALE 'ru-RU' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        )
    elif row["owner"] != owner(short):
        raise StackError(f"База данных «{short}» на сервере принадлежит другому владельцу: дайте адрес другого сервера")
    elif row["encoding"] != "UTF8" or not row["icu"]:
        raise StackError(f"База данных «{short}» уже есть на сервере, но создана не в UTF8 с локалью ICU")
    await connection.execute(f'REVOKE ALL ON DATABASE "{short}" FROM PUBLIC')
    await connection.execute(f'GRANT CONNECT ON DATABASE "{short}" TO "{application(short)}"')


async def _rights(admin_url: str, short: str) -> None:
    parts = urlsplit(asyncpg_dsn(admin_url))
    connection = await asyncpg.connect(urlunsplit(parts._replace(path=f"/{short}")))
    try:
        await connection.execute(f'ALTER SCHEMA public OWNER TO "{owner(short)}"')
        await connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        for extension in EXTENSIONS:
            await connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    finally:
        await connection.close()
