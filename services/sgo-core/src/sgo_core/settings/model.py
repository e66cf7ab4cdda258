"""Values of settings, the region's and the organizations' own."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class SettingValue(Recorded, Base):
    """What a setting is from a day on, until the next value of the same scope; None: inherited again.

    ``organization_id`` is empty for the region's. One that is not ``active`` was set by mistake and counts for nothing.
    """

    __tablename__ = "setting_value"
    __table_args__ = (
        Index(
            "uq_setting_value_day",
            "name",
            "organization_id",
            "valid_from",
            unique=True,
            postgresql_where=text("active"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_setting_value_organization_id", "organization_id", "id"),
    )
    belongs_to = ("id", "organization_id")

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    organization_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("organization.id"))
    valid_from: Mapped[date] = mapped_column(Date)
    value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
