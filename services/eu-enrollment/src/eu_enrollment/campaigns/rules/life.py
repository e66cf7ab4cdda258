"""What the rules say of an application's life: what changes do to its place in the queue, on which grounds it is refused, when it ends."""

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from eu_enrollment.campaigns.rules.law import Age, Code, Legal, MonthDay, Strict, day_of


class Changeable(StrEnum):
    """What of an application may be changed, by the names that its body has."""

    CHOICES = "choices"
    AGREE_OTHER = "agree_other"
    BENEFITS = "benefits"
    SIBLINGS_IN = "siblings_in"
    DESIRED_FROM = "desired_from"
    ADDRESS = "address"
    REPRESENTATIVES = "representatives"
    GROUP = "group"
    LANGUAGE = "language"
    TOGETHER_WITH = "together_with"
    APART_ALLOWED = "apart_allowed"


class Effect(StrEnum):
    """What a change does: the original date stays, or is lost to the day of the change, or the change is not taken."""

    KEEPS_DATE = "keeps_date"
    LOSES_DATE = "loses_date"
    REFUSED = "refused"


class ChangeRule(Strict):
    """A change of one field: its ``effect`` until the last day (of the year in which the academic year begins), and ``after`` it."""

    field: Changeable
    effect: Effect
    until: MonthDay | None = None
    after: Effect | None = None
    legal: Legal

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.until is None) != (self.after is None):
            raise ValueError(f"{self.field}: a last day, and what follows it, go together")
        return self

    def on(self, day: date, academic_year: int) -> Effect:
        """The effect on a day."""
        if self.until is None or self.after is None or day <= day_of(academic_year, self.until):
            return self.effect
        return self.after


class Ground(Strict):
    """A ground of refusal that the law knows. ``no_places``: only while no place is free for the child."""

    code: Code
    title: str
    no_places: bool = False
    legal: Legal

    def told(self, note: str | None) -> str:
        """The ground as a family reads it, with its act, and with what an operator adds."""
        said = f"{self.title} ({self.legal.act}, {self.legal.clause})"
        return said if note is None else f"{said}. {note}"


class Need(Strict):
    """Families confirm every year, between two days, that they still need a place; who was asked and does not is frozen.

    Asked are those who wait since before the first day. ``restored``: what coming back later does to the original date.
    """

    opens: MonthDay
    until: MonthDay
    restored: Effect = Effect.KEEPS_DATE
    legal: Legal

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until < self.opens:
            raise ValueError("the need is confirmed within one year")
        if self.restored is Effect.REFUSED:
            raise ValueError("who did not confirm its need may come back")
        return self

    def asks(self, day: date) -> bool:
        """Whether families are asked on a day."""
        return day_of(day.year, self.opens) <= day <= day_of(day.year, self.until)


class Leaving(Strict):
    """When an application that got no place ends: the child has passed ``age``; the academic year is over, where ``year_ends`` says so."""

    age: Age
    year_ends: MonthDay | None = None
    legal: Legal

    def over(self, academic_year: int, day: date) -> bool:
        """Whether the academic year is over."""
        return self.year_ends is not None and day > day_of(academic_year + 1, self.year_ends)

    def aged_out(self, born: date, day: date) -> bool:
        """Whether a child has passed the age."""
        return self.age.reached(born) < day


class Life(Strict):
    """Everything the rules say of the life of an application."""

    changes: tuple[ChangeRule, ...]
    grounds: tuple[Ground, ...] = Field(min_length=1)
    leaving: Leaving
    need: Need | None = None

    @model_validator(mode="after")
    def _once(self) -> Self:
        for values in ([rule.field for rule in self.changes], [ground.code for ground in self.grounds]):
            if len(values) != len(set(values)):
                raise ValueError("a change or a ground stands twice")
        return self

    def effect(self, field: Changeable, day: date, academic_year: int) -> Effect:
        """What a change of a field does on a day; what the rules do not name is not changed."""
        rule = next((rule for rule in self.changes if rule.field is field), None)
        return Effect.REFUSED if rule is None else rule.on(day, academic_year)

    def ground(self, code: str | None) -> Ground | None:
        """A ground by its code."""
        return next((ground for ground in self.grounds if ground.code == code), None)

    def told(self, code: str | None, note: str | None) -> str | None:
        """A ground as a family reads it; the note alone where there is none."""
        ground = self.ground(code)
        return note if ground is None else ground.told(note)
