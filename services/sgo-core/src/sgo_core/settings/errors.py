"""Errors of settings."""

from servicekit.errors import DomainError, Kind


class UnknownSettingError(DomainError):
    """No setting has this name."""

    code = "settings.unknown"
    kind = Kind.NOT_FOUND
    title = "Нет такой настройки"


class SettingValueError(DomainError):
    """The setting may not have this value."""

    code = "settings.value"
    kind = Kind.INVALID
    title = "Недопустимое значение настройки"


class RegionalSettingError(DomainError):
    """An organization takes the region's value of this setting, or this position may not set it."""

    code = "settings.regional"
    kind = Kind.FORBIDDEN
    title = "Эту настройку с этого рабочего места не меняют"


class SettingSetError(DomainError):
    """The level has a value that begins on this day."""

    code = "settings.day-taken"
    kind = Kind.CONFLICT
    title = "Значение, действующее с этого дня, уже есть: измените его"
