"""Errors of actions over many applications."""

from servicekit.errors import DomainError, Kind


class NobodyChosenError(DomainError):
    """No application is named or found."""

    code = "bulk.nobody"
    title = "Не выбрано ни одного заявления"


class TooManyError(DomainError):
    """More applications than one action takes."""

    code = "bulk.too-many"
    kind = Kind.TOO_LARGE
    title = "За одно действие можно обработать не более 500 заявлений: уточните отбор"


class ParameterMissingError(DomainError):
    """The action asks for a parameter that was not given."""

    code = "bulk.parameter-missing"
    title = "Для этого действия заполнены не все поля"


class PreviewExpiredError(DomainError):
    """What was shown is too old to be carried out."""

    code = "bulk.preview-expired"
    kind = Kind.CONFLICT
    title = "Предварительный просмотр устарел, откройте его снова"


class ChangedMeanwhileError(DomainError):
    """The application has changed since it was shown."""

    code = "bulk.changed-meanwhile"
    kind = Kind.CONFLICT
    title = "Заявление изменилось после предварительного просмотра"


class NoPlaceError(DomainError):
    """The action is about a place, and none is held."""

    code = "bulk.no-place"
    kind = Kind.CONFLICT
    title = "По заявлению нет действующего направления"
