"""Who is seated sits where it would rather: held against every way to seat the same children."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from eu_enrollment.allocation.settling import settle

Case = tuple[dict[int, int], list[tuple[tuple[int, ...], int]]]


@st.composite
def seatings(draw: st.DrawFn) -> Case:
    """Some children seated in pools that fit them, in whichever."""
    pools = draw(st.integers(1, 4))
    seated = []
    for _ in range(draw(st.integers(0, 5))):
        wanted = tuple(draw(st.lists(st.sampled_from(range(pools)), min_size=1, max_size=pools, unique=True)))
        seated.append((wanted, draw(st.sampled_from(wanted))))
    spare = draw(st.lists(st.integers(0, 1), min_size=pools, max_size=pools))
    return {pool: [at for _, at in seated].count(pool) + spare[pool] for pool in range(pools)}, seated


@given(seatings())
def test_the_stronger_sooner_where_it_would_rather_and_nobody_loses_a_seat(case: Case) -> None:
    places, seated = case
    every = [
        at
        for at in product(*(wanted for wanted, _ in seated))
        if all(at.count(pool) <= count for pool, count in places.items())
    ]
    best = min(every, key=lambda at: [wanted.index(pool) for (wanted, _), pool in zip(seated, at, strict=True)])
    assert settle(places, seated) == list(best)


def test_a_weaker_child_gives_way_along_a_chain() -> None:
    strong, middle, weak = ((0, 2), 2), ((1, 0), 0), ((1, 3), 1)
    assert settle({0: 1, 1: 1, 2: 1, 3: 1}, [strong, middle, weak]) == [0, 1, 3]
