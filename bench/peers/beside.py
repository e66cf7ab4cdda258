"""Allocation with brothers and sisters beside the package ``chilmai``, which looks for the most placed among the stable results.

It is asked the same questions as :mod:`bench.allocate` puts, small enough for it: children by ages, joint options as ours. Where both find
a stable result they are compared child by child; otherwise, and where they differ, the gap is printed.
"""

import time
from dataclasses import replace
from random import Random
from typing import Any

from bench import peers
from eu_enrollment.allocation.checker import violations
from eu_enrollment.allocation.problem import Instance, Result, Seat
from eu_enrollment.allocation.together import allocate

SIZES = ((60, 5), (120, 8), (240, 12), (360, 16))
SHARE = 0.25
"""Of the children, those who ask with a family."""


def show(instances: Any) -> None:
    """Print the comparison. ``instances`` is the tests' module of that name."""
    for seed, (children, organizations) in enumerate(SIZES, 1):
        made = instances.market(seed, children, organizations)
        people = tuple(
            replace(one, choices=tuple(replace(choice, pools=choice.pools[:1]) for choice in one.choices))
            for one in made.applicants
        )  # a pool an age: the package knows no pool of several that children share with others
        instance = instances.with_families(replace(made, applicants=people), Random(seed), share=SHARE)
        started = time.perf_counter()
        mine = allocate(instance)
        seconds = time.perf_counter() - started
        answer = peers.ask("families", _question(instance))
        theirs = None if answer["placed"] is None else _result(instance, dict(answer["placed"]))
        print(
            f"allocate: together, {children} × {organizations}, {len(instance.families)} families: "
            f"ours {_told(instance, mine)} in {seconds:.3f} s, chilmai {_told(instance, theirs)} in {answer['seconds']:.1f} s: "
            f"{_gap(mine, theirs)}",
            flush=True,
        )


def _told(instance: Instance, result: Result | None) -> str:
    if result is None:
        return "no stable result"
    if result.blocking:
        return f"{len(result.seats)} placed, {len(result.blocking)} families block"
    return f"{len(result.seats)} placed, {'stable' if not violations(instance, result) else 'NOT stable'}"


def _gap(mine: Result, theirs: Result | None) -> str:
    if theirs is None:
        return "the package has none" if mine.blocking else "ours alone"
    where = [{id_: seat.organization_id for id_, seat in one.seats.items()} for one in (mine, theirs)]
    if where[0] == where[1]:
        return "equal"
    differ = sum(where[0].get(id_) != where[1].get(id_) for id_ in {*where[0], *where[1]})
    return f"gap {len(mine.seats) - len(theirs.seats):+d} placed, {differ} children elsewhere"


def _question(instance: Instance) -> dict[str, Any]:
    number = {one.id: index for index, one in enumerate(instance.applicants)}
    garden = {id_: index for index, id_ in enumerate(instance.pools)}
    order: list[list[tuple[int, int, int]]] = [[] for _ in garden]
    asked = {
        member: {option[place] for option in family.options}
        for family in instance.families
        for place, member in enumerate(family.members)
    }
    for one in instance.applicants:
        for rank, choice in enumerate(one.choices, 1):
            if rank not in asked.get(one.id, {rank}):
                continue  # no joint option has it, and the package knows no order of who does not ask
            order[garden[choice.organization_id]].append((choice.priority, one.tie, number[one.id]))
    together = {member for family in instance.families for member in family.members}
    families: list[dict[str, Any]] = [
        {
            "children": [number[one.id]],
            "options": [[garden[choice.organization_id]] for choice in one.choices],
        }
        for one in instance.applicants
        if one.id not in together
    ]
    for family in instance.families:
        choices = [instance.applicants[number[id_]].choices for id_ in family.members]
        options = [
            [garden[of[rank - 1].organization_id] if rank else None for of, rank in zip(choices, option, strict=True)]
            for option in family.options
        ]
        families.append({"children": [number[id_] for id_ in family.members], "options": options})
    return {
        "children": [one.choices[0].pools[0] for one in instance.applicants],
        "gardens": [
            {
                "places": [pool.places for pool in instance.pools[id_]],
                "order": [child for *_, child in sorted(order[index])],
            }
            for id_, index in garden.items()
        ],
        "families": families,
    }


def _result(instance: Instance, placed: dict[int, int]) -> Result:
    """The package's answer as a result."""
    gardens = list(instance.pools)
    seats = {}
    for child, garden in placed.items():
        one, organization = instance.applicants[child], gardens[garden]
        rank = next(r for r, choice in enumerate(one.choices, 1) if choice.organization_id == organization)
        (group, _), *_ = instance.pools[organization][one.choices[rank - 1].pools[0]].groups
        seats[one.id] = Seat(organization, group, rank)
    return Result(seats, {})
