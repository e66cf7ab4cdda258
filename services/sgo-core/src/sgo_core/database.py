"""The one metadata of this service's tables: each slice declares its own on it."""

from sqlalchemy.orm import DeclarativeBase

from servicekit.db import make_metadata
from servicekit.outward.model import attach


class Base(DeclarativeBase):
    """Base of the slices' models."""

    metadata = make_metadata()


attach(Base.metadata)
