"""What may be wrong with a table of exam results."""

from servicekit.errors import DomainError, Kind


class TableTooLargeError(DomainError):
    """The file is over the limit."""

    code = "exams.file-too-large"
    kind = Kind.TOO_LARGE
    title = "Файл слишком большой"


class TableError(DomainError):
    """The file as a whole cannot be read: ``detail`` says why."""

    code = "exams.table"
    title = "Таблица не прочитана"


class RowsError(DomainError):
    """Some rows are wrong, each is named; nothing was written."""

    code = "exams.rows"
    title = "В таблице есть ошибки, ничего не записано"
