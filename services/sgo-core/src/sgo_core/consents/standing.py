"""What stands behind a field that needs consent: the one place that says whether it may be stored, and whether it may be shown.

Nothing is marked on the card. A field whose consent was withdrawn or has run out, or which was consented to another operator
(the school the child came from), is closed to the organization that asks until it has a ground of its own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from servicekit.errors import FieldError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind
from sgo_core.consents import repository
from sgo_core.consents.errors import ConsentDateError, ConsentRequiredError, GroundUnknownError
from sgo_core.consents.model import Consent, FieldGround
from sgo_core.history import service as history
from sgo_core.history.recorded import Author, signature

__all__ = [
    "Consent",
    "GivenConsent",
    "NamedGround",
    "closed_fields",
    "consents_of",
    "record_consents",
    "require_ground",
    "signed_at",
    "told_to",
    "withdrawn",
]

_OLDEST = timedelta(days=30 * 366)
KeptT = TypeVar("KeptT", Consent, FieldGround)


@dataclass(frozen=True)
class GivenConsent:
    """A consent as it comes with a class list or an application; ``organization_id`` where the operator is one of ours.

    A consent given with an application is to processing as such: it opens no fields of the card.
    """

    kind: CardKind
    subject_id: UUID
    organization_id: UUID | None
    operator: str
    purposes: tuple[str, ...]
    fields: frozenset[str]
    method: str
    given_at: datetime
    valid_until: date | None = None
    given_by: UUID | None = None

    def row(self, author: Author, now: datetime) -> dict[str, Any]:
        """A row of it."""
        return {
            "id": new_id(),
            "subject_kind": self.kind.value,
            "subject_id": self.subject_id,
            "organization_id": self.organization_id,
            "operator": self.operator,
            "purposes": list(self.purposes),
            "fields": sorted(self.fields),
            "given_by": self.given_by,
            "method": self.method,
            "given_at": self.given_at,
            "valid_until": self.valid_until,
            **signature(author, now),
        }


@dataclass(frozen=True)
class NamedGround:
    """A ground of the catalogue's ``other_grounds``, and the document by which it holds for this person."""

    ground: str
    document: str


def signed_at(uow: UnitOfWork, given_at: datetime) -> datetime:
    """When a paper was signed, not after now; raises ``ConsentDateError`` for another day than one of the last thirty years."""
    if not uow.now - _OLDEST <= given_at or uow.clock.date_of(given_at) > uow.clock.today():
        raise ConsentDateError
    return min(given_at, uow.now)


async def record_consents(uow: UnitOfWork, consents: Sequence[GivenConsent], author: Author) -> set[UUID]:
    """Store consents that came with other data; one known already, withdrawn or not, stays as it is. Subjects of the new ones."""
    rows = [one.row(author, uow.now) for one in consents]
    inserted = await repository.insert_consents(uow.session, rows)
    return {row["subject_id"] for row in rows if row["id"] in inserted}


async def withdrawn(uow: UnitOfWork, consents: Mapping[UUID, tuple[str, datetime]]) -> set[UUID]:
    """Subjects whose consent, named by operator and instant, was withdrawn: paper that no longer says anything."""
    return await repository.withdrawn(uow.session, consents) if consents else set()


async def consents_of(
    uow: UnitOfWork, subject_ids: Collection[UUID], instant: datetime | None = None
) -> Sequence[Consent]:
    """All consents of the subjects, newest first; those known at an instant, as they stood then."""
    if instant is None:
        return await repository.consents_of(uow.session, subject_ids)
    found = await history.rows_as_of(uow, Consent, subject_ids, instant)
    return sorted(found, key=lambda one: one.given_at, reverse=True)


def told_to(principal: Principal, audience: Audience, kept: Sequence[KeptT]) -> Sequence[KeptT]:
    """Those of the consents or grounds that the caller is told of: an organization, of its own alone.

    Whom else a family trusts, and what a court or a doctor wrote to another school, is no business of it. A consent that names no
    organization of the register is everybody's; the subject itself and the bodies are told of all.
    """
    own = principal.unit.organization_id
    if audience is Audience.SUBJECT or own is None:
        return kept
    return [one for one in kept if one.organization_id in {own, None}]


async def closed_fields(
    uow: UnitOfWork, principal: Principal, audience: Audience, kind: CardKind, subject_ids: Collection[UUID]
) -> Mapping[UUID, frozenset[str]]:
    """Fields of each card that the caller's organization has no ground to use (for a body: that nobody has), or that are blocked.

    The subject's own eyes need no ground.
    """
    if audience is Audience.SUBJECT:
        return dict.fromkeys(subject_ids, frozenset())
    organization = principal.unit.organization_id
    operators = None if organization is None else [organization]
    found, blocked = await repository.open_and_blocked(uow.session, subject_ids, operators, uow.clock.today())
    on_consent = CATALOGUE.cards[kind].on_consent
    return {one: on_consent - found.get(one, set()) | blocked.get(one, set()) for one in subject_ids}


async def require_ground(
    uow: UnitOfWork,
    kind: CardKind,
    subject_id: UUID,
    organization_id: UUID | None,
    values: Mapping[str, Any],
    grounds: Mapping[str, NamedGround],
    author: Author,
) -> None:
    """Let an organization store these values; raises ``ConsentRequiredError`` naming the fields that nothing allows.

    ``grounds`` names a ground for a field without consent; it is kept beside the card.
    """
    on_consent = CATALOGUE.cards[kind].on_consent
    if not (
        grounds.keys() <= on_consent and {one.ground for one in grounds.values()} <= CATALOGUE.other_grounds.keys()
    ):
        raise GroundUnknownError
    wanted = {name for name in on_consent if values.get(name) is not None}
    if not wanted:
        return
    operators = [] if organization_id is None else [organization_id]
    found = await repository.open_fields(uow.session, [subject_id], operators, uow.clock.today())
    missing = wanted - found.get(subject_id, set())
    if lacking := sorted(missing - grounds.keys()):
        title = ConsentRequiredError.title
        raise ConsentRequiredError(
            errors=[FieldError(f"/body/values/{name}", ConsentRequiredError.code, title) for name in lacking]
        )
    if organization_id is None:
        return
    for name in sorted(missing):
        uow.session.add(
            FieldGround(
                id=new_id(),
                subject_kind=kind.value,
                subject_id=subject_id,
                organization_id=organization_id,
                field=name,
                ground=grounds[name].ground,
                document=grounds[name].document,
                valid_from=uow.clock.today(),
                **signature(author, uow.now),
            )
        )
