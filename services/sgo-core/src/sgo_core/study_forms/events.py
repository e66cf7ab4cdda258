"""Forms of study as contract events."""

from uuid import UUID

from asu_contracts.core import StudyFormChanged, StudyFormKind
from sgo_core.study_forms.model import StudyForm


def study_form_changed(form: StudyForm, statistical_id: UUID) -> StudyFormChanged:
    """How a student studies, from and to."""
    return StudyFormChanged(
        study_form_id=form.id,
        student_id=form.student_id,
        statistical_id=statistical_id,
        organization_id=form.organization_id,
        kind=StudyFormKind(form.kind),
        valid_from=form.valid_from,
        valid_to=form.valid_to,
    )
