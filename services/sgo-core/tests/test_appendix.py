"""Appendix 1 of the regulation, field by field: each in the catalogue, in the API and in the history.

The lists are read from the regulation's text as the product keeps it.
"""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from identifiers import complete_inn, complete_ogrn
from servicekit.testing import ServiceUnderTest
from sgo_core.catalogue.definition import CATALOGUE, CardKind, FieldDef, Stored

from .consenting import days_later
from .staffing import hiring
from .world import FIRST_DAY, MUNICIPALITY, OTHER_MUNICIPALITY, Registry, class_, snils

SERVICES = Path(__file__).parents[2]
REGULATION = SERVICES.parent / "docs/regulation/order-3581-2021-11-29.txt"
LISTS = {
    CardKind.WORKER: ("Карточка педагогического работника:", 26),
    CardKind.STUDENT: ("Карточка обучающегося:", 29),
    CardKind.GUARDIAN: ("Карточка родителя (законного представителя):", 18),
    CardKind.ORGANIZATION: ("Карточка образовательной организации (далее – ОО):", 27),
}
STEM = 4
"""Letters that a word of the regulation and one of the catalogue's title must share: cases and abbreviations differ."""


def lines_under(heading: str) -> list[str]:
    """What the regulation lists under a heading of Appendix 1, section 1.1."""
    text = REGULATION.read_text(encoding="utf-8")
    found: list[str] = []
    for line in text[text.index(heading) + len(heading) :].splitlines():
        if not line.strip():
            continue
        found.append(line.strip(" -;.\xa0"))
        if line.rstrip().endswith("."):
            return found
    raise AssertionError(heading)


SETTINGS = ("Настройки образовательного процесса:", 13)


def stems(text: str) -> set[str]:
    words = re.findall(r"[а-яё]+", text.lower().replace("ё", "е"))
    return {word[:STEM] for word in words if len(word) >= STEM} | {word for word in words if len(word) < STEM}


def fields_of(kind: CardKind, place: int) -> dict[str, FieldDef]:
    reference = f"{kind.value}.{place}"
    return {name: one for name, one in CATALOGUE.cards[kind].fields.items() if reference in one.annex}


@pytest.mark.parametrize("kind", LISTS)
def test_the_catalogue_has_every_line(kind: CardKind) -> None:
    heading, count = LISTS[kind]
    lines = lines_under(heading)
    assert len(lines) == count
    for place, line in enumerate(lines, start=1):
        titles = [one.title for one in fields_of(kind, place).values()]
        assert titles, f"{kind.value}.{place}: {line}"
        assert any(stems(line) & stems(title) for title in titles), (line, titles)
    numbered = {reference for one in CATALOGUE.cards[kind].fields.values() for reference in one.annex}
    assert numbered == {f"{kind.value}.{place}" for place in range(1, count + 1)}


