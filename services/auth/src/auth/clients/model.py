"""A machine client, such as the regional portal."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from auth.base import Base


class Client(Base):
    """Who gets tokens by its own credentials until it is ended; what it did elsewhere is under its id, whatever its secret.

    The secret is kept as a keyed hash. ``access_version`` counts the cut-offs and is the version of their event.
    """

    __tablename__ = "client"
    __table_args__ = (
        CheckConstraint("role = 'portal'", name="role"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL) AND ended_at >= created_at", name="ended"),
        CheckConstraint("(access_version = 0) = (tokens_not_before IS NULL)", name="cut_off"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    access_version: Mapped[int] = mapped_column(BigInteger)
    tokens_not_before: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
