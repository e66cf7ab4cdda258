"""Why an uploaded table as a whole cannot be read. What is wrong in single rows is a result, not an error."""

from servicekit.errors import DomainError, Kind


class UploadTooLargeError(DomainError):
    """The file is over the limit."""

    code = "imports.file-too-large"
    kind = Kind.TOO_LARGE
    title = "Файл слишком большой"


class NotATableError(DomainError):
    """Neither XLSX nor CSV in UTF-8."""

    code = "imports.format-unknown"
    kind = Kind.UNSUPPORTED_MEDIA
    title = "Файл не является книгой XLSX или таблицей CSV в кодировке UTF-8"


class BrokenFileError(DomainError):
    """The file has the signature of its format but cannot be read."""

    code = "imports.file-broken"
    kind = Kind.INVALID
    title = "Файл повреждён или защищён паролем"


class UnpackedTooLargeError(DomainError):
    """The file unpacks to more than anyone's table needs."""

    code = "imports.unpacked-too-large"
    kind = Kind.INVALID
    title = "Содержимое файла слишком велико"


class SheetTooLargeError(DomainError):
    """Too many rows or columns."""

    code = "imports.sheet-too-large"
    kind = Kind.INVALID
    title = "В таблице слишком много строк или столбцов"


class FormulaError(DomainError):
    """A cell holds a formula: what it shows is not what the file says."""

    code = "imports.formula"
    kind = Kind.INVALID
    title = "В таблице есть формулы; замените их значениями"


class HeaderError(DomainError):
    """The first row is not the header of a table of this kind."""

    code = "imports.header"
    kind = Kind.INVALID
    title = "Заголовок таблицы не соответствует образцу"


class EmptyListError(DomainError):
    """There is no row under the header."""

    code = "imports.empty"
    kind = Kind.INVALID
    title = "В таблице нет ни одной строки с данными"


class UploadLostError(DomainError):
    """The file is no longer in the store."""

    code = "imports.file-lost"
    kind = Kind.INVALID
    title = "Загруженный файл не найден, загрузите его снова"


class OrganizationClosedError(DomainError):
    """A closed organization takes no students."""

    code = "imports.organization-closed"
    kind = Kind.CONFLICT
    title = "Организация закрыта"


class UnknownKindError(DomainError):
    """No such kind of table."""

    code = "imports.kind-unknown"
    kind = Kind.INVALID
    title = "Нет такого вида загрузки"


class WrongTargetError(DomainError):
    """The kind needs an organization or a year that was not named, or the other way round."""

    code = "imports.target"
    kind = Kind.INVALID
    title = "Для этого вида загрузки неверно указаны организация или учебный год"


class MatchesError(DomainError):
    """The matched columns are no object of titles."""

    code = "imports.matches"
    kind = Kind.INVALID
    title = "Соответствие столбцов должно быть объектом «название в файле: название в образце»"
