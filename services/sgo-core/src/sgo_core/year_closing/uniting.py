"""Two lines of one subject and year become one when the cards of one child are merged, and two again when they are parted.

What people entered stands over what the journal says, the survivor's over the other's. The journal of another organization than
the line's is not heard, as it is not when it tells.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sgo_core.year_closing.model import MARKS, Told, said_in, unsaid

Line = Mapping[str, Any]
"""A row of ``year_result`` by column."""
_TITLES = {"annual": "годовая", "exam": "экзаменационная", "final": "итоговая"}


@dataclass(frozen=True)
class United:
    """What becomes of two lines.

    ``differing``: marks that people entered otherwise in each, in words without the marks; then nothing becomes of them.
    ``exchanged``: the survivor's says nothing, and each goes to the other card. ``values``: columns that change in the line that is
    the survivor's from now on, ``taken`` those of them that the other's gave.
    """

    differing: tuple[str, ...] = ()
    exchanged: bool = False
    values: Mapping[str, Any] | None = None
    taken: tuple[str, ...] = ()


def unite(survivors: Line, absorbeds: Line) -> United:
    """What becomes of the lines of two cards that are merged."""
    exchanged = _is_blank(survivors) and not _is_blank(absorbeds)
    line, other = (absorbeds, survivors) if exchanged else (survivors, absorbeds)
    entered = sorted({*line["entered"], *other["entered"]})
    twice = [name for name in MARKS if name in line["entered"] and name in other["entered"]]
    if differing := [name for name in twice if line[name] != other[name]]:
        year = line["academic_year"]
        return United(
            tuple(
                f"Внесены разные отметки: {line['subject']}, {year}/{year + 1} учебный год, {_TITLES[name]}"
                for name in differing
            )
        )
    heard = line["organization_id"] == other["organization_id"] or _is_blank(other)
    others = other["told"] if line["organization_id"] == other["organization_id"] else unsaid(other["told"])
    told = _joined(line["told"], others) if heard else line["told"]
    marks = {name: other[name] for name in other["entered"]}
    marks |= {name: line[name] for name in line["entered"]}
    source = other["source"] if line["source"] == "journal" and entered else line["source"]
    values = _standing(line, {"entered": entered, "told": told, "source": source}, marks)
    changed = {name: value for name, value in values.items() if line[name] != value}
    given = sorted({"told"} & set(changed) | {*other["entered"]} - {*line["entered"]})
    return United(exchanged=exchanged, values=changed, taken=tuple(given))


def part(line: Line, other: Line, taken: Collection[str]) -> Mapping[str, Any]:
    """Columns of a line that change when it gives back what it took from the other, which stands as it did.

    A mark that people have changed since is the line's own.
    """
    back = {name for name in taken if name in MARKS and line[name] == other[name]}
    entered = [name for name in line["entered"] if name not in back]
    told = _without(line["told"], other["told"]) if "told" in taken else line["told"]
    source = line["source"] if entered else "journal"
    marks = {name: line[name] for name in entered}
    values = _standing(line, {"entered": entered, "told": told, "source": source}, marks)
    return {name: value for name, value in values.items() if line[name] != value}


def _standing(line: Line, about: Mapping[str, Any], entered: Mapping[str, str]) -> dict[str, Any]:
    """The line with its marks: those entered, else what the journal says where it says something else by now.

    Of a closed year it may have said otherwise long since: that is taken when the year is open again.
    """
    follows = {
        name: said
        for name in MARKS
        if (said := said_in(about["told"], name)) != said_in(line["told"], name) or name in line["entered"]
    }
    return {**about, **{name: entered.get(name) or follows.get(name, line[name]) for name in MARKS}}


def _joined(told: Told, others: Told) -> Told:
    """What both journals' totals say. Of one said otherwise already the other is kept as heard, without its mark, until it is told anew."""
    found = {name: dict(totals) for name, totals in told.items()}
    for name, totals in others.items():
        stands = said_in(told, name)
        for total, (mark, sequence) in totals.items():
            found.setdefault(name, {}).setdefault(total, [mark if stands in {None, mark} else None, sequence])
    return found


def _without(told: Told, others: Told) -> Told:
    """What the journal says without the totals that the other line knows."""
    left = {
        name: {total: said for total, said in totals.items() if total not in others.get(name, {})}
        for name, totals in told.items()
    }
    return {name: totals for name, totals in left.items() if totals}


def _is_blank(line: Line) -> bool:
    return line["source"] == "journal" and all(line[name] is None for name in MARKS)
