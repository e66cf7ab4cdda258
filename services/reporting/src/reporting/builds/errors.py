"""What may be wrong with a request for a form."""

from servicekit.errors import DomainError, Kind


class UnknownFormError(DomainError):
    """No edition of the form is in force on the day."""

    code = "report.form-unknown"
    title = "Нет такой формы или её редакции на указанную дату"


class UnitError(DomainError):
    """A report is of one organization, of one municipality or of the region."""

    code = "report.unit"
    title = "Укажите что-то одно: организацию, муниципальное образование или регион"


class NotReportingError(DomainError):
    """The form is reported by heads alone, or by branches alone, and the organization is the other."""

    code = "report.unit-not-reporting"
    title = "Эту форму организация не сдаёт: её сдают только головные организации или только филиалы"


class NotCountedError(DomainError):
    """The cell is not counted from facts, or the form has none of that address."""

    code = "report.cell-not-counted"
    title = "Такой ячейки в форме нет, или её значение не считается"


class DerivedError(DomainError):
    """The cell is calculated of others of its row or column, which ``derive`` names: these open."""

    code = "report.cell-derived"
    title = "Ячейка складывается из других: откройте состав тех, из которых она сложена"


class HealthError(DomainError):
    """Who is in a cell that health decides on is read by the organization alone."""

    code = "report.members-health"
    kind = Kind.FORBIDDEN
    title = "Состав ячейки, посчитанной по сведениям о здоровье, видит только сама организация"


class HealthDayError(DomainError):
    """The form tells of health: who is not of the organization has it as of the day it is handed in as of, as known now."""

    code = "report.health-day"
    kind = Kind.FORBIDDEN
    title = "В форме есть сведения о здоровье: вне организации она доступна только на наступившую дату сдачи, по известному сейчас"


class WholeError(DomainError):
    """Only the reports of organizations keep what they were counted over."""

    code = "report.members-of-organization"
    title = "Состав ячейки открывается в отчёте организации"


class CorrectedError(DomainError):
    """Another correction of the same report came first: correct what it made."""

    code = "report.corrected-already"
    kind = Kind.CONFLICT
    title = "Отчёт уже исправлен: откройте новую версию и исправьте её"


class CorrectionError(DomainError):
    """Some cells cannot take what is written into them; nothing was changed."""

    code = "report.correction-invalid"
    title = "Исправления заполнены неверно, ничего не сохранено"


class FormsDifferError(DomainError):
    """Reports of different forms have no cells in common."""

    code = "report.forms-differ"
    title = "Сравнить можно только отчёты по одной форме"


class EditionsDifferError(DomainError):
    """Reports of different texts of a form have no common cells to add up."""

    code = "report.editions-differ"
    kind = Kind.CONFLICT
    title = "Отчёты составлены по разным редакциям формы, свести их нельзя"
