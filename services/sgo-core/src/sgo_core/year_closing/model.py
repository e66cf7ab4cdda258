"""The closing of an organization's academic year: its state, what becomes of each student, results of the year by subject."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded

_TAKEN_BACK_BY_TWO = (
    "state <> 'reversing' OR (reversal_orders IS NOT NULL AND reversal_coordinator_by IS NOT NULL "
    "AND reversal_administrator_by IS NOT NULL)"
)


class YearClosing(Recorded, Base):
    """How far an organization is with closing a year: draft, closing, closed, then opened (the next year is, for good).

    From closed, reversing leads back to draft.
    ``orders`` and ``reversal_orders``: number and date by what they order (promotion, graduation, departure), with the ids of the
    orders once they are entered. Two people, coordinator and administrator, confirm (App.2 3.1.2).
    """

    belongs_to = ("id", "organization_id")

    __tablename__ = "year_closing"
    __table_args__ = (
        UniqueConstraint("organization_id", "academic_year"),
        CheckConstraint("state IN ('draft', 'closing', 'closed', 'reversing', 'opened')", name="state"),
        CheckConstraint(
            "state = 'draft' OR (coordinator_by IS NOT NULL AND administrator_by IS NOT NULL)", name="confirmed"
        ),
        CheckConstraint("coordinator_by <> administrator_by", name="two_people"),
        CheckConstraint(_TAKEN_BACK_BY_TWO, name="reversal_confirmed"),
        CheckConstraint("reversal_coordinator_by <> reversal_administrator_by", name="reversal_two_people"),
        CheckConstraint("(state IN ('closed', 'reversing', 'opened')) = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint(
            "(state = 'opened') = (opened_at IS NOT NULL) AND (opened_at IS NULL) = (opened_by IS NULL)", name="opened"
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    academic_year: Mapped[int] = mapped_column(Integer, ForeignKey("academic_year.year"))
    state: Mapped[str] = mapped_column(Text)
    orders: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSONB)
    graduated_on: Mapped[date | None] = mapped_column(Date)
    coordinator_by: Mapped[str | None] = mapped_column(Text)
    administrator_by: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reversal_orders: Mapped[dict[str, dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    reversal_coordinator_by: Mapped[str | None] = mapped_column(Text)
    reversal_administrator_by: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    opened_by: Mapped[str | None] = mapped_column(Text)


class YearOutcome(Recorded, Base):
    """What becomes of one student at the end of the year, and why.

    Proposed until somebody has decided (``decided``); ``void`` when the student has left before the closing. ``movement_id`` is the line
    that carried it out. ``debts``: subjects of academic debt (273-FZ, article 58).
    """

    belongs_to = ("closing_id", "student_id")
    quiet = ("movement_id",)

    __tablename__ = "year_outcome"
    __table_args__ = (
        UniqueConstraint("closing_id", "student_id"),
        CheckConstraint(
            "outcome IN ('promoted', 'conditional', 'repeated', 'graduated', 'departed', 'on_leave')", name="outcome"
        ),
        CheckConstraint("outcome NOT IN ('graduated', 'departed') OR target_group_id IS NULL", name="target"),
        CheckConstraint("outcome <> 'conditional' OR (cardinality(debts) > 0 AND debts_due IS NOT NULL)", name="debts"),
        CheckConstraint(
            "(outcome = 'departed') = (departure_reason IS NOT NULL) AND (outcome = 'departed') = (leaves_on IS NOT NULL)",
            name="departure",
        ),
        Index(
            "ix_year_outcome_left",
            "closing_id",
            "outcome",
            "group_id",
            "id",
            postgresql_where=text("movement_id IS NULL AND NOT void"),
        ),
        Index("ix_year_outcome_student_id", "student_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    closing_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("year_closing.id"))
    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    placement_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("placement.id"))
    group_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("study_group.id"))
    outcome: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    debts: Mapped[list[str]] = mapped_column(ARRAY(Text))
    debts_due: Mapped[date | None] = mapped_column(Date)
    target_group_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("study_group.id"))
    departure_reason: Mapped[str | None] = mapped_column(Text)
    destination: Mapped[str | None] = mapped_column(Text)
    leaves_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Text)
    decided: Mapped[bool] = mapped_column(Boolean)
    void: Mapped[bool] = mapped_column(Boolean)
    movement_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("movement.id"))


MARKS = ("annual", "exam", "final")
"""Columns of marks, in the order of the alphabet."""

Told = Mapping[str, Mapping[str, Sequence[str | None]]]
"""What the journal says: column → id of the total → mark, sequence."""


def said_in(told: Told, name: str) -> str | None:
    """What the journal says of a mark. Of two of its subjects of one name the younger total's is taken."""
    said = [mark for _, (mark, _) in sorted(told.get(name, {}).items()) if mark is not None]
    return said[-1] if said else None


