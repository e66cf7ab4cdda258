"""Checks of an organization's cards against its papers by those above it (regulation 3.3, 3.4)."""

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Date, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class SampleCheck(Recorded, Base):
    """A sample of an organization's cards of a kind, drawn by a governing body; finished with a conclusion, then answered.

    ``drawn_in`` is the unit of the body (``acting.unit_key``): nobody but its people judges and concludes.
    The cards are the first ``size`` of ``population`` by the order of md5(``seed`` and the card's id): anybody can draw it again.
    """

    belongs_to = ("organization_id",)

    __tablename__ = "sample_check"
    __table_args__ = (
        Index("ix_sample_check_organization_id", "organization_id", "id"),
        CheckConstraint("card_kind IN ('worker', 'student', 'guardian')", name="card_kind"),
        CheckConstraint("size BETWEEN 1 AND 100 AND size <= population", name="size"),
        CheckConstraint("state IN ('drawn', 'finished', 'answered')", name="state"),
        CheckConstraint("(state = 'drawn') = (conclusion IS NULL)", name="finished"),
        CheckConstraint(
            "(state = 'answered') = (answer IS NOT NULL) AND (answer IS NULL) = (answered_on IS NULL)", name="answered"
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    card_kind: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    population: Mapped[int] = mapped_column(Integer)
    seed: Mapped[str] = mapped_column(Text)
    drawn_on: Mapped[date] = mapped_column(Date)
    drawn_by: Mapped[str] = mapped_column(Text)
    drawn_name: Mapped[str] = mapped_column(Text)
    drawn_in: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    conclusion: Mapped[str | None] = mapped_column(Text)
    mend_by: Mapped[date | None] = mapped_column(Date)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_on: Mapped[date | None] = mapped_column(Date)


class SampleCheckItem(Recorded, Base):
    """A card of a sample, and how it agrees with the papers: ``fields`` are those that differ."""

    belongs_to = ("check_id", "card_id")

    __tablename__ = "sample_check_item"
    __table_args__ = (
        UniqueConstraint("check_id", "card_id"),
        Index("ix_sample_check_item_card_id", "card_id"),
        CheckConstraint("verdict IN ('matches', 'differs', 'not_shown')", name="verdict"),
        CheckConstraint(
            "(verdict = 'differs') = (cardinality(fields) > 0) OR verdict IS NULL AND cardinality(fields) = 0",
            name="fields",
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    check_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("sample_check.id"))
    card_id: Mapped[UUID] = mapped_column(Uuid)
    verdict: Mapped[str | None] = mapped_column(Text)
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    remark: Mapped[str | None] = mapped_column(Text)
