"""What may be wrong with lessons."""

from servicekit.errors import DomainError, Kind


class LessonsInvalidError(DomainError):
    """Some of the lessons to be set cannot be; none was."""

    code = "lessons.invalid"
    kind = Kind.INVALID
    title = "Уроки заполнены неверно, ни один не создан"


class LessonSlotTakenError(DomainError):
    """The journal has a lesson at that hour already."""

    code = "lessons.slot-taken"
    kind = Kind.CONFLICT
    title = "В журнале уже есть урок в это время"


class LessonClosedError(DomainError):
    """The lesson lies in a closed period, or the days in which its teacher may change it are over."""

    code = "lesson.closed"
    kind = Kind.CONFLICT
    title = "Период закрыт или срок правки истёк"


class LessonCancelledError(DomainError):
    """Nobody gives the lesson: there is nothing to write of it."""

    code = "lesson.cancelled"
    kind = Kind.CONFLICT
    title = "Урок отменён"


class LessonNotYetError(DomainError):
    """Attendance of a lesson is checked once its day has come."""

    code = "lesson.not-yet"
    kind = Kind.CONFLICT
    title = "Урок ещё не состоялся"


class WorksInvalidError(DomainError):
    """Works of a lesson contradict one another; none was changed."""

    code = "lesson-works.invalid"
    kind = Kind.INVALID
    title = "Работы урока заполнены неверно"


class WorkMarkedError(DomainError):
    """Marks stand for a work that is to be taken away."""

    code = "lesson-works.marked"
    kind = Kind.CONFLICT
    title = "За работу стоят отметки: сначала уберите их"
    sqlstate = "ASJ03"
