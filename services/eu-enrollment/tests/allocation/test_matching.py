"""Deferred acceptance: stable, best for every child, honest wishes never lose, and no order of input matters."""

from dataclasses import replace
from itertools import permutations
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eu_enrollment.allocation.checker import violations
from eu_enrollment.allocation.matching import allocate
from eu_enrollment.allocation.problem import HELD, Applicant, Choice, Instance, Passed, Pool, Precedence, Result, Seat

from .instances import group_id, market, organization_id, small_instances, stable_results

SCHOOL = organization_id(0)
OTHER = organization_id(1)


def ranks(instance: Instance, result: Result) -> dict[UUID, int]:
    return {a.id: result.seats[a.id].rank if a.id in result.seats else len(a.choices) + 1 for a in instance.applicants}


def child(number: int, *choices: tuple[UUID, int] | tuple[UUID, int, tuple[int, ...]]) -> Applicant:
    return Applicant(UUID(int=number), number, tuple(Choice(c[0], c[1], c[2] if len(c) > 2 else (0,)) for c in choices))


def pool(organization: int, *places: int) -> Pool:
    return Pool(tuple((group_id(organization, number), free) for number, free in enumerate(places)))


class TestAllocate:
    @settings(max_examples=80, deadline=None)
    @given(small_instances())
    def test_is_the_best_stable_result_for_every_child(self, instance: Instance) -> None:
        result = allocate(instance)
        assert violations(instance, result) == []
        ours = ranks(instance, result)
        stable = stable_results(instance)
        assert ours in stable
        assert all(ours[who] <= other[who] for other in stable for who in ours)

    @settings(max_examples=40, deadline=None)
    @given(small_instances(max_applicants=4), st.data())
    def test_no_child_gains_by_stating_other_wishes(self, instance: Instance, data: st.DataObject) -> None:
        honest = ranks(instance, allocate(instance))
        liar = data.draw(st.sampled_from(range(len(instance.applicants))))
        true = instance.applicants[liar]
        for size in range(len(true.choices) + 1):
            for stated in permutations(true.choices, size):
                people = list(instance.applicants)
                people[liar] = replace(true, choices=stated)
                seat = allocate(replace(instance, applicants=tuple(people))).seats.get(true.id)
                got = (
                    [c.organization_id for c in true.choices].index(seat.organization_id) + 1
                    if seat
                    else len(true.choices) + 1
                )
                assert honest[true.id] <= got

    @settings(max_examples=20, deadline=None)
    @given(st.integers(0, 10_000), st.randoms(use_true_random=False))
    def test_order_of_input_changes_nothing(self, seed: int, random: Random) -> None:
        instance = market(seed, 120, 4)
        shuffled = list(instance.applicants)
        random.shuffle(shuffled)
        other = replace(instance, applicants=tuple(shuffled))
        assert other.digest() == instance.digest()
        assert allocate(other).digest() == allocate(instance).digest()

    def test_a_stronger_right_goes_first_and_equals_go_by_the_register(self) -> None:
        instance = Instance(
            (child(1, (SCHOOL, 3)), child(2, (SCHOOL, 3)), child(3, (SCHOOL, 0))), {SCHOOL: (pool(0, 2),)}
        )
        result = allocate(instance)
        assert set(result.seats) == {UUID(int=3), UUID(int=1)}
        assert result.passed_over[UUID(int=2)] == (Passed(SCHOOL, (3, 1)),)

    def test_a_child_with_a_choice_of_pools_makes_room(self) -> None:
        """The first child fits both pools, the second only the first: both get a place."""
        instance = Instance(
            (child(1, (SCHOOL, 0, (0, 1))), child(2, (SCHOOL, 0, (0,)))),
            {SCHOOL: (Pool(((group_id(0, 0), 1),)), Pool(((group_id(0, 1), 1),)))},
        )
        assert {who.int: seat.group_id for who, seat in allocate(instance).seats.items()} == {
            1: group_id(0, 1),
            2: group_id(0, 0),
        }

    def test_no_place_for_the_age_is_told_apart_from_a_stronger_right(self) -> None:
        instance = Instance((child(1, (SCHOOL, 0, ())),), {SCHOOL: (pool(0, 1),)})
        assert allocate(instance).passed_over == {UUID(int=1): (Passed(SCHOOL, None),)}

    def test_parallel_classes_fill_evenly(self) -> None:
        instance = Instance(tuple(child(n, (SCHOOL, 0)) for n in range(1, 21)), {SCHOOL: (pool(0, 15, 15),)})
        groups = [seat.group_id for seat in allocate(instance).seats.values()]
        assert sorted(map(groups.count, set(groups))) == [10, 10]

    def test_ten_thousand_are_proven(self) -> None:
        instance = market(7, 10_000, 100)
        result = allocate(instance)
        assert violations(instance, result) == []
        assert len(result.seats) > 8_000

    def test_reserved_places_go_to_their_kind_and_what_is_left_of_them_to_anybody(self) -> None:
        people = (quota(1, 0, "a"), quota(2, 1), quota(3, 2, "a"), quota(4, 3))
        assert seated_of(people, 3, ("a", 1)) == {1, 2, 3}
        assert seated_of(people, 2, ("a", 1)) == {1, 2}, "the strongest of the kind takes the reserved place"
        assert seated_of(people, 2, ("a", 1), Precedence.OPEN_FIRST) == {1, 3}, "the reserved place is for who needs it"
        assert seated_of(people[1::2], 2, ("a", 2)) == {2, 4}, "no reserved place stays free"

    @settings(max_examples=60, deadline=None)
    @given(small_instances(), st.data())
    def test_one_place_more_is_worse_for_nobody(self, instance: Instance, data: st.DataObject) -> None:
        organization = data.draw(st.sampled_from(sorted(instance.pools)))
        index = data.draw(st.integers(0, len(instance.pools[organization]) - 1))
        grown = list(instance.pools[organization])
        (group, free), *others = grown[index].groups
        grown[index] = replace(grown[index], groups=((group, free + 1), *others))
        before = ranks(instance, allocate(instance))
        after = ranks(instance, allocate(replace(instance, pools={**instance.pools, organization: tuple(grown)})))
        assert all(after[who] <= before[who] for who in before)

    @settings(max_examples=60, deadline=None)
    @given(small_instances(), st.data())
    def test_who_holds_a_place_never_loses_it(self, instance: Instance, data: st.DataObject) -> None:
        """Each holder's place is added to the free ones, and its own wish for it stands last with the right of who holds it."""
        among = [one for one in instance.applicants if one.choices]
        holders = [one for one in among if data.draw(st.booleans())]
        pools = {id_: list(found) for id_, found in instance.pools.items()}
        people = {one.id: one for one in instance.applicants}
        for one in holders:
            *wanted, own = one.choices
            index = data.draw(st.integers(0, len(pools[own.organization_id]) - 1))
            (group, free), *others = pools[own.organization_id][index].groups
            grown = replace(pools[own.organization_id][index], groups=((group, free + 1), *others))
            pools[own.organization_id][index] = grown
            people[one.id] = replace(one, choices=(*wanted, replace(own, priority=HELD, pools=(index,))))
        asked = Instance(
            tuple(people.values()), {id_: tuple(found) for id_, found in pools.items()}, instance.precedence
        )
        result = allocate(asked)
        assert violations(asked, result) == []
        assert {one.id for one in holders} <= result.seats.keys()


