"""A card's fields between their plain form and their columns, by the catalogue.

The plain form of a value is JSON (a date is ``2026-09-01``, a document an object), the same in answers, exports and seals.
"""

import json
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB

from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind, FieldDef, Level, Stored
from sgo_core.database import Base
from sgo_core.vault import Vault


def to_columns(
    kind: CardKind, model: type[Base], values: Mapping[str, Any], vault: Vault, current: Base | None = None
) -> dict[str, Any]:
    """Columns to set for checked ``values`` by field name; those that ``current`` has already are left out.

    A sealed value is compared in the open: its ciphertext differs every time.
    """
    fields = CATALOGUE.cards[kind].stored()
    known = {} if current is None else to_plain(kind, current, vault, values)
    columns: dict[str, Any] = {}
    for name, value in values.items():
        plain = plain_value(fields[name], value)
        if current is None or plain != known[name]:
            columns[name] = _column_value(kind, model, name, fields[name], value, plain, vault)
    return columns


def to_plain(kind: CardKind, row: Base, vault: Vault, names: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Plain values of a card's own fields, all or those named; raises ``UndecryptableError`` for one sealed by a lost key."""
    return {
        name: _opened(kind, name, one, getattr(row, name), vault)
        for name, one in CATALOGUE.cards[kind].stored().items()
        if names is None or name in names
    }


def plain_value(one: FieldDef, value: Any) -> Any:
    """A checked value in plain form."""
    return None if value is None else one.adapter.dump_python(value, mode="json")


def opened(kind: CardKind, name: str, stored: Any, vault: Vault) -> Any:
    """Plain form of a value as it stands in a column, or in the history's JSON of one."""
    return _opened(kind, name, CATALOGUE.cards[kind].fields[name], stored, vault)


def shown(
    kind: CardKind, plain: Mapping[str, Any], audience: Audience, closed: Collection[str]
) -> tuple[dict[str, Any], list[str]]:
    """What an audience sees of plain values, and the names of those shown masked; what it may not see at all is absent.

    ``closed`` names the fields that the reader has no ground to use (``consents.standing.closed_fields``).
    """
    fields = CATALOGUE.cards[kind].fields
    seen: dict[str, Any] = {}
    masked: list[str] = []
    for name, value in plain.items():
        if name in closed:
            continue
        match CATALOGUE.level(fields[name], audience):
            case Level.FULL:
                seen[name] = value
            case Level.MASKED:
                seen[name] = None if value is None else fields[name].kind.mask(value)
                masked.append(name)
            case Level.NONE:
                pass
    return seen, masked


def seal_context(kind: CardKind, name: str) -> str:
    """What a sealed field's ciphertext is bound to."""
    return f"{kind}.{name}"


def _opened(kind: CardKind, name: str, one: FieldDef, stored: Any, vault: Vault) -> Any:
    if stored is None:
        return None
    if one.stored is Stored.SEALED:
        return json.loads(vault.open(stored, seal_context(kind, name)))
    if isinstance(stored, float):  # a number among the history's JSON
        stored = Decimal(str(stored))
    return stored if isinstance(stored, str | bool | int | list | dict) else plain_value(one, stored)


def _column_value(
    kind: CardKind, model: type[Base], name: str, one: FieldDef, value: Any, plain: Any, vault: Vault
) -> Any:
    if plain is None:
        return None
    if one.stored is Stored.SEALED:
        return vault.seal(json.dumps(plain, ensure_ascii=False), seal_context(kind, name))
    column = model.__table__.c[name]
    assert isinstance(column, Column)
    return plain if isinstance(column.type, JSONB) else value
