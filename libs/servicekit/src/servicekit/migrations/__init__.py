"""Migrations of a service's database: Alembic run from code, with the runtime's own tables as building blocks."""

from servicekit.migrations.runner import check, run_env, upgrade

__all__ = ["check", "run_env", "upgrade"]
