"""What learners are counted by."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from asu_contracts.core import StudentStatisticsChanged, StudyFormChanged
from reporting.facts.model import learner, study_form
from reporting.facts.projection import DayOf, Projection
from reporting.facts.versions import NEVER, Valid, Version, after, dated, in_force, stated
from reporting.ingest.told import Told


def _learner(_: UUID, told: Sequence[Told[StudentStatisticsChanged]], day_of: DayOf) -> Iterable[Version]:
    """Birth and sex are no matter of time: what is known last was always so. The rest changes, and conclusions run out."""

    def values(state: StudentStatisticsChanged, newest: StudentStatisticsChanged, day: date) -> tuple[Any, ...]:
        limited = state.special_needs is not None and in_force(state.special_needs_until, day)
        return (
            newest.birth_date,
            newest.sex.value,
            state.citizenship,
            state.second_citizenship,
            _language(state.native_language),
            _language(state.instruction_language),
            json.dumps(sorted({one.casefold() for one in state.foreign_languages}), ensure_ascii=False),
            state.special_needs.value if state.special_needs is not None and limited else None,
            state.adapted_programme if limited else None,
            state.disability and in_force(state.disability_until, day),
            state.extended_day,
            state.boarding,
            state.distance_learning,
        )

    return dated(told, day_of, values, turns=lambda state, _: after(state.special_needs_until, state.disability_until))


def _language(name: str | None) -> str | None:
    """Offices write it with a capital or without."""
    return None if name is None else name.casefold()


def _study_form(_: UUID, told: Sequence[Told[StudyFormChanged]], _day_of: DayOf) -> Iterable[Version]:
    def valid(state: StudyFormChanged) -> Valid | None:
        days = (state.valid_from, state.valid_to or NEVER)
        values = (state.organization_id, state.statistical_id, state.kind.value)
        return Valid(days, values) if days[0] < days[1] else None

    return stated(told, valid)


LEARNERS = Projection(
    table=learner,
    event=StudentStatisticsChanged,
    key=("statistical_id",),
    subjects=lambda state: (state.statistical_id,),
    keys=lambda subject, _: (subject,),
    versions=_learner,
)
STUDY_FORMS = Projection(
    table=study_form,
    event=StudyFormChanged,
    key=("id",),
    subjects=lambda state: (state.study_form_id,),
    keys=lambda subject, _: (subject,),
    versions=_study_form,
)
