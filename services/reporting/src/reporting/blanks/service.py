"""Official blanks: supplied as versions of an edition, looked through before they are kept, withdrawn."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.blanks import repository
from reporting.blanks.errors import BlankError, UnknownEditionError, WithdrawnError
from reporting.blanks.filling import Blank, require_usable
from reporting.builds.schemas import Report
from reporting.engine.definition import FormDefinition
from reporting.engine.section import DRAFT
from reporting.forms.service import catalog
from reportkit.footer import Footer
from servicekit import audit
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

log = structlog.get_logger(__name__)


async def supply(
    uow: UnitOfWork,
    principal: Principal,
    form: str,
    edition: str,
    content: bytes,
    anchors: Mapping[str, str] | None,
) -> UUID:
    """Keep a workbook as the next version of an edition's blank; its id.

    ``anchors``: the first cell of each section, by the edition's own definition if left out. Raises ``UnknownEditionError``,
    ``BlankError``.
    """
    definition = next((one for one in catalog() if (one.form, one.edition) == (form, edition)), None)
    if definition is None:
        raise UnknownEditionError
    places = anchors or (definition.xlsx.anchors if definition.xlsx else None)
    if places is None:
        raise BlankError("Укажите место каждого раздела формы: в описании редакции его нет")
    await asyncio.to_thread(require_usable, content, places, definition.layout)
    blank_id = new_id()
    await repository.add(
        uow.session,
        {
            "id": blank_id,
            "form": form,
            "edition": edition,
            "content": content,
            "sha256": sha256(content).hexdigest(),
            "anchors": dict(places),
            "supplied_at": uow.now,
            "supplied_by": principal.account_id,
        },
    )
    await audit.record(uow, principal, "blank.supplied", [blank_id])
    return blank_id


async def get(session: AsyncSession, blank_id: UUID) -> Any:
    """What is known of a blank; raises ``NotFoundError``."""
    found = await repository.find(session, blank_id)
    if found is None:
        raise NotFoundError
    return found


async def whole(session: AsyncSession, blank_id: UUID) -> Any:
    """A blank with its workbook; raises ``NotFoundError``."""
    found = await repository.whole(session, blank_id)
    if found is None:
        raise NotFoundError
    return found


async def page(session: AsyncSession, form: str | None, after: UUID | None, limit: int) -> Sequence[Any]:
    """Blanks, newest first, after a key."""
    return await repository.page(session, form, after, limit)


async def withdraw(uow: UnitOfWork, principal: Principal, blank_id: UUID) -> None:
    """Fill a blank no longer: the version before stands again. Raises ``NotFoundError``, ``WithdrawnError``."""
    await get(uow.session, blank_id)
    if not await repository.withdraw(uow.session, blank_id, uow.now, principal.account_id):
        raise WithdrawnError
    await audit.record(uow, principal, "blank.withdrawn", [blank_id])


async def standing(session: AsyncSession, form: str, edition: str) -> Any:
    """The blank that reports of an edition are written into, with its workbook, or nothing."""
    return await repository.standing(session, form, edition)


def filled(blank: Any, definition: FormDefinition, report: Report, footer: Footer) -> bytes | None:
    """A report in a blank, or nothing where the report was built by another text of the edition, which does not fit."""
    try:
        found = Blank(blank.content, blank.anchors, definition.layout)
    except BlankError as error:
        log.warning("blank_unfit", blank_id=str(blank.id), form=report.form, reason=error.detail)
        return None
    values = {
        (section.code, row.code, column): value
        for section in report.sections
        for row in section.rows
        for column, value in row.cells.items()
    }
    about = [
        f"{report.unit_name}, на {report.as_of:%d.%m.%Y}",
        f"Форма {report.name}, редакция {report.edition}, ОКУД {report.okud or 'не указан'}",
        report.title,
        *_repeated(report),
    ]
    marks = [mark for mark in (DRAFT if report.status == "assumed" else None, report.notice) if mark]
    return found.fill(values, about, marks, footer)


def _repeated(report: Report) -> Iterator[str]:
    """Sections whose rows are repeated by keys, line by line: the blank has no place for them."""
    for section in report.sections:
        if any(row.repeated for row in section.rows):
            yield f"Раздел {section.code}. {section.title}"
            for line in section.printed():
                told = "; ".join(f"графа {code}: {value}" for code, value in line.cells.items() if value is not None)
                yield f"{line.code} {line.title}: {told or 'нет'}"
