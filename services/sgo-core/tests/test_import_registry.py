"""Organizations, governing bodies and staff from tables: entered, brought up to date, refused by row and reason."""

from datetime import date
from typing import Any

import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest

from .importing import counts, import_table
from .world import MUNICIPALITY, OTHER_MUNICIPALITY, Registry, inn, ogrn, snils


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


def organization(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "Полное наименование": f"Средняя общеобразовательная школа № {number}",
        "Краткое наименование": f"СОШ № {number}",
        "Тип организации": "Общеобразовательная организация",
        "Городская или сельская местность": "Городская",
        "Юридический адрес": f"г. Образцовск, ул. Тестовая, {number}",
        "Телефоны": "+7 861 200-00-00; +7 861 200-00-01",
        "ИНН": inn(number),
        "ОГРН или ОГРНИП": ogrn(number),
        "Лицензия: № лицензии": f"Л035-{number}",
        "Лицензия: Дата предоставления": date(2020, 5, 6),
        "Скорость подключения к сети Интернет по факту": "100,5",
        "Муниципальное образование (ОКТМО)": MUNICIPALITY,
        **changes,
    }


async def test_organizations_are_registered_and_brought_up_to_date(registry: Registry) -> None:
    operator = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
    rows = [organization(number) for number in range(1, 4)]
    assert counts(await import_table(registry, "organizations", rows, operator, dry_run="true")) == (3, 0, 0, 0)
    assert await registry.value("SELECT count(*) FROM organization") == 0
    assert counts(await import_table(registry, "organizations", rows, operator)) == (3, 0, 0, 0)
    assert counts(await import_table(registry, "organizations", rows, operator)) == (0, 0, 3, 0)
    rows[1]["Телефоны"] = "+7 861 200-00-09"
    rows[2] |= {"ОГРН или ОГРНИП": "1027700132196", "Лицензия: Дата предоставления": "вчера"}
    rows.append(organization(4, **{"Муниципальное образование (ОКТМО)": OTHER_MUNICIPALITY}))
    result = await import_table(registry, "organizations", rows, operator)
    assert counts(result) == (0, 1, 1, 2)
    assert [(one["row"], one["column"], one["code"]) for one in result["errors"]] == [
        (4, "ОГРН или ОГРНИП", "imports.row.ogrn.checksum"),
        (4, "Лицензия: Дата предоставления", "imports.row.date"),
        (5, "Муниципальное образование (ОКТМО)", "forbidden"),
    ]
    (card,) = await registry.fetch(
        "SELECT licence ->> 'number' AS licence, link_speed, phones FROM organization WHERE ogrn = $1", ogrn(2)
    )
    assert (card["licence"], str(card["link_speed"]), card["phones"]) == ("Л035-2", "100.50", '["+78612000009"]')
    assert await registry.value("SELECT count(*) FROM row_history WHERE relation = 'organization'") == 1
    told = await registry.value("SELECT count(*) FROM outbox WHERE type = 'core.organization.changed.v1'")
    assert told == 4, "three registered and one telephone changed: a row that was refused tells nobody of anything"


async def test_a_branch_follows_its_head_and_the_parts_of_an_address_stay(registry: Registry) -> None:
    head = organization(7)
    branch = organization(7, **{"Полное наименование": "Филиал в хуторе", "Филиал": "да", "КПП": "230101001"})
    rows = [head, branch, organization(8, Филиал="да")]
    result = await import_table(registry, "organizations", rows, registry.region)
    assert counts(result) == (2, 0, 0, 1)
    assert [(one["row"], one["column"]) for one in result["errors"]] == [(4, "Филиал")]
    parent = await registry.value("SELECT parent_id FROM organization WHERE full_name = 'Филиал в хуторе'")
    assert parent == await registry.value("SELECT id FROM organization WHERE parent_id IS NULL")
    await registry.fetch(
        'UPDATE organization SET legal_address = legal_address || \'{"postal_code": "350000"}\' RETURNING id'
    )
    assert counts(await import_table(registry, "organizations", rows[:2], registry.region)) == (0, 0, 2, 0)


async def test_founders_and_bodies(registry: Registry) -> None:
    bodies: list[dict[str, Any]] = [
        {
            "Вид органа": "министерство",
            "Полное наименование": "Министерство образования",
            "Краткое наименование": "Минобр",
        },
        {
            "Вид органа": "муниципальный орган",
            "Полное наименование": "Управление образования",
            "Краткое наименование": "УО",
            "Муниципальное образование (ОКТМО)": MUNICIPALITY,
            "Телефоны": "+7 861 200-00-02",
        },
        {"Вид органа": "муниципальный орган", "Полное наименование": "Ничей", "Краткое наименование": "Н"},
    ]
    result = await import_table(registry, "governing-bodies", bodies, registry.region)
    assert counts(result) == (2, 0, 0, 1)
    assert [(one["row"], one["code"]) for one in result["errors"]] == [(4, "governing-bodies.territory")]
    bodies[0]["Краткое наименование"] = "Минобрнауки"
    assert counts(await import_table(registry, "governing-bodies", bodies[:2], registry.region)) == (0, 1, 1, 0)
    rows = [
        organization(1, **{"Управление (учредитель)": "минобрнауки"}),
        organization(2, **{"Управление (учредитель)": "Никто"}),
    ]
    result = await import_table(registry, "organizations", rows, registry.region)
    assert [(one["row"], one["code"]) for one in result["errors"]] == [(3, "imports.row.founder-unknown")]
    assert (
        await registry.value("SELECT b.short_name FROM organization o JOIN governing_body b ON b.id = o.founder_id")
        == "Минобрнауки"
    )


