"""Two cards found to be one person's: which lives on, what it took, which rows followed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class CardMerge(Recorded, Base):
    """A merge: the ``absorbed`` card's person lives on under the ``survivor``. Proposed where another side has to agree.

    ``organizations`` keep one of the cards; ``asked_id`` is the card that the proposer does not see, so that another person who
    does decides. ``fields`` are taken from the absorbed card though the survivor has them; ``taken`` are the survivor's columns
    that the merge changed. ``mistaken`` is the card whose СНИЛС is declared a mistake, and ``mistake`` why. The versions are
    those of the two cards' rows around the merge: their former states stand in the history.
    """

    belongs_to = ("survivor_id", "absorbed_id")

    __tablename__ = "card_merge"
    __table_args__ = (
        Index("uq_card_merge_absorbed", "absorbed_id", unique=True, postgresql_where=text("state = 'done'")),
        Index(
            "uq_card_merge_proposed",
            "survivor_id",
            "absorbed_id",
            unique=True,
            postgresql_where=text("state = 'proposed'"),
        ),
        Index("ix_card_merge_survivor_id", "survivor_id"),
        Index("ix_card_merge_absorbed_id", "absorbed_id"),
        Index("ix_card_merge_organizations", "organizations", postgresql_using="gin"),
        CheckConstraint("kind IN ('student', 'guardian', 'worker')", name="kind"),
        CheckConstraint("state IN ('proposed', 'done', 'rejected', 'undone')", name="state"),
        CheckConstraint("survivor_id <> absorbed_id", name="distinct"),
        CheckConstraint(
            "asked_id IS NULL OR state IN ('proposed', 'rejected') OR decided_by <> proposed_by", name="two_people"
        ),
        CheckConstraint("(state IN ('done', 'undone')) = (merged_at IS NOT NULL)", name="merged"),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone"),
        CheckConstraint(
            "mistaken IN ('survivor', 'absorbed') AND mistake IS NOT NULL OR num_nulls(mistaken, mistake) = 2",
            name="mistaken",
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    survivor_id: Mapped[UUID] = mapped_column(Uuid)
    absorbed_id: Mapped[UUID] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(Text)
    organizations: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    asked_id: Mapped[UUID | None] = mapped_column(Uuid)
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    mistaken: Mapped[str | None] = mapped_column(Text)
    mistake: Mapped[str | None] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    merged_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    taken: Mapped[list[str]] = mapped_column(ARRAY(Text))
    survivor_before: Mapped[int | None] = mapped_column(Integer)
    survivor_after: Mapped[int | None] = mapped_column(Integer)
    absorbed_before: Mapped[int | None] = mapped_column(Integer)


class CardMergeRow(Base):
    """A row that a merge changed: ``name`` is the column that names the card, ``key`` the row's primary key as text.

    The row followed the absorbed card to the survivor; or, where the survivor had the same already, it stayed and was ended:
    then ``name`` is ``valid_to`` and ``was`` what stood there, or ``active``, whatever card the row names: it is turned round. Or the
    two were made one: ``name`` is then a column that the survivor's row took from the other, and a row that says nothing went the
    other way.
    """

    __tablename__ = "card_merge_row"

    merge_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("card_merge.id"), primary_key=True)
    relation: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[list[str]] = mapped_column(ARRAY(Text), primary_key=True)
    was: Mapped[date | None] = mapped_column(Date)
