"""What a figure of a built form is made of: whom a cell counts, and the events that put each of them there."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from asu_contracts.access import OFFICE
from reporting.builds import repository, service
from reporting.builds.errors import NotCountedError, WholeError
from reporting.builds.schemas import Member, Reason
from reporting.engine.definition import FormDefinition
from reporting.facts import service as facts
from reporting.ingest import service as log
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_HEALTH = frozenset({"special_needs", "adapted_programme", "special_needs_until", "disability", "disability_until"})
"""What events say of a child's health: the office of its organization alone reads it, as on the card in the registry."""


async def members(
    uow: UnitOfWork,
    principal: Principal,
    report_id: UUID,
    address: tuple[str, str, str],
    *,
    after: UUID | None,
    limit: int,
) -> Sequence[Member]:
    """Members of the cell ``address`` (section, row, column), exactly as many as it says.

    Raises ``NotFoundError`` for a report outside the principal's view, ``WholeError`` for one of more than an organization,
    ``NotCountedError`` for a cell that is not counted.
    """
    report = await _of_organization(uow, principal, report_id)
    form = FormDefinition.model_validate(report.definition)
    section = next((one for one in form.sections if one.code == address[0]), None)
    row = next((one for one in section.rows if one.code == address[1]), None) if section else None
    column = next((one for one in section.columns if one.code == address[2]), None) if section else None
    if section is None or row is None or column is None or row.measure is None or address in section.closed_cells():
        raise NotCountedError
    if any((one["section"], one["row"], one["column"]) == address for one in report.corrections):
        raise NotCountedError
    filters = (section.filter, row.filter, column.filter)
    if row.measure == "count(klass)":
        groups = await repository.counted_classes(uow.session, report.counted_as, filters, after, limit)
        return [Member(group_id=one) for one in groups]
    return [
        Member(
            group_id=one.group_id,
            placement_id=one.placement_id,
            statistical_id=one.statistical_id,
            fields=one.fields,
        )
        for one in await repository.counted_learners(uow.session, report.counted_as, filters, after, limit)
    ]


async def reasons(
    uow: UnitOfWork, principal: Principal, report_id: UUID, placement_id: UUID, *, after: UUID | None, limit: int
) -> Sequence[Reason]:
    """Events, known when the report was built, that the facts of one it counted are made of.

    Raises ``NotFoundError`` for a report outside the principal's view or a placement it did not count, ``WholeError``.
    """
    report = await _of_organization(uow, principal, report_id)
    counted = await repository.counted(uow.session, report.counted_as, placement_id)
    if counted is None:
        raise NotFoundError
    subjects = {
        "placement": placement_id,
        "learner": counted.statistical_id,
        "study_group": counted.group_id,
        "organization": report.organization_id,
    }
    ids = await facts.told_of(uow.session, subjects)
    found = await log.up_to(uow.session, ids, report.log_position, after=after, limit=limit)
    hidden = frozenset() if principal.role in OFFICE else _HEALTH
    return [
        Reason(
            event_id=one.id,
            type=one.type,
            occurred_at=one.occurred_at,
            payload={name: value for name, value in one.payload.items() if name not in hidden},
        )
        for one in found
    ]


async def _of_organization(uow: UnitOfWork, principal: Principal, report_id: UUID) -> Row[Any]:
    report = await service.get(uow.session, principal, report_id)
    if report.organization_id is None:
        raise WholeError
    return report
