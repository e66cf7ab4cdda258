"""What may be wrong with a scale."""

from servicekit.errors import DomainError, Kind


class ScaleTitleTakenError(DomainError):
    """The organization has a scale of that title."""

    code = "scale.title-taken"
    kind = Kind.CONFLICT
    title = "Шкала с таким названием уже есть"


class ScaleInvalidError(DomainError):
    """Values of the scale contradict one another."""

    code = "scale.invalid"
    kind = Kind.INVALID
    title = "Значения шкалы заполнены неверно"


class ScaleValueUsedError(DomainError):
    """Marks of this value stand in journals: what it means may not change, it can only be put out of use."""

    code = "scale.value-used"
    kind = Kind.CONFLICT
    title = "Этим значением уже выставлены отметки: его можно только вывести из употребления"


class ConversionInvalidError(DomainError):
    """What is said of values of one scale in another contradicts the scales or itself."""

    code = "scale.conversion-invalid"
    kind = Kind.INVALID
    title = "Перевод между шкалами заполнен неверно"
