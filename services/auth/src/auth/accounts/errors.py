"""Errors about accounts."""

from servicekit.errors import DomainError, Kind


class LoginTakenError(DomainError):
    """Another account has the login."""

    code = "accounts.login-taken"
    kind = Kind.CONFLICT
    title = "Такой логин уже занят"


class PasswordChangeRequiredError(DomainError):
    """The one-time password must be replaced first."""

    code = "accounts.password-change-required"
    kind = Kind.FORBIDDEN
    title = "Сначала смените одноразовый пароль"
