"""Errors of lists as files."""

from servicekit.errors import DomainError, Kind


class UnknownListError(DomainError):
    """There is no such list, or it is not the caller's."""

    code = "exports.unknown-list"
    title = "Нет такого списка, или он вам недоступен"


class NoAllocationError(DomainError):
    """The campaign has not been allocated."""

    code = "exports.no-allocation"
    kind = Kind.CONFLICT
    title = "Распределение в кампании ещё не проводилось"


class TooLongToPrintError(DomainError):
    """More rows than are printed."""

    code = "exports.too-long-to-print"
    kind = Kind.TOO_LARGE
    title = "Список слишком длинный для печати: уточните отбор или выгрузите его таблицей"


class NotReadyError(DomainError):
    """There is no file yet, or no longer."""

    code = "exports.not-ready"
    kind = Kind.CONFLICT
    title = "Файл ещё не готов или срок его хранения истёк"
