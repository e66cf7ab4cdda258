"""What the routes read of the quality of data, beside the use cases."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from asu_contracts.access import Role
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CardKind
from sgo_core.class_teachers import service as class_teachers
from sgo_core.quality import repository, scans
from sgo_core.quality.duties import Duty
from sgo_core.quality.model import QualityConfirmation, QualityIssue, QualityMeasure


async def measures_of(uow: UnitOfWork, organization_id: UUID, day: date) -> Sequence[QualityMeasure]:
    """An organization's measures of a day."""
    return await repository.measures_of(uow.session, organization_id, day)


async def missing_by_field(uow: UnitOfWork, organization_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Fields that are empty on some cards of an organization."""
    return await repository.missing_by_field(uow.session, organization_id)


async def sums(uow: UnitOfWork, principal: Principal) -> Sequence[Row[*tuple[Any, ...]]]:
    """Sums of what the caller sees, by municipality and in all."""
    each = await repository.sums(uow.session, principal.visible, by_municipality=True)
    return [*each, *await repository.sums(uow.session, principal.visible, by_municipality=False)]


async def page_of_standings(
    uow: UnitOfWork, principal: Principal, municipality: str | None, limit: int, after: UUID | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page of measured organizations the caller sees, and one more."""
    return await repository.page_of_standings(uow.session, principal.visible, municipality, limit, after)


async def last_measures(uow: UnitOfWork, organization_ids: Collection[UUID]) -> Sequence[QualityMeasure]:
    """The last measures of organizations."""
    return await repository.last_measures(uow.session, organization_ids)


async def groups_asked(
    uow: UnitOfWork, principal: Principal, group_id: UUID | None = None, kind: CardKind = CardKind.STUDENT
) -> Collection[UUID] | None:
    """Of which groups the caller asks, None for the whole organization: a teacher of students of those it leads alone.

    Raises ``NotFoundError`` for what is not a teacher's.
    """
    if principal.role is not Role.TEACHER:
        return None if group_id is None else [group_id]
    led = await class_teachers.groups_led(uow, principal)
    if kind is not CardKind.STUDENT or group_id not in {None, *led}:
        raise NotFoundError
    return led if group_id is None else [group_id]


async def by_group(
    uow: UnitOfWork, organization_id: UUID, groups: Collection[UUID] | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Groups with students measured in them today, and their gaps; ``groups`` only."""
    found = await scans.by_group(uow.session, organization_id, uow.clock.today())
    return [one for one in found if groups is None or one.id in groups]


async def page_of_gaps(
    uow: UnitOfWork,
    organization_id: UUID,
    kind: CardKind,
    duty: Duty,
    groups: Collection[UUID] | None,
    *,
    overdue: bool,
    limit: int,
    after: UUID | None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page of cards with gaps, all or the overdue ones, of students of some groups, and one more."""
    today = uow.clock.today()
    return await repository.page_of_gaps(
        uow.session,
        organization_id,
        kind,
        groups=groups,
        day=today,
        since_before=duty.overdue_before(today) if overdue else None,
        limit=limit,
        after=after,
    )


async def page_of_issues(
    uow: UnitOfWork,
    organization_id: UUID,
    kind: CardKind,
    rules: Collection[str],
    *,
    only_open: bool,
    settled: bool,
    limit: int,
    after: UUID | None,
) -> Sequence[QualityIssue]:
    """One page of issues with cards of a kind, or of those settled, and one more."""
    return await repository.page_of_issues(
        uow.session, organization_id, kind, rules, only_open=only_open, settled=settled, limit=limit, after=after
    )


async def confirmations(
    uow: UnitOfWork, organization_id: UUID, limit: int, after: UUID | None
) -> Sequence[QualityConfirmation]:
    """One page of confirmations, and one more."""
    return await repository.confirmations(uow.session, organization_id, limit, after)
