"""Parts of the journey that need no stack: the timetable, the count, the form's total."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from demodata.generate import ListFormat, RegionWriter
from demodata.journey.client import Api
from demodata.journey.contingent import Counted
from demodata.journey.forms import FORMS
from demodata.journey.lessons import LessonWeek
from demodata.journey.steps import Steps
from demodata.journey.territories import act_of, street_and_house
from demodata.journey.world import World
from demodata.sizes import Size


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("region")
    RegionWriter(Size.SMALL, 2026, date(2026, 11, 24), folder, ListFormat.CSV).write()
    loaded = World.load(Api("http://gateway", concurrency=1), Steps(Console(quiet=True)), folder, Path())
    loaded.group_ids = {group["key"]: group["key"] for group in loaded.demo_school["groups"]}
    loaded.teacher_ids = [(person["login"], person["login"]) for person in loaded.staff("teacher")]
    return loaded


def test_nobody_is_in_two_rooms_at_once(world: World) -> None:
    plans = LessonWeek(world)._timetable()
    by_teacher = Counter((login, lesson["date"], lesson["number"]) for lesson, login in plans)
    by_class = Counter((lesson["group_id"], lesson["date"], lesson["number"]) for lesson, _ in plans)
    assert max(by_teacher.values()) == 1
    assert max(by_class.values()) == 1
    assert {lesson["group_id"] for lesson, _ in plans} == set(world.group_ids.values())


def test_every_organization_has_an_administrator_planned(world: World) -> None:
    planned = {person["unit"] for person in world.staff("organization_admin")}
    assert planned == {organization["key"] for organization in world.organizations}
    assert len({person["login"] for person in world.region["staff"]}) == len(world.region["staff"])


def test_four_ways_agree_only_when_all_are_one_number() -> None:
    assert Counted(5, 5, 5).agrees
    assert Counted(5, 5, 5, 5).agrees
    assert not Counted(5, 5, 4).agrees
    assert not Counted(5, 5, 5, 6).agrees


def test_the_total_is_read_from_the_cell_of_the_form() -> None:
    report = {"sections": [{"code": "7", "rows": [{"code": "702", "cells": {}}, {"code": "701", "cells": {"3": 17}}]}]}
    assert FORMS["preschool"].total(report) == 17


def test_every_street_of_the_municipality_is_assigned_once(world: World) -> None:
    world.organization_ids = {one["key"]: one["key"] for one in world.organizations}
    lines = act_of(world, "school")["lines"]
    assert {line["street"] for line in lines} == {street_and_house(one["address"])[0] for one in world.organizations}
    given = Counter((line["street"], line["houses"]) for line in lines)
    assert max(given.values()) == 1
    whole = {line["street"] for line in lines if not line["houses"]}
    assert not whole & {line["street"] for line in lines if line["houses"]}