def example(one: FieldDef, second: int) -> Any:
    """A valid value of a field; another one when ``second``."""
    if one.options is not None:
        code = list(one.options)[second]
        return code if one.type == "choice" else [code]
    number = 5_000 + second
    values: Mapping[str, Any] = {
        "name": ("Примерова", "Образцова"),
        "line": ("Первое значение", "Второе значение"),
        "text": ("Первый текст", "Второй текст"),
        "lines": (["Первая строка"], ["Вторая строка"]),
        "boolean": (True, False),
        "count": (10, 20),
        "speed": ("100.00", "200.00"),
        "date": ("2025-01-15", "2025-02-15"),
        "past_date": ("2001-09-01", "2002-09-01"),
        "birth_date": ("2017-03-01", "2017-03-02"),
        "adult_birth_date": ("1985-03-01", "1985-03-02"),
        "snils": (snils(number), snils(number)),
        "inn": (complete_inn(f"23{number:07d}"), complete_inn(f"23{number:07d}")),
        "person_inn": (complete_inn(f"23000{number:05d}"), complete_inn(f"23000{number:05d}")),
        "registration_number": (complete_ogrn(f"102230{number:06d}"), complete_ogrn(f"102230{number:06d}")),
        "kpp": ("231001001", "231001002"),
        "okpo": ("00032537", "00040778"),
        "okato": ("03401000000", "03401364000"),
        "oktmo8": (MUNICIPALITY, OTHER_MUNICIPALITY),
        "oktmo11": ("03701000001", "03705000001"),
        "okogu": ("4210007", "4210014"),
        "okfs": ("14", "13"),
        "okopf": ("75403", "75401"),
        "country": ("643", "112"),
        "policy": ("2345678901234560", "2399999999000019"),
        "phone": ("+79001112233", "+79001112234"),
        "phones": (["+79001112233"], ["+79001112234"]),
        "email": ("one@example.org", "two@example.org"),
        "site": ("https://one.example.org", "https://two.example.org"),
        "address": ({"text": "г. Образцовск, ул. Первая, 1"}, {"text": "г. Образцовск, ул. Вторая, 2"}),
        "document": (
            {
                "kind": "passport_rf",
                "series": "0314",
                "number": "123456",
                "issued_on": "2015-05-05",
                "issued_by": "ОВД",
            },
            {
                "kind": "passport_rf",
                "series": "0315",
                "number": "654321",
                "issued_on": "2016-06-06",
                "issued_by": "МВД",
            },
        ),
        "charter": ({"approved_on": "2020-01-01"}, {"approved_on": "2021-01-01"}),
        "licence": ({"number": "1", "issued_on": "2020-01-01"}, {"number": "2", "issued_on": "2020-01-01"}),
        "awards": ([{"title": "Почётная грамота"}], [{"title": "Медаль"}]),
        "education": ([{"level": "higher"}], [{"level": "secondary_special"}]),
        "courses": (
            [{"title": "Первый курс", "finished_on": "2024-01-01"}],
            [{"title": "Второй курс", "finished_on": "2025-01-01"}],
        ),
        "qualification": ({"category": "first"}, {"category": "highest"}),
        "special_needs": ({"disorder": "speech"}, {"disorder": "sight"}),
        "disability": ({"certificate_number": "1"}, {"certificate_number": "2"}),
    }
    return values[one.type][second]


FIXED = {CardKind.ORGANIZATION: {"kind"}}
"""Given once, at registration."""


def editable(kind: CardKind) -> dict[str, FieldDef]:
    fields = CATALOGUE.cards[kind].stored()
    return {name: one for name, one in fields.items() if one.annex and name not in FIXED.get(kind, set())}


class Card:
    """A card to edit: its path, who edits it, and the derived fields' places in the API's answers."""

    def __init__(self, path: str, headers: dict[str, str]) -> None:
        self.path = path
        self.headers = headers


async def a_card(registry: Registry, kind: CardKind) -> Card:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    if kind is CardKind.ORGANIZATION:
        return Card(f"/organizations/{organization_id}", registry.region)
    if kind is CardKind.WORKER:
        answer = await registry.service.client.post(
            f"/organizations/{organization_id}/workers", json=hiring(1), headers=office
        )
        worker_id = answer.json()["worker_id"]
        await consent(registry, organization_id, kind, worker_id)
        return Card(f"/workers/{worker_id}", office)
    group_id = await registry.school_class(organization_id)
    student_id = await registry.student(organization_id, group_id, 1)
    if kind is CardKind.STUDENT:
        await registry.consent(organization_id, student_id)
        return Card(f"/students/{student_id}", office)
    guardian_id = await registry.value("SELECT guardian_id FROM guardianship WHERE student_id = $1", student_id)
    await consent(registry, organization_id, kind, guardian_id)
    return Card(f"/guardians/{guardian_id}", office)


async def consent(registry: Registry, organization_id: UUID, kind: CardKind, subject_id: UUID) -> None:
    body = {
        "subject_kind": kind.value,
        "subject_id": str(subject_id),
        "organization_id": str(organization_id),
        "purposes": ["communication"],
    }
    answer = await registry.service.client.post("/consents", json=body, headers=registry.office(organization_id))
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("kind", LISTS)
async def test_every_field_is_kept_read_and_remembered(service: ServiceUnderTest, kind: CardKind) -> None:
    registry = Registry(service)
    card = await a_card(registry, kind)
    for second in (0, 1):
        sent = {name: example(one, second) for name, one in editable(kind).items()}
        before = await service.client.get(card.path, headers=card.headers)
        version = before.json()["version"]
        answer = await service.client.patch(
            card.path,
            json={"reason": "Проверка", "values": sent},
            headers={**card.headers, "If-Match": f'"{version}"'},
        )
        assert answer.status_code == 200, answer.text
    shown = (await service.client.get(card.path, headers=card.headers)).json()["values"]
    history = (await service.client.get(f"{card.path}/history", params={"limit": 500}, headers=card.headers)).json()
    changes: dict[str, list[tuple[Any, Any]]] = {}
    for one in history["items"]:
        if one["relation"] == kind.value:
            for name, (old, new) in one["changes"].items():
                changes.setdefault(name, []).append((old, new))
    for name, one in editable(kind).items():
        first, second_value = normal(one, 0), normal(one, 1)
        assert shown[name] == second_value, name
        assert (first, second_value) in changes[name], name


