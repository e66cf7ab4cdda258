"""Consents and other grounds when the operator is succeeded by another, or is no more.

By universal succession (ГК РФ, статьи 57, 58, 129) the successor takes the operator's place: what was consented to the one is
consented to the other, for those who passed to it. A liquidated operator has no successor (статья 61): its consents end, and what
rested on them alone is closed at once and erased within thirty days.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, exists, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.consents.model import Consent, FieldGround
from sgo_core.history.recorded import Author, signature

_CONSENT = ("subject_kind", "subject_id", "purposes", "fields", "given_by", "method", "given_at", "valid_until")
_GROUND = ("subject_kind", "subject_id", "field", "ground", "document", "valid_from", "valid_to")


@dataclass(frozen=True)
class Succession:
    """Who succeeds whom as an operator."""

    origin_id: UUID
    origin: str
    organization_id: UUID
    organization: str

    @property
    def operator(self) -> str:
        """How the successor stands in a consent that was given to its predecessor."""
        return f"{self.organization} (правопреемник: {self.origin})"


async def pass_on(uow: UnitOfWork, link: Succession, subjects: Collection[UUID], author: Author) -> None:
    """Let the successor stand on the consents and grounds of these subjects. Done twice it is done once."""
    today = uow.clock.today()
    among = any_(literal(list(subjects), ARRAY(Uuid)))
    consents = select(Consent).where(
        Consent.subject_id == among,
        Consent.organization_id == link.origin_id,
        Consent.withdrawn_at.is_(None),
        or_(Consent.valid_until.is_(None), Consent.valid_until >= today),
    )
    rows = [
        {
            **{name: getattr(one, name) for name in _CONSENT},
            "id": new_id(),
            "organization_id": link.organization_id,
            "operator": link.operator,
            **signature(author, uow.now),
        }
        for one in await uow.session.scalars(consents)
    ]
    if rows:
        await uow.session.execute(insert(Consent).on_conflict_do_nothing(), rows)
    await _pass_grounds(uow, link, among, author)


async def _pass_grounds(uow: UnitOfWork, link: Succession, among: object, author: Author) -> None:
    mine = aliased(FieldGround)
    known = exists().where(
        mine.subject_id == FieldGround.subject_id,
        mine.organization_id == link.organization_id,
        mine.field == FieldGround.field,
        mine.ground == FieldGround.ground,
        mine.document == FieldGround.document,
    )
    grounds = select(FieldGround).where(
        FieldGround.subject_id == among,
        FieldGround.organization_id == link.origin_id,
        or_(FieldGround.valid_to.is_(None), FieldGround.valid_to > uow.clock.today()),
        ~known,
    )
    rows = [
        {
            **{name: getattr(one, name) for name in _GROUND},
            "id": new_id(),
            "organization_id": link.organization_id,
            **signature(author, uow.now),
        }
        for one in await uow.session.scalars(grounds)
    ]
    if rows:
        await uow.session.execute(insert(FieldGround), rows)


async def hand_over(uow: UnitOfWork, link: Succession, author: Author) -> None:
    """Give the heir of a closed operator's archive what has passed to nobody: consents of those who had left before."""
    passed = aliased(Consent)
    statement = (
        update(Consent)
        .where(
            Consent.organization_id == link.origin_id,
            Consent.withdrawn_at.is_(None),
            ~exists().where(
                passed.subject_id == Consent.subject_id,
                passed.given_at == Consent.given_at,
                passed.organization_id != link.origin_id,
                passed.operator.like("%(правопреемник: %"),
            ),
        )
        .values(
            organization_id=link.organization_id,
            operator=link.operator,
            version=Consent.version + 1,
            **signature(author, uow.now),
        )
        .execution_options(synchronize_session=False)
    )
    await uow.session.execute(statement)


async def end_all(uow: UnitOfWork, organization_id: UUID, day: date, author: Author, *, succeeded: bool) -> None:
    """End every consent to an operator that is no more. One that was passed on names no fields any longer: nothing is erased by it."""
    ends = {"valid_until": day - timedelta(days=1), **({"fields": []} if succeeded else {})}
    statement = (
        update(Consent)
        .where(
            Consent.organization_id == organization_id,
            Consent.withdrawn_at.is_(None),
            or_(Consent.valid_until.is_(None), and_(Consent.valid_until >= day)),
        )
        .values(**ends, version=Consent.version + 1, **signature(author, uow.now))
        .execution_options(synchronize_session=False)
    )
    await uow.session.execute(statement)
