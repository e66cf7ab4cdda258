"""Mechanisms side by side: what each promises, and that only deferred acceptance passes nobody over."""

from itertools import product
from uuid import UUID

from hypothesis import given, settings

from eu_enrollment.allocation.checker import violations
from eu_enrollment.allocation.matching import allocate, passed
from eu_enrollment.allocation.mechanisms import Mechanism, compare, first_choice_first, most_placed
from eu_enrollment.allocation.problem import Instance, Result

from .instances import chosen, fits, market, small_instances


def most_by_exhaustion(instance: Instance) -> int:
    """The most children that can be seated at all."""
    found = 0
    for ranks in product(*(range(len(person.choices) + 1) for person in instance.applicants)):
        seated: dict[UUID, list[tuple[int, ...]]] = {id_: [] for id_ in instance.pools}
        for person, rank in zip(instance.applicants, ranks, strict=True):
            if rank:
                choice = person.choices[rank - 1]
                seated[choice.organization_id].append(choice.pools)
        if all(fits([pool.places for pool in instance.pools[id_]], kinds) for id_, kinds in seated.items()):
            found = max(found, sum(rank > 0 for rank in ranks))
    return found


def passed_by_exhaustion(instance: Instance, result: Result) -> int:
    seated = {
        id_: [
            (person, choice)
            for person in instance.applicants
            for rank, choice in enumerate(person.choices, 1)
            if choice.organization_id == id_ and person.id in result.seats and result.seats[person.id].rank == rank
        ]
        for id_ in instance.pools
    }
    return sum(
        person.id in chosen(instance, choice.organization_id, [*seated[choice.organization_id], (person, choice)])
        for person in instance.applicants
        for choice in person.choices[: result.seats[person.id].rank - 1 if person.id in result.seats else None]
    )


@settings(max_examples=80, deadline=None)
@given(small_instances())
def test_each_keeps_its_promise(instance: Instance) -> None:
    most = most_placed(instance)
    assert len(most.seats) == most_by_exhaustion(instance)
    first = first_choice_first(instance)
    for result in (most, first, allocate(instance)):
        assert not [found for found in violations(instance, result) if not found.startswith(("passed", "not due"))]
        assert passed(instance, result) == passed_by_exhaustion(instance, result)


def test_what_the_others_cost_is_told() -> None:
    stable, first, most = compare(market(7, 3_000, 50))
    assert [one.mechanism for one in (stable, first, most)] == list(Mechanism)
    assert stable.passed == 0
    assert first.first_choices > stable.first_choices
    assert most.placed > stable.placed
    assert min(first.passed, most.passed) > 100
