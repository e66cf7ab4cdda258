"""Errors of the reference books of the curriculum."""

from servicekit.errors import DomainError, Kind


class SubjectTakenError(DomainError):
    """Another subject of the list has the code or the title."""

    code = "subjects.taken"
    kind = Kind.CONFLICT
    title = "Предмет с таким кодом или названием уже есть в справочнике"


class UnknownAreaError(DomainError):
    """No such subject area in force."""

    code = "subjects.area-unknown"
    kind = Kind.INVALID
    title = "Нет такой предметной области"


class CountsAsError(DomainError):
    """An own subject stands for one of the region's list only."""

    code = "subjects.counts-as"
    kind = Kind.INVALID
    title = "Зачитываться можно только за предмет регионального справочника"


class ReferenceDatesError(DomainError):
    """An entry that ends before it begins, or grades the wrong way round."""

    code = "subjects.interval"
    kind = Kind.INVALID
    title = "Начало должно предшествовать окончанию: проверьте даты и классы"


class TermTakenError(DomainError):
    """The code is in use already."""

    code = "curriculum-terms.taken"
    kind = Kind.CONFLICT
    title = "Запись с таким кодом уже есть в справочнике"


class TermKindError(DomainError):
    """Only a component counts towards the load or does not."""

    code = "curriculum-terms.counts"
    kind = Kind.INVALID
    title = "Учёт в учебной нагрузке указывается для компонента, и только для него"
