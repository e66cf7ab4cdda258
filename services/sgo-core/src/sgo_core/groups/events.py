"""Groups as contract events."""

from asu_contracts.core import ClassType, GroupChanged, GroupKind, GroupOrientation, PlanType, StayMode
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
        letter=group.letter,
        class_type=None if group.class_type is None else ClassType(group.class_type),
        plan_type=None if group.plan_type is None else PlanType(group.plan_type),
        profile=group.profile,
        combined_set=group.combined_set,
        orientation=None if group.orientation is None else GroupOrientation(group.orientation),
        disorder=group.disorder,
        stay_mode=None if group.stay_mode is None else StayMode(group.stay_mode),
        programme_id=group.programme_id,
        shift=group.shift,
    )
