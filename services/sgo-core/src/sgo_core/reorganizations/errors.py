"""Errors of acts on organizations."""

from servicekit.errors import DomainError, Kind


class ShapeError(DomainError):
    """The act does not have the organizations or the changes that its kind needs."""

    code = "reorganizations.shape"
    kind = Kind.INVALID
    title = "Состав организаций или изменений не подходит виду реорганизации"


class PartyError(DomainError):
    """An organization that is not there, is closed, or is out of the caller's sight."""

    code = "reorganizations.party"
    kind = Kind.INVALID
    title = "Организация не найдена, закрыта или не подведомственна вам"


class OnlyTargetsError(DomainError):
    """Something is sent to an organization that the act does not name."""

    code = "reorganizations.target"
    kind = Kind.INVALID
    title = "Группы, работники и здания передаются только организациям, названным в акте"


class StateError(DomainError):
    """The step does not fit the state of the act."""

    code = "reorganizations.state"
    kind = Kind.CONFLICT
    title = "Акт не в том состоянии: проект подтверждают, подтверждённый исполняют, исполненный не меняют"


class SamePersonError(DomainError):
    """Who drafted an act does not confirm it."""

    code = "reorganizations.same-person"
    kind = Kind.FORBIDDEN
    title = "Проект акта подтверждает другой работник, не тот, кто его составил"


class ConflictsError(DomainError):
    """The plan cannot be carried out as things stand; ``errors`` say why."""

    code = "reorganizations.conflicts"
    kind = Kind.CONFLICT
    title = "План нельзя исполнить: сначала устраните перечисленные препятствия"


class TooEarlyError(DomainError):
    """The act takes effect on a later day."""

    code = "reorganizations.too-early"
    kind = Kind.CONFLICT
    title = "Дата вступления акта в силу ещё не наступила"


class RunningError(DomainError):
    """The act is being carried out."""

    code = "reorganizations.running"
    kind = Kind.CONFLICT
    title = "Акт уже исполняется"


class BusyError(DomainError):
    """An organization takes part in another act that is not finished."""

    code = "reorganizations.busy"
    kind = Kind.CONFLICT
    title = "Организация участвует в другой незавершённой реорганизации"


class StudentsLeftError(DomainError):
    """Some students could not be moved; ``errors`` say why. The rest has moved; mend it and start again."""

    code = "reorganizations.students-left"
    kind = Kind.CONFLICT
    title = "Часть обучающихся не переведена: устраните причины и запустите исполнение снова"
