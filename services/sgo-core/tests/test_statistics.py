"""What forms count learners and staff by is told under pseudonyms, whichever way it changes."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import StudentStatisticsChanged, WorkerStatisticsChanged
from asu_contracts.people import Sex
from servicekit.clock import FixedClock
from servicekit.testing import ServiceUnderTest
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.people import counting, events
from sgo_core.staff import events as staff_events
from sgo_core.staff import telling

from .consenting import edit
from .destroying import Destroying, left_long_ago
from .families import PASSPORT, told
from .importing import import_table
from .merging import merged, open_card, step
from .staffing import hiring
from .world import COLUMNS, Registry, row, xlsx

STUDENT, WORKER = "core.student.statistics-changed.v1", "core.worker.statistics-changed.v1"
NEEDS = {
    "disorder": "speech",
    "programme_variant": "5.1",
    "conclusion_number": "ТПМПК-17",
    "concluded_on": "2026-05-20",
    "valid_until": "2027-08-31",
}
DISABILITY = {"certificate_number": "МСЭ-2020", "issued_on": "2026-01-10", "valid_until": "2027-01-31"}
CHANGES: dict[str, tuple[Any, dict[str, Any]]] = {
    "birth_date": ("2019-06-01", {"birth_date": "2019-06-01"}),
    "sex": ("female", {"sex": "female"}),
    "citizenship": ("051", {"citizenship": "051"}),
    "second_citizenship": ("051", {"second_citizenship": "051"}),
    "native_language": ("армянский", {"native_language": "армянский"}),
    "instruction_language": ("русский", {"instruction_language": "русский"}),
    "foreign_languages": (["английский"], {"foreign_languages": ["английский"]}),
    "special_needs": (
        NEEDS,
        {"special_needs": "speech", "adapted_programme": "5.1", "special_needs_until": "2027-08-31"},
    ),
    "disability": (DISABILITY, {"disability": True, "disability_until": "2027-01-31"}),
    "extended_day": (True, {"extended_day": True}),
    "boarding": (True, {"boarding": True}),
    "distance_learning": (True, {"distance_learning": True}),
}


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def said(registry: Registry, kind: str, subject: UUID | None = None) -> list[dict[str, Any]]:
    """Payloads in order, each of another version, with no empty fields; of one pseudonym or of all."""
    found = [one for one in await registry.events(kind) if subject is None or one["subject"] == str(subject)]
    versions = [(one["subject"], one["version"]) for one in found]
    assert len(set(versions)) == len(versions), "a reader applies each"
    return [json.loads(one["payload"]) for one in found]


async def pseudonym(registry: Registry, table: str, row_id: UUID | str) -> UUID:
    found: UUID = await registry.value(f"SELECT statistical_id FROM {table} WHERE id = $1", UUID(str(row_id)))
    assert str(found) != str(row_id)
    return found


@pytest.mark.parametrize(
    ("kind", "fields", "others"),
    [
        (CardKind.STUDENT, events.STATISTICS, {"shift", "study_form"}),
        (CardKind.WORKER, staff_events.STATISTICS, set()),
    ],
)
def test_told_is_what_forms_ask_on_a_ground_of_the_law(kind: CardKind, fields: set[str], others: set[str]) -> None:
    """Shift and form of study are told by groups and by events of their own."""
    card = CATALOGUE.cards[kind].fields
    assert {name for name, one in card.items() if one.forms} == fields | others
    assert {card[name].ground for name in fields} <= {"education", "statistics", "labour"}
    assert not fields & CATALOGUE.cards[kind].on_consent


class TestStudents:
    @pytest.mark.parametrize("name", sorted(events.STATISTICS))
    async def test_every_field_changed_on_the_card_is_told(self, registry: Registry, name: str) -> None:
        organization_id = await registry.organization()
        student_id = await open_card(registry, organization_id, 1)
        value, expected = CHANGES[name]
        answer = await edit(registry, organization_id, student_id, {name: value})
        assert answer.status_code == 200, answer.text
        before, after = await said(registry, STUDENT)
        assert {field: after[field] for field in after if after[field] != before[field]} == expected
        assert (await edit(registry, organization_id, student_id, {name: value})).status_code == 200
        assert (await edit(registry, organization_id, student_id, {"personal_file_number": "Л-1"})).status_code == 200
        assert len(await said(registry, STUDENT)) == 2, "nothing else is"

    async def test_papers_are_told_to_nobody(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        student_id = await open_card(registry, organization_id, 1)
        await edit(registry, organization_id, student_id, {"special_needs": NEEDS, "disability": DISABILITY})
        text = json.dumps(await said(registry, STUDENT), ensure_ascii=False)
        assert "speech" in text
        assert not any(one in text for one in ("ТПМПК-17", "МСЭ-2020", "2026-05-20", "2026-01-10", str(student_id)))

    async def test_a_list_that_is_loaded_fills_in_what_the_card_lacks(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        await registry.school_class(organization_id)
        await registry.import_list(organization_id, xlsx([row(1)]))
        more = {"ОВЗ: Вид нарушения": "Тяжёлые нарушения речи", "Изучаемые иностранные языки": "английский; немецкий"}
        result = await registry.import_list(organization_id, xlsx([row(1, **more)], (*COLUMNS, *more)))
        assert result["errors"] == []
        bare, whole = await said(registry, STUDENT)
        assert (bare["special_needs"], bare["foreign_languages"]) == (None, [])
        assert (whole["special_needs"], whole["foreign_languages"]) == ("speech", ["английский", "немецкий"])

    async def test_an_admission_opens_and_tells(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        student_id = await registry.student(organization_id, await registry.school_class(organization_id), 1)
        (only,) = await said(registry, STUDENT, await pseudonym(registry, "student", student_id))
        assert (only["special_needs"], only["disability"], only["native_language"]) == (None, False, None)

    async def test_merged_cards_count_as_the_survivor_and_apart_again_as_before(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        office = registry.office(organization_id)
        survivor = await open_card(registry, organization_id, 1, native_language="русский")
        absorbed = await open_card(registry, organization_id, None, document=PASSPORT)
        assert (await edit(registry, organization_id, absorbed, {"special_needs": NEEDS})).status_code == 200
        of = [await pseudonym(registry, "student", one) for one in (survivor, absorbed)]

        async def counted() -> list[tuple[Any, ...]]:
            latest = [(await said(registry, STUDENT, one))[-1] for one in of]
            return [(one["special_needs"], one["native_language"]) for one in latest]

        assert await counted() == [(None, "русский"), ("speech", None)]
        made = await merged(registry, office, survivor, absorbed)
        assert await counted() == [("speech", "русский")] * 2
        assert (await edit(registry, organization_id, survivor, {"boarding": True})).status_code == 200
        assert [(await said(registry, STUDENT, one))[-1]["boarding"] for one in of] == [True, True]
        assert (await step(registry, office, made, "undo")).status_code == 200
        assert await counted() == [(None, "русский"), ("speech", None)]

    async def test_what_is_destroyed_is_counted_no_more(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        student_id = await registry.student(organization_id, await registry.school_class(organization_id), 1)
        assert (await edit(registry, organization_id, student_id, {"special_needs": NEEDS})).status_code == 200
        await registry.depart(organization_id, student_id, "2026-09-05")
        await left_long_ago(registry, date(2022, 9, 5))
        office = Destroying(registry, organization_id)
        run = await office.execute(await office.approved())
        assert run["status"] == "succeeded", run
        latest = (await said(registry, STUDENT))[-1]
        assert (latest["special_needs"], latest["adapted_programme"], latest["sex"]) == (None, None, Sex.FEMALE.value)

    async def test_a_reader_that_is_rebuilt_hears_the_same(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        student_id = await open_card(registry, organization_id, 1)
        await edit(registry, organization_id, student_id, {"special_needs": NEEDS, "foreign_languages": ["английский"]})
        assert await told(registry, counting.statistics) == [
            StudentStatisticsChanged.model_validate((await said(registry, STUDENT))[-1]).model_dump(mode="json")
        ]


async def hire(registry: Registry, organization_id: UUID, number: int = 1, **options: Any) -> dict[str, Any]:
    path = f"/organizations/{organization_id}/workers"
    headers = registry.office(organization_id)
    answer = await registry.service.client.post(path, json=hiring(number, **options), headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def change(
    registry: Registry, office: UUID, path: str, version: int, method: str = "PATCH", **body: Any
) -> dict[str, Any]:
    headers = {**registry.office(office), "If-Match": f'"{version}"'}
    answer = await registry.service.client.request(method, path, json=body, headers=headers)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


WORKER_CHANGES: dict[str, tuple[Any, dict[str, Any]]] = {
    "birth_date": ("1985-04-13", {"birth_date": "1985-04-13"}),
    "sex": ("male", {"sex": "male"}),
    "education": (
        [{"level": "higher", "institution": "КубГУ", "pedagogical": True}],
        {"education": [{"level": "higher", "pedagogical": True}]},
    ),
    "qualification": (
        {"category": "first", "valid_until": "2028-01-20", "order_number": "77"},
        {"qualification": "first", "qualification_until": "2028-01-20"},
    ),
    "staff_category": ("teaching", {"staff_category": "teaching"}),
    "service_since": ("2007-09-01", {"service_since": "2007-09-01"}),
    "teaching_since": ("2008-09-01", {"teaching_since": "2008-09-01"}),
    "degree": ("Кандидат наук", {"degree": True}),
}


class TestWorkers:
    @pytest.mark.parametrize("name", sorted(staff_events.STATISTICS))
    async def test_every_field_changed_on_the_card_is_told(self, registry: Registry, name: str) -> None:
        organization_id = await registry.organization()
        made = await hire(registry, organization_id)
        value, expected = WORKER_CHANGES[name]
        path = f"/workers/{made['worker_id']}"
        await change(registry, organization_id, path, 1, reason="Правка", values={name: value})
        before, after = await said(registry, WORKER)
        assert {field: after[field] for field in after if after[field] != before[field]} == expected
        await change(registry, organization_id, path, 2, reason="Правка", values={name: value, "citizenship": "643"})
        assert len(await said(registry, WORKER)) == 2, "nothing else is"

    async def test_posts_are_told_with_their_days_as_they_change_and_as_they_turn(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        made = await hire(registry, organization_id)
        runtime, real = registry.service.runtime, registry.service.runtime.clock
        leaves = (runtime.clock.today() + timedelta(days=5)).isoformat()
        path = f"/employments/{made['employment_id']}"
        await change(registry, organization_id, path, 1, reason="Перевод", rate="0.5")
        ended = {"dismissed_on": leaves, "dismissal_order": "5-у"}
        await change(registry, organization_id, path, 2, reason="Увольнение", **ended)
        runtime.clock = FixedClock(real.now() + timedelta(days=5))
        try:
            await telling.tell_turned(runtime)
        finally:
            runtime.clock = real
        posts = [
            one["posts"] for one in await said(registry, WORKER, await pseudonym(registry, "worker", made["worker_id"]))
        ]
        assert [[(one["rate"], one["valid_to"]) for one in held] for held in posts] == [
            [("1.000", None)],
            [("0.500", None)],
            [("0.500", leaves)],
            [("0.500", leaves)],
        ]
        (post,) = posts[-1]
        assert (post["organization_id"], post["code"], post["category"], post["main"], post["valid_from"]) == (
            str(organization_id),
            "teacher",
            "teaching",
            True,
            "2020-09-01",
        )

    async def test_nothing_told_of_a_worker_names_it(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        made = await hire(registry, organization_id, degree="Кандидат наук")
        text = json.dumps(await said(registry, WORKER), ensure_ascii=False)
        assert not any(one in text for one in (made["worker_id"], made["employment_id"], "Кандидат", "Учителева"))

    async def test_what_an_attestation_gave_is_told(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        made = await hire(registry, organization_id)
        plan = {"organization_id": str(organization_id), "post_code": "teacher", "category": "first"}
        path = f"/workers/{made['worker_id']}/attestations"
        planned = await change(registry, organization_id, path, 1, "POST", **plan, planned_on="2026-09-01")
        steps = f"/attestations/{planned['id']}/steps"
        await change(registry, organization_id, steps, 1, "POST", step="applied", on="2026-09-10", number="12")
        await change(registry, organization_id, steps, 2, "POST", step="granted", on="2026-10-01", number="5")
        assert [one["qualification"] for one in await said(registry, WORKER)] == [None, "first"]

    async def test_a_list_of_staff_brings_it_up_to_date(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        office = registry.office(organization_id)
        line = {
            "Фамилия": "Учителева", "Имя": "Вера", "Дата рождения": date(1985, 4, 12), "Пол": "Женский",
            "СНИЛС": hiring(1)["values"]["snils"], "Должность": "Учитель", "Основное место работы": "да",
            "Ставка": "1", "Дата приёма": date(2020, 9, 1), "Приказ о приёме №": "1-к",
            "Категория: Категория": "Первая",
        }  # fmt: skip
        for news in ({}, {"Категория: Категория": "Высшая"}, {"Ставка": "0.5"}):
            line |= news
            result = await import_table(registry, "staff", [line], office, organization_id)
            assert result["errors"] == []
        told_of = [(one["qualification"], one["posts"][0]["rate"]) for one in await said(registry, WORKER)]
        assert told_of == [("first", "1.000"), ("highest", "1.000"), ("highest", "0.500")]

    async def test_merged_workers_are_counted_once(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        office = registry.office(organization_id)
        one = await hire(registry, organization_id, 1)
        other = await hire(
            registry, organization_id, 2, main=False, snils=None, document=PASSPORT, degree="Доктор наук"
        )
        ids = UUID(one["worker_id"]), UUID(other["worker_id"])
        of = [await pseudonym(registry, "worker", worker_id) for worker_id in ids]

        async def counted() -> list[tuple[int, bool]]:
            latest = [(await said(registry, WORKER, subject))[-1] for subject in of]
            return [(len(told["posts"]), told["degree"]) for told in latest]

        assert await counted() == [(1, False), (1, True)]
        made = await merged(registry, office, *ids, "worker")
        assert await counted() == [(2, True), (0, True)]
        assert (await step(registry, office, made, "undo")).status_code == 200
        assert await counted() == [(1, False), (1, True)]

    async def test_a_reader_that_is_rebuilt_hears_the_same(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        await hire(registry, organization_id, education=[{"level": "higher", "pedagogical": True}])
        assert [WorkerStatisticsChanged.model_validate(one) for one in await told(registry, telling.statistics)] == [
            WorkerStatisticsChanged.model_validate((await said(registry, WORKER))[-1])
        ]
