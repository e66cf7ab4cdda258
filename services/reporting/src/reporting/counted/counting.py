"""What a report is counted with: the unit's organizations, the days asked for, and SQL over facts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Row, bindparam, cast, text
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.counted.parameters import Asked
from reporting.days import academic_year
from reporting.facts.sources import VERSIONS, as_of, believed


def _of_alias(condition: ColumnElement[bool]) -> str:
    return str(condition).replace("versions.", "{0}.")


KNOWN = _of_alias(believed(VERSIONS))
"""What of a table of versions, by its alias, is known: now or, where the report is asked so, was known at an instant."""
HELD = _of_alias(as_of(VERSIONS, cast(bindparam("day"), Date)))
"""What of a table of versions, by its alias, holds on the day as far as is known."""
IN_YEARS = "{0}.academic_year BETWEEN CAST(:first_year AS integer) AND CAST(:last_year AS integer)"
"""What of a table by academic years, by its alias, is of those of the period: the partitions of others are not read."""
OURS = "{0}.organization_id = ANY(CAST(:organizations AS uuid[]))"
"""What is of the unit's organizations, by the table's alias."""
_KNOWN = re.compile(re.escape(KNOWN).replace(re.escape("{0}"), r"(\w+)"))
_KNOWN_AT = r"(\1.known_from <= CAST(:known_at AS timestamptz) AND \1.known_to > CAST(:known_at AS timestamptz))"
"""Another statement, not a parameter: what is known now has indexes of its own."""


@dataclass(frozen=True)
class Counting:
    """A report being counted.

    ``organizations`` are those of the unit that the caller sees; ``municipality`` is None where they are not all of one;
    ``known_on``: the last day of which anything may have been known; ``single``: the unit is an organization; ``whole``: applications
    without a place are the unit's too; ``health``: the caller reads what is counted of health; ``today``: the day it is
    asked, or was asked as of.
    """

    session: AsyncSession
    asked: Asked
    organizations: Sequence[UUID]
    municipality: str | None
    known_on: date
    single: bool
    whole: bool
    health: bool
    today: date
    zone: str

    async def rows(self, sql: str, **more: Any) -> Sequence[Row[Any]]:
        """Rows of a statement.

        It takes what it needs of the unit (organizations, municipality, whole), days, their academic years, instant, today, zone.
        """
        given = {
            "organizations": list(self.organizations),
            "municipality": self.municipality,
            "whole": self.whole,
            "day": self.asked.day,
            "since": self.asked.since,
            "until": self.asked.until,
            "first_year": academic_year(self.asked.since),
            "last_year": academic_year(self.asked.until),
            "today": self.today,
            "known_at": self.asked.known_at,
            "known_on": self.known_on,
            "zone": self.zone,
            **more,
        }
        statement = text(sql if self.asked.known_at is None else _KNOWN.sub(_KNOWN_AT, sql))
        taken = statement.compile().params.keys()
        return (await self.session.execute(statement, {name: given[name] for name in taken})).all()


def percent(part: float, whole: float) -> float | None:
    """A share in percent, with one decimal; none of nothing."""
    return round(100 * part / whole, 1) if whole else None
