"""A student's way from one organization to another (orders № 240 for schools, № 862 for preschools)."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded

OPEN = ("asked", "agreed", "released", "declined")
ON_THE_WAY = ("released", "declined")
"""Released by one organization and not accepted by another."""
RETURNED = "returned"
"""Why a transfer is closed whose student the sender itself enrolled again."""
_OPEN = "state IN ('asked', 'agreed', 'released', 'declined')"


class Transfer(Recorded, Base):
    """One transfer: asked, agreed by the receiver, released by the sender's order, accepted by the receiver's.

    ``declined``: the receiver does not take the student after the release; ``closed``: the student went elsewhere instead, or the
    sender enrolled it again (``return_order_id``).
    ``wish`` is the class or profile asked for, ``group_id`` the one the receiver offers. ``released_on`` and ``accepted_on`` are
    the days the orders take effect. ``due_on`` is the last day of the step that is awaited now.
    """

    belongs_to = ("student_id",)

    __tablename__ = "transfer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["to_organization_id", "group_id"],
            ["study_group.organization_id", "study_group.id"],
            name="fk_transfer_group",
        ),
        ForeignKeyConstraint(
            ["from_organization_id", "release_order_id"],
            ["movement_order.organization_id", "movement_order.id"],
            name="fk_transfer_release_order",
        ),
        ForeignKeyConstraint(
            ["to_organization_id", "acceptance_order_id"],
            ["movement_order.organization_id", "movement_order.id"],
            name="fk_transfer_acceptance_order",
        ),
        ForeignKeyConstraint(
            ["from_organization_id", "return_order_id"],
            ["movement_order.organization_id", "movement_order.id"],
            name="fk_transfer_return_order",
        ),
        Index("uq_transfer_open", "student_id", unique=True, postgresql_where=text(_OPEN)),
        Index("ix_transfer_student_id", "student_id", "id"),
        Index("ix_transfer_from", "from_organization_id", "id"),
        Index("ix_transfer_to", "to_organization_id", "id"),
        Index("ix_transfer_due", "due_on", "id", postgresql_where=text("due_on IS NOT NULL")),
        CheckConstraint("from_organization_id <> to_organization_id", name="two_organizations"),
        CheckConstraint("asked_by IN ('sender', 'receiver')", name="asked_by"),
        CheckConstraint(
            "state IN ('asked', 'agreed', 'released', 'declined', 'accepted', 'refused', 'withdrawn', 'closed')",
            name="state",
        ),
        CheckConstraint("state IN ('asked', 'refused', 'withdrawn') OR agreed_on IS NOT NULL", name="agreed"),
        CheckConstraint(
            "(release_order_id IS NOT NULL) = (state IN ('released', 'declined', 'accepted', 'closed')) "
            "AND (release_order_id IS NULL) = (released_on IS NULL)",
            name="released",
        ),
        CheckConstraint(
            "(acceptance_order_id IS NOT NULL) = (state = 'accepted') "
            "AND (acceptance_order_id IS NULL) = (accepted_on IS NULL) AND accepted_on >= released_on",
            name="accepted",
        ),
        CheckConstraint(
            f"(return_order_id IS NOT NULL) = (state = 'closed' AND end_reason = '{RETURNED}')", name="returned"
        ),
        CheckConstraint(
            "file_handed_to IN ('family', 'organization') AND file_received_on >= file_handed_on "
            "AND (file_handed_on IS NULL) = (file_handed_to IS NULL) "
            "AND (file_received_on IS NULL OR file_handed_on IS NOT NULL)",
            name="file",
        ),
        CheckConstraint(
            "(end_reason IS NOT NULL) = (state IN ('declined', 'refused', 'withdrawn', 'closed'))", name="ended"
        ),
        CheckConstraint("notice_on IS NULL OR state = 'accepted'", name="notice"),
        CheckConstraint(
            f"(due_on IS NOT NULL) = ({_OPEN} OR (state = 'accepted' AND notice_on IS NULL))",
            name="due",
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    from_organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    to_organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    asked_by: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    applied_on: Mapped[date] = mapped_column(Date)
    wish: Mapped[str | None] = mapped_column(Text)
    group_id: Mapped[UUID | None] = mapped_column(Uuid)
    agreed_on: Mapped[date | None] = mapped_column(Date)
    release_order_id: Mapped[UUID | None] = mapped_column(Uuid)
    released_on: Mapped[date | None] = mapped_column(Date)
    file_handed_on: Mapped[date | None] = mapped_column(Date)
    file_handed_to: Mapped[str | None] = mapped_column(Text)
    file_received_on: Mapped[date | None] = mapped_column(Date)
    acceptance_order_id: Mapped[UUID | None] = mapped_column(Uuid)
    accepted_on: Mapped[date | None] = mapped_column(Date)
    return_order_id: Mapped[UUID | None] = mapped_column(Uuid)
    notice_on: Mapped[date | None] = mapped_column(Date)
    end_reason: Mapped[str | None] = mapped_column(Text)
    remark: Mapped[str | None] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(Date)

    @property
    def awaits(self) -> str | None:
        """Whose step is next."""
        match self.state:
            case "asked":
                return "receiver"
            case "agreed" | "declined":
                return "sender"
            case "released":
                return "sender" if self.file_handed_on is None else "receiver"
            case "accepted" if self.notice_on is None:
                return "receiver"
        return None
