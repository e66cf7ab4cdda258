"""Hours that are taught: the post they are taught in says whose they are."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from asu_contracts.core import LoadChanged
from reporting.facts.model import teaching_load
from reporting.facts.projection import DayOf, Projection
from reporting.facts.versions import Valid, Version, stated
from reporting.ingest.told import Told

_TENTH = Decimal("0.1")
"""As the table keeps them: what was just told and what was read again are alike."""


def _load(_: UUID, told: Sequence[Told[LoadChanged]], _day_of: DayOf) -> Iterable[Version]:
    return stated(told, _valid)


def _valid(state: LoadChanged) -> Valid | None:
    hours = Decimal(str(state.hours_week)).quantize(_TENTH)
    values = (state.employment_id, state.subject_title, state.grade, hours)
    days = (state.valid_from, state.valid_to)
    return Valid(days, values) if days[0] < days[1] else None


LOADS = Projection(
    table=teaching_load,
    event=LoadChanged,
    key=("organization_id", "academic_year", "id"),
    subjects=lambda state: (state.load_id,),
    keys=lambda subject, state: (state.organization_id, state.academic_year, subject),
    versions=_load,
    years=lambda state: {state.academic_year},
)
