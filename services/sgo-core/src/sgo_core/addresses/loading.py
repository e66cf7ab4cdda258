"""Loading the book from a file by the shape of the state register: CSV («;») or XML, read level by level in flat memory.

Columns, or attributes of every element with ``OBJECTGUID``: OBJECTGUID, PARENTGUID, LEVEL (1, 2, 5 and 6, 8, 10 as ГАР numbers them, or
the book's own words), TYPENAME, NAME, POSTALCODE, OKTMO, STARTDATE, ENDDATE. The same file again changes nothing; an object that has
ended leaves the look-up.
"""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import iterparse

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from servicekit.ids import new_id
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork
from sgo_core.addresses.model import AddressObject
from sgo_core.addresses.words import searched

LEVELS = ("region", "district", "settlement", "street", "house")
_BY_NUMBER = {
    "1": "region",
    "2": "district",
    "3": "district",
    "5": "settlement",
    "6": "settlement",
    "8": "street",
    "10": "house",
}
_BATCH = 2000
_FOR_EVER = date(2079, 1, 1)
"""ГАР ends what has no end in 2079."""


def read(path: Path) -> Iterator[Mapping[str, str]]:
    """Rows of a file as they stand in it."""
    if path.suffix.lower() == ".xml":
        for _, element in iterparse(path, events=("end",)):  # noqa: S314 - a file of the operator's own, not an upload
            if "OBJECTGUID" in element.attrib:
                yield dict(element.attrib)
            element.clear()
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


async def load(runtime: Runtime, path: Path) -> int:
    """Load a file; how many objects it has. Each batch is a transaction: a load cut short is begun again."""
    count = 0
    for level in LEVELS:
        batch: list[Mapping[str, str]] = []
        for row in read(path):
            if _level(row) == level:
                batch.append(row)
            if len(batch) == _BATCH:
                count += await _store(runtime, level, batch)
                batch = []
        count += await _store(runtime, level, batch)
    return count


def _level(row: Mapping[str, str]) -> str | None:
    stated = (row.get("LEVEL") or "").strip()
    return _BY_NUMBER.get(stated, stated if stated in LEVELS else None)


async def _store(runtime: Runtime, level: str, batch: Sequence[Mapping[str, str]]) -> int:
    if not batch:
        return 0
    async with runtime.uow() as uow:
        parents = await _parents(uow, {UUID(row["PARENTGUID"]) for row in batch if row.get("PARENTGUID")})
        rows = {row["gar_id"]: row for row in (_row(level, one, parents) for one in batch)}
        await _adopt(uow, level, rows.values())
        statement = insert(AddressObject)
        kept = {name: statement.excluded[name] for name in next(iter(rows.values())) if name not in {"id", "gar_id"}}
        statement = statement.on_conflict_do_update(index_elements=[AddressObject.gar_id], set_=kept)
        await uow.session.execute(statement, list(rows.values()))
    return len(rows)


async def _adopt(uow: UnitOfWork, level: str, rows: Collection[Mapping[str, Any]]) -> None:
    """Let objects that the book had gathered by itself be those of the register: they keep their ids."""
    query = select(AddressObject).where(
        AddressObject.level == level,
        AddressObject.gar_id.is_(None),
        AddressObject.valid_to.is_(None),
        AddressObject.search_name.in_({row["search_name"] for row in rows}),
    )
    gathered = (await uow.session.scalars(query)).all()
    if not gathered:
        return
    known = set(
        await uow.session.scalars(
            select(AddressObject.gar_id).where(
                AddressObject.gar_id.is_not(None), AddressObject.gar_id.in_([row["gar_id"] for row in rows])
            )
        )
    )
    for one in gathered:
        same = [row for row in rows if row["search_name"] == one.search_name and _same_place(row, one)]
        if len(same) == 1 and same[0]["gar_id"] not in known and same[0]["valid_to"] is None:
            one.gar_id = same[0]["gar_id"]
            known.add(one.gar_id)
    await uow.session.flush()


def _same_place(row: Mapping[str, Any], one: AddressObject) -> bool:
    """Whether both are in the same object, or, of one that was gathered without any, in the same municipality."""
    if one.parent_id is not None:
        return bool(row["parent_id"] == one.parent_id)
    return one.oktmo is not None and (row["oktmo"] or "")[:8] == one.oktmo[:8]


async def _parents(uow: UnitOfWork, gar_ids: set[UUID]) -> Mapping[UUID, AddressObject]:
    query = select(AddressObject).where(AddressObject.gar_id.in_(gar_ids))
    return {one.gar_id: one for one in await uow.session.scalars(query) if one.gar_id is not None}


def _row(level: str, row: Mapping[str, str], parents: Mapping[UUID, AddressObject]) -> dict[str, Any]:
    parent = parents.get(UUID(row["PARENTGUID"])) if row.get("PARENTGUID") else None
    ends = date.fromisoformat(row["ENDDATE"]) if row.get("ENDDATE") else None
    return made(
        level,
        (row.get("TYPENAME") or "").strip(),
        row["NAME"].strip(),
        parent,
        gar_id=UUID(row["OBJECTGUID"]),
        postal_code=row.get("POSTALCODE") or None,
        oktmo=row.get("OKTMO") or None,
        valid_from=date.fromisoformat(row["STARTDATE"]) if row.get("STARTDATE") else None,
        valid_to=None if ends is None or ends >= _FOR_EVER else ends,
    )


def made(level: str, type_name: str, name: str, parent: AddressObject | None, **more: Any) -> dict[str, Any]:
    """A row of the book: an object inside its parent."""
    label = f"{type_name} {name}".strip()
    return {
        "id": new_id(),
        "gar_id": None,
        "parent_id": None if parent is None else parent.id,
        "level": level,
        "type_name": type_name,
        "name": name,
        "search_name": searched(name).strip(),
        "search_text": (parent.search_text if parent is not None and parent.level != "region" else "") + searched(name),
        "full_text": label if parent is None else f"{parent.full_text}, {label}",
        "postal_code": None,
        "oktmo": None,
        "valid_from": None,
        "valid_to": None,
        **more,
    }
