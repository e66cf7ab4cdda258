"""Our controls beside an independent program, ``rosstat-flc``, in an environment of its own.

They agree over many random reports.
"""

import random

from reporting.engine.cells import Address, Cells, Value
from reporting.engine.definition import FormDefinition
from reporting.forms.service import catalog

from ..engine.search import witnesses
from .asking import Ask, controls_of, ours
from .forms import control, form, random_cells

SEED = 20261128

AGREED = [
    control("{[2.1.1][*][3]}=sum{[2.1.1][*][4-7]}"),
    control("{[2.1.1][01][*]}=sum{[2.1.1][02-04][*]}"),
    control("{[2.1.1][01,03][4,6-7]}<={[7][02,04][4,6-7]}"),
    control("{[2.1.1][*][*]}>=0", level="warning"),
    control("{[7][01][*]}<{[7][02][*]}+2"),
    control("{[7][01][3]}>{[2.1.1][01-04][4]}"),
    control("isnull({[7][*][3]},0)<>isnull({[7][*][4]},0)"),
    control("sum{[7][*][*]}>=12"),
    control("sum{[7][*][4]}+sum{[7][*][5]}<={[7][*][3]}*2"),
    control("sum({[7][02-04][3]}*2)<={[7][01][3]}"),
    control("sum(abs({[7][02-04][*]}))>={[7][01][*]}"),
    control("abs({[7][01][*]}-{[7][02][*]})<=2"),
    control("floor({[7][*][5]}/2)={[7][*][6]}"),
    control("round({[7][01][5]}/3,1)>=0.7", precision=1),
    control("coalesce({[7][01][3]},{[7][01][4]},5)={[7][01][5]}"),
    control("isnull({[7][*][7]},3)>=2"),
    control("isnull(nullif({[7][01][3]},{[7][01][4]}),9)>={[7][01][5]}"),
    control("{[7][*][3]}/{[7][*][4]}<=1", precision=2),
    control("{[7][*][3]}*{[7][*][4]}-{[7][*][5]}/4>=1.25", precision=2),
    control("{[7][*][3]}=({[7][*][4]}+{[7][*][5]})*2"),
    control("{[7][01][4]}-1={[7][01][5]}-{[7][01][6]}"),
    control("{[7][01][3]}>0 and {[7][01][4]}>0"),
    control("({[7][01][*]}>0 and {[7][02][*]}>0) or ({[7][01][*]}=0 and {[7][02][*]}=0)"),
    control("{[7][*][3]}={[7][*][4]} or {[7][*][5]}>1 or {[7][*][6]}=0"),
    control("{[7][*][3]}>={[7][*][4]}", condition="{[7][*][5]}>1"),
    control("{[7][02][*]}<=3", condition="{[7][01][3]}>2 and {[7][01][4]}<=4"),
    control("{[7][01][4]}>0", condition="{[7][01][3]}>0 or {[7][02][3]}>4"),
    control("{[7][*][3]}/4={[7][*][4]}/4", precision=2, fault="0.5"),
    control("{[3][02][3][a]}<={[3][01][3]}+2"),
    control("{[3][01][*]}=sum{[3][02][*][*]}"),
    control("{[3][01][*]}>=sum{[3][02][*][a-c1]}", level="warning"),
    control("{[3][01][3]}<=sum{[3][02,03][3]}"),
]

BY_KEYS = {"2.10-2"}
"""Controls of editions that lay lines of two repeated rows side by side: by their keys here, by their order there."""


def test_over_a_thousand_random_reports(ask: Ask) -> None:
    chance = random.Random(SEED)
    sparse, few, signed = (None,) * 12 + (0, 0, 1), (None, 0, 1, 2), (None, -3, -1, 0, 1, 2, 3, 4, 5, 6)
    asked = [
        (language, [random_cells(chance, language, values) for values in (sparse, few, signed) for _ in range(180)])
        for language in (form(AGREED[::2]), form(AGREED[1::2]))
    ]
    asked += [(one, shipped_reports(chance, one, ((None, 0), few, signed))) for one in catalog()]
    assert sum(len(reports) for _, reports in asked) >= 1000
    for (judged, reports), told in zip(asked, ask(asked), strict=True):
        seen = {control.id: set[bool]() for control in controls_of(judged)}
        for cells, theirs in zip(reports, told, strict=True):
            mine = ours(judged, cells)
            differ = {name: (mine[name], theirs[name]) for name in mine if mine[name] != theirs[name]}
            assert differ.keys() <= BY_KEYS, differ
            for name, verdict in mine.items():
                seen[name].add(verdict.holds)
        compared = {control.id for control in judged.controls if not control.compares_periods}
        assert {name for name in compared if seen[name] != {True, False}} == set()


def shipped_reports(
    chance: random.Random, shipped: FormDefinition, kinds: tuple[tuple[Value, ...], ...]
) -> list[Cells]:
    """Random reports of an edition, and such that every control is passed by one and failed by another.

    Reports that show different controls are laid into one where they have no cell in common: a control reads its own cells alone.
    """
    reports = [random_cells(chance, shipped, values) for values in kinds for _ in range(3)]
    verdicts = [ours(shipped, cells) for cells in reports]
    laid: list[dict[Address, Value]] = []
    for one in shipped.controls:
        seen = {told[one.id].holds for told in verdicts}
        for holds, cells in witnesses(shipped, one).items():
            if holds not in seen and not one.compares_periods:
                place = next((lying for lying in laid if not lying.keys() & cells.keys()), None)
                if place is None:
                    laid.append(cells)
                else:
                    place |= cells
    return [*reports, *laid]
