"""Errors of the register of organizations."""

from servicekit.errors import DomainError, Kind


class AlreadyRegisteredError(DomainError):
    """Another organization has this ОГРН."""

    code = "organizations.already-registered"
    kind = Kind.CONFLICT
    title = "Организация с таким ОГРН уже зарегистрирована"


class UnknownMunicipalityError(DomainError):
    """No municipality has this ОКТМО."""

    code = "organizations.municipality-unknown"
    kind = Kind.INVALID
    title = "Нет муниципального образования с таким кодом ОКТМО"


class UnknownFounderError(DomainError):
    """No governing body in force has this id."""

    code = "organizations.founder-unknown"
    kind = Kind.INVALID
    title = "Нет такого действующего органа управления"


class BranchError(DomainError):
    """A branch of what is no head organization, or with other numbers than its head's."""

    code = "organizations.branch"
    kind = Kind.INVALID
    title = "Филиал указывает головную организацию и имеет те же ИНН и ОГРН"


class NumbersError(DomainError):
    """A sole trader has ОГРНИП and an ИНН of 12 digits and no КПП, a legal entity ОГРН and an ИНН of 10."""

    code = "organizations.numbers"
    kind = Kind.INVALID
    title = "ИНН, КПП и ОГРН не подходят друг к другу: у юридического лица 10, 9 и 13 знаков, у предпринимателя 12 и 15 без КПП"


class KindFixedError(DomainError):
    """The kind of an organization changes by reorganization only."""

    code = "organizations.kind-fixed"
    kind = Kind.INVALID
    title = "Тип организации меняется только реорганизацией"


class ClosedPastError(DomainError):
    """What holds from a day on would hold in an academic year that is closed: the organization's, or of the region one that is over."""

    code = "organizations.closed-past"
    kind = Kind.CONFLICT
    title = "Изменение затрагивает завершённый учебный год: укажите дату, с которой начинается незавершённый"
