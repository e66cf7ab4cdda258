"""Dates as the journal takes them in queries."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query

_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)

Day = Annotated[date, Query(ge=_FIRST, le=_LAST)]
"""A business date within the years a journal can be about."""

WEEK = timedelta(days=7)
