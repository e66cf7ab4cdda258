"""Errors of achievements."""

from servicekit.errors import DomainError, Kind


class FutureAchievementError(DomainError):
    """What has not happened yet, or happened in another age."""

    code = "achievements.date"
    kind = Kind.INVALID
    title = "Дата достижения ещё не наступила или слишком давняя"


class AchievementStateError(DomainError):
    """A decision on what was decided or taken back."""

    code = "achievements.state"
    kind = Kind.CONFLICT
    title = "По этому достижению решение уже принято или запись отозвана"


class RemarkRequiredError(DomainError):
    """A refusal without a reason."""

    code = "achievements.remark-required"
    kind = Kind.INVALID
    title = "Укажите причину отказа"


class NotYourStudentError(DomainError):
    """A teacher writes of the students it leads or teaches, and of no others."""

    code = "achievements.not-your-student"
    kind = Kind.FORBIDDEN
    title = "Достижения обучающегося вносит и подтверждает педагог, который ведёт или учит его, или служба организации"
