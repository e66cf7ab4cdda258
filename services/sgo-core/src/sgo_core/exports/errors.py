"""Errors of exports."""

from servicekit.errors import DomainError, Kind


class UnknownKindError(DomainError):
    """No such kind of export for the caller."""

    code = "exports.kind-unknown"
    kind = Kind.INVALID
    title = "Нет такого вида выгрузки"


class FieldsError(DomainError):
    """Columns that the kind does not have, or that the caller may not see."""

    code = "exports.fields"
    kind = Kind.INVALID
    title = "Таких столбцов в этой выгрузке для вашей роли нет"


class ScopeError(DomainError):
    """A whole export is of one organization, in a ZIP; a table is no ZIP."""

    code = "exports.scope"
    kind = Kind.INVALID
    title = "Неверно указаны организация или формат выгрузки"


class TooManyExportsError(DomainError):
    """The account has ordered as many exports as a day allows."""

    code = "exports.too-many"
    kind = Kind.TOO_MANY
    title = "Превышено число выгрузок за сутки"


class ExportTooLargeError(DomainError):
    """More people than one file may hold."""

    code = "exports.too-large"
    kind = Kind.TOO_LARGE
    title = "Выгрузка слишком велика: выберите организацию"


class OwnExportError(DomainError):
    """Whoever ordered an export does not approve it."""

    code = "exports.own"
    kind = Kind.CONFLICT
    title = "Выгрузку подтверждает другой работник"


class ExportDecidedError(DomainError):
    """The export waits for nobody."""

    code = "exports.decided"
    kind = Kind.CONFLICT
    title = "Решение о выгрузке уже принято"


class ExportNotReadyError(DomainError):
    """There is no file yet, or no longer."""

    code = "exports.not-ready"
    kind = Kind.CONFLICT
    title = "Файл выгрузки ещё не готов или срок его хранения истёк"
