"""Errors of signing in and staying signed in."""

from servicekit.errors import DomainError, Kind


class WrongCredentialsError(DomainError):
    """Unknown login or wrong password: the answer does not tell which."""

    code = "sessions.wrong-credentials"
    kind = Kind.UNAUTHENTICATED
    title = "Неверный логин или пароль"


class TooManyAttemptsError(DomainError):
    """Too many failed attempts for the login or from the address."""

    code = "sessions.too-many-attempts"
    kind = Kind.TOO_MANY
    title = "Слишком много неудачных попыток входа, повторите позже"


class SlipExpiredError(DomainError):
    """The one-time password was right but waited too long."""

    code = "sessions.slip-expired"
    kind = Kind.FORBIDDEN
    title = "Срок действия одноразового пароля истёк, обратитесь к администратору за новым"


class NoPositionError(DomainError):
    """The account holds no position to work in."""

    code = "sessions.no-position"
    kind = Kind.FORBIDDEN
    title = "У учётной записи нет действующих прав"


class UnknownPositionError(DomainError):
    """The chosen position is not one of the account's."""

    code = "sessions.unknown-position"
    kind = Kind.INVALID
    title = "Такой рабочей роли у учётной записи нет"


class SessionEndedError(DomainError):
    """The refresh token is not good, or its session ended."""

    code = "sessions.ended"
    kind = Kind.UNAUTHENTICATED
    title = "Сеанс завершён, войдите снова"


class WrongPasswordError(DomainError):
    """The current password is wrong."""

    code = "password.wrong"
    kind = Kind.INVALID
    title = "Текущий пароль указан неверно"


class SamePasswordError(DomainError):
    """The new password is the old one."""

    code = "password.same"
    kind = Kind.INVALID
    title = "Новый пароль совпадает с текущим"


class PasswordChangedMeanwhileError(DomainError):
    """Somebody else changed the password at the same moment."""

    code = "password.changed-meanwhile"
    kind = Kind.CONFLICT
    title = "Пароль уже изменён другим действием"
