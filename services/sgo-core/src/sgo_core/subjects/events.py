"""Subjects as contract events."""

from asu_contracts.core import SubjectChanged
from sgo_core.subjects.model import Subject


def subject_changed(subject: Subject) -> SubjectChanged:
    """The current state of a subject."""
    return SubjectChanged(
        subject_id=subject.id,
        organization_id=subject.organization_id,
        code=subject.code,
        title=subject.title,
        short_title=subject.short_title,
        area=subject.area,
        grade_from=subject.grade_from,
        grade_to=subject.grade_to,
        counts_as=subject.counts_as,
        valid_from=subject.valid_from,
        valid_to=subject.valid_to,
    )
