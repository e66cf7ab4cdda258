"""Seeded instances of any size, and the judgement by exhaustion of the small ones."""

from itertools import product
from random import Random
from uuid import UUID

from hypothesis import strategies as st

from eu_enrollment.allocation.problem import Applicant, Choice, Instance, Pool


def organization_id(number: int) -> UUID:
    return UUID(int=1_000_000 + number)


def group_id(organization: int, number: int) -> UUID:
    return UUID(int=2_000_000 + organization * 100 + number)


def market(seed: int, applicants: int, organizations: int, *, fill: float = 0.95) -> Instance:
    """Children of five ages, organizations with a pool per age plus one of mixed age, popular ones wanted more."""
    random = Random(seed)
    ages = 5
    places = max(1, round(applicants * fill / organizations / (ages + 1)))
    pools = {
        organization_id(o): tuple(Pool(((group_id(o, age), places),)) for age in range(ages + 1))
        for o in range(organizations)
    }
    weights = [1 / (rank + 1) ** 0.5 for rank in range(organizations)]
    people = []
    for number in range(applicants):
        age = random.randrange(ages)
        benefit = random.choices(range(4), [2, 10, 8, 80])[0]
        wanted = dict.fromkeys(random.choices(range(organizations), weights, k=5))
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
    shapes = [draw(st.lists(st.integers(0, 2), min_size=1, max_size=3)) for _ in range(organizations)]
    pools = {
        organization_id(o): tuple(Pool(((group_id(o, index), places),)) for index, places in enumerate(shape))
        for o, shape in enumerate(shapes)
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
                tuple(sorted(draw(st.sets(st.sampled_from(range(len(shapes[o]))), max_size=len(shapes[o]))))),
            )
            for o in wanted
        )
        people.append(Applicant(UUID(int=number + 1), ties[number], choices))
    return Instance(tuple(people), pools)


def fits(pools: tuple[Pool, ...], kinds: list[tuple[int, ...]]) -> bool:
    """Whether children with these admissible pools can all be seated."""
    return any(
        all(seating.count(index) <= pool.places for index, pool in enumerate(pools)) for seating in product(*kinds)
    )


def stable_results(instance: Instance) -> list[dict[UUID, int]]:
    """Every stable result by exhaustion: rank of the choice that came true by applicant, len(choices) + 1 for none."""
    people = instance.applicants
    found = []
    for ranks in product(*(range(1, len(person.choices) + 2) for person in people)):
        seated: dict[UUID, list[tuple[int, int, tuple[int, ...]]]] = {id_: [] for id_ in instance.pools}
        for person, rank in zip(people, ranks, strict=True):
            if rank <= len(person.choices):
                choice = person.choices[rank - 1]
                seated[choice.organization_id].append((choice.priority, person.tie, choice.pools))
        if all(fits(instance.pools[o], [kind for *_, kind in who]) for o, who in seated.items()) and not any(
            _blocks(instance, seated[choice.organization_id], person.tie, choice)
            for person, rank in zip(people, ranks, strict=True)
            for choice in person.choices[: rank - 1]
        ):
            found.append({person.id: rank for person, rank in zip(people, ranks, strict=True)})
    return found


def _blocks(instance: Instance, who: list[tuple[int, int, tuple[int, ...]]], tie: int, choice: Choice) -> bool:
    pools = instance.pools[choice.organization_id]
    kinds = [kind for *_, kind in who]
    return fits(pools, [*kinds, choice.pools]) or any(
        key > (choice.priority, tie) and fits(pools, [*kinds[:place], *kinds[place + 1 :], choice.pools])
        for place, (*key_parts, _) in enumerate(who)
        for key in [tuple(key_parts)]
    )
