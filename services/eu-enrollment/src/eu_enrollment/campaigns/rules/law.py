"""What every rule is made of: its legal reference, ages, days of a year, terms."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from servicekit.workdays import add_workdays


class Strict(BaseModel):
    """A part of a rule set: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Legal(Strict):
    """Where a rule comes from; ``confirm`` says what the authority has yet to confirm."""

    act: str
    clause: str
    confirm: str | None = None


def _month_day(value: str) -> str:
    date.fromisoformat(f"2001-{value}")
    return value


MonthDay = Annotated[str, AfterValidator(_month_day)]
"""A day of any year, ``MM-DD``."""
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


def day_of(year: int, month_day: str) -> date:
    """A day of a year."""
    return date.fromisoformat(f"{year}-{month_day}")


class Age(Strict):
    """An age in full years and months."""

    years: int = Field(ge=0, le=18)
    months: int = Field(ge=0, le=11)

    def reached(self, born: date) -> date:
        """The day on which someone born on ``born`` reaches this age (29 February counts as 1 March)."""
        months = born.month - 1 + self.months
        year, month = born.year + self.years + months // 12, months % 12 + 1
        try:
            return date(year, month, born.day)
        except ValueError:
            return date(year + month // 12, month % 12 + 1, 1)


def full_years(born: date, day: date) -> int:
    """Full years of age on ``day``; negative when born after it."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class DayUnit(StrEnum):
    """How the days of a term are counted."""

    WORKING = "working"
    CALENDAR = "calendar"


class Term(Strict):
    """A term of the law: so many days, counted from the next one (Civil Code, article 191)."""

    days: int = Field(ge=1, le=366)
    unit: DayUnit
    legal: Legal

    def last_day(self, start: date) -> date:
        """The last day of the term that runs from ``start``; working days by the production calendar."""
        return add_workdays(start, self.days) if self.unit is DayUnit.WORKING else start + timedelta(days=self.days)


class Terms(Strict):
    """Terms of the service. One that is ``None`` has no step in campaigns of this kind.

    ``registration_check``: answer to an application; ``documents``: the family brings what was asked for; ``referral_answer``: the
    family answers a referral; ``contract``: it is signed; ``admission_order``: the act after the contract, or after application
    and documents; ``foreign_check``: whether a foreign child's application is complete; ``foreign_test``: the child shows up for
    the test of Russian; ``notify_origin``: the receiving organization tells the one that was left; ``lapse_warning``: so long before
    a right ends its family is told.
    """

    registration_check: Term
    documents: Term
    referral_answer: Term
    admission_order: Term
    contract: Term | None = None
    foreign_check: Term | None = None
    foreign_test: Term | None = None
    notify_origin: Term | None = None
    lapse_warning: Term | None = None