def worker(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "Фамилия": "Учителева",
        "Имя": "Вера",
        "Отчество": "Примеровна",
        "Дата рождения": date(1985, 4, 12),
        "Пол": "Женский",
        "СНИЛС": snils(800_000 + number),
        "Образование: Образование": "Высшее; Среднее профессиональное",
        "Образование: Учебное заведение": "КубГУ; Педколледж",
        "Образование: Педагогическое": "да; нет",
        "Категория: Категория": "Первая",
        "Мобильный телефон": "+7 900 000-00-00",
        "Должность": "Учитель",
        "Основное место работы": "да",
        "Ставка": "1",
        "Дата приёма": date(2020, 9, 1),
        "Приказ о приёме №": f"{number}-к",
        "Согласие от": date(2020, 8, 31),
        **changes,
    }


async def test_staff_with_posts_enter_and_follow_the_list(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    second = {"Должность": "Методист, старший методист", "Основное место работы": "нет", "Ставка": "0,5"}
    rows = [worker(1), worker(1, **second), worker(2), worker(3, **{"Согласие от": ""})]
    result = await import_table(registry, "staff", rows, office, organization_id)
    assert counts(result) == (2, 1, 0, 1)
    assert [(one["row"], one["column"], one["code"]) for one in result["errors"]] == [
        (5, "Мобильный телефон", "consents.required")
    ]
    assert counts(await import_table(registry, "staff", rows[:3], office, organization_id)) == (0, 0, 3, 0)
    rows[1]["Ставка"] = 0.25
    rows[2] |= {"Фамилия": "УЧИТЕЛЕВА", "Дата увольнения": date(2026, 6, 1), "Приказ об увольнении №": "77-к"}
    again = await import_table(registry, "staff", rows[:3], office, organization_id)
    assert counts(again) == (0, 2, 1, 0)
    held = await registry.fetch("SELECT post_code, rate, dismissed_on FROM employment ORDER BY order_number, post_code")
    assert [(one["post_code"], str(one["rate"]), one["dismissed_on"]) for one in held] == [
        ("methodist", "0.250", None),
        ("teacher", "1.000", None),
        ("teacher", "1.000", date(2026, 6, 1)),
    ]
    assert await registry.value("SELECT count(*) FROM worker WHERE archived_on IS NOT NULL") == 1
    education = await registry.value("SELECT education -> 1 ->> 'institution' FROM worker LIMIT 1")
    assert education == "Педколледж"
    versions = await registry.fetch("SELECT subject, version FROM outbox WHERE type = 'core.worker.profiled.v1'")
    assert len(versions) == len({tuple(one) for one in versions})


async def test_a_post_of_the_past_and_what_cannot_be(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    past = {"Дата приёма": date(2010, 9, 1), "Дата увольнения": date(2020, 9, 1), "Приказ об увольнении №": "8-к"}
    rows = [
        worker(1),
        worker(1, **past),
        worker(2, **past),
        worker(3, **{"Образование: Педагогическое": "да"}),
        worker(4, **{"Дата приёма": "01.01.1850"}),
        worker(5, СНИЛС=snils(800_001), Имя="Анна", Должность="Воспитатель"),
        worker(6, Ставка="3"),
        worker(7, **{"Дата увольнения": date(2019, 1, 1), "Приказ об увольнении №": "1"}),
        worker(2, **past),
        worker(8, **{"Согласие от": "01.01.0001"}),
    ]
    result = await import_table(registry, "staff", rows, office, organization_id)
    assert [(one["row"], one["column"], one["code"]) for one in result["errors"]] == [
        (5, "Образование: Педагогическое", "imports.row.parts"),
        (6, "Дата приёма", "imports.row.value"),
        (7, "СНИЛС", "staff.worker-differs"),
        (8, "Ставка", "imports.row.rate"),
        (9, "Дата увольнения", "imports.row.date-range"),
        (10, "Должность", "imports.row.repeated"),
        (11, "Согласие от", "imports.row.date-range"),
    ]
    assert counts(result) == (2, 1, 0, 7)
    archived = await registry.fetch("SELECT archived_on IS NOT NULL AS gone FROM worker ORDER BY snils_key IS NULL, id")
    assert sorted(one["gone"] for one in archived) == [False, True]


async def test_who_employed_a_worker_once_does_not_change_the_card(registry: Registry) -> None:
    former, present = await registry.organization(), await registry.organization()
    await import_table(registry, "staff", [worker(1)], registry.office(present), present)
    past = {"Дата приёма": date(2010, 9, 1), "Дата увольнения": date(2011, 9, 1), "Приказ об увольнении №": "8-к"}
    highest = {"Категория: Категория": "Высшая"}
    rows = [worker(1, **past, **highest)]
    assert counts(await import_table(registry, "staff", rows, registry.office(former), former)) == (0, 1, 0, 0)
    posts = await registry.fetch("SELECT organization_id FROM employment ORDER BY hired_on")
    assert [one["organization_id"] for one in posts] == [former, present]
    assert await registry.value("SELECT qualification ->> 'category' FROM worker") == "first"
    rows = [worker(1, **highest)]
    assert counts(await import_table(registry, "staff", rows, registry.office(present), present)) == (0, 1, 0, 0)
    assert await registry.value("SELECT qualification ->> 'category' FROM worker") == "highest"


async def test_a_body_remembers_its_columns(registry: Registry) -> None:
    own = organization(1)
    own["Школа"] = own.pop("Краткое наименование")
    matches = '{"Школа": "Краткое наименование"}'
    operator = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
    assert counts(await import_table(registry, "organizations", [own], operator, matches=matches)) == (1, 0, 0, 0)
    colleague = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
    assert counts(await import_table(registry, "organizations", [own], colleague)) == (0, 0, 1, 0)
