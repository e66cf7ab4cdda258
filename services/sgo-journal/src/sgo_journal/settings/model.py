"""What an organization decides about its journals."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import Base


class JournalSettings(Base):
    """Settings of an organization; one without a row has those of ``settings.service.DEFAULTS``.

    ``edit_days``: for how many days after a lesson its teacher may write; none: until the period is closed.
    ``class_teacher_writes``: whether a class teacher may write in every journal of the class.
    ``five_from``, ``four_from``, ``three_from``: from which mean on that mark is suggested, below them «2»; ``least_marks``: with fewer
    of them in a period «not attested» is.
    ``debt_days``: for how many days after it is noted a debt («точка») may be closed in time, unless the teacher names another day;
    none: without a day. ``overdue_debts_count``: an overdue debt counts as «2» in every mean.
    """

    __tablename__ = "journal_settings"
    __table_args__ = (
        CheckConstraint("edit_days BETWEEN 0 AND 366", name="edit_days"),
        CheckConstraint(
            "5 >= five_from AND five_from > four_from AND four_from > three_from AND three_from > 0", name="thresholds"
        ),
        CheckConstraint("least_marks BETWEEN 1 AND 20", name="least_marks"),
        CheckConstraint("debt_days BETWEEN 1 AND 366", name="debt_days"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    edit_days: Mapped[int | None]
    class_teacher_writes: Mapped[bool]
    five_from: Mapped[Decimal] = mapped_column(Numeric(3, 2))
    four_from: Mapped[Decimal] = mapped_column(Numeric(3, 2))
    three_from: Mapped[Decimal] = mapped_column(Numeric(3, 2))
    least_marks: Mapped[int] = mapped_column(SmallInteger)
    debt_days: Mapped[int | None] = mapped_column(SmallInteger)
    overdue_debts_count: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int]
