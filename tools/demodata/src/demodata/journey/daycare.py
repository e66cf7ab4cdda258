"""A day of a preschool group: its educator notes who is away and confirms that the others are there."""

from datetime import timedelta
from random import Random
from typing import Any

from demodata.journey.calendars import study_days
from demodata.journey.client import eventually
from demodata.journey.setup import let_write
from demodata.journey.world import World

_NOT_YET = frozenset({403, 404, 409, 422})
_LOOKED_BACK = timedelta(days=20)
_PRESCHOOL = 0
_AWAY_SHARE = 0.15
_CODES = ("sick", "excused", "vacation")


async def note_day(world: World) -> None:
    """Note the last day on which the group was there, until the day the data stand for."""
    person = world.educator
    educator, group_id = world.people[person["login"]], world.group_ids[person["leads"]]
    with world.steps.step("daycare", "День в группе детского сада") as step:
        await let_write(world, person["unit"])
        year_start = world.as_of.replace(year=world.region["academic_year"], month=9, day=1)
        first = max(world.as_of - _LOOKED_BACK, year_start)
        days = await study_days(world, educator, person["unit"], _PRESCHOOL, first, world.as_of)
        if not days:
            step.note = "учебный год только начинается: рабочих дней ещё не было"
            world.summary["daycare"] = None
            return
        day = days[-1].isoformat()

        async def note() -> Any:
            roster = await world.api.get(f"/api/journal/v1/groups/{group_id}/roster", educator, date=day)
            rng = Random(f"{world.region['seed']}:{day}")  # noqa: S311 - fictional absences
            cells = [
                {"student_id": child["student_id"], "date": day, "code": rng.choice(_CODES), "version": 0}
                for child in roster["students"]
                if rng.random() < _AWAY_SHARE
            ]
            path = f"/api/journal/v1/groups/{group_id}/daycare-days"
            return await world.api.post(path, educator, {"cells": cells, "confirm": [day]})

        await eventually(note, statuses=_NOT_YET)
        path = f"/api/journal/v1/groups/{group_id}/daycare-sheet"
        totals = (await world.api.get(path, educator, month=day[:7]))["totals"]
        world.look("Воспитатель: табель группы", person["login"], path, month=day[:7])
        missed = totals["missed_illness"] + totals["missed_other"]
        step.note = f"{days[-1]:%d.%m.%Y}: были {totals['attended']}, не были {missed}"
        world.summary["daycare"] = {"day": day, "attended": totals["attended"], "missed": missed}
