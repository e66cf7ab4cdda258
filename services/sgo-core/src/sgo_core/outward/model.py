"""What left the registry for the outside."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base


class OutwardExchange(Base):
    """A file as it was handed out, as other services are told of it. Never altered.

    Without ``organization_id``, ``municipality`` and ``founder_id`` it is of the region. ``size`` is in bytes, ``sha256`` in hex.
    """

    __tablename__ = "outward_exchange"
    __table_args__ = (
        CheckConstraint("kind IN ('package', 'table', 'whole')", name="kind"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint("size >= 0 AND persons >= 0", name="counts"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(Text)
    receiver: Mapped[str | None] = mapped_column(Text)
    basis: Mapped[str | None] = mapped_column(Text)
    organization_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("organization.id"))
    municipality: Mapped[str | None] = mapped_column(Text)
    founder_id: Mapped[UUID | None] = mapped_column(Uuid)
    persons: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    role: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
