"""The metadata all slices' tables belong to, and the type of their rows."""

from typing import Any, TypeAlias

from sqlalchemy import Row

from servicekit.db import make_metadata

metadata = make_metadata()

Record: TypeAlias = Row[*tuple[Any, ...]]
"""A row of a Core statement; columns are read by name."""
