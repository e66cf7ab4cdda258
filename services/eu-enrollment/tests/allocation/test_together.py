"""Brothers and sisters together: stable where it can be, told where it is not, and nobody else the worse for how it was found."""

from dataclasses import replace
from itertools import product
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eu_enrollment.allocation import matching, together
from eu_enrollment.allocation.checker import violations
from eu_enrollment.allocation.families import family_of
from eu_enrollment.allocation.mechanisms import compare
from eu_enrollment.allocation.problem import HELD, Applicant, Choice, Family, Instance, Pool, Result, Seat

from .instances import chosen, group_id, market, organization_id, small_instances, with_families

A, B = organization_id(0), organization_id(1)


def child(number: int, *choices: tuple[UUID, int] | tuple[UUID, int, tuple[int, ...]]) -> Applicant:
    return Applicant(UUID(int=number), number, tuple(Choice(c[0], c[1], c[2] if len(c) > 2 else (0,)) for c in choices))


def places(organization: int, *counts: int) -> tuple[Pool, ...]:
    return tuple(Pool(((group_id(organization, number), count),)) for number, count in enumerate(counts))


def ranks(instance: Instance, result: Result) -> dict[int, int]:
    return {one.id.int: result.seats[one.id].rank if one.id in result.seats else 0 for one in instance.applicants}


def is_stable(instance: Instance, got: dict[UUID, int]) -> bool:
    """By the definition, one child and one family after another. ``got``: rank of the wish that came true, 0 for none."""
    people = {one.id: one for one in instance.applicants}
    families = [*instance.families]
    of_family = {member for family in families for member in family.members}
    families += [
        Family((one.id,), tuple((rank,) for rank, _ in enumerate(one.choices, 1)))
        for one in instance.applicants
        if one.id not in of_family
    ]
    seated: dict[UUID, list[tuple[Applicant, Choice]]] = {id_: [] for id_ in instance.pools}
    for id_, rank in got.items():
        if rank:
            choice = people[id_].choices[rank - 1]
            seated[choice.organization_id].append((people[id_], choice))
    if any(len(chosen(instance, id_, sitting)) < len(sitting) for id_, sitting in seated.items()):
        return False
    for family in families:
        has = tuple(got[member] for member in family.members)
        if any(has) and has not in family.options:
            return False
        for option in family.options[: family.options.index(has)] if any(has) else family.options:
            asked: dict[UUID, list[tuple[Applicant, Choice]]] = {}
            for member, rank in zip(family.members, option, strict=True):
                if rank:
                    choice = people[member].choices[rank - 1]
                    asked.setdefault(choice.organization_id, []).append((people[member], choice))
            if all(
                {one.id for one, _ in wishes}
                <= chosen(instance, id_, [w for w in seated[id_] if w[0].id not in family.members] + wishes)
                for id_, wishes in asked.items()
            ):
                return False
    return True


def stable(instance: Instance) -> list[dict[UUID, int]]:
    """Every stable outcome, by exhaustion."""
    people = instance.applicants
    every = product(*(range(len(one.choices) + 1) for one in people))
    outcomes = ({one.id: rank for one, rank in zip(people, found, strict=True)} for found in every)
    return [got for got in outcomes if is_stable(instance, got)]


class TestAllocate:
    @settings(max_examples=120, deadline=None)
    @given(small_instances(max_applicants=5), st.randoms(use_true_random=False))
    def test_finds_a_stable_result_where_there_is_one_and_says_where_there_is_none(
        self, instance: Instance, random: Random
    ) -> None:
        instance = with_families(instance, random, share=0.8)
        result = together.allocate(instance)
        assert violations(instance, result) == []
        got = {one.id: result.seats[one.id].rank if one.id in result.seats else 0 for one in instance.applicants}
        if result.blocking:
            assert stable(instance) == []
        else:
            assert is_stable(instance, got)

    def test_without_families_is_deferred_acceptance(self) -> None:
        instance = market(5, 300, 5)
        assert together.allocate(instance).digest() == matching.allocate(instance).digest()

    def test_in_a_town_is_stable_and_the_same_whatever_the_order_of_input(self) -> None:
        instance = with_families(market(11, 1_500, 25), Random(1), share=0.2)
        assert len(instance.families) > 100
        result = together.allocate(instance)
        assert result.blocking == ()
        assert violations(instance, result) == []
        shuffled = list(instance.applicants)
        Random(2).shuffle(shuffled)
        families = list(instance.families)
        Random(3).shuffle(families)
        other = replace(instance, applicants=tuple(shuffled), families=tuple(families))
        assert other.digest() == instance.digest()
        assert together.allocate(other).digest() == result.digest()

    def test_together_in_a_less_wanted_garden_rather_than_apart(self) -> None:
        people = (child(1, (A, 0), (B, 0)), child(2, (A, 9), (B, 9)), child(3, (A, 5)))
        family = family_of(people[:2], apart_allowed=True)
        instance = Instance(people, {A: places(0, 1), B: places(1, 2)}, families=(family,))
        assert ranks(instance, together.allocate(instance)) == {1: 2, 2: 2, 3: 1}

    def test_apart_only_where_the_family_allows_it(self) -> None:
        people = (child(1, (A, 0), (B, 0)), child(2, (A, 0), (B, 0)))
        for allowed, expected in ((True, {1: 1, 2: 2}), (False, {1: 0, 2: 0})):
            instance = Instance(
                people, {A: places(0, 1), B: places(1, 1)}, families=(family_of(people, apart_allowed=allowed),)
            )
            assert ranks(instance, together.allocate(instance)) == expected

    def test_where_no_stable_result_exists_says_who_blocks(self) -> None:
        """The family wants A and B or nothing; the third yields B to it, and then A is its: so the family has nothing, and B is free."""
        family = Family((UUID(int=1), UUID(int=2)), ((1, 1),))
        people = (child(1, (A, 3)), child(2, (B, 1)), child(3, (B, 2), (A, 2)))
        instance = Instance(people, {A: places(0, 1), B: places(1, 1)}, families=(family,))
        assert stable(instance) == []
        result = together.allocate(instance)
        assert result.blocking == (family.members,)
        assert violations(instance, result) == []
        assert violations(instance, replace(result, blocking=())) == [f"family passed over: {UUID(int=1)}"]
        assert compare(instance)[0].passed == 1

    def test_who_holds_a_place_keeps_it_though_its_family_asks_together(self) -> None:
        people = (child(1, (B, 5), (A, HELD)), child(2, (B, 5)), child(3, (B, 1)))
        family = family_of(people[:2], apart_allowed=False)
        assert family.options == ((1, 1), (2, 0))
        instance = Instance(people, {A: places(0, 1), B: places(1, 1)}, families=(family,))
        assert ranks(instance, together.allocate(instance)) == {1: 2, 2: 0, 3: 1}

    @pytest.mark.parametrize("seed", range(400))
    def test_nobody_loses_the_place_it_holds_though_no_stable_result_is_found(self, seed: int) -> None:
        instance = holding(Random(seed))
        result = together.allocate(instance)
        assert violations(instance, result) == []
        assert {one.id for one in instance.applicants if one.holds is not None} <= result.seats.keys()


