"""What may be wrong with a notice of absence."""

from servicekit.errors import DomainError, Kind


class NoticeDaysError(DomainError):
    """A family tells of days to come or of today, the staff of days of this school year too; a year ahead at most."""

    code = "absence-notice.days"
    kind = Kind.INVALID
    title = "Сообщить можно о днях начиная с сегодняшнего и не далее чем на год вперёд; о прошедших днях этого учебного года сообщает школа"


class ReasonUnknownError(DomainError):
    """No such reason in the list."""

    code = "absence-notice.reason-unknown"
    kind = Kind.INVALID
    title = "Нет такой причины отсутствия в справочнике"


class NotStudyingError(DomainError):
    """The student is in no class or group on those days."""

    code = "absence-notice.not-studying"
    kind = Kind.INVALID
    title = "В эти дни ребёнок не состоит ни в одном классе или группе"


class NoticeOverlapsError(DomainError):
    """Some of the days were told of before."""

    code = "absence-notice.overlaps"
    kind = Kind.CONFLICT
    title = "Об отсутствии в эти дни уже сообщили"
    sqlstate = "ASJ30"


class NoticeBegunError(DomainError):
    """The first day has come: a family shortens the notice, the staff may withdraw it."""

    code = "absence-notice.begun"
    kind = Kind.CONFLICT
    title = "Отсутствие уже началось: сообщение можно сократить, а отменить его может школа"


class NoticeWithdrawnError(DomainError):
    """The notice was withdrawn before."""

    code = "absence-notice.withdrawn"
    kind = Kind.CONFLICT
    title = "Сообщение об отсутствии отозвано"


class NoticeOfStaffError(DomainError):
    """What the organization has noted the organization takes back."""

    code = "absence-notice.of-staff"
    kind = Kind.CONFLICT
    title = "Об отсутствии сообщила организация: обратитесь к ней"


class NoticeAcceptedError(DomainError):
    """The notice was accepted before."""

    code = "absence-notice.accepted"
    kind = Kind.CONFLICT
    title = "Сообщение об отсутствии уже принято"


class NoticeEndError(DomainError):
    """A notice is shortened to one of its own days; by a family not further back than to yesterday."""

    code = "absence-notice.end"
    kind = Kind.INVALID
    title = "Последний день отсутствия должен быть среди указанных раньше дней; родитель меняет его не позднее следующего дня"


class SuggestionDaysError(DomainError):
    """Up to a quarter of a year at once."""

    code = "absence-notice.span"
    kind = Kind.INVALID
    title = "Укажите период не длиннее 92 дней"
