"""Movement of past years from another system: whole histories enter beside what stands, broken ones are told row by row."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from servicekit.testing import ServiceUnderTest

from .importing import counts, import_table
from .world import FIRST_DAY, Registry, class_, row, snils, xlsx


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


def past(number: int, kind: str, day: date, group: str = "", **changes: Any) -> dict[str, Any]:
    return {
        "Фамилия": "Образцов",
        "Имя": "Иван",
        "Отчество": "Примерович",
        "Дата рождения": row(number)["Дата рождения"],
        "Пол": "М",
        "СНИЛС": snils(number),
        "Движение": kind,
        "Дата": day,
        "Учебный год": day.year if group else "",
        "Класс (группа)": group,
        "Приказ №": f"{day.year}-{number}",
        "Дата приказа": day,
        "Причина выбытия": "Переезд" if kind == "" else "",
        "Куда выбыл": "",
        **changes,
    }


PROMOTED, ENROLLED, LEFT = "перевод в следующий класс", "зачисление", "выбытие"


async def school(registry: Registry) -> UUID:
    """A school with classes of three years, and a student of today."""
    organization_id = await registry.organization()
    for year, name in ((2024, "1А"), (2025, "2А"), (2026, "1А")):
        await registry.groups(organization_id, class_(name), year=year)
    result = await registry.import_list(organization_id, xlsx([row(1)]))
    assert result["created"] == 1
    return organization_id


def history() -> list[dict[str, Any]]:
    """Of the student of today, and of one who left."""
    return [
        past(1, ENROLLED, date(2024, 9, 1), "1А"),
        past(2, ENROLLED, date(2024, 9, 1), "1А"),
        past(1, PROMOTED, date(2025, 9, 1), "2А"),
        past(2, PROMOTED, date(2025, 9, 1), "2А"),
        past(
            2,
            LEFT,
            date(2026, 2, 1),
            **{"Причина выбытия": "Выезд за пределы Российской Федерации", "Куда выбыл": "Армения"},
        ),
    ]


async def test_past_years_enter_beside_today(registry: Registry) -> None:
    organization_id = await school(registry)
    office = registry.office(organization_id)
    today = await registry.fetch("SELECT * FROM membership")
    result = await import_table(registry, "past-movements", history(), office, organization_id)
    assert (counts(result), result["errors"]) == ((5, 0, 0, 0), [])
    for day, expected in [
        (date(2024, 8, 31), 0),
        (date(2024, 9, 1), 2),
        (date(2026, 1, 31), 2),
        (date(2026, 2, 1), 1),
        (date(2026, 8, 31), 1),
        (FIRST_DAY, 1),
    ]:
        assert await registry.contingent(organization_id, day) == expected, day
    now = await registry.fetch("SELECT * FROM membership WHERE valid_to IS NULL")
    assert [dict(one) for one in now] == [dict(one) for one in today]
    assert await registry.value("SELECT count(*) FROM placement WHERE holds_place") == 1
    kinds = await registry.fetch("SELECT kind, count(*) FROM movement GROUP BY 1 ORDER BY 1")
    assert [tuple(one) for one in kinds] == [
        ("departed", 1),
        ("enrolled", 3),
        ("promoted", 2),
        ("transferred_between_groups", 1),
    ]
    events = await registry.events("core.movement.recorded.v1")
    opened = {e["payload"] for e in events}
    assert len(opened) == 7
    await registry.check()
    before = await registry.value("SELECT count(*) FROM outbox")
    again = await import_table(registry, "past-movements", history(), office, organization_id)
    assert counts(again) == (0, 0, 5, 0)
    assert await registry.value("SELECT count(*) FROM outbox") == before


async def test_a_broken_history_is_told_by_its_first_fault(registry: Registry) -> None:
    organization_id = await school(registry)
    office = registry.office(organization_id)
    rows = [
        past(3, ENROLLED, date(2024, 9, 1), "1А"),  # and no end
        past(4, PROMOTED, date(2025, 9, 1), "2А"),  # and no beginning
        past(5, ENROLLED, date(2024, 9, 1), "1А"),
        past(5, LEFT, date(2026, 2, 1), **{"Причина выбытия": "Иная причина"}),  # a year without a class
        past(6, ENROLLED, date(2024, 9, 1), "9Ю"),
        past(1, ENROLLED, date(2025, 9, 1), "2А"),
        past(1, LEFT, date(2026, 10, 1), **{"Причина выбытия": "Иная причина"}),
        past(7, ENROLLED, date(2023, 9, 1), "1А", **{"Учебный год": "2024/2025"}),
        past(7, LEFT, date(2025, 3, 1), **{"Причина выбытия": "Иная причина"}),
        past(8, LEFT, date(2025, 3, 1)),
    ]
    result = await import_table(registry, "past-movements", rows, office, organization_id)
    assert counts(result) == (0, 0, 0, 10)
    assert [(one["row"], one["column"], one["code"].removeprefix("imports.row.")) for one in result["errors"]] == [
        (2, "Движение", "no-end"),
        (3, "Движение", "no-beginning"),
        (4, "Класс (группа)", "year-over"),
        (5, "Дата", "history"),
        (6, "Класс (группа)", "group-unknown"),
        (7, "Класс (группа)", "year-over"),
        (8, "Дата", "history"),
        (9, "Дата", "outside-year"),
        (10, "Дата", "history"),
        (11, "Причина выбытия", "empty"),
    ]
    assert await registry.value("SELECT count(*) FROM student") == 1
    assert await registry.value("SELECT count(*) FROM membership") == 1


async def test_a_history_with_a_row_that_cannot_be_read_stays_out_whole(registry: Registry) -> None:
    organization_id = await school(registry)
    rows = history()
    rows[2]["Дата"] = "32.13.2025"
    rows[3]["Класс (группа)"] = "9Ю"
    result = await import_table(registry, "past-movements", rows, registry.office(organization_id), organization_id)
    assert counts(result) == (0, 0, 0, 5)
    codes = {one["row"]: one["code"].removeprefix("imports.row.") for one in result["errors"]}
    assert codes == {2: "beside", 3: "beside", 4: "date", 5: "group-unknown", 6: "beside"}
    assert await registry.value("SELECT count(*) FROM student") == 1


async def test_what_was_entered_is_changed_by_orders_alone(registry: Registry) -> None:
    organization_id = await school(registry)
    office = registry.office(organization_id)
    await import_table(registry, "past-movements", history(), office, organization_id)
    rows = history()
    rows[1]["Приказ №"] = "другой"
    rows += [past(1, "перевод в другой класс (группу)", date(2026, 3, 1), "2А", **{"Учебный год": "2025"})]
    result = await import_table(registry, "past-movements", rows, office, organization_id)
    assert [(one["row"], one["code"].removeprefix("imports.row.")) for one in result["errors"]] == [
        (3, "order-differs"),
        (7, "stay-known"),
    ]
    assert counts(result) == (0, 0, 4, 2)
    other = await registry.organization()
    await registry.groups(other, class_("1А"), year=2024)
    rows = [
        past(2, ENROLLED, date(2024, 10, 1), "1А"),
        past(2, LEFT, date(2025, 1, 1), **{"Причина выбытия": "Иная причина"}),
    ]
    result = await import_table(registry, "past-movements", rows, registry.office(other), other)
    assert [one["code"].removeprefix("imports.row.") for one in result["errors"]] == ["elsewhere", "history"]
