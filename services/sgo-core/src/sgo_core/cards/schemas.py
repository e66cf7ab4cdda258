"""HTTP shapes that all cards share."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, Field

from servicekit.http import Body

Values = Annotated[
    dict[str, Any],
    Field(title="Поля карточки", description="По каталогу данных (`GET /catalogue`); скрытых от читающего полей нет"),
]
Masked = Annotated[list[str], Field(title="Поля, показанные частично")]
Closed = Annotated[
    list[str],
    Field(
        title="Поля без основания", description="Нет согласия или иного основания: поле не показано и не заполняется"
    ),
]
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def _within_reach(sent: date | datetime | None) -> date | datetime | None:
    """Days that every zone of time can tell: the last years there are would overflow."""
    if sent is not None and not _FIRST_YEAR <= sent.year <= _LAST_YEAR:
        raise ValueError
    return sent


AsOf = Annotated[
    date | datetime | None,
    AfterValidator(_within_reach),
    Query(description="Показать сведения, какими они были известны на конец дня или на указанный момент"),
]


def without_people(answer: Any) -> Any:
    """An answer without the fields of cards it shows; ids stay. So it may be kept for a repeated request."""
    match answer:
        case dict():
            emptied: dict[str, Any] = {"values": {}, "masked": []}
            return {name: emptied.get(name, without_people(value)) for name, value in answer.items()}
        case list():
            return [without_people(one) for one in answer]
    return answer


class ChangeOut(Body):
    """One change of a card or of a record that belongs to it: old and new value by field, masked as the card itself.

    Why a person's card or a record was changed, no body reads.
    """

    relation: str
    row_id: UUID
    at: datetime
    by: str
    reason: str | None
    created: bool
    changes: dict[str, tuple[Any, Any]]
