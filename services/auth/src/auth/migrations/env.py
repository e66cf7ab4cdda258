"""Alembic environment: the runtime's one, over the service's tables."""

from auth.bootstrap import METADATA
from servicekit.migrations import run_env

run_env(METADATA)
