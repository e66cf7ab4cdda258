"""Base of the service's models. Slices refer to each other's tables by name only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid
from sqlalchemy.orm import DeclarativeBase

from servicekit.db import make_metadata


class Base(DeclarativeBase):
    """Declarative base with the naming convention and the column types used here."""

    metadata = make_metadata()
    type_annotation_map = {str: Text, UUID: Uuid, datetime: DateTime(timezone=True)}  # noqa: RUF012 - SQLAlchemy reads it from the class
