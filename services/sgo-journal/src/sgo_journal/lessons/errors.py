"""What may be wrong with lessons and their records."""

from servicekit.errors import DomainError, Kind


class LessonsInvalidError(DomainError):
    """Some of the lessons to be set cannot be; none was."""

    code = "lessons.invalid"
    kind = Kind.INVALID
    title = "Уроки заполнены неверно, ни один не создан"


class LessonSlotTakenError(DomainError):
    """The teacher has a lesson with the group at that hour already."""

    code = "lessons.slot-taken"
    kind = Kind.CONFLICT
    title = "У учителя уже есть урок в этом классе в это время"


class RecordInvalidError(DomainError):
    """Some entries of the record cannot be saved; none was."""

    code = "lesson-record.invalid"
    kind = Kind.INVALID
    title = "Запись урока заполнена неверно, ничего не сохранено"
