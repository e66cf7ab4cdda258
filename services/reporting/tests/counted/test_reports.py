"""Each counted report over a small region, figure by figure, on screen and as files."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from asu_contracts.access import Role
from reporting.counted.catalogue import REPORTS
from servicekit.clock import FixedClock

from ..factories import KRASNODAR, SOCHI, Reporting
from .telling import DAY, PERIOD, Told


async def test_classes(told: Told) -> None:
    found = await told.report("classes", date=str(DAY), **told.of_school)
    assert found["Классы по параллелям"] == [
        ["3", 1, 5, 4, 0, 125.0, 5, 0], ["10", 1, 3, 25, 22, 12.0, 0, 3], ["Всего", 2, 8, 29, 22, 27.6, 5, 3],
    ]  # fmt: skip
    assert found["Каждый класс (группа)"] == [["3А", 1, 5, 4, 0, 125.0], ["10Б", 2, 3, 25, 22, 12.0]]
    whole = await told.report("classes", date=str(DAY))
    assert whole["Классы по параллелям"][-1][:3] == ["Всего", 3, 13]
    assert whole["Дошкольные группы по возрасту"] == [["5–6", 1, 3, 25, 22, 12.0], ["Всего", 1, 3, 25, 22, 12.0]]
    assert "Каждый класс (группа)" not in whole


async def test_movement_adds_up(told: Told) -> None:
    found = await told.report("movement", **PERIOD, municipality=KRASNODAR)
    assert found["unit"] == f"Муниципальное образование, ОКТМО {KRASNODAR}"
    assert found["Движение по видам"] == [
        ["Состояло на начало 02.09.2026", 11], ["Прибыло, всего", 2], ["    зачисление", 1],
        ["    перевод в другой класс (группу)", 1], ["Выбыло, всего", 2], ["    отчисление", 1],
        ["    перевод в другой класс (группу)", 1], ["Состоит на конец 31.10.2026", 11],
    ]  # fmt: skip
    assert found["По организациям"] == [
        [KRASNODAR, "Сад 1", 3, 0, 0, 0, 3], [KRASNODAR, "Школа 1", 8, 1, 1, 0, 8],
    ]  # fmt: skip


async def test_social_passport(told: Told) -> None:
    found = await told.report("social-passport", date=str(DAY), municipality=KRASNODAR)
    lines = {row[0].strip(): row[1:] for row in found["Обучающиеся"]}
    assert lines["Обучающихся, всего"] == [11, 3, 5, 0, 3]
    assert (lines["девочки"][0], lines["Иностранное гражданство"][0], lines["Гражданство России"][0]) == (1, 1, 9)
    assert lines["Проживают в интернате"][0] == 1
    assert "Инвалидность" not in lines
    assert "Нарушения здоровья" not in found, "a body reads of health in forms, not of any school on any day"
    assert found["Форма обучения, кроме очной"] == [], "who is taught at home is ill"
    assert found["Язык обучения"] == [["адыгейский", 1, 0, 1, 0, 0]]
    head = told.reporting.headers(Role.HEAD, municipality=KRASNODAR, organization_id=told.school.organization_id)
    own = await told.report("social-passport", head, date=str(DAY))
    assert ["Инвалидность", 1, 0, 1, 0, 0] in own["Обучающиеся"]
    assert own["Нарушения здоровья"] == [["тяжёлые нарушения речи", 1, 0, 1, 0, 0]]
    assert own["Форма обучения, кроме очной"] == [["на дому", 1, 0, 1, 0, 0]]


async def test_staff(told: Told) -> None:
    found = await told.report("staff", date=str(DAY), **told.of_school)
    assert found["Должности и ставки"] == [
        ["руководители", 1, 0, 1, 1.0, 1, 0, 0], ["педагогические работники", 2, 1, 2, 1.5, 1, 1, 0],
        ["Всего", 2, 1, 3, 2.5, 2, 1, 0],
    ]  # fmt: skip
    assert found["Образование"] == [["высшее, педагогическое", 2, 1], ["Всего", 2, 1]]
    assert [row for row in found["Возраст, полных лет"] if row[1]] == [
        ["35–39", 1, 1],
        ["65 и старше", 1, 0],
        ["Всего", 2, 1],
    ]
    assert [row for row in found["Стаж педагогический, лет"] if row[1]] == [
        ["до 3", 1, 1], ["не указано", 1, 0], ["Всего", 2, 1],
    ]  # fmt: skip


async def test_teaching_load(told: Told) -> None:
    found = await told.report("teaching-load", date=str(DAY), **told.of_school)
    assert found["Нагрузка по предметам"] == [
        ["Алгебра", 5.0, 2, 2.5], ["Математика", 35.5, 2, 17.8], ["Всего", 40.5, 2, 20.2],
    ]  # fmt: skip
    assert found["Нагрузка по уровням"] == [
        ["1–4 классы", 18.0, 1, 18.0], ["5–9 классы", 17.5, 1, 17.5], ["10–11 классы", 3.0, 1, 3.0],
        ["группы из разных параллелей", 2.0, 1, 2.0], ["Всего", 40.5, 2, 20.2],
    ]  # fmt: skip
    assert [row[:3] for row in found["Нагрузка по должностям"]] == [
        ["учитель", 38.5, 2],
        ["директор", 2.0, 1],
        ["Всего", 40.5, 2],
    ]
    assert [row for row in found["Учителя: меньше и больше нормы"] if row[1]] == [
        ["норма, 18 ч", 1, 50.0], ["больше нормы, до полутора ставок", 1, 50.0],
    ]  # fmt: skip
    assert "По организациям" not in found
    before = await told.report("teaching-load", date="2026-09-30", **told.of_school)
    assert before["Нагрузка по предметам"][-1] == ["Всего", 44.5, 2, 22.2]
    whole = await told.report("teaching-load", date=str(DAY))
    assert whole["По организациям"] == [
        [KRASNODAR, "Школа 1", 40.5, 2, 20.2], [SOCHI, "Школа Сочи", 40.0, 1, 40.0],
    ]  # fmt: skip
    assert whole["Учителя: меньше и больше нормы"][-1][:2] == ["больше двух ставок", 1]
    nothing = await told.report("teaching-load", date="2025-10-01", **told.of_school)
    assert (nothing.get("Нагрузка по предметам"), nothing["Учителя: меньше и больше нормы"][0]) == (
        [],
        ["без нагрузки", 0, None],
    )


async def test_queue_and_allocation(told: Told) -> None:
    queue = await told.report("queue", date=str(DAY), municipality=KRASNODAR)
    assert queue["Очередь в детские сады по возрасту"] == [["5", 2, 0, 0]]
    assert queue["Заявления в школы по параллелям"] == [["1", 0, 1, 1]]
    assert queue["Дошкольные группы по возрасту"][-1][:5] == ["Всего", 1, 3, 25, 22]
    allocation = await told.report("allocation", date=str(DAY), municipality=KRASNODAR)
    assert allocation["Заявления по состояниям"] == [
        ["ожидает направления", 2, 0, 2], ["направлено, ожидается ответ семьи", 0, 1, 1], ["зачислен", 0, 1, 1], ["Всего", 2, 2, 4],
    ]  # fmt: skip
    assert allocation["По организациям"] == [[KRASNODAR, "Школа 1", 2, 1, 0, 0]]
    assert (await told.report("queue", date=str(DAY), municipality=SOCHI)).keys() == {"unit", "Классы по параллелям"}


async def test_cards_are_as_last_measured(told: Told) -> None:
    found = await told.report("cards", date=str(DAY), **told.of_school)
    assert found["По видам карточек"] == [["обучающиеся", 20, 89.9, 40, 10, 5, 2, 1, 3, 0]]
    assert found["По организациям"][0][-1] == "2026-09-20"


async def test_timeliness_by_the_business_day(told: Told) -> None:
    found = await told.report("entry", **PERIOD, **told.of_school)
    assert found["Записи об уроках"] == [["Всего", 3, 1, 1, 0, 1, 66.7, 2, 1]]
    assert [row[:2] for row in found["По классам"]] == [["А", 2], ["Б", 1]]
    whole = await told.reporting.get("/counted-reports/entry", **PERIOD)
    assert (whole.status_code, whole.json()["code"]) == (422, "counted.longer-than-month")
    (closing,) = found["Закрытие учебных периодов"]
    assert closing[:4] == ["1 четверть", "2026-10-31", 2, 1]


async def test_results_daycare_and_visits(told: Told) -> None:
    results = await told.report("results", **PERIOD, **told.of_school)
    assert results["1 четверть по 31.10.2026"] == [
        ["3", 1, 20, 4, 10, 0, 5, 1, 0, 0, 95.0, 70.0], ["10", 1, 10, 0, 5, 0, 0, 0, 0, 5, 100.0, 100.0],
        ["Всего", 2, 30, 4, 15, 0, 5, 1, 0, 5, 96.0, 76.0],
    ]  # fmt: skip
    daycare = await told.report("daycare", **PERIOD)
    assert daycare["По месяцам"] == [["09.2026", 1, 440, 400, 30, 10, 90.9], ["Всего", 1, 440, 400, 30, 10, 90.9]]
    visits = await told.report("visits", **PERIOD, **told.of_school)
    assert visits["Посещения по ролям"] == [["педагогический работник", 2, 20.0, 10.0, 50.0, 24, "2026-09-08"]]


@pytest.mark.parametrize("single", [True, False])
async def test_days_without_visits_counted_are_told_apart_from_days_without_work(told: Told, *, single: bool) -> None:
    told.reporting.service.runtime.clock = FixedClock(
        datetime(2026, 9, 11, 21, 30, tzinfo=UTC)
    )  # 12 September in Moscow
    elsewhere = told.region.visits(told.far, date(2026, 9, 10))
    await told.reporting.tell(elsewhere)
    unit = told.of_school if single else {}
    asked = {"from": "2026-09-05", "to": "2026-09-30", **unit}
    found = await told.report("visits", **asked)
    assert found["Дни без сведений о посещениях"] == [
        ["2026-09-05", "2026-09-06", 2], ["2026-09-09", "2026-09-09", 1], ["2026-09-11", "2026-09-11", 1],
    ]  # fmt: skip
    answer = (await told.reporting.get("/counted-reports/visits", **asked)).json()
    assert "Прошло дней периода: 7; со сведениями о посещениях: 3, без сведений: 4" in answer["sections"][0]["notes"]
    whole = await told.report("visits", **{"from": "2026-09-07", "to": "2026-09-08"}, **unit)
    assert "Дни без сведений о посещениях" not in whole
    ahead = {"from": "2026-09-12", "to": "2026-09-30", **unit}
    assert "Дни без сведений о посещениях" not in await told.report("visits", **ahead), "no day of it is over"


async def test_each_is_told_as_it_was_known(told: Told) -> None:
    """Whatever is recorded later changes nothing of what was known before."""
    asked = {"date": str(DAY), **PERIOD, **told.of_school}
    now = datetime.now(UTC) + timedelta(hours=1)
    before = {code: await told.report(code, **asked) for code in REPORTS}
    await told.later(now + timedelta(hours=1))
    after = {code: await told.report(code, **asked) for code in REPORTS}
    assert {code for code in REPORTS if after[code] == before[code]} == {"visits", "cards", "daycare"}
    for code in REPORTS:
        assert await told.report(code, **asked, known_at=now.isoformat()) == before[code], code
        unheard = await told.report(code, **asked, known_at="2026-08-31T00:00:00Z")
        assert not any(any(map(_is_figure, row)) for row in _rows(unheard)), (code, unheard)
    garden = {"organization_id": str(told.garden.organization_id)}
    found = [(await told.report("daycare", **PERIOD, **garden, **known))["По месяцам"][0][3] for known in
             ({"known_at": now.isoformat()}, {})]  # fmt: skip
    assert found == [400, 390]
    visits = await told.report("visits", **asked, known_at="2026-09-08T09:00:00Z")
    assert [row[1] for row in visits["Посещения по ролям"]] == [1]
    cards = await told.report("cards", **{**asked, "date": "2026-12-31"}, known_at="2026-09-19T20:59:00Z")
    assert cards["По организациям"][0][-1] == "2026-09-01"


def _rows(found: dict[str, Any]) -> list[list[Any]]:
    return [row for title, rows in found.items() if title != "unit" for row in rows]


def _is_figure(cell: Any) -> bool:
    return isinstance(cell, int | float) and cell != 0


async def test_the_head_reports_of_all_of_it(told: Told) -> None:
    head = told.reporting.headers(Role.HEAD, municipality=KRASNODAR, organization_id=told.school.organization_id)
    found = await told.report("head", head, date=str(DAY), **PERIOD)
    assert found["unit"] == "Школа 1"
    assert {"Классы по параллелям", "Движение по видам", "1 четверть по 31.10.2026", "По видам карточек"} < found.keys()
    assert "По месяцам" in found


async def test_files_carry_the_footer(told: Told) -> None:
    path, params = "/counted-reports/movement", {**PERIOD, **told.of_school}
    csv = (await told.reporting.get(path, format="csv", **params)).content.decode("utf-8-sig")
    assert "Движение по видам;Состоит на конец 31.10.2026;Обучающихся;8" in csv
    assert "Подсистема: АИС СГО" in csv
    book = CalamineWorkbook.from_filelike(BytesIO((await told.reporting.get(path, format="xlsx", **params)).content))
    assert book.sheet_names == ["Движение по видам", "Об отчёте"]
    rows = book.get_sheet_by_name("Движение по видам").to_python()
    assert ["Состоит на конец 31.10.2026", 8.0] in rows
    assert any(str(row[0]).startswith("Исполнитель: ") for row in rows)
    pdf = await told.reporting.get(path, format="pdf", **params)
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    audited = await told.reporting.service.fetch("SELECT action FROM audit")
    assert {row[0] for row in audited} == {"counted-report.movement.exported"}
    exchanges = (await told.reporting.get("/outward-exchanges")).json()["items"]
    assert [(one["format"], one["replayable"], one["organization_id"]) for one in exchanges] == [
        (one, False, told.of_school["organization_id"]) for one in ("pdf", "xlsx", "csv")
    ]
    assert exchanges[0]["sha256"] == sha256(pdf.content).hexdigest()


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"from": "2026-09-30", "to": "2026-09-01"}, 422, "counted.period"),
        ({"from": "2020-09-30", "to": "2026-09-01"}, 422, "counted.period"),
        ({"to": "0001-01-01"}, 422, "request.invalid"),
        ({"date": "9999-12-31"}, 422, "request.invalid"),
        ({"known_at": "2026-10-01T00:00:00"}, 422, "request.invalid"),
        ({"known_at": "0001-01-01T00:00:00+14:00"}, 422, "request.invalid"),
        ({"organization_id": "01935f6a-7c00-7000-8000-000000000001", "municipality": SOCHI}, 422, "counted.two-units"),
        ({"organization_id": "01935f6a-7c00-7000-8000-000000000001"}, 404, "not-found"),
    ],
)
async def test_wrong_questions(reporting: Reporting, params: dict[str, str], status: int, code: str) -> None:
    found = await reporting.get("/counted-reports/movement", **params)
    assert (found.status_code, found.json()["code"]) == (status, code)
    assert (await reporting.get("/counted-reports/none")).json()["code"] == "counted.unknown"


async def test_a_unit_is_cut_to_what_the_caller_sees(told: Told) -> None:
    def learners(found: dict[str, Any]) -> int:
        return sum(rows[-1][2] for title, rows in found.items() if title.startswith(("Классы по", "Дошкольные")))

    at = {"date": str(DAY)}
    operator = told.reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=SOCHI)
    secretary = told.reporting.headers(
        Role.SECRETARY, municipality=KRASNODAR, organization_id=told.garden.organization_id
    )
    department = told.reporting.headers(Role.DEPARTMENT_OFFICER, founder_id=told.region.id())
    assert learners(await told.report("classes", **at)) == 16
    assert learners(await told.report("classes", operator, **at)) == 5
    assert learners(await told.report("classes", secretary, **at)) == 3
    assert learners(await told.report("classes", department, **at)) == 0
    path, krasnodar = "/counted-reports/classes", {"municipality": KRASNODAR}
    assert (await told.reporting.get(path, operator, **krasnodar)).status_code == 404
    assert (await told.reporting.get(path, secretary, **krasnodar)).status_code == 403
    assert (await told.reporting.get(path, department, **krasnodar)).status_code == 404
    assert (await told.reporting.get("/counted-reports/queue", department)).status_code == 403
    kinds = (await told.reporting.get("/counted-reports", secretary)).json()["items"]
    assert "visits" not in {one["code"] for one in kinds}
