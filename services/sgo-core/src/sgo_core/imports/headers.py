"""Which column of a user's table is which column of the kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sgo_core.imports.cells import as_text
from sgo_core.imports.columns import Column
from sgo_core.imports.errors import HeaderError
from sgo_core.imports.tables import Cell


@dataclass(frozen=True)
class Header:
    """Places of the kind's columns by title, and the numbers (from 1) of the columns that were not understood."""

    places: Mapping[str, int]
    ignored: Sequence[int]


def read_header(cells: Sequence[Cell], columns: Sequence[Column], matches: Mapping[str, str]) -> Header:
    """Find the columns by title, synonym or the user's own ``matches``; raises ``HeaderError`` where one is missing or twice."""
    known = {_key(title): column.title for column in columns for title in (column.title, *column.synonyms)}
    known |= {_key(own): title for own, title in matches.items()}
    places: dict[str, int] = {}
    ignored: list[int] = []
    for place, cell in enumerate(cells):
        title = as_text(cell)
        found = known.get(_key(title))
        if found is None:
            if title:
                ignored.append(place + 1)
        elif found in places:
            raise HeaderError(f"Столбец указан дважды: {found}")
        else:
            places[found] = place
    missing = [column.title for column in columns if column.required and column.title not in places]
    if missing:
        raise HeaderError("Нет столбцов: " + ", ".join(missing))
    return Header(places, ignored)


def _key(title: str) -> str:
    return " ".join(title.split()).casefold().replace("ё", "е")
