"""What may be wrong with inspections and remarks."""

from servicekit.errors import DomainError, Kind


class InspectionInvalidError(DomainError):
    """The days are none, to come, or outside the school year."""

    code = "inspections.days"
    kind = Kind.INVALID
    title = "Проверяются прошедшие дни одного учебного года"


class NothingToInspectError(DomainError):
    """No journal is as asked for."""

    code = "inspections.nothing"
    kind = Kind.INVALID
    title = "Таких журналов нет"


class TooWideError(DomainError):
    """More journals than one inspection takes."""

    code = "inspections.too-wide"
    kind = Kind.INVALID
    title = "Слишком много журналов для одной проверки: выберите классы, учителя или предмет"


class FinishedError(DomainError):
    """The inspection is finished: nothing is added to it."""

    code = "inspections.finished"
    kind = Kind.CONFLICT
    title = "Проверка завершена"


class UndecidedError(DomainError):
    """Found gaps wait to be made remarks or dismissed."""

    code = "inspections.undecided"
    kind = Kind.CONFLICT
    title = "Есть найденные недочёты, по которым не принято решение"


class RemarkPlaceError(DomainError):
    """The journal is not inspected, or the lesson or the student is not of it within the inspected days."""

    code = "remarks.place"
    kind = Kind.INVALID
    title = "Такого журнала, урока или ученика в этой проверке нет"


class RemarkTeacherError(DomainError):
    """Nobody alone teaches there, or the one named has no teaching post: who is to mend it must be said."""

    code = "remarks.teacher"
    kind = Kind.INVALID
    title = "Укажите педагога организации, который устраняет замечание"


class DeadlineError(DomainError):
    """A remark is to be mended by today or a later day."""

    code = "remarks.deadline"
    kind = Kind.INVALID
    title = "Срок устранения — сегодня или позже"


class RemarkStateError(DomainError):
    """What is asked for does not follow what the remark is; of several, none was changed."""

    code = "remarks.state"
    kind = Kind.CONFLICT
    title = "В нынешнем состоянии замечания так сделать нельзя"


class RemarksChangedError(DomainError):
    """Some remarks were changed since they were read, or are not of this inspection; none was."""

    code = "remarks.changed"
    kind = Kind.CONFLICT
    title = "Замечания уже изменены другим пользователем, ни одно не изменено"
