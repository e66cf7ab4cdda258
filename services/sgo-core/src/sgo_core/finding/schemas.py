"""HTTP shapes of the search."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from identifiers import DocumentKind, Snils
from servicekit.http import Body, Line
from sgo_core.cards.schemas import Masked, Values
from sgo_core.catalogue.values import Day, Document

Reason = Literal["snils", "document", "name"]


class SoughtDocument(Document):
    """A document that tells people apart by itself; one of another kind does so only beside a name."""

    kind: Annotated[Literal[DocumentKind.BIRTH_CERTIFICATE, DocumentKind.PASSPORT_RF], Field(title="Тип документа")]


class Sought(Body):
    """Who is looked for: a number finds exactly, a name also with mistakes; a birth date narrows the names."""

    name: Annotated[Line, StringConstraints(min_length=3, max_length=200)] | None = None
    birth_date: Day | None = None
    snils: Snils | None = None
    document: SoughtDocument | None = None


class FoundOut(Body):
    """A student the caller sees, and by what it was found."""

    student_id: UUID
    values: Values
    masked: Masked
    found_by: list[Reason]


class ElsewhereOut(Body):
    """A student of another organization: that there is one, and as much as a person who knows the child recognises."""

    hint: Annotated[str, Field(title="Начальные буквы имени и год рождения")]
    found_by: list[Reason]


class FoundStudentsOut(Body):
    """Who was found, the likeliest first; ``more``: there are others, so that more has to be said."""

    items: list[FoundOut]
    elsewhere: list[ElsewhereOut]
    more: bool


Likeness = Literal["document", "birth_date", "name", "guardian"]


class PairedOut(Body):
    """A card of a pair: as the caller may see it, or a hint where it is another organization's."""

    student_id: UUID | None
    values: Values
    masked: Masked
    hint: str | None


class PairOut(Body):
    """Two cards that may be one child: what speaks for it, and how much."""

    id: UUID
    noted_at: AwareDatetime
    score: Annotated[int, Field(title="Сходство, 0-100", ge=0, le=100)]
    reasons: list[Likeness]
    cards: Annotated[list[PairedOut], Field(min_length=2, max_length=2)]
