"""Groups as contract events."""

from asu_contracts.core import GroupChanged, GroupKind
from sgo_core.groups.model import StudyGroup


def group_changed(group: StudyGroup) -> GroupChanged:
    """The current state of a class or group."""
    return GroupChanged(
        group_id=group.id,
        organization_id=group.organization_id,
        academic_year=group.academic_year,
        kind=GroupKind(group.kind),
        name=group.name,
        grade=group.grade,
        age_from=group.age_from,
        age_to=group.age_to,
        capacity=group.capacity,
        occupied=group.occupied,
        starts_on=group.starts_on,
        ends_on=group.ends_on,
        active=group.active,
    )
