"""Teaching groups as contract events."""

from collections.abc import Sequence

from asu_contracts.core import TeachingGroupChanged, TeachingGroupKind, TeachingGroupMember
from sgo_core.subgroups.model import TeachingGroup, TeachingGroupStay


def teaching_group_changed(group: TeachingGroup, stays: Sequence[TeachingGroupStay]) -> TeachingGroupChanged:
    """The current state of a group with who is, was and will be in it; what never was is left out."""
    return TeachingGroupChanged(
        teaching_group_id=group.id,
        organization_id=group.organization_id,
        academic_year=group.academic_year,
        kind=TeachingGroupKind(group.kind),
        name=group.name,
        division_id=group.division_id,
        group_id=group.group_id,
        grade_from=group.grade_from,
        grade_to=group.grade_to,
        subject_ids=tuple(sorted(group.subject_ids)),
        starts_on=group.starts_on,
        ends_on=group.ends_on,
        active=group.active,
        members=tuple(
            TeachingGroupMember(student_id=one.student_id, valid_from=one.valid_from, valid_to=one.valid_to)
            for one in stays
            if one.valid_to is None or one.valid_to > one.valid_from
        ),
    )
