"""The book fills itself from the addresses of organizations and buildings: their settlements, streets and houses, nothing of people."""

from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork
from sgo_core.addresses.loading import made
from sgo_core.addresses.model import AddressGathering, AddressObject
from sgo_core.addresses.words import searched

_BATCH = 500
_RELATIONS = {"organization": "legal_address", "building": "address"}
_PARTS = ("settlement", "street", "house")


async def gather(runtime: Runtime) -> None:
    """Take in the addresses that were entered or changed since the last time, table by table."""
    for relation, column in _RELATIONS.items():
        taken = _BATCH
        while taken == _BATCH:
            async with runtime.uow() as uow:
                taken = await _gather(uow, relation, column)


async def _gather(uow: UnitOfWork, relation: str, column: str) -> int:
    seen = await uow.session.get(AddressGathering, relation, with_for_update=True)
    rows = (
        await uow.session.execute(
            text(
                f"SELECT id, recorded_at, {column} FROM {relation} "  # noqa: S608 - names of this module
                "WHERE CAST(:at AS timestamptz) IS NULL OR (recorded_at, id) > (:at, CAST(:id AS uuid)) "
                "ORDER BY recorded_at, id LIMIT :limit"
            ),
            {
                "at": None if seen is None else seen.seen_at,
                "id": None if seen is None else seen.seen_id,
                "limit": _BATCH,
            },
        )
    ).all()
    for _, _, address in rows:
        await _take_in(uow, address or {})
    if rows:
        mark = {"seen_at": rows[-1].recorded_at, "seen_id": rows[-1].id}
        statement = insert(AddressGathering).values(relation=relation, **mark)
        await uow.session.execute(
            statement.on_conflict_do_update(index_elements=[AddressGathering.relation], set_=mark)
        )
    return len(rows)


async def _take_in(uow: UnitOfWork, address: dict[str, Any]) -> None:
    """Enter the settlement, in it the street, in it the house, as far as the address has them."""
    parent: AddressObject | None = None
    for level in _PARTS:
        typed = address.get(level)
        if not typed:
            return
        parent = await _entered(uow, level, typed, parent, address)


async def _entered(
    uow: UnitOfWork, level: str, typed: str, parent: AddressObject | None, address: dict[str, Any]
) -> AddressObject:
    type_name, name = _split(typed) if level != "house" else ("д.", typed)
    query = select(AddressObject).where(
        AddressObject.level == level,
        AddressObject.search_name == searched(name).strip(),
        AddressObject.valid_to.is_(None),
    )
    if parent is not None:
        query = query.where(AddressObject.parent_id == parent.id)
    elif (code := address.get("municipality")) is not None:
        query = query.where(func.left(AddressObject.oktmo, 8) == code)
    found = (await uow.session.scalars(query.order_by(AddressObject.gar_id.is_(None), AddressObject.id))).first()
    if found is not None:
        return found
    last = level == "house" or not address.get("house" if level == "street" else "street")
    new = AddressObject(
        **made(
            level,
            type_name,
            name,
            parent,
            oktmo=address.get("municipality"),
            gar_id=None,
            postal_code=address.get("postal_code") if last else None,
        )
    )
    uow.session.add(new)
    await uow.session.flush()
    return new


def _split(typed: str) -> tuple[str, str]:
    """Type and name: «г. Образцовск» is «г.» and «Образцовск»; a name without a type has none."""
    first, _, rest = typed.strip().partition(" ")
    return (first, rest.strip()) if rest and (first.endswith(".") or first.islower()) else ("", typed.strip())
