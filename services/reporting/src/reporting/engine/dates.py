"""Dates that a form fixes by rule: day of the snapshot, day ages are taken at, days of submission."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, PlainSerializer
from pydantic.dataclasses import dataclass

_RULE = re.compile(r"(?:\+(?P<years>[0-9]{1,2})y-)?(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class DateRule:
    """A day counted from the reporting year: ``+1y-01-01`` is 1 January of the year after it, ``09-20`` is in it."""

    years: int
    month: int
    day: int

    def of(self, year: int) -> date:
        """The day for a reporting year."""
        return date(year + self.years, self.month, self.day)

    def __str__(self) -> str:
        prefix = f"+{self.years}y-" if self.years else ""
        return f"{prefix}{self.month:02d}-{self.day:02d}"


def parse_date_rule(value: Any) -> Any:
    """Read the text form; anything that is not text goes on to pydantic. Raises ``ValueError`` on an impossible day."""
    if not isinstance(value, str):
        return value
    found = _RULE.fullmatch(value)
    if found is None:
        raise ValueError(f"not a date rule: {value!r}")
    rule = DateRule(years=int(found["years"] or 0), month=int(found["month"]), day=int(found["day"]))
    rule.of(2023)
    return rule


DateRuleText = Annotated[DateRule, BeforeValidator(parse_date_rule), PlainSerializer(str, return_type=str)]
"""A ``DateRule`` that a definition writes as text."""