def quota(number: int, priority: int, *reserves: str) -> Applicant:
    return Applicant(UUID(int=number), number, (Choice(SCHOOL, priority, (0,), reserves),))


def seated_of(
    people: tuple[Applicant, ...],
    places: int,
    reserved: tuple[str, int],
    precedence: Precedence = Precedence.RESERVED_FIRST,
) -> set[int]:
    """Numbers of those who get one of a school's places."""
    pools = {SCHOOL: (Pool(((group_id(0, 0), places),), (reserved,)),)}
    return {who.int for who in allocate(Instance(people, pools, precedence)).seats}


class TestChecker:
    INSTANCE = Instance(
        (child(1, (SCHOOL, 0), (OTHER, 0)), child(2, (SCHOOL, 1), (OTHER, 0)), child(3, (OTHER, 5))),
        {SCHOOL: (pool(0, 1),), OTHER: (pool(1, 1),)},
    )

    def judge(self, **seats: tuple[UUID, UUID, int]) -> list[str]:
        return violations(
            self.INSTANCE, Result({UUID(int=int(who[1:])): Seat(*seat) for who, seat in seats.items()}, {})
        )

    def test_passes_the_due_result(self) -> None:
        assert violations(self.INSTANCE, allocate(self.INSTANCE)) == []

    @pytest.mark.parametrize(
        ("seats", "said"),
        [
            ({"c2": (SCHOOL, group_id(0, 0), 1), "c1": (OTHER, group_id(1, 0), 2)}, "passed over"),
            ({"c1": (SCHOOL, group_id(0, 0), 1), "c3": (OTHER, group_id(1, 0), 1)}, "not due"),
            ({"c1": (SCHOOL, group_id(0, 0), 1)}, "passed over"),
            ({"c1": (SCHOOL, group_id(0, 0), 1), "c2": (SCHOOL, group_id(0, 0), 1)}, "overfull"),
            ({"c3": (SCHOOL, group_id(0, 0), 1)}, "not wanted"),
            ({"c3": (OTHER, group_id(0, 0), 1)}, "not wanted"),
            ({"c9": (SCHOOL, group_id(0, 0), 1)}, "nobody asked"),
            ({"c1": (SCHOOL, group_id(0, 0), 3)}, "nobody asked"),
        ],
    )
    def test_finds_what_is_wrong(self, seats: dict[str, tuple[UUID, UUID, int]], said: str) -> None:
        assert any(text.startswith(said) for text in self.judge(**seats))

    def test_finds_a_seat_not_for_the_age(self) -> None:
        instance = Instance((child(1, (SCHOOL, 0, ())),), {SCHOOL: (pool(0, 1),)})
        result = Result({UUID(int=1): Seat(SCHOOL, group_id(0, 0), 1)}, {})
        assert violations(instance, result)[0].startswith("does not fit")

    @settings(max_examples=60, deadline=None)
    @given(small_instances(max_applicants=4), st.data())
    def test_judges_as_exhaustion_does(self, instance: Instance, data: st.DataObject) -> None:
        """Any seating whatever: proven exactly when it is among the stable ones."""
        seats: dict[UUID, Seat] = {}
        for person in instance.applicants:
            open_ = [(r, c, p) for r, c in enumerate(person.choices, 1) for p in c.pools]
            if open_ and (pick := data.draw(st.none() | st.sampled_from(open_))):
                rank, choice, index = pick
                group = instance.pools[choice.organization_id][index].groups[0][0]
                seats[person.id] = Seat(choice.organization_id, group, rank)
        result = Result(seats, {})
        proven = not violations(instance, result)
        overfull = any(v.startswith("overfull") for v in violations(instance, result))
        assert proven == (not overfull and ranks(instance, result) in stable_results(instance))
