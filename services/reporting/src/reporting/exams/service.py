"""Loads and answers results of exams."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import UnitKind
from reporting.exams import repository
from reporting.exams.errors import RowsError
from reporting.exams.subjects import key
from reporting.exams.table import MOST_ERRORS, ResultRow, read_results, wrong
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_RANKS = {UnitKind.ORGANIZATION: 1, UnitKind.MUNICIPALITY: 2, UnitKind.REGION: 3}
_LEVELS = {2: "муниципальным органом", 3: "органом субъекта"}


@dataclass(frozen=True)
class Loaded:
    """A table that was read: its rows, which of them are of what there were results of before, the import if it was kept."""

    import_id: UUID | None
    file_digest: str
    rows: Sequence[ResultRow]
    replacing: frozenset[int]


async def load(uow: UnitOfWork, principal: Principal, content: bytes, *, trial: bool) -> Loaded:
    """Read a table of results of organizations in the principal's view and keep it, whole or not at all; ``trial`` keeps nothing.

    What it says of a grade, a subject and an exam of a year stands instead of what earlier imports said, of its own level and lower
    ones; 0 participants take all of that back, and whoever may load it loads it anew. Raises ``TableError``, and ``RowsError``, for
    what a higher level has loaded as well.
    """
    organizations = _by_name(await repository.names(uow.session, principal))
    rows = await asyncio.to_thread(read_results, content, organizations, uow.clock.today())
    known = await repository.known(uow.session, rows)
    rank = _RANKS[principal.unit.kind]
    _refuse_outranked(rows, known, rank)
    replacing = frozenset(one.row for one in rows if one.replaces in known)
    digest = sha256(content).hexdigest()
    if trial:
        return Loaded(None, digest, rows, replacing)
    import_id = new_id()
    values = {
        "id": import_id,
        "file_digest": digest,
        "rows": len(rows),
        "imported_at": uow.now,
        "imported_by": principal.account_id,
        "role": principal.role.value,
        "rank": rank,
    }
    await repository.add(uow.session, values, _told(rows))
    return Loaded(import_id, digest, rows, replacing)


def _told(rows: Sequence[ResultRow]) -> Sequence[ResultRow]:
    """Rows without days that nobody came on when somebody came on others: only where nobody came at all is anything taken back."""
    held = {one.replaces for one in rows if one.participants}
    return [one for one in rows if one.participants or one.replaces not in held]


def _refuse_outranked(rows: Sequence[ResultRow], known: Mapping[tuple[Any, ...], int], rank: int) -> None:
    """What a level has loaded none below it changes: those whom results judge would judge themselves."""
    errors = [
        wrong(one.row, "exam", "outranked", f"результаты загружены {_LEVELS[above]}, изменить их может только он")
        for one in rows
        if (above := known.get(one.replaces, 0)) > rank
    ]
    if errors:
        raise RowsError(errors=errors[:MOST_ERRORS])


async def imports(uow: UnitOfWork, principal: Principal, *, after: UUID | None, limit: int) -> Sequence[Any]:
    """Imports that said something of organizations in the principal's view, the newest first."""
    return await repository.imports(uow.session, principal, after, limit)


async def results(uow: UnitOfWork, principal: Principal, academic_year: int, **chosen: Any) -> Sequence[Any]:
    """Results that stand of organizations in the principal's view; ``chosen`` as the repository's."""
    return await repository.results(uow.session, principal, academic_year, **chosen)


async def last_import(session: AsyncSession) -> UUID | None:
    """The newest import: what was counted over results was counted up to it."""
    return await repository.last_import(session)


def _by_name(organizations: Sequence[Any]) -> dict[str, UUID]:
    """Ids by id and by name; a name that several have stands for none."""
    named = Counter(key(one.short_name) for one in organizations)
    found = {key(one.short_name): one.id for one in organizations if named[key(one.short_name)] == 1}
    return found | {str(one.id): one.id for one in organizations}
