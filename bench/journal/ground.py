"""A school of so many classes of thirty, one journal and one teacher each, sixty lessons in each journal."""

from collections.abc import Iterator
from uuid import UUID, uuid5

from servicekit.testing import Database

YEAR = 2026
STUDENTS, LESSONS = 30, 60
MUNICIPALITY = "03701000"
_NAMESPACE = UUID("0f8a1b9e-2f7c-5d43-8b7e-5a0c2c5d1e11")


def ident(kind: str, *place: int) -> UUID:
    """Id of something by its place: the same in every run."""
    return uuid5(_NAMESPACE, ".".join((kind, *map(str, place))))


ORGANIZATION = ident("organization")

_SCHOOL = """
INSERT INTO directory_organization (id, kind, short_name, full_name, municipality, locality, active, sequence)
VALUES ($1, 'school', 'СОШ № 1', 'Средняя школа № 1', $2, 'urban', true, '0');
"""
_CLASS = """
INSERT INTO directory_group (id, organization_id, academic_year, kind, name, grade, capacity, occupied, starts_on,
    ends_on, active, sequence)
VALUES ($1, $2, $3, 'class', '7 «А»', 7, 30, 30, make_date($3, 9, 1), make_date($3 + 1, 9, 1), true, '0')
"""
_JOURNAL = """
INSERT INTO journal (organization_id, academic_year, id, learners_id, of_teaching_group, title, scale_id, version, created_at)
VALUES ($1, $2, $3, $4, false, 'Алгебра', 1, 1, now())
"""
_TEACHING = """
INSERT INTO teaching (organization_id, academic_year, id, journal_id, teacher_id, hours_week, valid_from, valid_to)
VALUES ($1, $2, $3, $4, $5, 2, make_date($2, 9, 1), make_date($2 + 1, 9, 1))
"""
_STUDENT = """
INSERT INTO placement (organization_id, academic_year, id, student_id, group_id, grade, main, valid_from)
VALUES ($1, $2, $3, $3, $4, 7, true, make_date($2, 9, 1))
"""
_NAME = "INSERT INTO student_name (student_id, last_name, first_name, sequence) VALUES ($1, 'Образцова', 'Алиса', '0')"
_LESSON = """
INSERT INTO lesson (organization_id, academic_year, id, journal_id, learners_id, date, number, teacher_id, state, mode,
    attendance_checked, version, told_version, created_at, learners, absent, marks)
VALUES ($1, $2, $3, $4, $5, make_date($2, 9, 1) + $6::integer, 1, $7, 'planned', 'on_site', false, 1, 0, now(), 0, 0, 0)
"""


async def fill(database: Database, classes: int) -> None:
    """Make the school; teachers may write whatever the day is."""
    connection = await database.connect()
    try:
        await connection.execute(_SCHOOL.replace("$1", f"'{ORGANIZATION}'").replace("$2", f"'{MUNICIPALITY}'"))
        await connection.execute(
            "INSERT INTO journal_settings VALUES ($1, NULL, false, 4.5, 3.5, 2.5, 3, NULL, false, 1)", ORGANIZATION
        )
        for number in range(classes):
            group, journal, teacher = (ident(kind, number) for kind in ("class", "journal", "teacher"))
            await connection.execute(_CLASS, group, ORGANIZATION, YEAR)
            await connection.execute(_JOURNAL, ORGANIZATION, YEAR, journal, group)
            await connection.execute(_TEACHING, ORGANIZATION, YEAR, ident("teaching", number), journal, teacher)
            students = [ident("student", number, place) for place in range(STUDENTS)]
            await connection.executemany(_STUDENT, [(ORGANIZATION, YEAR, student, group) for student in students])
            await connection.executemany(_NAME, [(student,) for student in students])
            lessons = [(ident("lesson", number, place), place) for place in range(LESSONS)]
            await connection.executemany(
                _LESSON, [(ORGANIZATION, YEAR, lesson, journal, group, place, teacher) for lesson, place in lessons]
            )
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


def saves(classes: int) -> Iterator[tuple[int, dict[str, object]]]:
    """Class and body of each save of thirty marks, a lesson of every class in turn."""
    for place in range(LESSONS):
        for number in range(classes):
            lesson = str(ident("lesson", number, place))
            cells = [
                {"lesson_id": lesson, "student_id": str(ident("student", number, student)), "value": "5", "version": 0}
                for student in range(STUDENTS)
            ]
            yield number, {"marks": cells}
