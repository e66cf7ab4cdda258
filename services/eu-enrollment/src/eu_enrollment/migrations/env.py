"""Alembic environment: the runtime's one, over the service's tables."""

from eu_enrollment.tables import metadata
from servicekit.migrations import run_env

run_env(metadata)
