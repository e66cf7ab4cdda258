"""Whom a teacher leads or teaches: the one place for every slice that lets teachers do something for their own students.

A teacher leads the students of a class or group it is appointed to (``class_teachers``), and teaches those of the classes and
subgroups of its load (``loads``, ``subgroups``); in the organization it is signed in to, today.
"""

from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, text

from asu_contracts.access import Role
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_ON = "{0}.valid_from <= :day AND ({0}.valid_to IS NULL OR {0}.valid_to > :day)"
_TEACHES = text(
    f"""
    SELECT EXISTS (
        SELECT FROM membership m JOIN placement p ON p.membership_id = m.id AND {_ON.format("p")}
        WHERE m.student_id = :student AND m.organization_id = :organization AND (
            EXISTS (SELECT FROM group_teacher t WHERE t.group_id = p.group_id AND t.worker_id = :worker AND {_ON.format("t")})
            OR EXISTS (SELECT FROM teaching_load l WHERE l.group_id = p.group_id AND l.worker_id = :worker AND {_ON.format("l")})
        )
    ) OR EXISTS (
        SELECT FROM teaching_group_stay s
        JOIN teaching_load l ON l.teaching_group_id = s.teaching_group_id AND l.worker_id = :worker AND {_ON.format("l")}
        WHERE s.student_id = :student AND s.organization_id = :organization AND {_ON.format("s")}
    )
    """  # noqa: S608 - parts of one statement, no input among them
).bindparams(
    *(bindparam(name, type_=Uuid) for name in ("student", "organization", "worker")), bindparam("day", type_=Date)
)


async def leads_or_teaches(uow: UnitOfWork, principal: Principal, student_id: UUID) -> bool:
    """Whether the caller is a teacher who leads or teaches the student today, where the caller works."""
    organization_id = principal.unit.organization_id
    if principal.role is not Role.TEACHER or principal.person_id is None or organization_id is None:
        return False
    values = {
        "student": student_id,
        "organization": organization_id,
        "worker": principal.person_id,
        "day": uow.clock.today(),
    }
    return bool(await uow.session.scalar(_TEACHES, values))
