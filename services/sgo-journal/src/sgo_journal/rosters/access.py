"""Who may see a child, as conditions of queries: other slices ask it in the statement that reads."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, false, literal, or_, select

from asu_contracts.access import Role
from servicekit.security import Principal
from sgo_journal.rosters.model import Guardianship, roster_stay, taught_on
from sgo_journal.staff import service as staff


def is_family(principal: Principal, student_id: UUID, day: date) -> ColumnElement[bool]:
    """Whether the caller is the child, or a guardian who may see the child on the date."""
    if principal.person_id is None:
        return false()
    if principal.role is Role.STUDENT:
        return literal(principal.person_id == student_id)
    if principal.role is not Role.GUARDIAN:
        return false()
    return (
        select(Guardianship.id)
        .where(Guardianship.opens_diary(principal.person_id, day), Guardianship.student_id == student_id)
        .exists()
    )


def was_in(
    organization_id: UUID | None,
    student_id: UUID | SQLColumnExpression[UUID],
    since: date | SQLColumnExpression[date],
    until: date | SQLColumnExpression[date],
) -> ColumnElement[bool]:
    """Whether the student was in some class or group of the organization within [since, until)."""
    return (
        select(roster_stay.c.student_id)
        .where(
            roster_stay.c.organization_id == organization_id,
            roster_stay.c.student_id == student_id,
            roster_stay.c.valid_from < until,
            or_(roster_stay.c.valid_to.is_(None), roster_stay.c.valid_to > since),
        )
        .exists()
    )


def is_led_by(principal: Principal, student_id: UUID, day: date) -> ColumnElement[bool]:
    """Whether the caller is the class teacher of the student on the day."""
    return (
        select(roster_stay.c.student_id)
        .where(
            roster_stay.c.organization_id == principal.unit.organization_id,
            roster_stay.c.student_id == student_id,
            roster_stay.c.learners_id.in_(staff.class_learners(principal.person_id, day)),
            taught_on(day),
        )
        .exists()
    )
