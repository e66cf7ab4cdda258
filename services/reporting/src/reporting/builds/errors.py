"""What may be wrong with a request for a form."""

from servicekit.errors import DomainError


class UnknownFormError(DomainError):
    """No edition of the form is in force on the day."""

    code = "report.form-unknown"
    title = "Нет такой формы или её редакции на указанную дату"


class UnitError(DomainError):
    """A report is of one organization or of one municipality."""

    code = "report.unit"
    title = "Укажите организацию или муниципальное образование, но не оба сразу"
