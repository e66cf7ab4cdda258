"""What may be wrong with a report that a user puts together."""

from servicekit.errors import DomainError, Kind


class QueryError(DomainError):
    """A query names what is not there, is not this role's, or does not go together: ``errors`` say where."""

    code = "constructor.query"
    title = "Запрос составлен неверно"


class TooManyGroupsError(DomainError):
    """There would be more cells than an answer holds."""

    code = "constructor.too-many-groups"
    title = "В таблице слишком много ячеек: уберите признак или сузьте отбор"


class TooLongError(DomainError):
    """The statement took longer than it may."""

    code = "constructor.too-long"
    title = "Запрос выполнялся дольше допустимого: уберите признак или сузьте отбор"


class UnitError(DomainError):
    """No unit, or more than one, is named."""

    code = "constructor.unit"
    title = "Укажите одно: организацию, муниципальное образование или регион"


class HealthError(DomainError):
    """Of a field of health a body has one table (``health``)."""

    code = "constructor.health"
    title = (
        "Сведения о здоровье вне организации считаются только по всей своей территории, на 1 января и 1 октября, "
        "без условий отбора и без сведений на прошлую дату, по основному месту обучения: количество и доля по одному "
        "признаку здоровья и по муниципалитетам (для региона) или организациям (для муниципалитета)"
    )


class NotPublishedError(DomainError):
    """The data are not for everybody."""

    code = "constructor.not-for-publication"
    title = "Отчёт по этим данным не публикуется"


class PublicationDayError(DomainError):
    """What is published is counted as of a few days, so that no two publications differ by few people."""

    code = "constructor.publication-day"
    title = "Публикуются данные на 1 января или 1 октября, какими они известны сейчас: укажите в отчёте такую дату"


class PublishedAlreadyError(DomainError):
    """A report is published once at a time."""

    code = "constructor.published-already"
    kind = Kind.CONFLICT
    title = "Отчёт уже опубликован: сначала снимите публикацию"
