"""What an administrator makes before a service's first migration: two roles, a database, its extensions.

One text for the tests, the local stack and the script of a first rollout (``deploy/k8s/prepare.py``). Names are fixed:
migrations grant to the application role by name.
"""

from collections.abc import Iterator, Mapping

EXTENSIONS = ("btree_gist", "pg_trgm")
LOCALE = "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'ru-RU' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"


def owner(short: str) -> str:
    """Role that owns the database and runs migrations."""
    return f"{short}_owner"


def application(short: str) -> str:
    """Role of the running processes: it may connect; migrations grant it tables."""
    return f"{short}_app"


def create_role(name: str) -> str:
    """A role that can do nothing yet."""
    return f'CREATE ROLE "{name}"'


def set_password(name: str, password: str) -> str:
    """Let the role sign in. Utility statements take no parameters: the password has no quotation marks."""
    if "'" in password or "\\" in password:
        raise ValueError("a password with a quotation mark or a backslash")
    return f"ALTER ROLE \"{name}\" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '{password}'"


def create_database(short: str) -> tuple[str, str]:
    """An empty database. An administrator that is no superuser may give it only to a role it belongs to."""
    return (
        f'GRANT "{owner(short)}" TO CURRENT_USER',
        f'CREATE DATABASE "{short}" OWNER "{owner(short)}" TEMPLATE template0 {LOCALE}',
    )


def close_database(short: str) -> tuple[str, str]:
    """Nobody connects but the two roles."""
    return (
        f'REVOKE ALL ON DATABASE "{short}" FROM PUBLIC',
        f'GRANT CONNECT ON DATABASE "{short}" TO "{application(short)}"',
    )


def furnish_database(short: str) -> tuple[str, ...]:
    """What is done inside the database."""
    return (
        f'ALTER SCHEMA public OWNER TO "{owner(short)}"',
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        *(f"CREATE EXTENSION IF NOT EXISTS {extension}" for extension in EXTENSIONS),
    )


def script(passwords: Mapping[str, tuple[str, str]]) -> str:
    """All of it for ``psql``, harmless to repeat. ``passwords``: owner's and application's by short name."""
    return "\n".join(("\\set ON_ERROR_STOP on", *_lines(passwords), ""))


def _lines(passwords: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    for short, (owner_password, application_password) in passwords.items():
        for name, password in ((owner(short), owner_password), (application(short), application_password)):
            yield _unless(f"FROM pg_roles WHERE rolname = '{name}'", create_role(name))
            yield f"{set_password(name, password)};"
        membership, create = create_database(short)
        yield f"{membership};"
        yield _unless(f"FROM pg_database WHERE datname = '{short}'", create)
        yield from (f"{statement};" for statement in close_database(short))
        yield f'\\connect "{short}"'
        yield from (f"{statement};" for statement in furnish_database(short))


def _unless(there: str, statement: str) -> str:
    """``psql`` executes what a query gives: here the statement, or nothing."""
    return f"SELECT $${statement}$$ WHERE NOT EXISTS (SELECT {there}) \\gexec"
