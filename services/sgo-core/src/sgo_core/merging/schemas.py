"""HTTP shapes of merges."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from servicekit.http import Body, Line, Text
from sgo_core.cards.schemas import Masked, Values
from sgo_core.catalogue.definition import CardKind
from sgo_core.consents.schemas import Subject

State = Literal["proposed", "done", "rejected", "undone"]


class MistakeIn(Body):
    """Which card's СНИЛС is a mistake, and how that is known."""

    card: Literal["survivor", "absorbed"]
    reason: Text


class MergeIn(Body):
    """Which cards are one person's: by ids of cards that the caller sees, or a pair of the list of possible duplicates.

    The survivor's fields stay, those it lacks are filled in; ``fields`` are taken from the absorbed card all the same.
    """

    kind: Subject
    survivor_id: UUID | None = None
    absorbed_id: UUID | None = None
    pair_id: UUID | None = None
    survivor: Annotated[
        Literal["first", "second"] | None, Field(description="Какая карточка пары остаётся, в порядке списка")
    ] = None
    fields: Annotated[list[Line], Field(max_length=100)] = Field(default_factory=list)
    mistake: MistakeIn | None = None
    reason: Text

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        by_ids = self.survivor_id is not None and self.absorbed_id is not None
        by_pair = self.pair_id is not None and self.survivor is not None
        alone = (self.survivor_id, self.absorbed_id, self.pair_id, self.survivor).count(None) == 2  # noqa: PLR2004
        if not alone or by_ids == by_pair or (by_pair and self.kind is not CardKind.STUDENT):
            raise ValueError("either two cards or a pair of students")
        return self


class MergeMade(Body):
    """A merge carried out, or proposed to the other side."""

    id: UUID
    state: State
    version: int


class SideOut(Body):
    """A card of a merge: as the caller may see it, or a hint where it is another organization's."""

    card_id: UUID | None
    values: Values
    masked: Masked
    hint: str | None


class MergeOut(MergeMade):
    """A merge with both cards, the survivor first; ``differing``: fields that both have and that differ."""

    kind: Subject
    cards: Annotated[list[SideOut], Field(min_length=2, max_length=2)]
    differing: list[str]
    fields: list[str]
    mistaken: Literal["survivor", "absorbed"] | None
    mistake: str | None
    reason: str
    proposed_by: str
    decided_by: str | None
    merged_at: datetime | None
    undone_at: datetime | None


class MergeLineOut(MergeMade):
    """A merge in a list."""

    kind: Subject
    fields: list[str]
    reason: str
    proposed_by: str
    decided_by: str | None
    merged_at: datetime | None
    undone_at: datetime | None


class ReasonIn(Body):
    """Why."""

    reason: Text


class PartedOut(MergeMade):
    """A merge undone: how many records of each kind belong to which card now."""

    survivor: dict[str, int]
    absorbed: dict[str, int]


class VerdictIn(Body):
    """Whether two cards are of different people, and how that is known; false puts the pair back into the list."""

    different: bool
    reason: Text
