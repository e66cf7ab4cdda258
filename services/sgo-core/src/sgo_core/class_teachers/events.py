"""Class teachers as contract events."""

from asu_contracts.core import GroupTeacherChanged, GroupTeacherRole
from sgo_core.class_teachers.model import GroupTeacher


def group_teacher_changed(one: GroupTeacher) -> GroupTeacherChanged:
    """Who leads which group, from and to."""
    return GroupTeacherChanged(
        appointment_id=one.id,
        organization_id=one.organization_id,
        group_id=one.group_id,
        worker_id=one.worker_id,
        role=GroupTeacherRole(one.role),
        valid_from=one.valid_from,
        valid_to=one.valid_to,
    )
