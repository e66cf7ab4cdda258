"""Brothers and sisters who apply together: whom an application may name, and the family that its applications share.

Applications belong together where one names the other and both state a representative with the same СНИЛС. A sender names only what it
sees; what it may not name is to it as if it were not there, whatever the cause.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications import service
from eu_enrollment.applications.model import LIVE_WHERE, application
from eu_enrollment.applications.policies import visible
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.database import Record
from eu_enrollment.runtime import runtime_of
from servicekit.errors import FieldError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_WITHOUT_PLACE = (
    ApplicationStatus.REGISTERED,
    ApplicationStatus.DOCUMENTS_REQUIRED,
    ApplicationStatus.QUEUED,
    ApplicationStatus.REFERRED,
    ApplicationStatus.DECLINED,
    ApplicationStatus.NO_SHOW,
    ApplicationStatus.FROZEN,
    ApplicationStatus.REDIRECTED,
)
"""Who has taken no place yet may still get one together with another."""


async def strangers(
    session: AsyncSession, principal: Principal, body: ApplicationIn, own: UUID | None = None
) -> list[FieldError]:
    """An error for each named application that the sender may not name; ``own``: the application that names them, if it is there."""
    if not body.together_with:
        return []
    seen = and_(application.c.number.in_(body.together_with), visible(principal))
    rows = await _candidates(session, body.campaign_id, seen)
    bodies = _bodies(session, rows)
    known = {row.number for row in rows if row.id != own and _one_guardian(body, bodies[row.id])}
    return [
        FieldError(
            f"/body/together_with/{index}",
            "together.unknown",
            "У этой семьи нет заявления с таким номером, которое ждёт места в этой кампании",
        )
        for index, number in enumerate(body.together_with)
        if number not in known
    ]


async def regroup(uow: UnitOfWork, application_id: UUID) -> None:
    """Find anew the family of an application by what it and those around it name.

    Those who join it or are left by it are told by a step of their history.
    """
    session = uow.session
    row = (await session.execute(select(application).where(application.c.id == application_id))).one()
    stated = _bodies(session, [row])[row.id]
    named = await _candidates(session, row.campaign_id, application.c.number.in_(stated.together_with))
    keys = {one.family_key for one in (row, *named)} - {None}
    ids = [one.id for one in (row, *named)]
    around = or_(application.c.id.in_(ids), application.c.family_key.in_(keys))
    rows = (await session.execute(select(application).where(around).order_by(application.c.id).with_for_update())).all()
    before = {one.id for one in rows if row.family_key is not None and one.family_key == row.family_key}
    families = _families(rows, _bodies(session, rows))
    for family in families:
        key = new_id() if len(family) > 1 else None
        await session.execute(update(application).where(application.c.id.in_(family)).values(family_key=key))
    after = next(family for family in families if application_id in family)
    for one in rows:
        if one.id != application_id and (one.id in before) != (one.id in after):
            place = [(one.id, one.organization_id)]
            await service.move(uow, Reason.FAMILY_CHANGED, place, attention=one.attention)


async def numbers(session: AsyncSession, principal: Principal, row: Record) -> Sequence[str]:
    """Live applications of the same family that the principal sees, by number."""
    if row.family_key is None:
        return []
    others = and_(application.c.family_key == row.family_key, application.c.id != row.id, text(LIVE_WHERE))
    found = select(application.c.number).where(others, visible(principal)).order_by(application.c.accepted_seq)
    return (await session.scalars(found)).all()


async def _candidates(session: AsyncSession, campaign_id: UUID, which: ColumnElement[bool]) -> Sequence[Record]:
    here = and_(application.c.campaign_id == campaign_id, application.c.status.in_(_WITHOUT_PLACE))
    return (await session.execute(select(application).where(here, which))).all()


def _bodies(session: AsyncSession, rows: Sequence[Record]) -> dict[UUID, ApplicationIn]:
    cipher = runtime_of(session).cipher
    return {row.id: service.read_payload(cipher, row.payload) for row in rows}


def _one_guardian(one: ApplicationIn, other: ApplicationIn) -> bool:
    return bool(_guardians(one) & _guardians(other))


def _guardians(body: ApplicationIn) -> frozenset[str]:
    return frozenset(person.snils for person in body.representatives if person.snils is not None)


def _families(rows: Sequence[Record], bodies: Mapping[UUID, ApplicationIn]) -> list[set[UUID]]:
    """Who belongs together, directly or by others."""
    found: list[set[UUID]] = []
    for row in rows:
        kin = {
            other.id
            for other in rows
            if other.number in bodies[row.id].together_with and _one_guardian(bodies[row.id], bodies[other.id])
        } | {row.id}
        joined = kin.union(*(family for family in found if not family.isdisjoint(kin)))
        found = [family for family in found if family.isdisjoint(kin)] + [joined]
    return found
