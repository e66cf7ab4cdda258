"""HTTP shapes of settings."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from asu_contracts.access import Role
from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.catalogue.values import Day
from sgo_core.settings.effective import Origin

Value = Annotated[
    Annotated[str, Field(max_length=100)] | int | bool | None,
    Field(title="Значение", description="Пусто: снова наследуется от вышестоящего уровня"),
]


class SettingOut(Body):
    """A setting: what it means and may be, its value on the day, where that comes from and whether the caller may set it."""

    name: str
    title: str
    type: Literal["choice", "integer", "flag"]
    options: Mapping[str, str] | None
    least: int | None
    most: int | None
    default: str | int | bool
    region: tuple[Role, ...]
    organization: tuple[Role, ...]
    value: str | int | bool
    origin: Origin
    valid_from: date | None


class SettingsOut(Body):
    """All settings of an organization, or of the region, on a day."""

    items: list[SettingOut]


class ValueIn(Body):
    """A value of the caller's level, the region's or the organization's, from a day on."""

    name: Line
    value: Value
    valid_from: Annotated[Day, Field(title="Действует с")]
    reason: Text


class ValuePatch(Body):
    """What to correct in a value, and why; one that is not active counts for nothing."""

    reason: Text
    value: Value = ABSENT
    active: bool = ABSENT


class ValueOut(Body):
    """A value of a level: it holds from a day on, until the next one."""

    id: UUID
    name: str
    organization_id: UUID | None
    valid_from: date
    value: str | int | bool | None
    active: bool
    version: int
