"""What may be wrong with homework."""

from servicekit.errors import DomainError, Kind


class HomeworkInvalidError(DomainError):
    """The lesson or the day it is due, or a student it is for, cannot be; nothing was written."""

    code = "homework.invalid"
    kind = Kind.INVALID
    title = "Домашнее задание заполнено неверно"


class TooMuchHomeworkError(DomainError):
    """As much homework as a lesson may have."""

    code = "homework.too-many"
    kind = Kind.CONFLICT
    title = "На уроке задано слишком много: уберите или объедините задания"


class NothingHandedInError(DomainError):
    """Neither a text nor a file."""

    code = "hand-in.empty"
    kind = Kind.INVALID
    title = "Приложите файл или напишите ответ"


class HandInAcceptedError(DomainError):
    """The teacher has accepted the work: there is nothing to hand in."""

    code = "hand-in.accepted"
    kind = Kind.CONFLICT
    title = "Работа уже принята учителем"


class TooManyVersionsError(DomainError):
    """As many versions as a work may have."""

    code = "hand-in.too-many"
    kind = Kind.CONFLICT
    title = "Слишком много вариантов работы"


class HandInAnsweredError(DomainError):
    """The student has handed in a newer version since, or the version is answered."""

    code = "hand-in.answered"
    kind = Kind.CONFLICT
    title = "На этот вариант уже отвечено, или ученик сдал новый"
