"""How a student studies: the form, and what goes beside it."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class StudyForm(Recorded, Base):
    """A form of study over [valid_from, valid_to) by an order, one at a time; or what goes beside it.

    Beside: an individual plan, the network form (with whom), a temporary stay elsewhere (hospital, sanatorium, another organization).
    ``basis`` is the document behind the order, such as a medical conclusion. It rests on the main membership and ends with it (a
    trigger sees to it). ``told_version``: the version that others know.
    """

    belongs_to = ("student_id",)
    quiet = ("told_version",)

    __tablename__ = "study_form"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="interval"),
        ExcludeConstraint(
            ("student_id", "="),
            (func.daterange(text("valid_from"), text("valid_to")), "&&"),
            where=text(
                "kind IN ('full_time', 'part_time', 'extramural', 'at_home', 'family', 'self_education', 'external')"
            ),
            name="ex_study_form_one_form",
        ),
        ExcludeConstraint(
            ("student_id", "="),
            ("kind", "="),
            (func.daterange(text("valid_from"), text("valid_to")), "&&"),
            name="ex_study_form_once",
        ),
        Index("ix_study_form_organization_id", "organization_id", "id"),
        Index("ix_study_form_student_id", "student_id"),
        Index("ix_study_form_membership_id", "membership_id"),
        Index("ix_study_form_untold", "id", postgresql_where=text("told_version < version")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    student_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("student.id"))
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    membership_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("membership.id"))
    kind: Mapped[str] = mapped_column(Text)
    place_kind: Mapped[str | None] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(Text)
    basis: Mapped[str | None] = mapped_column(Text)
    order_number: Mapped[str] = mapped_column(Text)
    order_date: Mapped[date] = mapped_column(Date)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    told_version: Mapped[int] = mapped_column(Integer, server_default=text("0"))
