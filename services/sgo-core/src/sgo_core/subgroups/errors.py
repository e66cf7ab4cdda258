"""Errors of subgroups and groups across classes."""

from servicekit.errors import DomainError, Kind


class NotDivisibleError(DomainError):
    """Only a class or a preschool group of an organization's main programme is divided."""

    code = "subgroups.not-divisible"
    kind = Kind.INVALID
    title = "На подгруппы делится класс или дошкольная группа"


class NotYoursError(DomainError):
    """A teacher divides the class it leads, and no other."""

    code = "subgroups.not-class-teacher"
    kind = Kind.FORBIDDEN
    title = "Делить класс на подгруппы может его классный руководитель или служба организации"


class NameTakenError(DomainError):
    """Two divisions of a class, two subgroups of a division or two groups of a kind have one name."""

    code = "subgroups.name-taken"
    kind = Kind.CONFLICT
    title = "Такое название уже есть"


class UnknownSubjectError(DomainError):
    """No such subject in the organization."""

    code = "subgroups.subject-unknown"
    kind = Kind.INVALID
    title = "Нет такого предмета в организации"


class DatesError(DomainError):
    """The day lies outside the year of the class or group."""

    code = "subgroups.dates"
    kind = Kind.INVALID
    title = "Дата вне учебного года класса (группы)"


class EndedError(DomainError):
    """The division or group is in use no more."""

    code = "subgroups.ended"
    kind = Kind.CONFLICT
    title = "Деление (группа) больше не действует"


class MembersRefusedError(DomainError):
    """Some of the students cannot be placed so; ``errors`` say which, nothing was written."""

    code = "subgroups.members-refused"
    kind = Kind.CONFLICT
    title = "Состав не может быть изменён"


class GradesError(DomainError):
    """The lowest grade is above the highest."""

    code = "subgroups.grades"
    kind = Kind.INVALID
    title = "Параллель «от» больше параллели «до»"


class OccupiedError(DomainError):
    """More students than the new capacity."""

    code = "subgroups.capacity-below-occupancy"
    kind = Kind.CONFLICT
    title = "Число мест меньше числа обучающихся в группе"


class SubgroupFieldsError(DomainError):
    """A subgroup has its subject from the division and its grade from the class."""

    code = "subgroups.fields"
    kind = Kind.INVALID
    title = "У подгруппы меняется только название; предмет указывается у деления"
