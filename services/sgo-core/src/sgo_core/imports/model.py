"""What an import has done, part by part, and the columns a user matched by hand."""

from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base


class ImportPart(Base):
    """Rows of a run carried out in one transaction: a run cut short goes on after its last part.

    ``refused`` holds what was wrong: row, column, code, title, never a value.
    """

    __tablename__ = "import_part"

    run_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    created: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    changed: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    unchanged: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    refused: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class ColumnMatch(Base):
    """Titles of a user's own tables matched to the columns of a kind; ``owner``: the organization or body that remembers them."""

    __tablename__ = "import_column_match"

    owner: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    matches: Mapped[dict[str, str]] = mapped_column(JSONB)
