"""Errors of the norms of the curriculum."""

from servicekit.errors import DomainError, Kind


class NormRowsError(DomainError):
    """An edition names its rows, each once, and of its own kind only."""

    code = "study-norms.rows"
    kind = Kind.INVALID
    title = "Укажите строки нормы: каждую один раз и только своего вида"


class NormSubjectError(DomainError):
    """Obligatory can only be a subject of the region's list."""

    code = "study-norms.subject-unknown"
    kind = Kind.INVALID
    title = "Обязательным может быть только предмет регионального справочника"