def unsaid(told: Told) -> dict[str, dict[str, tuple[str | None, str]]]:
    """What the journal of one organization says, as another's line keeps it: heard, without its marks."""
    return {
        name: {total: (None, str(sequence)) for total, (_, sequence) in said.items()} for name, said in told.items()
    }


class YearResult(Recorded, Base):
    """Final marks of a student in a subject: of the year, of the exam, final (for the certificate). ``subject_key`` compares names.

    ``entered`` names the marks that people entered, by hand or from a table: they stand whatever the journal says before or after. The
    others are the journal's, as they stood when the year was closed. ``told``: what it says of each, whoever the mark is by, of a closed
    year too: column → id of the total → mark, sequence.
    A row the journal made may come to have no mark (``is_blank``), or have none as its year is closed: it is nobody's, and the next
    organization takes it, without what the former's journal said (``unsaid``).
    """

    belongs_to = ("student_id",)
    quiet = ("told",)

    __tablename__ = "year_result"
    __table_args__ = (
        UniqueConstraint("student_id", "academic_year", "subject_key", deferrable=True),
        Index("ix_year_result_organization_id", "organization_id", "academic_year", "id"),
        CheckConstraint(
            "annual IN ('5', '4', '3', '2', 'з', 'нз', 'н/а', 'осв') AND exam IN ('5', '4', '3', '2', 'з', 'нз') "
            "AND final IN ('5', '4', '3', '2', 'з', 'нз', 'н/а', 'осв')",
            name="marks",
        ),
        CheckConstraint("source = 'journal' OR num_nonnulls(annual, exam, final) > 0", name="said"),
        CheckConstraint("entered <@ '{annual,exam,final}' AND (source = 'journal') = (entered = '{}')", name="entered"),
        CheckConstraint("source IN ('office', 'import', 'journal')", name="source"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    academic_year: Mapped[int] = mapped_column(Integer, ForeignKey("academic_year.year"))
    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    subject: Mapped[str] = mapped_column(Text)
    subject_key: Mapped[str] = mapped_column(Text)
    annual: Mapped[str | None] = mapped_column(Text)
    exam: Mapped[str | None] = mapped_column(Text)
    final: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    entered: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    told: Mapped[dict[str, dict[str, tuple[str | None, str]]]] = mapped_column(JSONB, server_default=text("'{}'"))

    @property
    def is_blank(self) -> bool:
        """Whether the row says nothing: the journal took away what it had said, and nobody entered anything."""
        return self.source == "journal" and self.annual is self.exam is self.final is None

    def in_journal(self, name: str) -> str | None:
        """What the journal says of a mark."""
        return said_in(self.told, name)

    @property
    def differs(self) -> dict[str, str | None]:
        """What the journal says of the marks that people entered otherwise."""
        return {
            name: self.in_journal(name)
            for name in sorted(self.entered)
            if name in self.told and self.in_journal(name) != getattr(self, name)
        }
