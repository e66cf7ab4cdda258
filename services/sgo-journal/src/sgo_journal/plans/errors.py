"""Why the workbook of a plan is not taken. What is wrong in its cells is told row by row, all at once; what stands in them never."""

from servicekit.errors import DomainError, Kind


class NotAWorkbookError(DomainError):
    """The file is no XLSX."""

    code = "plan-workbook.format-unknown"
    kind = Kind.UNSUPPORTED_MEDIA
    title = "Файл не является книгой XLSX"


class BrokenWorkbookError(DomainError):
    """The file has the signature of a workbook but cannot be read."""

    code = "plan-workbook.file-broken"
    kind = Kind.INVALID
    title = "Файл повреждён или защищён паролем"


class WorkbookTooLargeError(DomainError):
    """Too much in it for a plan."""

    code = "plan-workbook.too-large"
    kind = Kind.INVALID
    title = "Таблица плана слишком велика"


class WorkbookFormulaError(DomainError):
    """A cell holds a formula: what it shows is not what the file says."""

    code = "plan-workbook.formula"
    kind = Kind.INVALID
    title = "В таблице есть формулы; замените их значениями"


class WorkbookHeaderError(DomainError):
    """No row names the columns of a plan, or a column is there twice."""

    code = "plan-workbook.header"
    kind = Kind.INVALID
    title = "В таблице нет строки с названиями столбцов «Тема» и «Часы»"


class EmptyWorkbookError(DomainError):
    """There is no topic under the header."""

    code = "plan-workbook.empty"
    kind = Kind.INVALID
    title = "В таблице нет ни одной темы"


class WorkbookRowsError(DomainError):
    """Some cells cannot be; none of the plan is taken. ``errors`` name row and column of each."""

    code = "plan-workbook.rows"
    kind = Kind.INVALID
    title = "Строки плана заполнены неверно, ничего не загружено"
