"""A simulation holds the mechanisms against each other and changes nothing."""

from typing import Any

from ..factories import Town, group, organization


async def state(town: Town) -> list[Any]:
    """What a real allocation would change."""
    return [
        await town.fetch("SELECT id, status, version FROM application ORDER BY id"),
        await town.fetch("SELECT count(*) FROM outbox"),
        await town.fetch("SELECT count(*) FROM application_history"),
        await town.fetch("SELECT * FROM lottery_draw"),
        await town.fetch("SELECT count(*) FROM allocation"),
    ]


async def test_a_simulation_tells_what_each_mechanism_comes_to_and_changes_nothing(town: Town) -> None:
    """A benefit takes the first child's first wish; its second is the second child's first, who came later."""
    popular, other = organization(), organization()
    places = {group(popular.organization_id, 20, 19): 1, group(other.organization_id, 20, 19): 1}
    await town.hear(popular, other, *places)
    await town.open(places)
    a, b = popular.organization_id, other.organization_id
    await town.apply(1, a, b)
    await town.apply(2, b)
    await town.confirm(await town.apply(3, a, benefit="police"))
    before = await state(town)
    result = await town.simulate()
    assert await state(town) == before
    assert result["applicants"] == 3
    told = {one["mechanism"]: (one["placed"], one["first_choices"], one["passed"]) for one in result["mechanisms"]}
    assert told == {
        "deferred_acceptance": (2, 1, 0),
        "first_choice_first": (2, 2, 1),
        "most_placed": (2, 1, 0),
    }
    assert (await town.allocate())["placed"] == 2
