"""What may be wrong with a journal."""

from servicekit.errors import DomainError, Kind


class UnknownLearnersError(DomainError):
    """The organization has no such class, group or teaching group."""

    code = "journal.learners-unknown"
    kind = Kind.INVALID
    title = "Нет такого класса или группы"


class JournalExistsError(DomainError):
    """These learners have a journal of that name already."""

    code = "journal.exists"
    kind = Kind.CONFLICT
    title = "У этого класса (группы) уже есть журнал с таким названием"


class ScaleUnknownError(DomainError):
    """The scale is unknown, out of use, or another organization's."""

    code = "journal.scale-unknown"
    kind = Kind.INVALID
    title = "Нет такой шкалы отметок"


class TeacherUnknownError(DomainError):
    """Who is appointed neither holds a teaching post in the organization nor has a load there."""

    code = "journal.teacher-unknown"
    kind = Kind.INVALID
    title = "Нет такого педагога в организации"


class TeachingDatesError(DomainError):
    """A teacher is appointed for days outside the year of the journal, or for none."""

    code = "journal.teaching-dates"
    kind = Kind.INVALID
    title = "Даты назначения учителя должны лежать в учебном году журнала"


class ByLoadError(DomainError):
    """The teacher teaches by a load of the registry, which is ended there."""

    code = "journal.by-load"
    kind = Kind.CONFLICT
    title = "Учитель назначен нагрузкой: измените нагрузку"
