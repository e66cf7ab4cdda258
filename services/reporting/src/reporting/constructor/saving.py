"""Reports that are saved: private or shared with the unit, edited by versions, published as a frozen answer."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row

from reporting.constructor import repository, service
from reporting.constructor.answers import Answer
from reporting.constructor.errors import NotPublishedError, PublicationDayError, PublishedAlreadyError
from reporting.constructor.plan import planned
from reporting.constructor.query import Query
from reporting.constructor.schemas import SavedReportIn
from reporting.outward import service as outward
from servicekit import audit
from servicekit.errors import ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


async def save(uow: UnitOfWork, principal: Principal, given: SavedReportIn) -> UUID:
    """Save a report in the principal's unit; its id. Raises ``QueryError``."""
    planned(given.query, principal.role)
    saved_id, unit = new_id(), principal.unit
    await repository.add_saved(
        uow.session,
        {
            "id": saved_id,
            "account_id": principal.account_id,
            "unit_kind": unit.kind.value,
            "organization_id": unit.organization_id,
            "municipality": unit.municipality,
            "founder_id": unit.founder_id,
            "version": 1,
        },
        _version(uow, saved_id, 1, given),
    )
    return saved_id


def _version(uow: UnitOfWork, saved_id: UUID, number: int, given: SavedReportIn) -> dict[str, Any]:
    return {
        "saved_report_id": saved_id,
        "version": number,
        "title": given.title,
        "shared": given.shared,
        "query": given.query.model_dump(mode="json", by_alias=True, exclude_unset=True),
        "saved_at": uow.now,
    }


async def get(uow: UnitOfWork, principal: Principal, saved_id: UUID) -> Row[Any]:
    """A saved report the principal sees: its own, or shared in its unit; raises ``NotFoundError``."""
    found: Row[Any] | None = await repository.find_saved(uow.session, principal, saved_id)
    if found is None:
        raise NotFoundError
    return found


async def listed(uow: UnitOfWork, principal: Principal, *, after: UUID | None, limit: int) -> Sequence[Row[Any]]:
    """Saved reports the principal sees, in order of id, after a key."""
    return await repository.list_saved(uow.session, principal, after, limit)


async def edit(uow: UnitOfWork, principal: Principal, saved_id: UUID, version: int, given: SavedReportIn) -> None:
    """Write the next version. Raises ``NotFoundError``, ``ForbiddenError`` for another's, ``VersionMismatchError``, ``QueryError``."""
    planned(given.query, principal.role)
    found = await _own(uow, principal, saved_id, version)
    await repository.change_saved(uow.session, saved_id, _version(uow, saved_id, found.version + 1, given))


async def delete(uow: UnitOfWork, principal: Principal, saved_id: UUID, version: int) -> None:
    """Take a report away, and its publication. Raises as ``edit``."""
    await _own(uow, principal, saved_id, version)
    await _withdraw(uow, principal, saved_id)
    await repository.delete_saved(uow.session, saved_id, uow.now)


async def _own(uow: UnitOfWork, principal: Principal, saved_id: UUID, version: int) -> Row[Any]:
    found: Row[Any] | None = await repository.find_saved(uow.session, principal, saved_id, hold=True)
    if found is None:
        raise NotFoundError
    if found.account_id != principal.account_id:
        raise ForbiddenError
    if found.version != version:
        raise VersionMismatchError
    return found


async def run(uow: UnitOfWork, principal: Principal, saved_id: UUID, **changes: Any) -> tuple[Row[Any], Answer]:
    """A saved report and its answer now, with what it counts by today's rights. ``changes`` stand for parts of the query."""
    found = await get(uow, principal, saved_id)
    query = Query.model_validate(found.query).model_copy(update=changes)
    return found, await service.run(uow, principal, query)


async def publish(uow: UnitOfWork, principal: Principal, saved_id: UUID) -> UUID:
    """Freeze the answer for everybody, small counts hidden; the publication's id.

    Raises ``NotPublishedError`` for data that are not for everybody, ``PublicationDayError`` for a day as of which nothing is
    published, ``PublishedAlreadyError``, and as ``service.run``.
    """
    found = await get(uow, principal, saved_id)
    query = Query.model_validate(found.query)
    plan = planned(query, principal.role)
    if plan.health or not plan.dataset.published or plan.fields & plan.dataset.withheld:
        raise NotPublishedError
    if not service.for_outsiders(uow, query):
        raise PublicationDayError
    answer = await service.run(uow, principal, query, published=True)
    publication_id = new_id()
    stored = await repository.publish(
        uow.session,
        {
            "id": publication_id,
            "saved_report_id": saved_id,
            "version": found.version,
            "published_by": principal.account_id,
            "published_at": uow.now,
            "answer": answer.model_dump(mode="json"),
        },
    )
    if not stored:
        raise PublishedAlreadyError
    await _on_record(uow, principal, "publication", found.title, answer)
    await audit.record(uow, principal, "saved-report.published", [saved_id])
    return publication_id


async def withdraw(uow: UnitOfWork, principal: Principal, saved_id: UUID) -> None:
    """End a publication. Raises ``NotFoundError`` where there is none."""
    await get(uow, principal, saved_id)
    if not await _withdraw(uow, principal, saved_id):
        raise NotFoundError
    await audit.record(uow, principal, "saved-report.withdrawn", [saved_id])


async def _withdraw(uow: UnitOfWork, principal: Principal, saved_id: UUID) -> bool:
    withdrawn = await repository.withdraw(uow.session, saved_id, uow.now)
    if withdrawn is None:
        return False
    await _on_record(uow, principal, "withdrawal", withdrawn.title, Answer.model_validate(withdrawn.answer))
    return True


async def _on_record(
    uow: UnitOfWork, principal: Principal, kind: Literal["publication", "withdrawal"], title: str, answer: Answer
) -> None:
    content = answer.model_dump_json().encode()
    unit = answer.organization_id, answer.municipality
    await outward.record_table(uow, principal, title, *unit, "json", content, kind)


async def published(uow: UnitOfWork, publication_id: UUID) -> Row[Any]:
    """What everybody may read; raises ``NotFoundError``."""
    found: Row[Any] | None = await repository.find_published(uow.session, publication_id)
    if found is None:
        raise NotFoundError
    return found
