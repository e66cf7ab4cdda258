"""What may be wrong with courses."""

from servicekit.errors import DomainError, Kind


class CourseInvalidError(DomainError):
    """The course names a subject, a year, a journal or an item that cannot be; nothing was changed."""

    code = "course.invalid"
    kind = Kind.INVALID
    title = "Курс заполнен неверно"


class CourseEmptyError(DomainError):
    """A course without items is not published."""

    code = "course.empty"
    kind = Kind.CONFLICT
    title = "В курсе нет ни одного материала"


class CourseArchivedError(DomainError):
    """An archived course is not published."""

    code = "course.archived"
    kind = Kind.CONFLICT
    title = "Курс в архиве: сначала верните его"
