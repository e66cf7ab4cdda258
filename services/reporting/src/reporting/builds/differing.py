"""Two reports of a form beside each other: which cells differ, and how many members of each came and went."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from reporting.builds import counted, service
from reporting.builds.correction import Number
from reporting.builds.documents import flat
from reporting.builds.errors import FormsDifferError
from reporting.builds.schemas import CellDifference, Compared, ReportDifference
from reporting.engine.cells import Address
from reporting.engine.definition import FormDefinition
from reporting.engine.fields import Dataset
from reporting.engine.filters import Fact
from reporting.engine.measures import Measure, Over
from reporting.engine.spreading import Spread
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

Members = Mapping[Address, set[UUID]]


class _Side:
    """One of two reports."""

    def __init__(self, row: Any) -> None:
        self.row = row
        self.form = FormDefinition.model_validate(row.definition)
        self.cells: dict[Address, Number | None] = dict(flat(row.cells))
        self.sections = {section.code: section for section in self.form.sections}
        self.written = {(one["section"], one["row"], one["column"], *one.get("keys", ())) for one in row.corrections}

    def has(self, address: Address) -> bool:
        """Whether its edition has such a cell, filled or not."""
        section, row, column, *keys = address
        sheet = self.form.layout.get(section)
        if sheet is None or row not in sheet.rows or column not in sheet.columns:
            return False
        return tuple(keys) in sheet.lines(row, [tuple(keys)])

    def titles(self, address: Address) -> tuple[str, str]:
        """Titles of a cell's row and column."""
        section = self.sections[address[0]]
        row = next(one.title for one in section.rows if one.code == address[1])
        return row, next(one.title for one in section.columns if one.code == address[2])

    async def members(self, session: AsyncSession, codes: Collection[str]) -> Members:
        """Members of every counted cell of some sections."""
        found: dict[Address, set[UUID]] = defaultdict(set)
        known: dict[Dataset, Sequence[tuple[Mapping[Over, UUID], Fact]]] = {}
        for code in codes:
            section = self.sections[code]
            if section.facts not in known:
                known[section.facts] = await counted.all_facts(session, self.row.counted_as, section.facts)
            facts = [(who, fact) for who, fact in known[section.facts] if section.filter.matches(fact)]
            for row in section.rows:
                tally = section.tally(row)
                if tally is not None:
                    spread = Spread(section, [row])
                    for who, fact in facts:
                        for place in spread.places(fact):
                            found[code, *place].add(who[tally.identity])
        return found

    def counts(self, address: Address) -> tuple[Dataset, Measure] | None:
        """What a cell counts, if it stands as it was counted."""
        section = self.sections.get(address[0])
        row = next((one for one in section.rows if one.code == address[1]), None) if section else None
        column = next((one for one in section.columns if one.code == address[2]), None) if section else None
        if section is None or row is None or column is None or row.measure is None:
            return None
        return None if column.derivation is not None or address in self.written else (section.facts, row.measure)


async def difference(uow: UnitOfWork, principal: Principal, old_id: UUID, new_id: UUID) -> ReportDifference:
    """How a report differs from an older one, both in the principal's view.

    Raises ``NotFoundError``, ``FormsDifferError``.
    """
    old = _Side(await service.get(uow.session, principal, old_id))
    new = _Side(await service.get(uow.session, principal, new_id))
    if old.form.form != new.form.form:
        raise FormsDifferError
    differing = _differing(old, new)
    turnover = await _turnover(uow.session, old, new, differing)
    return ReportDifference(
        old=_compared(old.row),
        new=_compared(new.row),
        cells=[_cell(old, new, address, turnover.get(address)) for address in differing],
    )


def _differing(old: _Side, new: _Side) -> list[Address]:
    """Addresses of cells with different values, in the order of the newer form."""
    order: dict[Address, int] = {}
    for side in (new, old):
        for section, sheet in side.form.layout.items():
            for place in product((section,), sheet.rows, sheet.columns):
                order.setdefault(place, len(order))
    found = old.cells.keys() | new.cells.keys()
    differing = [address for address in found if old.cells.get(address) != new.cells.get(address)]
    return sorted(differing, key=lambda address: (order[address[:3]], address[3:]))


async def _turnover(
    session: AsyncSession, old: _Side, new: _Side, differing: Collection[Address]
) -> dict[Address, tuple[int, int]]:
    """How many came and went in cells that both reports, of one organization, count alike."""
    if old.row.organization_id is None or old.row.organization_id != new.row.organization_id:
        return {}
    alike = [one for one in differing if (what := old.counts(one)) is not None and what == new.counts(one)]
    codes = dict.fromkeys(address[0] for address in alike)
    before, after = await old.members(session, codes), await new.members(session, codes)
    none = set[UUID]()
    return {
        one: (len(after.get(one, none) - before.get(one, none)), len(before.get(one, none) - after.get(one, none)))
        for one in alike
    }


def _cell(old: _Side, new: _Side, address: Address, turnover: tuple[int, int] | None) -> CellDifference:
    in_old, in_new = old.has(address), new.has(address)
    row, column = (new if in_new else old).titles(address)
    came, went = turnover or (None, None)
    return CellDifference(
        section=address[0],
        row=address[1],
        column=address[2],
        keys=list(address[3:]),
        row_title=row,
        column_title=column,
        old=old.cells.get(address),
        new=new.cells.get(address),
        only=None if in_old and in_new else "old" if in_old else "new",
        came=came,
        went=went,
    )


def _compared(row: Any) -> Compared:
    return Compared(
        id=row.id,
        edition=row.edition,
        unit_name=row.unit_name,
        as_of=row.as_of,
        known_at=row.known_at,
        built_at=row.built_at,
    )
