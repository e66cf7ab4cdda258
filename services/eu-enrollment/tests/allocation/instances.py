"""Seeded instances of any size, and the judgement by exhaustion of the small ones."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, combinations, product
from random import Random
from uuid import UUID

from hypothesis import strategies as st

from eu_enrollment.allocation.families import family_of
from eu_enrollment.allocation.problem import Applicant, Choice, Instance, Pool, Precedence


def organization_id(number: int) -> UUID:
    return UUID(int=1_000_000 + number)


def group_id(organization: int, number: int) -> UUID:
    return UUID(int=2_000_000 + organization * 100 + number)


def market(seed: int, applicants: int, organizations: int, *, fill: float = 0.95, ages: int = 5) -> Instance:
    """Children of several ages, organizations with a pool per age plus one of mixed age, popular ones wanted more."""
    random = Random(seed)
    places = max(1, round(applicants * fill / organizations / (ages + 1)))
    pools = {
        organization_id(o): tuple(Pool(((group_id(o, age), places),)) for age in range(ages + 1))
        for o in range(organizations)
    }
    weights = list(accumulate(1 / (rank + 1) ** 0.5 for rank in range(organizations)))
    people = []
    for number in range(applicants):
        age = random.randrange(ages)
        benefit = random.choices(range(4), [2, 10, 8, 80])[0]
        wanted = dict.fromkeys(random.choices(range(organizations), cum_weights=weights, k=5))
        choices = tuple(
            Choice(
                organization_id(o),
                benefit * 2 + (random.random() > 0.05),
                (age, ages) if age in {1, 2} else (age,),
            )
            for o in wanted
        )
        people.append(Applicant(UUID(int=number + 1), number, choices))
    return Instance(tuple(people), pools)


@st.composite
def small_instances(draw: st.DrawFn, *, max_applicants: int = 4, max_organizations: int = 3) -> Instance:
    organizations = draw(st.integers(1, max_organizations))
    kinds = draw(st.sampled_from([(), ("a",), ("a", "b")]))
    pools = {
        organization_id(o): tuple(
            Pool(((group_id(o, index), places),), draw(_reserved(kinds, places)))
            for index, places in enumerate(draw(st.lists(st.integers(0, 2), min_size=1, max_size=3)))
        )
        for o in range(organizations)
    }
    count = draw(st.integers(1, max_applicants))
    ties = draw(st.permutations(range(count)))
    people = []
    for number in range(count):
        wanted = draw(st.lists(st.sampled_from(range(organizations)), unique=True, max_size=organizations))
        choices = tuple(
            Choice(
                organization_id(o),
                draw(st.integers(0, 2)),
                tuple(draw(st.lists(st.sampled_from(range(len(pools[organization_id(o)]))), unique=True))),
                tuple(kind for kind in kinds if draw(st.booleans())),
            )
            for o in wanted
        )
        people.append(Applicant(UUID(int=number + 1), ties[number], choices))
    return Instance(tuple(people), pools, draw(st.sampled_from(Precedence)))


def with_families(instance: Instance, random: Random, *, share: float) -> Instance:
    """The same where about this share of the children, neighbours in the input, ask together by twos and threes."""
    people = list(instance.applicants)
    families = []
    while len(people) > 1:
        size = random.choice((2, 2, 2, 3))
        members, people = people[:size], people[size:]
        if random.random() < share:
            families.append(family_of(members, apart_allowed=random.random() < 0.7))
    return replace(instance, families=tuple(families))


@st.composite
def _reserved(draw: st.DrawFn, kinds: tuple[str, ...], places: int) -> tuple[tuple[str, int], ...]:
    found: list[tuple[str, int]] = []
    for kind in kinds:
        count = draw(st.integers(0, places - sum(taken for _, taken in found)))
        if count:
            found.append((kind, count))
    return tuple(found)


def fits(places: Sequence[int], kinds: Sequence[tuple[int, ...]]) -> bool:
    """Whether children with these admissible pools can all be seated."""
    return any(all(seating.count(index) <= free for index, free in enumerate(places)) for seating in product(*kinds))


def chosen(instance: Instance, organization: UUID, wanting: Sequence[tuple[Applicant, Choice]]) -> set[UUID]:
    """Whom an organization would seat of these, word by word: for each block of places, one by one, whoever still fits."""
    pools = instance.pools[organization]
    waiting = sorted(wanting, key=lambda wish: (wish[1].priority, wish[0].tie))
    kinds = list(dict.fromkeys(kind for pool in pools for kind, _ in pool.reserved))
    blocks: list[tuple[str | None, list[int]]] = [
        (kind, [dict(pool.reserved).get(kind, 0) for pool in pools]) for kind in kinds
    ]
    open_ = [pool.places - sum(count for _, count in pool.reserved) for pool in pools]
    if instance.precedence is Precedence.OPEN_FIRST:
        blocks.insert(0, (None, open_))
    else:
        blocks.append((None, open_))
    seats: list[tuple[Applicant, list[tuple[int, int]]]] = []
    for number, (kind, places) in enumerate(blocks):
        own = [wish for wish in waiting if kind is None or kind in wish[1].reserves]
        if (number, kind) != (len(blocks) - 1, None):
            taken = _fitting(places, own)
            seats += [(applicant, [(number, pool) for pool in choice.pools]) for applicant, choice in taken]
            waiting = [wish for wish in waiting if wish not in taken]
    every = {(number, pool): count for number, (_, places) in enumerate(blocks) for pool, count in enumerate(places)}
    for applicant, choice in waiting:
        anywhere = [place for place in every if place[1] in choice.pools]
        if _seatable(every, [places for _, places in seats] + [anywhere]):
            seats.append((applicant, anywhere))
    return {applicant.id for applicant, _ in seats}


def _fitting(places: Sequence[int], among: Sequence[tuple[Applicant, Choice]]) -> list[tuple[Applicant, Choice]]:
    taken: list[tuple[Applicant, Choice]] = []
    for wish in among:
        if fits(places, [choice.pools for _, choice in (*taken, wish)]):
            taken.append(wish)
    return taken


def _seatable(places: Mapping[tuple[int, int], int], wanted: Sequence[Sequence[tuple[int, int]]]) -> bool:
    """Whether each can have one of the places it wants (Hall's condition, word by word)."""
    return all(
        sum(count for place, count in places.items() if any(place in one for one in some)) >= len(some)
        for size in range(1, len(wanted) + 1)
        for some in combinations(wanted, size)
    )


def stable_results(instance: Instance) -> list[dict[UUID, int]]:
    """Every stable result by exhaustion: rank of the choice that came true by applicant, len(choices) + 1 for none.

    Stable: of its own and of all who wanted it more than what they got each organization would choose just its own.
    """
    people = instance.applicants
    found = []
    for ranks in product(*(range(1, len(person.choices) + 2) for person in people)):
        wanting: dict[UUID, list[tuple[Applicant, Choice]]] = {id_: [] for id_ in instance.pools}
        seated: dict[UUID, set[UUID]] = {id_: set() for id_ in instance.pools}
        for person, rank in zip(people, ranks, strict=True):
            for choice in person.choices[:rank]:
                wanting[choice.organization_id].append((person, choice))
            if rank <= len(person.choices):
                seated[person.choices[rank - 1].organization_id].add(person.id)
        if all(chosen(instance, id_, wanting[id_]) == seated[id_] for id_ in instance.pools):
            found.append({person.id: rank for person, rank in zip(people, ranks, strict=True)})
    return found
