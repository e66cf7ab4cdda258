"""Parts of the journey that need no stack: the week, lesson times, logins, the count, the form's total."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console

from demodata.generate import ListFormat, RegionWriter
from demodata.journey import calendars, week
from demodata.journey.client import Api
from demodata.journey.contingent import Counted
from demodata.journey.forms import FORMS
from demodata.journey.lessons import LessonWeek
from demodata.journey.sessions import Account
from demodata.journey.steps import Steps
from demodata.journey.territories import act_of, street_and_house
from demodata.journey.world import World
from demodata.sizes import MUNICIPALITIES, Size

SUBJECTS = MUNICIPALITIES.parents[1] / "subjects" / "reference.yaml"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("region")
    RegionWriter(Size.SMALL, 2026, date(2026, 11, 24), folder, ListFormat.CSV).write()
    loaded = World.load(Api("http://gateway", concurrency=1), Steps(Console(quiet=True)), folder, Path())
    loaded.group_ids = {group["key"]: group["key"] for group in loaded.demo_school["groups"]}
    loaded.teacher_ids = [(one["login"], one["login"]) for one in loaded.staff("teacher") if "leads" not in one]
    loaded.organization_ids = {one["key"]: one["key"] for one in loaded.organizations}
    return loaded


def test_nobody_is_in_two_rooms_at_once(world: World) -> None:
    planned = list(week.hours(world.demo_school["groups"]))
    by_teacher = Counter((hour.teacher, hour.weekday, hour.number) for hour in planned)
    by_class = Counter((hour.group, hour.weekday, hour.number) for hour in planned)
    assert max(by_teacher.values()) == max(by_class.values()) == 1
    assert {hour.group for hour in planned} == set(world.group_ids.values())
    assert {hour.teacher for hour in planned} == set(range(len(world.teacher_ids)))


def test_the_load_of_a_teacher_is_what_the_week_has(world: World) -> None:
    planned = list(week.hours(world.demo_school["groups"]))
    counted = week.loads(planned)
    assert counted.total() == len(planned)
    assert all(count <= 40 for count in counted.values())


def test_subjects_are_those_of_the_grade(world: World) -> None:
    """Core's list of subjects says in which grades each is taught."""
    lines = SUBJECTS.read_text("utf-8").splitlines()
    listed = {line.split(":")[0].strip(): line for line in lines if line.startswith("  ") and ": [" in line}
    grades = {group["key"]: group["grade"] for group in world.demo_school["groups"]}
    for hour in week.hours(world.demo_school["groups"]):
        first, last = (int(part) for part in listed[hour.subject].split(",")[-3:-1])
        assert first <= grades[hour.group] <= last, hour.subject


def test_the_asked_subject_is_the_oldest_class_s(world: World) -> None:
    hour = LessonWeek(world).asked
    assert hour.group == world.demo_school["groups"][-1]["key"]


def test_bells_have_breaks_and_no_lesson_over_forty_minutes() -> None:
    times = [
        [60 * int(one[end][:2]) + int(one[end][3:]) for end in ("starts_at", "ends_at")] for one in calendars.bells()
    ]
    assert len(times) == week.LONGEST_DAY
    assert {end - start for start, end in times} == {40}
    breaks = [after[0] - before[1] for before, after in pairwise(times)]
    assert min(breaks) == 10
    assert max(breaks[1:3]) == 20


def test_logins_are_kept_as_soon_as_they_are_there_and_those_before_stay(world: World, tmp_path: Path) -> None:
    kept = replace(world, out=tmp_path / "demo")
    kept.remember("operator", Account(world.api, "operator", "first"))
    kept.remember("guardian", Account(world.api, "guardian-1", "word"))
    kept.remember("operator", Account(world.api, "operator", "second"))
    file = tmp_path / "demo" / "logins.json"
    assert json.loads(file.read_text("utf-8")) == {
        "operator": {"login": "operator", "password": "second"},
        "guardian": {"login": "guardian-1", "password": "word"},
    }
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["logins.json"]


@pytest.mark.parametrize("role", ["organization_admin", "head"])
def test_every_organization_has_an_administrator_and_a_head_planned(world: World, role: str) -> None:
    planned = {person["unit"] for person in world.staff(role)}
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


def test_forms_are_handed_in_as_of_their_own_days() -> None:
    assert {kind: form.snapshot(2026) for kind, form in FORMS.items()} == {
        "preschool": date(2026, 12, 31),
        "school": date(2026, 9, 20),
    }


def test_every_street_of_the_municipality_is_assigned_once(world: World) -> None:
    lines = act_of(world, "school")["lines"]
    assert {line["street"] for line in lines} == {street_and_house(one["address"])[0] for one in world.organizations}
    given = Counter((line["street"], line["houses"]) for line in lines)
    assert max(given.values()) == 1
    whole = {line["street"] for line in lines if not line["houses"]}
    assert not whole & {line["street"] for line in lines if line["houses"]}
