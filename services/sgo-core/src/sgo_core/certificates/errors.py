"""Errors of certificates of education."""

from servicekit.errors import DomainError, Kind


class CertificateEnteredError(DomainError):
    """What is entered into the issue book stands."""

    code = "certificates.entered"
    kind = Kind.CONFLICT
    title = "Документ внесён в книгу регистрации: изменить его нельзя, можно выдать дубликат"
    sqlstate = "AS003"


class CertificateStateError(DomainError):
    """The step does not fit the state of the certificate."""

    code = "certificates.state"
    kind = Kind.CONFLICT
    title = "Документ не в том состоянии: проект регистрируют, зарегистрированный выдают"


class NotGraduatesError(DomainError):
    """Some of the students have not finished the level in this year here, by a closed year."""

    code = "certificates.not-graduates"
    kind = Kind.CONFLICT
    title = "Аттестат выдаётся тем, кто завершил уровень образования по итогам завершённого года"


class NobodyError(DomainError):
    """Everyone who may have a certificate has it already."""

    code = "certificates.nobody"
    kind = Kind.CONFLICT
    title = "Нет выпускников, которым ещё не составлен документ"


class MarksMissingError(DomainError):
    """A certificate without final marks, or with an unsatisfactory one."""

    code = "certificates.marks-missing"
    kind = Kind.CONFLICT
    title = "Не внесены итоговые отметки или среди них есть неудовлетворительные"


class HonoursError(DomainError):
    """Honours beside a final mark that is not the best (приказ № 546 of 05.10.2020)."""

    code = "certificates.honours"
    kind = Kind.CONFLICT
    title = "Аттестат с отличием выдаётся, если все итоговые отметки «отлично»"


class BlankUsedError(DomainError):
    """The number of the blank has been used before."""

    code = "certificates.blank-used"
    kind = Kind.CONFLICT
    title = "Бланк с таким номером уже использован"


class BlankRequiredError(DomainError):
    """A certificate is printed on a numbered blank, a note of study is not."""

    code = "certificates.blank"
    kind = Kind.INVALID
    title = "У аттестата указывается номер бланка, у справки об обучении — нет"


class CertificateDateError(DomainError):
    """A day of the book that has not come yet."""

    code = "certificates.date"
    kind = Kind.INVALID
    title = "Дата записи или выдачи ещё не наступила"
