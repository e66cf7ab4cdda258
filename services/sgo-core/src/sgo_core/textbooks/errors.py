"""Errors of textbooks."""

from servicekit.errors import DomainError, Kind


class TextbookExistsError(DomainError):
    """The organization has this edition already."""

    code = "textbooks.exists"
    kind = Kind.CONFLICT
    title = "Такой учебник этого года издания уже есть"


class TextbookSubjectError(DomainError):
    """Not a subject the organization may teach."""

    code = "textbooks.subject-unknown"
    kind = Kind.INVALID
    title = "Нет такого предмета в справочнике организации"


class TextbookGradesError(DomainError):
    """Grades the wrong way round."""

    code = "textbooks.grades"
    kind = Kind.INVALID
    title = "Класс «с» больше класса «по»"


class NoCopiesError(DomainError):
    """More would be written off than there are."""

    code = "textbooks.no-copies"
    kind = Kind.CONFLICT
    title = "Списывается больше экземпляров, чем есть"


class TextbookClassesError(DomainError):
    """Classes of another organization or grade, or a textbook out of use."""

    code = "textbooks.classes"
    kind = Kind.INVALID
    title = "По учебнику занимаются классы этой организации, для параллелей которых он предназначен"
