"""Within how many working days an organization answers a data subject, and what may be blocked or erased on request."""

from dataclasses import dataclass
from enum import StrEnum

from sgo_core.catalogue.definition import CATALOGUE, CardKind


class RequestKind(StrEnum):
    """What a subject asks for."""

    ACCESS = "access"
    CORRECTION = "correction"
    BLOCKING = "blocking"
    ERASURE = "erasure"
    CESSATION = "cessation"


@dataclass(frozen=True)
class Term:
    """Working days to answer in, how many more for a stated reason, and whether the fields are blocked meanwhile."""

    days: int
    extension: int
    blocks: bool
    source: str


TERMS = {
    RequestKind.ACCESS: Term(10, 5, blocks=False, source="152-ФЗ, статья 14, часть 3; статья 20, часть 1"),
    RequestKind.CORRECTION: Term(7, 0, blocks=True, source="152-ФЗ, статья 20, часть 3; статья 21, части 1, 2"),
    RequestKind.BLOCKING: Term(7, 0, blocks=True, source="152-ФЗ, статья 21, части 1, 2"),
    RequestKind.ERASURE: Term(7, 0, blocks=True, source="152-ФЗ, статья 20, часть 3"),
    RequestKind.CESSATION: Term(10, 5, blocks=True, source="152-ФЗ, статья 21, часть 5.1"),
}
OF_KEEPER = frozenset({RequestKind.CORRECTION, RequestKind.BLOCKING, RequestKind.ERASURE})
"""What is asked of the organization that keeps the card now: it is one card, others have no copy of it."""


def may_be_given_up(kind: CardKind) -> frozenset[str]:
    """Fields that a subject may have blocked or erased: those kept on consent, and those that the law does not make obligatory.

    Without the rest the organization could not do what the law asks of it: blocking must not break the subject's own interests
    (article 21, part 1), and erasing must not break another duty to keep (article 21, part 5).
    """
    card = CATALOGUE.cards[kind]
    return card.on_consent | {name for name, one in card.stored().items() if one.mandatory is None}