def holding(random: Random) -> Instance:
    """Twins who want places in two small gardens, some of whom have one there already."""
    groups = {A: group_id(0, 0), B: group_id(1, 0)}
    free = {garden: random.randint(0, 2) for garden in groups}
    people = []
    for number in range(random.choice((4, 6))):
        wanted = random.sample(list(groups), random.randint(1, 2))
        one = child(number, *((garden, random.randint(0, 2)) for garden in wanted))
        if random.random() < 0.4:
            free[wanted[-1]] += 1
            held = Choice(wanted[-1], HELD, (0,))
            one = replace(one, choices=(*one.choices[:-1], held), holds=groups[wanted[-1]])
        people.append(one)
    twins = [family_of(people[at : at + 2], apart_allowed=random.random() < 0.7) for at in range(0, len(people), 2)]
    pools = {garden: (Pool(((group, free[garden]),)),) for garden, group in groups.items()}
    return Instance(tuple(people), pools, families=tuple(twins))


class TestOptions:
    def test_of_two_come_together_first_then_apart_then_one_alone(self) -> None:
        people = (child(1, (A, 0), (B, 0)), child(2, (B, 0), (A, 0)))
        assert family_of(people, apart_allowed=True).options == (
            *((1, 2), (2, 1)),
            *((1, 1), (2, 2)),
            *((0, 1), (1, 0), (0, 2), (2, 0)),
        )
        assert family_of(people, apart_allowed=False).options == ((1, 2), (2, 1))

    def test_leave_out_what_no_group_is_for(self) -> None:
        people = (child(1, (A, 0, ())), child(2, (A, 0)))
        assert family_of(people, apart_allowed=True).options == ((0, 1),)

    def test_are_bounded_for_many_children(self) -> None:
        people = [child(n, *((organization_id(o), 0) for o in range(5))) for n in range(1, 7)]
        options = family_of(people, apart_allowed=True).options
        assert len(options) == 2_000
        assert options[0] == (1,) * 6


class TestChecker:
    PEOPLE = (child(1, (A, 0), (B, 0)), child(2, (A, 0), (B, 0)), child(3, (A, 5), (B, 5)))
    INSTANCE = Instance(
        PEOPLE, {A: places(0, 2), B: places(1, 2)}, families=(family_of(PEOPLE[:2], apart_allowed=False),)
    )

    @pytest.mark.parametrize(
        ("seats", "said"),
        [
            ({1: 1, 2: 1, 3: 2}, []),
            ({1: 2, 2: 2, 3: 1}, ["family passed over"]),
            ({1: 1, 2: 2, 3: 2}, ["passed over", "not due", "not an option"]),
            ({1: 1, 2: 2, 3: 1}, ["not an option"]),
            ({3: 1}, ["family passed over"]),
        ],
    )
    def test_rejects_every_kind_of_wrong(self, seats: dict[int, int], said: list[str]) -> None:
        placed = {UUID(int=n): Seat((A, B)[rank - 1], group_id(rank - 1, 0), rank) for n, rank in seats.items()}
        found = violations(self.INSTANCE, Result(placed, {}))
        assert {text.partition(":")[0] for text in found} <= set(said)
        assert bool(found) == bool(said)

    def test_rejects_that_a_child_of_a_family_named_as_blocking_loses_the_place_it_holds(self) -> None:
        people = (child(1, (A, 3)), child(2, (A, HELD)), child(3, (A, 1)))
        family = family_of(people[:2], apart_allowed=True)
        instance = Instance(people, {A: places(0, 2)}, families=(family,))
        result = Result({UUID(int=3): Seat(A, group_id(0, 0), 1)}, {}, (family.members,))
        assert violations(instance, result) == [f"lost its place: {UUID(int=2)}"]

    def test_rejects_a_blocking_family_that_does_not_block(self) -> None:
        result = together.allocate(self.INSTANCE)
        family = self.INSTANCE.families[0].members
        assert violations(self.INSTANCE, replace(result, blocking=(family,))) == [f"not passed over: {family[0]}"]
