"""What learners are counted by."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from asu_contracts.core import StudentStatisticsChanged, StudyFormChanged
from reporting.facts.model import learner, study_form
from reporting.facts.projection import DayOf, Projection
from reporting.facts.versions import NEVER, Valid, Version, dated, stated
from reporting.ingest.told import Told


def _learner(_: UUID, told: Sequence[Told[StudentStatisticsChanged]], day_of: DayOf) -> Iterable[Version]:
    """Birth and sex are no matter of time: what is known last was always so. Citizenship changes."""
    return dated(told, day_of, lambda state, newest: (newest.birth_date, str(newest.sex), state.citizenship))


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
