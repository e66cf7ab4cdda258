"""Errors of curricula."""

from servicekit.errors import DomainError, Kind


class LinesError(DomainError):
    """Lines that cannot be kept; each is named with its place."""

    code = "curricula.lines"
    kind = Kind.INVALID
    title = "Строки учебного плана заполнены неверно"


class ClassesError(DomainError):
    """A class of another organization, year or grade, or named twice."""

    code = "curricula.classes"
    kind = Kind.INVALID
    title = "План составляется для классов этой организации, того же учебного года и той же параллели"


class NotASchoolError(DomainError):
    """Curricula are of schools."""

    code = "curricula.not-a-school"
    kind = Kind.INVALID
    title = "Учебный план составляется в общеобразовательной организации"


class UnknownYearError(DomainError):
    """The region has no such academic year."""

    code = "curricula.academic-year-unknown"
    kind = Kind.INVALID
    title = "Нет такого учебного года"


class NotADraftError(DomainError):
    """Approved and withdrawn curricula are not edited."""

    code = "curricula.not-a-draft"
    kind = Kind.CONFLICT
    title = "Изменять можно только проект: утверждённый план заменяется новой редакцией"


class CheckFailedError(DomainError):
    """The check found errors; each is named."""

    code = "curricula.check-failed"
    kind = Kind.CONFLICT
    title = "План не утверждён: проверка нашла ошибки"


class InForceDateError(DomainError):
    """In force from a day outside the academic year."""

    code = "curricula.in-force-date"
    kind = Kind.INVALID
    title = "План вводится в действие с даты внутри учебного года"


class LaterPlanError(DomainError):
    """A class has a curriculum that begins later: that one is dealt with first."""

    code = "curricula.later-plan"
    kind = Kind.CONFLICT
    title = "Для класса уже утверждён план, вступающий в действие позже"


class SuccessorError(DomainError):
    """An edition has one successor, and only an approved one gets any."""

    code = "curricula.successor"
    kind = Kind.CONFLICT
    title = "Новая редакция составляется к утверждённому плану, у которого её ещё нет"


class NothingToCopyError(DomainError):
    """No curriculum of the year that is not copied yet."""

    code = "curricula.nothing-to-copy"
    kind = Kind.CONFLICT
    title = "Нет утверждённых планов, которые ещё не перенесены в этот учебный год"
