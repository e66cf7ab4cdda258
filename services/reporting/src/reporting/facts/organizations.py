"""Organizations and their classes and groups."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from asu_contracts.core import GroupChanged, OrganizationChanged
from reporting.facts.model import organization, study_group
from reporting.facts.projection import DayOf, Projection
from reporting.facts.versions import Version, dated
from reporting.ingest.told import Told


def _organization(_: UUID, told: Sequence[Told[OrganizationChanged]], day_of: DayOf) -> Iterable[Version]:
    def values(state: OrganizationChanged, _newest: OrganizationChanged, _day: date) -> tuple[Any, ...] | None:
        found = (state.kind.value, state.municipality, state.locality.value, state.founder_id, state.parent_id)
        return found if state.active else None

    return dated(told, day_of, values)


def _group(_: UUID, told: Sequence[Told[GroupChanged]], day_of: DayOf) -> Iterable[Version]:
    return dated(told, day_of, _described, lambda newest: (newest.starts_on, newest.ends_on))


def _described(state: GroupChanged, _newest: GroupChanged, _day: date) -> tuple[Any, ...] | None:
    if not state.active:
        return None
    return (
        state.kind.value,
        state.name,
        state.grade,
        _code(state.class_type),
        _code(state.plan_type),
        state.profile,
        state.combined_set,
        state.shift,
        state.age_from,
        state.age_to,
        _code(state.orientation),
        state.disorder,
        _code(state.stay_mode),
        state.programme_id,
        state.capacity,
    )


def _code(value: StrEnum | None) -> str | None:
    return None if value is None else value.value


ORGANIZATIONS = Projection(
    table=organization,
    event=OrganizationChanged,
    key=("id",),
    subjects=lambda state: (state.organization_id,),
    keys=lambda subject, _: (subject,),
    versions=_organization,
)
GROUPS = Projection(
    table=study_group,
    event=GroupChanged,
    key=("organization_id", "academic_year", "id"),
    subjects=lambda state: (state.group_id,),
    keys=lambda subject, state: (state.organization_id, state.academic_year, subject),
    versions=_group,
    years=lambda state: {state.academic_year},
)
