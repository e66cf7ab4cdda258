"""What may be wrong with plans and their workbooks. Wrong cells are told all at once; what stands in them never."""

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


class WorkbookTooLongError(DomainError):
    """The file is larger than a plan needs."""

    code = "plan-workbook.file-too-large"
    kind = Kind.TOO_LARGE
    title = "Файл больше 5 МБ"


class PlanInvalidError(DomainError):
    """The plan names a subject, a year or a topic that cannot be; nothing was changed."""

    code = "plan.invalid"
    kind = Kind.INVALID
    title = "План заполнен неверно"


class TopicHeldError(DomainError):
    """Lessons are recorded with a topic that is to go."""

    code = "plan.topic-held"
    kind = Kind.CONFLICT
    title = "По теме уже записаны уроки: её нельзя убрать из плана"


class TopicPlannedError(DomainError):
    """Lessons of a topic that is to go are planned."""

    code = "plan.topic-planned"
    kind = Kind.CONFLICT
    title = "По теме составлены планы уроков: сначала уберите их"


class LessonHourError(DomainError):
    """The topic has fewer hours."""

    code = "lesson-plan.hour-unknown"
    kind = Kind.INVALID
    title = "В теме меньше часов"


class PlanEmptyError(DomainError):
    """A plan without topics is not approved."""

    code = "plan.empty"
    kind = Kind.CONFLICT
    title = "В плане нет ни одной темы"


class PlanUnfitError(DomainError):
    """The plan is none of the journal's organization, or of another year, subject or grade."""

    code = "plan.unfit"
    kind = Kind.INVALID
    title = "План не подходит журналу: другой учебный год, предмет или класс"


class TopicUnknownError(DomainError):
    """The journal's plan has no such topic."""

    code = "lesson.topic-unknown"
    kind = Kind.INVALID
    title = "В плане журнала нет такой темы"
