"""What came out: the tables on the terminal and ``summary.json``."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from demodata.journey.contingent import Counted
from demodata.journey.world import World

_SHOWN = 12
_WIDEST = len("60000→66556")
_WAYS = (("core", "Реестр"), ("journal", "Журнал"), ("reporting", "Отчётность"), ("form", "Форма"))


def contingents(before: Mapping[str, Counted], after: Mapping[str, Counted]) -> dict[str, Any]:
    """The counted numbers for the summary, by organization and in total."""
    moments = {"before": before, "after": after}
    return {
        "by_organization": {
            key: {moment: asdict(counted[key]) for moment, counted in moments.items()} for key in after
        },
        "total": {
            moment: {way: sum(getattr(one, way) for one in counted.values()) for way, _ in _WAYS}
            for moment, counted in moments.items()
        },
        "agree": {moment: all(one.agrees for one in counted.values()) for moment, counted in moments.items()},
    }


def show_contingents(world: World, before: Mapping[str, Counted], after: Mapping[str, Counted]) -> None:
    """Print the table; of many organizations only the first and every one that disagrees."""
    names = {organization["key"]: organization["short_name"] for organization in world.organizations}
    wrong = [key for key in after if not (before[key].agrees and after[key].agrees)]
    shown = wrong or list(after)[:_SHOWN]
    table = Table(title=f"Один контингент четырьмя способами на {world.as_of:%d.%m.%Y}, до→после зачислений")
    room = world.steps.console.width - len(_WAYS) * (_WIDEST + 3) - 4
    table.add_column("Организация", no_wrap=True, max_width=room)
    for _, title in _WAYS:
        table.add_column(title, justify="right", no_wrap=True, min_width=_WIDEST)
    for key in shown:
        mark = "[red]✗[/] " if key in wrong else ""
        table.add_row(mark + names[key], *_cells([before[key]], [after[key]]))
    table.add_section()
    table.add_row(f"Всего: {len(after)}", *_cells(list(before.values()), list(after.values())))
    world.steps.console.print(table)


def show_end(console: Console, world: World, gateway: str) -> None:
    """Print what happened, where to look and how to sign in."""
    summary = world.summary
    placed = [summary["allocation"][name] for name in ("first", "second")]
    told = Table(title="Что произошло", show_header=False)
    for name, value in (
        ("Организаций", len(world.organization_ids)),
        ("Детей из списков", summary["imported"]["students"]),
        (
            "Заявлений = квитанций = строк",
            " = ".join(str(summary["applications"][name]) for name in ("sent", "receipts", "rows")),
        ),
        ("Мест предложено", summary["places"]),
        (
            "Распределено: сразу, после отказов и снова",
            f"{placed[0]}, {summary['allocation']['declined']} отказов, {placed[1]}",
        ),
        ("Распределений доказано по опубликованному", str(len(summary["proven"]))),
        ("В приказах / зачислено", f"{summary['ordered']} / {summary['enrolled']}"),
        ("Уроков за неделю, отметок", f"{summary['lessons']['lessons']}, {summary['lessons']['marks']}"),
        *_of_journal(summary),
        *_of_forms(summary),
        ("Время, с", summary["seconds_total"]),
        ("Память системы на пике, МБ", summary["peak_memory_mb"]),
    ):
        told.add_row(name, str(value))
    console.print(told)
    doors = Table(title="Куда смотреть")
    doors.add_column("Кто")
    doors.add_column("Логин")
    doors.add_column("Пароль")
    for title, login in _shown_logins(world):
        doors.add_row(title, world.people[login].login, world.people[login].password)
    console.print(doors)
    console.print("Что посмотреть дальше:")
    for what, login, path in world.looks:
        command = f"  .venv/bin/python -m demodata call {login} '{path}'"
        console.print(f"{what}\n{command}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"Шлюз: {gateway}/api/<сервис>/v1/…   Описание: docs/api.md")
    console.print(f"Формы файлами: {world.out}/forms/   Итог и все логины: {world.out}/summary.json, logins.json")


def save(world: World) -> None:
    """Write ``summary.json``."""
    world.out.mkdir(parents=True, exist_ok=True)
    (world.out / "summary.json").write_text(json.dumps(world.summary, ensure_ascii=False, indent=2), "utf-8")


def _of_journal(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the journal told; a year that is over has no timetable to publish and nobody to be absent."""
    totals, timetable, daycare, absence = (summary[name] for name in ("totals", "timetable", "daycare", "absence"))
    told = [("Отметок за период: предложено, выставлено", f"{totals['suggested']}, {totals['confirmed']}")]
    if timetable:
        told.append(("Уроков по опубликованному расписанию", str(timetable["lessons"])))
    if daycare:
        told.append(("В группе детского сада за день: были, не были", f"{daycare['attended']}, {daycare['missed']}"))
    if absence:
        told.append(("Предупреждений родителей об отсутствии", str(absence["notices"])))
    return told


def _of_forms(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The forms that were handed in, as the region has them."""
    return [
        (
            f"Форма {form['name']}: организаций, детей в своде региона, файлов",
            f"{form['organizations']}, {form['total']}, {len(form['files'])}",
        )
        for form in summary["forms"].values()
    ]


def _shown_logins(world: World) -> list[tuple[str, str]]:
    school = world.demo_school["key"]
    return [
        ("Администратор региона", "region-admin"),
        ("Оператор муниципалитета", world.operator.login),
        ("Руководитель школы", world.head(school).login),
        ("Администратор школы", world.admin(school).login),
        ("Учитель", world.summary["totals"]["teacher"]),
        ("Воспитатель", world.educator["login"]),
        ("Родитель", "guardian"),
    ]


def _cells(before: Sequence[Counted], after: Sequence[Counted]) -> list[str]:
    sums = [[sum(getattr(one, way) for one in counted) for counted in (before, after)] for way, _ in _WAYS]
    return [f"{first}→{second}" if first != second else str(first) for first, second in sums]
