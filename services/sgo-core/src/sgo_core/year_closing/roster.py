"""Who was in a class of an organization in a year, with what tells a student apart in an office's table."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from servicekit.uow import UnitOfWork

_OF_YEAR = text(
    """
    SELECT DISTINCT g.name AS "group", s.id, s.snils_key, s.personal_file_number, s.last_name, s.first_name, s.middle_name, s.birth_date
    FROM study_group AS g
    JOIN placement AS p ON p.group_id = g.id AND p.valid_to IS DISTINCT FROM p.valid_from
    JOIN membership AS m ON m.id = p.membership_id AND m.main
    JOIN student AS s ON s.id = m.student_id
    WHERE g.organization_id = :organization AND g.academic_year = :year
    """
)


async def of_year(uow: UnitOfWork, organization_id: UUID, academic_year: int) -> Sequence[Row[Any]]:
    """Class, id, numbers, names and birth date, once for each class that a student was in."""
    return (await uow.session.execute(_OF_YEAR, {"organization": organization_id, "year": academic_year})).all()
