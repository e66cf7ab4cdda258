"""Errors of applications."""

from servicekit.errors import DomainError, Kind


class AlreadyAppliedError(DomainError):
    """The child has another live application, in the campaign or among those that the rules name with it."""

    code = "application.already-applied"
    kind = Kind.CONFLICT
    title = "На этого ребёнка уже есть другое действующее заявление"


class StepNotAllowedError(DomainError):
    """The application does not stand where the step begins."""

    code = "application.step-not-allowed"
    kind = Kind.CONFLICT
    title = "Действие невозможно в нынешнем статусе заявления"


class ApplicationRefusedError(DomainError):
    """The body contradicts itself or the campaign; the errors name each field."""

    code = "application.invalid"
    title = "Заявление заполнено неверно"


class AcceptanceBusyError(DomainError):
    """The register cannot be written now, or it is not known whether it was: the same key gives the one receipt later."""

    code = "application.try-again"
    kind = Kind.UNAVAILABLE
    title = "Заявление сейчас не может быть принято, отправьте его ещё раз с тем же ключом"
