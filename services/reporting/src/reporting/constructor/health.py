"""What a body is told of the health of children: one table of each field, by the units right below the body.

Tables that divide the same children in more than one way give away by their difference what each of them hides. Of a field of health
a body therefore has a single table, however it is asked for, and no other data share its totals.
"""

from collections.abc import Iterator, Mapping
from itertools import chain

from asu_contracts.access import OFFICE, Role, UnitKind
from reporting import titles
from reporting.constructor.counting import Figure, Key
from reporting.constructor.plan import Plan
from reporting.constructor.query import Query
from reporting.constructor.semantics import Dimension, Value
from reporting.constructor.suppression import THRESHOLD

BY: Mapping[UnitKind, str] = {UnitKind.REGION: "municipality", UnitKind.MUNICIPALITY: "organization"}
"""By what each body divides the children: the units right below it."""
MEASURES: Mapping[str, frozenset[str]] = {"learners": frozenset({"count", "share"}), "groups": frozenset({"count"})}
"""By dataset. Each child once: with places beside the main one, the difference would be the few who have them. How many organizations
have somebody, and how old they are, would tell of what is hidden; of groups, how many children are in them.
"""

Figures = Mapping[tuple[Key, Key], Figure]


def by_outsider(plan: Plan, role: Role) -> bool:
    """Whether somebody else than the organization's office asks of health."""
    return plan.health and role not in OFFICE


def is_the_table(plan: Plan, query: Query, kind: UnitKind) -> bool:
    """Whether a body of a kind asks for its table of a field: the field on one side, the units on the other, everybody counted."""
    measures = MEASURES.get(plan.dataset.name, frozenset())
    if not measures or query.where is not None or [len(plan.rows), len(plan.columns)] != [1, 1]:
        return False
    field, unit = sorted((*plan.rows, *plan.columns), key=lambda one: not one.health)
    return field.health and unit.name == BY.get(kind) and all(one.kind in measures for one in plan.measures)


def whole(plan: Plan, figures: Figures) -> Figures:
    """The table with every value there is of the field, so that a line or a column does not tell that somebody has it.

    Of words that nobody listed those that fewer than the threshold have in the whole unit stand together as one. Of whom a flag is not
    told yet, it is not set: a column of hardly anybody would take another one with it.
    """
    at = 0 if plan.rows[0].health else 1
    field = (*plan.rows, *plan.columns)[at]
    of_all = {key[at]: one.facts for key, one in figures.items() if key[1 - at] is None}
    nothing = Figure(0, 0, (0,) * len(plan.measures))
    found: dict[tuple[Key, Key], Figure] = {_place(at, (value,), None): nothing for value in _values(field)}
    for place, figure in figures.items():
        value = place[at]
        if field.kind is bool and value == (None,):
            value = (False,)
        elif not field.values and value not in {None, (None,)} and of_all.get(value, 0) < THRESHOLD:
            value = (titles.OTHER,)
        here = _place(at, value, place[1 - at])
        found[here] = _sum(found.get(here, nothing), figure)
    return found


def _values(field: Dimension) -> Iterator[Value]:
    return chain(field.values or (titles.OTHER,), () if field.kind is bool else (None,))


def _place(at: int, value: Key, unit: Key) -> tuple[Key, Key]:
    return (unit, value) if at else (value, unit)


def _sum(one: Figure, other: Figure) -> Figure:
    """Children are of one unit and have one value, so all that is counted of them adds up."""
    added = tuple(left + right for left, right in zip(one.values, other.values, strict=True))
    return Figure(one.facts + other.facts, one.people + other.people, added)
