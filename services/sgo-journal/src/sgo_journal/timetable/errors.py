"""What may be wrong with a timetable or a planned lesson."""

from servicekit.errors import DomainError, Kind


class LinesInvalidError(DomainError):
    """Some lines cannot be in the timetable; none was saved."""

    code = "timetable.lines-invalid"
    kind = Kind.INVALID
    title = "Строки расписания заполнены неверно, ничего не сохранено"


class LinePlaceTakenError(DomainError):
    """The journal has a line at that weekday, number and parity already."""

    code = "timetable.line-exists"
    kind = Kind.CONFLICT
    title = "Этот урок уже стоит в расписании в этот день под этим номером"


class TimetableIntervalError(DomainError):
    """The days of a timetable are none, or lie outside the school year."""

    code = "timetable.interval"
    kind = Kind.INVALID
    title = "Срок действия расписания должен лежать в учебном году"


class CalendarMissingError(DomainError):
    """The organization has no calendar for the year, or no grade has a day of study in it."""

    code = "timetable.no-calendar"
    kind = Kind.CONFLICT
    title = "Учебный календарь организации на этот год ещё не задан"


class NotADraftError(DomainError):
    """A published timetable is not edited: it is copied, and the copy published from a day on."""

    code = "timetable.not-draft"
    kind = Kind.CONFLICT
    title = "Расписание уже опубликовано: измените его копию и опубликуйте её с нужного дня"


class PublishedInPastError(DomainError):
    """A timetable holds from today on at the earliest: what took place stays."""

    code = "timetable.in-past"
    kind = Kind.INVALID
    title = "Расписание можно опубликовать только с сегодняшнего дня или позже"


class PublishedLaterError(DomainError):
    """Another published timetable begins within the days of this one and goes on after them."""

    code = "timetable.overlaps"
    kind = Kind.CONFLICT
    title = "На часть этих дней уже опубликовано другое расписание, которое действует дольше"


class ConflictsError(DomainError):
    """Somebody or something would be wanted twice."""

    code = "timetable.conflicts"
    kind = Kind.CONFLICT
    title = "В расписании есть накладки"


class TookPlaceError(DomainError):
    """A lesson of a past day, or one that is recorded, is not planned any more."""

    code = "lesson.took-place"
    kind = Kind.CONFLICT
    title = "Урок уже состоялся или записан, перенести или отменить его нельзя"


class NotStudyDayError(DomainError):
    """There are no lessons on the day, or the number has no bells on it."""

    code = "lesson.no-such-hour"
    kind = Kind.INVALID
    title = "В этот день нет урока с таким номером по календарю и звонкам"


class LessonPlanError(DomainError):
    """What is asked for does not name what the organization has."""

    code = "lesson.plan-invalid"
    kind = Kind.INVALID
    title = "Урок заполнен неверно"


class LessonStateError(DomainError):
    """The lesson is cancelled already, or is not."""

    code = "lesson.state"
    kind = Kind.CONFLICT
    title = "Действие не подходит к состоянию урока"


class UnavailabilityInvalidError(DomainError):
    """The teacher or room is not the organization's, or the days are none."""

    code = "unavailability.invalid"
    kind = Kind.INVALID
    title = "Недоступность задана неверно"
