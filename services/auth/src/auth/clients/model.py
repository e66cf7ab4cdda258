"""A machine client, such as the regional portal."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from auth.base import Base


class Client(Base):
    """Who gets tokens by its own credentials. The secret is kept as a keyed hash."""

    __tablename__ = "client"
    __table_args__ = (CheckConstraint("role = 'portal'", name="role"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
