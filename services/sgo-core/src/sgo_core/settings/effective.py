"""What a setting is for an organization on a day: its own value, else the region's, else the default of the registry."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol
from uuid import UUID

from sgo_core.settings.definition import SETTINGS

Origin = Literal["default", "region", "organization"]


class Dated(Protocol):
    """A value of a level from a day on; None: inherited again."""

    @property
    def name(self) -> str: ...
    @property
    def organization_id(self) -> UUID | None: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def value(self) -> Any: ...


@dataclass(frozen=True)
class Effective:
    """A value in force, where it comes from and since when it stands there."""

    value: Any
    origin: Origin
    valid_from: date | None


class Timeline:
    """Values of all days, to be asked about any of them."""

    def __init__(self, values: Iterable[Dated]) -> None:
        self._values: dict[tuple[str, UUID | None], list[tuple[date, Any]]] = defaultdict(list)
        for one in sorted(values, key=lambda one: one.valid_from):
            self._values[one.name, one.organization_id].append((one.valid_from, one.value))

    def at(self, name: str, organization_id: UUID | None, day: date) -> Effective:
        """The value for an organization, or for the region, on a day."""
        scopes: list[tuple[Origin, UUID | None]] = [("region", None)]
        if organization_id is not None:
            scopes.insert(0, ("organization", organization_id))
        for origin, scope in scopes:
            dated = self._values.get((name, scope), [])
            place = bisect_right(dated, day, key=lambda one: one[0])
            if place and dated[place - 1][1] is not None:
                return Effective(dated[place - 1][1], origin, dated[place - 1][0])
        return Effective(SETTINGS[name].default, "default", None)

    def turns(self, name: str, organization_id: UUID | None, first: date, last: date) -> list[tuple[date, Any]]:
        """The values over an interval of days, both included: from which day on each holds."""
        days = {first} | {
            day
            for scope in (None, organization_id)
            for day, _ in self._values.get((name, scope), [])
            if first < day <= last
        }
        found: list[tuple[date, Any]] = []
        for day in sorted(days):
            value = self.at(name, organization_id, day).value
            if not found or found[-1][1] != value:
                found.append((day, value))
        return found
