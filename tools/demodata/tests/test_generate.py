"""A generated region: reproducible, whole, plausible."""

import json
from collections import Counter
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from demodata.classlists import HEADER
from demodata.generate import ListFormat, RegionWriter
from demodata.sizes import Size, municipalities, share
from identifiers import format_snils, parse_snils

AS_OF = date(2026, 11, 24)


def _write(
    out: Path, *, seed: int = 2026, as_of: date = AS_OF, list_format: ListFormat = ListFormat.XLSX
) -> RegionWriter:
    region = RegionWriter(Size.SMALL, seed, as_of, out, list_format)
    region.write()
    return region


def _files(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    _write(folder)
    return folder


@pytest.fixture(scope="module")
def region(out: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((out / "region.json").read_text("utf-8"))
    return loaded


@pytest.fixture(scope="module")
def pupils(out: Path) -> list[dict[str, Any]]:
    found = []
    for path in sorted((out / "class-lists").iterdir()):
        header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        assert tuple(header) == HEADER
        found += [{"organization": path.stem, **dict(zip(HEADER, row, strict=True))} for row in rows]
    return found


@pytest.fixture(scope="module")
def applications(out: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line) for path in (out / "applications").iterdir() for line in path.read_text("utf-8").splitlines()
    ]


def test_the_same_seed_gives_the_same_bytes(out: Path, tmp_path: Path) -> None:
    _write(tmp_path)
    assert _files(tmp_path) == _files(out)


def test_another_seed_or_day_gives_other_data(out: Path, tmp_path: Path) -> None:
    _write(tmp_path / "seed", seed=7, list_format=ListFormat.CSV)
    _write(tmp_path / "day", as_of=date(2027, 3, 1), list_format=ListFormat.CSV)
    lines = [
        (folder / "applications/03607000.jsonl").read_bytes() for folder in (out, tmp_path / "seed", tmp_path / "day")
    ]
    assert len(set(lines)) == 3


def test_csv_lists_hold_the_same_children(out: Path, tmp_path: Path, pupils: list[dict[str, Any]]) -> None:
    _write(tmp_path, list_format=ListFormat.CSV)
    rows = [
        line
        for path in sorted((tmp_path / "class-lists").iterdir())
        for line in path.read_text("utf-8").splitlines()[1:]
    ]
    assert [row.split(";")[1:3] for row in rows] == [[pupil["Фамилия"], pupil["Имя"]] for pupil in pupils]


def test_counts_are_those_of_the_size(
    region: dict[str, Any], pupils: list[dict[str, Any]], applications: list[dict[str, Any]]
) -> None:
    kinds = Counter(organization["kind"] for organization in region["organizations"])
    assert kinds == {"school": 4, "preschool": 6}
    assert len(pupils) == region["totals"]["students"] == 3_000
    assert len({body["external_id"] for body in applications}) == region["totals"]["applications"] == 600
    assert len(applications) > 600, "some families send twice"


def test_lists_agree_with_the_groups(region: dict[str, Any], pupils: list[dict[str, Any]]) -> None:
    listed = Counter((pupil["organization"], pupil["Класс (группа)"]) for pupil in pupils)
    planned = {(o["key"], g["name"]): g["enrolled"] for o in region["organizations"] for g in o["groups"]}
    assert listed == planned
    assert all(g["enrolled"] <= g["capacity"] for o in region["organizations"] for g in o["groups"])


def test_classes_and_groups_are_plausible(region: dict[str, Any]) -> None:
    for organization in region["organizations"]:
        groups = organization["groups"]
        if organization["kind"] == "school":
            assert {group["grade"] for group in groups} == set(range(1, 12))
            assert all(20 <= group["enrolled"] <= 30 for group in groups)
        else:
            assert {(group["age_from"], group["age_to"]) for group in groups} == {
                (1, 2),
                (3, 3),
                (4, 4),
                (5, 5),
                (6, 7),
            }
            assert all(13 <= group["capacity"] <= 25 for group in groups)


def test_places_are_scarce(region: dict[str, Any]) -> None:
    free = sum(
        g["capacity"] - g["enrolled"] for o in region["organizations"] if o["kind"] == "preschool" for g in o["groups"]
    )
    assert free == 510


def test_people_have_sound_and_distinct_identifiers(
    pupils: list[dict[str, Any]], applications: list[dict[str, Any]]
) -> None:
    children = {body["external_id"]: body["child"] for body in applications}.values()
    numbers = [pupil["СНИЛС"] for pupil in pupils if pupil["СНИЛС"]] + [c["snils"] for c in children if c["snils"]]
    assert len(numbers) == len(set(numbers))
    assert all(format_snils(parse_snils(number)) == number for number in numbers)
    documents = [(p["Документ"], p["Серия"], p["Номер"]) for p in pupils]
    assert len(documents) == len(set(documents))


def test_siblings_share_the_guardian_and_the_surname(pupils: list[dict[str, Any]]) -> None:
    families: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for pupil in pupils:
        families.setdefault((pupil["Родитель: телефон"], pupil["Родитель: имя"]), []).append(pupil)
    with_siblings = [children for children in families.values() if len(children) > 1]
    assert len(with_siblings) > 300
    for children in with_siblings:
        assert len({child["Фамилия"] for child in children if child["Пол"] == "М"}) <= 1
        assert len({child["Фамилия"] for child in children if child["Пол"] == "Ж"}) <= 1
        births = sorted(child["Дата рождения"] for child in children)
        assert all((later - earlier).days >= 300 for earlier, later in pairwise(births))


def test_applications_fit_the_campaign(region: dict[str, Any], applications: list[dict[str, Any]]) -> None:
    campaign = region["campaigns"][0]
    opens, preschools = (
        datetime.fromisoformat(campaign["opens_at"]),
        {o["key"] for o in region["organizations"] if o["kind"] == "preschool"},
    )
    for body in applications:
        choices = [choice["organization_id"] for choice in body["choices"]]
        assert 1 <= len(choices) <= 5
        assert len(choices) == len(set(choices))
        assert set(choices) <= preschools
        assert set(body["siblings_in"]) <= preschools
        assert body["campaign_id"] == campaign["key"]
        assert opens <= datetime.fromisoformat(body["filed_at"])
        assert datetime.fromisoformat(body["filed_at"]).date() < AS_OF
    assert any(body["siblings_in"] for body in applications)
    assert any(body["benefits"] for body in applications)


def test_region_covers_every_municipality() -> None:
    places = municipalities(Size.REGION)
    assert len(places) == 44
    assert sum(place.school_students + place.preschool_students for place in places) == 700_000


def test_shares_add_up() -> None:
    assert share(10, [1, 1, 1]) == [4, 3, 3]
    assert sum(share(12_345, [0.3, 1.7, 2.2, 0.01])) == 12_345
