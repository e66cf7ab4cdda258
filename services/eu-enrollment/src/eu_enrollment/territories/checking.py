"""What an act may not say: unknown organizations, unreadable places and houses, the same houses given to two."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from eu_enrollment.territories.houses import Houses, HousesError, parse_houses
from eu_enrollment.territories.model import TerritoryKind
from eu_enrollment.territories.naming import Name, settlement_name, street_name
from servicekit.errors import FieldError

MAX_LINES_OF_STREET = 200
_SHOWN_ERRORS = 200

PlaceKey = tuple[Name, Name]
"""Settlement and street by their names; the street's is empty for the settlement as a whole."""
_WHOLE = Name("", "")


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A line of an act to publish. ``row`` is what errors name it by: from 0 in a body, the file's own number in a table.

    ``gar_id`` is of the street, or of the settlement where there is none; ``house_gar_id`` of the one house it is of.
    ``shared``: other organizations may have the same houses.
    """

    row: int
    organization_id: UUID | None
    settlement: str
    street: str | None = None
    houses: str = ""
    shared: bool = False
    gar_id: UUID | None = None
    house_gar_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A line that can be read."""

    draft: LineDraft
    key: PlaceKey
    houses: Houses


_Fault = tuple[str, str, str]
"""Field, code, what is wrong."""

Pointer = Callable[[int, str], str]
"""Where a field of a row stands in the request."""


def check_lines(
    lines: Sequence[LineDraft],
    organizations: Mapping[UUID, Any],
    kind: TerritoryKind,
    municipality: str,
    pointer: Pointer,
) -> tuple[list[Checked], list[FieldError]]:
    """Lines with nothing wrong in themselves, and what is wrong, the first 200 faults."""
    wrong: list[tuple[LineDraft, _Fault]] = []
    read: list[Checked] = []
    for line in lines:
        known = organizations.get(line.organization_id) if line.organization_id else None
        settlement, street = settlement_name(line.settlement), street_name(line.street) if line.street else _WHOLE
        faults = [*_of_organization(known, kind, municipality), *_of_place(line, settlement, street)]
        houses: Houses | None = None
        try:
            houses = parse_houses(line.houses)
            if line.house_gar_id is not None and houses.single is None:
                faults.append(("house_gar_id", "house-id", "Идентификатор дома указывается только для одного дома"))
        except HousesError as error:
            faults.append(("houses", "houses", error.title))
        if houses is not None and not faults:
            read.append(Checked(line, (settlement, street), houses))
        wrong += [(line, fault) for fault in faults]
    wrong += [(line, ("houses", "overlap", title)) for line, title in _conflicts(read)]
    errors = [
        FieldError(pointer(line.row, field), f"territory.{code}", title)
        for line, (field, code, title) in wrong[:_SHOWN_ERRORS]
    ]
    return read, errors


def _of_organization(known: Any, kind: TerritoryKind, municipality: str) -> Iterator[_Fault]:
    if known is None or known.municipality != municipality:
        yield "organization_id", "organization", "В этом муниципалитете нет такой организации"
    elif known.kind != kind.value:
        yield "organization_id", "organization-kind", "Организация другого вида, чем акт"
    elif not known.active:
        yield "organization_id", "organization-closed", "Организация закрыта"


def _of_place(line: LineDraft, settlement: Name, street: Name) -> Iterator[_Fault]:
    if not settlement.words:
        yield "settlement", "settlement", "Не указан населённый пункт"
    if line.street and not street.words:
        yield "street", "street", "Название улицы не разобрано"


def _conflicts(lines: Sequence[Checked]) -> list[tuple[LineDraft, str]]:
    """Lines whose houses another organization has in an earlier line, unless both are shared."""
    by_place: dict[PlaceKey, list[Checked]] = defaultdict(list)
    found: list[tuple[LineDraft, str]] = []
    for line in lines:
        earlier = by_place[line.key]
        if len(earlier) >= MAX_LINES_OF_STREET:
            found.append((line.draft, f"У одной улицы больше {MAX_LINES_OF_STREET} строк, объедините их"))
            continue
        for other in earlier:
            if other.draft.organization_id == line.draft.organization_id or (other.draft.shared and line.draft.shared):
                continue
            if (house := line.houses.common(other.houses)) is not None:
                whole = line.houses.everything and other.houses.everything
                what = "Адрес уже закреплён" if whole else f"Дом {house} уже закреплён"
                found.append(
                    (line.draft, f"{what} за другой организацией; общая территория отмечается в обеих строках")
                )
                break
        earlier.append(line)
    return found
