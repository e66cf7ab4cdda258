"""What may be wrong with an additional form or an answer to it."""

from servicekit.errors import DomainError, Kind


class FrozenFormError(DomainError):
    """The form is published: what was asked does not change under those who answer."""

    code = "additional-form.published"
    kind = Kind.CONFLICT
    title = "Форма опубликована и больше не меняется; составьте новую"
    sqlstate = "AS101"


class NotPublishedError(DomainError):
    """The form is a draft: nobody fills it in yet."""

    code = "additional-form.draft"
    kind = Kind.CONFLICT
    title = "Форма ещё не опубликована"


class RespondentsError(DomainError):
    """A form of a body names who fills it in; an organization fills its own in itself."""

    code = "additional-form.respondents"
    title = "Назовите виды организаций, которые заполняют форму; свою форму организация заполняет сама"


class CellsError(DomainError):
    """Cells that the form does not have, or values of another kind: ``members.cells`` names them."""

    code = "additional-form.cells"
    title = "Таких ячеек в форме нет, или значение не того вида"


class EmptyCellsError(DomainError):
    """Cells that must be filled before the answer is sent are empty: ``members.cells`` names them."""

    code = "additional-form.empty-cells"
    kind = Kind.CONFLICT
    title = "Заполнены не все ячейки; пустыми можно оставить только текстовые"