def normal(one: FieldDef, second: int) -> Any:
    """The example in the form it is stored in."""
    return one.adapter.dump_python(one.adapter.validate_python(example(one, second)), mode="json")


DERIVED: dict[CardKind, set[str]] = {
    CardKind.ORGANIZATION: {"governing_body", "director", "deputy_education", "deputy_facilities", "deputy_it"},
    CardKind.STUDENT: {"enrolled_on", "group", "shift", "movement"},
    CardKind.WORKER: {"hired", "main_post", "additional_posts", "teaching"},
    CardKind.GUARDIAN: {"children", "kinship", "consent"},
}
"""Fields that other records give: shown on the card below, of any day as it was."""


def test_nothing_is_left_out() -> None:
    """Every line is either edited above or derived from records that keep their own history."""
    for kind in LISTS:
        derived = {
            name for name, one in CATALOGUE.cards[kind].fields.items() if one.annex and one.stored is Stored.DERIVED
        }
        assert derived == DERIVED[kind]


async def card_of(registry: Registry, path: str, headers: dict[str, str], **params: str) -> dict[str, Any]:
    answer = await registry.service.client.get(path, params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    values: dict[str, Any] = answer.json()["values"]
    return values


class TestDerived:
    """What other records give stands on the card, and yesterday's card says what it said yesterday."""

    async def test_of_an_organization(self, service: ServiceUnderTest) -> None:
        registry = Registry(service)
        organization_id = await registry.organization()
        path, office = f"/organizations/{organization_id}", registry.office(organization_id)
        body = {"kind": "department", "full_name": "Департамент культуры", "short_name": "Департамент"}
        founder = await service.client.post("/governing-bodies", json=body, headers=registry.region)
        assert founder.status_code == 201, founder.text
        patch = {"reason": "Передача", "founder_id": founder.json()["id"]}
        edited = await service.client.patch(path, json=patch, headers={**registry.region, "If-Match": '"1"'})
        assert edited.status_code == 200, edited.text
        for number, post in enumerate(("director", "deputy_education", "deputy_facilities", "deputy_it")):
            person = hiring(number + 1, post=post, last_name=f"Глав{'абвг'[number]}")
            hired = await service.client.post(f"{path}/workers", json=person, headers=office)
            assert hired.status_code == 201, hired.text
        values = await card_of(registry, path, registry.region)
        assert values["governing_body"] == "Департамент культуры"
        assert [values[name].split()[0] for name in ("director", "deputy_education", "deputy_facilities", "deputy_it")] == [
            "Глава", "Главб", "Главв", "Главг",
        ]  # fmt: skip
        employment = await registry.fetch("SELECT id, version FROM employment WHERE post_code = 'director'")
        today = service.runtime.clock.today()
        leaving = {"reason": "Уход", "dismissed_on": today.isoformat(), "dismissal_order": "9-у"}
        async with days_later(registry, 1):
            answer = await service.client.patch(
                f"/employments/{employment[0]['id']}",
                json={**leaving, "dismissed_on": (today + timedelta(days=1)).isoformat()},
                headers={**office, "If-Match": '"1"'},
            )
            assert answer.status_code == 200, answer.text
            assert (await card_of(registry, path, registry.region))["director"] is None
            before = await card_of(registry, path, registry.region, as_of=today.isoformat())
        assert before["director"] == values["director"]

    async def test_of_a_student(self, service: ServiceUnderTest) -> None:
        registry = Registry(service)
        organization_id = await registry.organization()
        first = await registry.school_class(organization_id)
        (made,) = await registry.groups(organization_id, {**class_("2А", grade=2), "shift": 2})
        student_id = await registry.student(organization_id, first, 1)
        path, office = f"/students/{student_id}", registry.office(organization_id)
        values = await card_of(registry, path, office)
        assert (values["enrolled_on"], values["group"]) == (FIRST_DAY.isoformat(), "1А")
        assert len(values["movement"]) == 1
        line = {
            "student_id": str(student_id),
            "kind": "transferred_between_groups",
            "effective_date": service.runtime.clock.today().isoformat(),
            "group_id": made["id"],
        }
        moved = await registry.order(organization_id, line)
        assert moved.status_code == 200, moved.text
        after = await card_of(registry, path, office)
        assert (after["group"], len(after["movement"])) == ("2А", 2)
        assert after["shift"] is not None
        history = (await service.client.get(f"{path}/movements", headers=office)).json()
        assert len(history["items"]) == 2

    async def test_of_a_worker(self, service: ServiceUnderTest) -> None:
        registry = Registry(service)
        organization_id = await registry.organization()
        office = registry.office(organization_id)
        hired = await service.client.post(f"/organizations/{organization_id}/workers", json=hiring(1), headers=office)
        worker_id = hired.json()["worker_id"]
        second = {
            "post_code": "methodist",
            "main": False,
            "rate": "0.5",
            "hired_on": "2021-09-01",
            "order_number": "9-к",
        }
        added = await service.client.post(f"/workers/{worker_id}/employments", json=second, headers=office)
        assert added.status_code == 201, added.text
        values = await card_of(registry, f"/workers/{worker_id}", office)
        assert values["hired"] == {"hired_on": "2020-09-01", "order_number": "1-к"}
        assert (values["main_post"], values["additional_posts"]) == ("Учитель", ["Методист, старший методист"])

    async def test_of_a_guardian(self, service: ServiceUnderTest) -> None:
        registry = Registry(service)
        organization_id = await registry.organization()
        group_id = await registry.school_class(organization_id)
        first = registry.admission(organization_id, group_id, 1)
        await registry.admit(first)
        guardian_id = await registry.value("SELECT id FROM guardian")
        path, office = f"/guardians/{guardian_id}", registry.office(organization_id)
        await consent(registry, organization_id, CardKind.GUARDIAN, guardian_id)
        values = await card_of(registry, path, office)
        assert values["children"] == ["Образцова Алиса"]
        assert values["kinship"] == ["мать: Образцова Алиса"]
        assert len(values["consent"]) == 1
        today = service.runtime.clock.today()
        async with days_later(registry, 1):
            sister = {"child_first_name": "Вера", "representatives": first.representatives}
            await registry.student(organization_id, group_id, 2, **sister)
            assert len((await card_of(registry, path, office))["children"]) == 2
            assert await card_of(registry, path, office, as_of=today.isoformat()) == values


class TestSettings:
    """The settings of the educational process: each is named, read by the API of the service that keeps it, and remembered."""

    def test_the_catalogue_has_every_line(self) -> None:
        heading, count = SETTINGS
        lines = lines_under(heading)
        assert len(lines) == count
        for place, line in enumerate(lines, start=1):
            titles = [one.title for one in CATALOGUE.settings.values() if f"settings.{place}" in one.annex]
            assert any(stems(line) & stems(title) for title in titles), (line, titles)

    def test_the_service_that_keeps_it_shows_it(self) -> None:
        for name, one in CATALOGUE.settings.items():
            document = json.loads((SERVICES / f"sgo-{one.service}/openapi.json").read_text(encoding="utf-8"))
            for path in (one.read, one.history):
                if path is not None:
                    assert "get" in document["paths"][f"/api/{one.service}/v1{path}"], name
            assert (one.service == "core") == bool(one.kept_in), name

    async def test_what_is_kept_here_has_a_history_or_is_never_altered(self, service: ServiceUnderTest) -> None:
        registry = Registry(service)
        kept = await registry.fetch(
            "SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname = 'keep_history'"
        )
        recorded = {row["name"] for row in kept}
        for one in CATALOGUE.settings.values():
            for table in set(one.kept_in) - recorded:
                query = "SELECT has_table_privilege('core_app', $1, 'UPDATE') OR has_table_privilege('core_app', $1, 'DELETE')"
                assert not await registry.value(query, table), table
