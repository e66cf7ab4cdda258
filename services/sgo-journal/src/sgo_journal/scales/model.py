"""Scales of marks: which values a journal may hold, what each counts."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Numeric,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import Base

FIVE_POINTS = 1
"""The scale a journal has unless told otherwise."""
UNMARKED = 3
"""The scale without values: of the first grade, and of what is taught without marks."""


class Scale(Base):
    """A scale of the region, or (``organization_id``) of one organization."""

    __tablename__ = "scale"
    __table_args__ = (UniqueConstraint("organization_id", "title", postgresql_nulls_not_distinct=True),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    organization_id: Mapped[UUID | None]
    title: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default=text("1"))


class ScaleValue(Base):
    """A value of a scale: ``code`` in the API, ``sign`` in the journal's cell.

    ``points``: what it counts in a mean, none if it does not. ``grade``: what it stands for among 1 to 5, none if nothing; marks
    of different scales are compared by it. ``debt``: work that was required and not handed in («точка»); whether a value is one never
    changes, marks keep it.
    """

    __tablename__ = "scale_value"
    __table_args__ = (
        UniqueConstraint("scale_id", "code", "debt", name="uq_scale_value_debt"),
        CheckConstraint("code ~ '^[0-9a-z_]{1,20}$'", name="code"),
        CheckConstraint("length(sign) BETWEEN 1 AND 5", name="sign"),
        CheckConstraint("points BETWEEN 0 AND 100", name="points"),
        CheckConstraint("grade BETWEEN 1 AND 5", name="grade"),
    )

    scale_id: Mapped[int] = mapped_column(ForeignKey("scale.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    sign: Mapped[str]
    title: Mapped[str]
    position: Mapped[int]
    points: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    grade: Mapped[int | None] = mapped_column(SmallInteger)
    debt: Mapped[bool] = mapped_column(server_default=text("false"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class ScaleConversion(Base):
    """How an organization counts marks of one scale where another is used; the marks themselves stay as they were set."""

    __tablename__ = "scale_conversion"
    __table_args__ = (CheckConstraint("from_scale_id <> to_scale_id", name="two_scales"),)

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    from_scale_id: Mapped[int] = mapped_column(
        ForeignKey("scale.id", name="fk_scale_conversion_from"), primary_key=True, autoincrement=False
    )
    to_scale_id: Mapped[int] = mapped_column(
        ForeignKey("scale.id", name="fk_scale_conversion_to"), primary_key=True, autoincrement=False
    )
    version: Mapped[int]


class ScaleConversionValue(Base):
    """What a value counts as; ``to_code`` none: as nothing."""

    __tablename__ = "scale_conversion_value"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "from_scale_id", "to_scale_id"],
            [f"scale_conversion.{name}" for name in ("organization_id", "from_scale_id", "to_scale_id")],
            name="fk_scale_conversion_value_scale_conversion",
        ),
        ForeignKeyConstraint(
            ["from_scale_id", "from_code"],
            ["scale_value.scale_id", "scale_value.code"],
            name="fk_scale_conversion_value_from",
        ),
        ForeignKeyConstraint(
            ["to_scale_id", "to_code"],
            ["scale_value.scale_id", "scale_value.code"],
            name="fk_scale_conversion_value_to",
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    from_scale_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    to_scale_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    from_code: Mapped[str] = mapped_column(primary_key=True)
    to_code: Mapped[str | None]
