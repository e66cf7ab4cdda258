"""Errors of destruction acts."""

from servicekit.errors import DomainError, Kind


class NothingDueError(DomainError):
    """No term is over and nothing was erased without an act."""

    code = "retention.nothing-due"
    kind = Kind.CONFLICT
    title = "Нет сведений, срок хранения которых истёк"


class ActStateError(DomainError):
    """The step does not fit the state of the act."""

    code = "retention.state"
    kind = Kind.CONFLICT
    title = "Акт не в том состоянии: проект проверяют, проверенный утверждает руководитель, утверждённый исполняют"


class SamePersonError(DomainError):
    """Who drafted an act does not check it."""

    code = "retention.same-person"
    kind = Kind.FORBIDDEN
    title = "Проект акта проверяет другой работник, не тот, кто его составил"


class ActNumberError(DomainError):
    """Another approved act has this number and date."""

    code = "retention.number-taken"
    kind = Kind.CONFLICT
    title = "Акт с таким номером и датой уже есть"


class SelectionDateError(DomainError):
    """Terms are looked at as of today or before."""

    code = "retention.date"
    kind = Kind.INVALID
    title = "Отбор делается на сегодня или на прошедшую дату"


class RunningError(DomainError):
    """The act is being carried out."""

    code = "retention.running"
    kind = Kind.CONFLICT
    title = "Акт уже исполняется"
