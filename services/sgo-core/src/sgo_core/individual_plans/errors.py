"""Errors of individual plans."""

from servicekit.errors import DomainError, Kind


class ChoiceError(DomainError):
    """Something chosen that the curriculum does not have, or that stands twice; each is named with its place."""

    code = "individual-plans.choice"
    kind = Kind.INVALID
    title = "Предметы индивидуального плана выбраны неверно"


class NotADraftError(DomainError):
    """Approved and withdrawn plans are not edited."""

    code = "individual-plans.not-a-draft"
    kind = Kind.CONFLICT
    title = "Изменять можно только проект: утверждённый план заменяется новым"


class CheckFailedError(DomainError):
    """The check found errors; each is named."""

    code = "individual-plans.check-failed"
    kind = Kind.CONFLICT
    title = "Индивидуальный план не утверждён: проверка нашла ошибки"


class OtherCurriculumError(DomainError):
    """The student's class does not study by this curriculum on that day."""

    code = "individual-plans.other-curriculum"
    kind = Kind.CONFLICT
    title = "Класс обучающегося в этот день учится не по этому учебному плану"


class LaterPlanError(DomainError):
    """The student has a plan that begins later, or one approved at this very moment."""

    code = "individual-plans.later-plan"
    kind = Kind.CONFLICT
    title = "У обучающегося уже утверждён индивидуальный план, вступающий в действие позже"
