"""Errors of projects."""

from servicekit.errors import DomainError, Kind


class UnknownMemberError(DomainError):
    """A supervisor or author who is no worker or student of the organization."""

    code = "projects.member-unknown"
    kind = Kind.INVALID
    title = "Такого работника или обучающегося в организации нет"


class NoSupervisorError(DomainError):
    """A project without a supervisor or an author."""

    code = "projects.members-required"
    kind = Kind.INVALID
    title = "Укажите руководителя и хотя бы одного автора"


class UnknownYearError(DomainError):
    """No such academic year."""

    code = "projects.year-unknown"
    kind = Kind.INVALID
    title = "Нет такого учебного года"


class DefenceDateError(DomainError):
    """A defended project without its day, or a day without a defence."""

    code = "projects.defended-on"
    kind = Kind.INVALID
    title = "Дата защиты указывается у защищённого проекта, и только у него"
