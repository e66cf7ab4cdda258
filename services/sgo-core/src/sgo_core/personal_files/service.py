"""Inventory of a student's personal file: it is kept by the organization where the student is, and travels with a transfer."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.attachments import service as attachments
from sgo_core.cards.changing import change
from sgo_core.catalogue.definition import CardKind
from sgo_core.history.recorded import Author, signature
from sgo_core.movements import service as movements
from sgo_core.personal_files import repository
from sgo_core.personal_files.errors import PaperDateError, PaperHandedError
from sgo_core.personal_files.model import Paper
from sgo_core.personal_files.schemas import PaperIn, PaperPatch


async def list_papers(
    uow: UnitOfWork, principal: Principal, student_id: UUID, limit: int, after: UUID | None
) -> Sequence[Paper]:
    """One page of the inventory, and one more."""
    await movements.require_student(uow, principal, student_id)
    return await repository.page(uow.session, student_id, limit, after)


async def add_paper(uow: UnitOfWork, principal: Principal, student_id: UUID, body: PaperIn) -> Paper:
    """Put a paper into the file."""
    await movements.require_student(uow, principal, student_id)
    _check(uow, body.received_on, None, None)
    await _require_scan(uow, student_id, body.attachment_id)
    paper = Paper(
        id=new_id(),
        student_id=student_id,
        organization_id=principal.unit.organization_id,
        **body.model_dump(),
        void=False,
        version=1,
        **signature(Author(principal.account_id, "Бумага личного дела"), uow.now),
    )
    uow.session.add(paper)
    await uow.session.flush()
    return paper


async def edit_paper(uow: UnitOfWork, principal: Principal, paper_id: UUID, version: int, body: PaperPatch) -> Paper:
    """Change a paper of the caller's file."""
    paper = await repository.get(uow.session, paper_id)
    if paper is None or paper.organization_id != principal.unit.organization_id:
        raise NotFoundError
    if paper.version != version:
        raise VersionMismatchError
    values: dict[str, Any] = body.model_dump(exclude_unset=True)
    stands = {name: values.get(name, getattr(paper, name)) for name in ("received_on", "handed_over_on", "handed_to")}
    _check(uow, **stands)
    await _require_scan(uow, paper.student_id, values.get("attachment_id"))
    change(paper, values, Author(principal.account_id, "Изменение описи личного дела"), uow.now)
    return paper


def _check(uow: UnitOfWork, received_on: date, handed_over_on: date | None, handed_to: str | None) -> None:
    if (handed_over_on is None) != (handed_to is None):
        raise PaperHandedError
    today = uow.clock.today()
    if received_on > today or (handed_over_on is not None and not received_on <= handed_over_on <= today):
        raise PaperDateError


async def _require_scan(uow: UnitOfWork, student_id: UUID, attachment_id: UUID | None) -> None:
    if attachment_id is not None:
        await attachments.require_scan(uow, CardKind.STUDENT, student_id, attachment_id)


async def hand_over(
    uow: UnitOfWork, student_id: UUID, organization_id: UUID, day: date, handed_to: str, author: Author
) -> None:
    """All papers of the file leave the organization; those handed over before stay as they are."""
    for paper in await repository.held(uow.session, student_id, organization_id):
        if paper.handed_over_on is None:
            values = {"handed_over_on": max(day, paper.received_on), "handed_to": handed_to}
            change(paper, values, author, uow.now)


async def take_over(
    uow: UnitOfWork, student_id: UUID, sender: UUID, receiver: UUID, handed_on: date, day: date, author: Author
) -> None:
    """The papers that were handed over on a day are in another organization's file now."""
    for paper in await repository.held(uow.session, student_id, sender):
        if paper.handed_over_on is not None and paper.handed_over_on >= handed_on:
            values = {"organization_id": receiver, "received_on": day, "handed_over_on": None, "handed_to": None}
            change(paper, values, author, uow.now)
