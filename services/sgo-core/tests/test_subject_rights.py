"""A person sees its own data and the children's, takes an extract, and asks; an office answers in time."""

import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from pypdf import PdfReader
from sqlalchemy import text

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest
from servicekit.workdays import add_workdays
from sgo_core.cards.printing import years
from sgo_core.catalogue.definition import CardKind
from sgo_core.subject_rights.terms import TERMS, RequestKind, may_be_given_up

from .consenting import PHONE, a_student, card_of, days_later, edit, with_phone
from .samples.registry import become_guardian
from .world import Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def guardian_of(registry: Registry, student_id: UUID) -> dict[str, str]:
    guardian_id = await registry.value("SELECT guardian_id FROM guardianship WHERE student_id = $1", student_id)
    return registry.service.tokens.headers(Role.GUARDIAN, person_id=guardian_id)


async def ask(
    registry: Registry, organization_id: UUID, student_id: UUID, headers: dict[str, str], **changes: Any
) -> httpx.Response:
    body = {
        "subject_kind": "student",
        "subject_id": str(student_id),
        "organization_id": str(organization_id),
        "kind": "correction",
        "fields": ["mobile_phone"],
        "text": "Телефон 8-900-000 указан неверно",
        **changes,
    }
    return await registry.service.client.post("/subject-requests", json=body, headers=headers)


async def decide(
    registry: Registry, request_id: str, headers: dict[str, str], decision: str, version: int = 1
) -> httpx.Response:
    return await registry.service.client.post(
        f"/subject-requests/{request_id}/answer",
        json={"decision": decision, "text": "По результатам проверки"},
        headers={**headers, "If-Match": f'"{version}"'},
    )


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1 год"), (3, "3 года"), (5, "5 лет"), (12, "12 лет"), (50, "50 лет")]
)
def test_a_term_is_written_as_one_says_it(number: int, words: str) -> None:
    assert years(number) == words


class TestOwnCards:
    """What a family sees."""

    async def test_a_guardian_opens_the_childs_card_whole_and_only_the_own_data_beside_it(
        self, registry: Registry
    ) -> None:
        _, student_id, _ = await with_phone(registry)
        other = UUID(int=7)
        await become_guardian(registry, student_id, other)
        headers = await guardian_of(registry, student_id)
        async with registry.service.runtime.uow() as uow:  # an office edits the guardianship at the same time
            await uow.session.execute(text("SELECT FROM guardianship FOR UPDATE"))
            assert (await card_of(registry, student_id, headers))["id"] == str(student_id)
        mine = (await registry.service.client.get("/me/cards", headers=headers)).json()
        assert [(one["student_id"], one["kinship"]) for one in mine["children"]] == [(str(student_id), "mother")]
        card = await card_of(registry, student_id, headers)
        assert card["values"]["mobile_phone"] == PHONE["mobile_phone"]
        assert card["masked"] == card["closed"] == card["possible_duplicates"] == []
        by_id = {one["id"]: one for one in card["guardians"]}
        assert by_id[mine["subject_id"]]["values"]["mobile_phone"] == "+70000000000"
        assert set(by_id[str(other)]["values"]) <= {"last_name", "first_name", "middle_name", "sex"}
        refused = await registry.service.client.patch(
            f"/students/{student_id}",
            json={"reason": "Сам", "values": {"native_language": "русский"}},
            headers={**headers, "If-Match": '"1"'},
        )
        assert refused.status_code == 403

    async def test_one_whom_a_court_forbade_sees_nothing(self, registry: Registry) -> None:
        organization_id, student_id = await a_student(registry)
        headers = await guardian_of(registry, student_id)
        guardian_id = await registry.value("SELECT guardian_id FROM guardianship")
        office = {**registry.office(organization_id), "If-Match": '"1"'}
        path = f"/students/{student_id}/guardians/{guardian_id}"
        answer = await registry.service.client.patch(path, json={"reason": "Суд", "may_see": False}, headers=office)
        assert answer.status_code == 200
        for asked in (f"/students/{student_id}", f"/students/{student_id}/history"):
            assert (await registry.service.client.get(asked, headers=headers)).status_code == 404
        assert (await registry.service.client.get("/me/cards", headers=headers)).json()["children"] == []
        assert (await ask(registry, organization_id, student_id, headers)).status_code == 404

    async def test_an_extract_says_what_is_kept_why_and_who_looked(self, registry: Registry) -> None:
        organization_id, student_id, _ = await with_phone(registry)
        headers = await guardian_of(registry, student_id)
        answer = await registry.service.client.get(
            "/extracts", params={"subject_kind": "student", "subject_id": str(student_id)}, headers=headers
        )
        assert answer.headers["content-type"] == "application/pdf"
        pages = PdfReader(io.BytesIO(answer.content)).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        for part in (
            "Образцова Алиса",
            "Организация 1",
            PHONE["mobile_phone"],
            "Мобильный телефон",
            "14.05.2020",
            "Согласие субъекта",
            "Изменение карточки",
            "Личное дело обучающегося: 3 года",
            "Подсистема: АИС СГО",
        ):
            assert part in text
        guardian_id = await registry.value("SELECT guardian_id FROM guardianship")
        for office in (f"/guardians/{guardian_id}", f"/organizations/{organization_id}/students"):
            read = await registry.service.client.get(office, headers=registry.office(organization_id))
            assert read.status_code == 200
        for kind, subject_id, action in (
            ("guardian", guardian_id, "Просмотр карточки"),
            ("student", student_id, "Просмотр списка обучающихся"),
        ):
            asked = {"subject_kind": kind, "subject_id": str(subject_id)}
            mine = await registry.service.client.get("/extracts", params=asked, headers=headers)
            shown = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(mine.content)).pages)
            assert action in " ".join(shown.split())
        stranger = registry.service.tokens.headers(Role.GUARDIAN, person_id=UUID(int=9))
        refused = await registry.service.client.get(
            "/extracts", params={"subject_kind": "student", "subject_id": str(student_id)}, headers=stranger
        )
        assert refused.status_code == 404


class TestRequests:
    """Terms, blocks, answers."""

    async def test_a_disputed_field_is_blocked_until_the_answer(self, registry: Registry) -> None:
        organization_id, student_id, _ = await with_phone(registry)
        office, family = registry.office(organization_id), await guardian_of(registry, student_id)
        made = await ask(registry, organization_id, student_id, family)
        assert made.status_code == 201, made.text
        today = registry.service.runtime.clock.today()
        assert made.json()["due_on"] == add_workdays(today, 7).isoformat()
        assert "mobile_phone" not in (await card_of(registry, student_id, office))["values"]
        assert "mobile_phone" in (await card_of(registry, student_id, family))["values"]
        listed = await registry.service.client.get(f"/organizations/{organization_id}/subject-requests", headers=office)
        (request,) = listed.json()["items"]
        assert (request["blocked"], request["overdue"], request["on_paper"]) == (["mobile_phone"], False, False)
        assert request["text"] == "Телефон 8-900-000 указан неверно"
        assert "8-900" not in await registry.value("SELECT text FROM subject_request")
        mended = await edit(registry, organization_id, student_id, {"mobile_phone": "+79007654321"})
        assert mended.status_code == 200
        answered = await decide(registry, request["id"], office, "granted")
        assert (answered.status_code, answered.json()["blocked"]) == (200, [])
        assert (await card_of(registry, student_id, office))["values"]["mobile_phone"] == "+79007654321"
        mine = await registry.service.client.get("/me/subject-requests", headers=family)
        assert [one["answer"] for one in mine.json()["items"]] == ["По результатам проверки"]
        again = await decide(registry, request["id"], office, "refused", version=2)
        assert (again.status_code, again.json()["code"]) == (409, "subject-requests.answered")

    async def test_granted_erasure_empties_card_and_history_at_once(self, registry: Registry) -> None:
        organization_id, student_id, _ = await with_phone(registry)
        office = registry.office(organization_id)
        made = await ask(registry, organization_id, student_id, office, kind="erasure")
        assert (await decide(registry, made.json()["id"], office, "granted")).status_code == 200
        assert await registry.value("SELECT mobile_phone FROM student") is None
        assert await registry.value("SELECT count(*) FROM row_history WHERE row::text LIKE '%79001234567%'") == 0
        again = await edit(registry, organization_id, student_id, PHONE)  # the consent stands: it may be given anew
        assert again.json()["values"]["mobile_phone"] == PHONE["mobile_phone"]

    async def test_who_may_not_decide_asks_what_is_kept_and_changes_nothing(self, registry: Registry) -> None:
        organization_id, student_id, _ = await with_phone(registry)
        family, office = await guardian_of(registry, student_id), registry.office(organization_id)
        guardian_id = await registry.value("SELECT guardian_id FROM guardianship")
        ended = await registry.service.client.patch(
            f"/students/{student_id}/guardians/{guardian_id}",
            json={"reason": "Суд", "may_decide": False},
            headers={**office, "If-Match": '"1"'},
        )
        assert ended.status_code == 200
        for kind in RequestKind:
            answer = await ask(registry, organization_id, student_id, family, kind=kind.value)
            assert answer.status_code == (201 if kind is RequestKind.ACCESS else 403)
        assert "mobile_phone" in (await card_of(registry, student_id, office))["values"]

    async def test_one_card_is_changed_at_the_request_to_whoever_keeps_it(self, registry: Registry) -> None:
        """A school that the child left closes and erases nothing for the school where it is; its own consents it ends."""
        organization_id, student_id, _ = await with_phone(registry)
        former, family = registry.office(organization_id), await guardian_of(registry, student_id)
        early = await ask(registry, organization_id, student_id, family, kind="erasure")
        today = registry.service.runtime.clock.today()
        await registry.depart(organization_id, student_id, today.isoformat())
        other = await registry.organization()
        enrolled = {
            "student_id": str(student_id),
            "kind": "enrolled",
            "effective_date": today.isoformat(),
            "group_id": str(await registry.school_class(other)),
        }
        assert (await registry.order(other, enrolled, number="9")).status_code == 200
        await registry.consent(other, student_id)
        for kind in ("correction", "blocking", "erasure"):
            late = await ask(registry, organization_id, student_id, family, kind=kind)
            assert (late.status_code, late.json()["code"]) == (422, "subject-requests.not-operator")
        granted = await decide(registry, early.json()["id"], former, "granted")
        assert (granted.status_code, granted.json()["code"]) == (422, "subject-requests.not-operator")
        assert (await decide(registry, early.json()["id"], former, "refused")).status_code == 200
        end = await ask(registry, organization_id, student_id, family, kind="cessation")
        card = await card_of(registry, student_id, registry.office(other))
        assert card["values"]["mobile_phone"] == PHONE["mobile_phone"]
        assert (await decide(registry, end.json()["id"], former, "granted")).status_code == 200
        assert await registry.value("SELECT count(*) FROM consent WHERE withdrawn_at IS NOT NULL") == 1

    async def test_what_the_law_keeps_is_not_erased(self, registry: Registry) -> None:
        organization_id, student_id = await a_student(registry)
        office = registry.office(organization_id)
        made = await ask(registry, organization_id, student_id, office, kind="erasure", fields=["last_name"])
        assert made.status_code == 201
        refused = await decide(registry, made.json()["id"], office, "granted")
        assert (refused.status_code, refused.json()["code"]) == (409, "subject-requests.cannot-grant")
        assert await registry.value("SELECT decision FROM subject_request") is None
        assert (await card_of(registry, student_id, office))["values"]["last_name"] == "Образцова"
        assert "last_name" not in may_be_given_up(CardKind.STUDENT)

    async def test_a_hold_forbids_to_grant_erasure(self, registry: Registry) -> None:
        organization_id, student_id, _ = await with_phone(registry)
        office = registry.office(organization_id)
        body = {"subject_kind": "student", "subject_id": str(student_id), "document": "Запрос № 1", "reason": "Суд"}
        assert (await registry.service.client.post("/legal-holds", json=body, headers=office)).status_code == 201
        made = await ask(registry, organization_id, student_id, office, kind="erasure")
        refused = await decide(registry, made.json()["id"], office, "granted")
        assert (refused.status_code, refused.json()["code"]) == (409, "consents.held")
        assert await registry.value("SELECT mobile_phone FROM student") == PHONE["mobile_phone"]

    async def test_cessation_ends_every_consent_to_the_organization(self, registry: Registry) -> None:
        organization_id, student_id, _ = await with_phone(registry)
        office = registry.office(organization_id)
        made = await ask(registry, organization_id, student_id, office, kind="cessation")
        await decide(registry, made.json()["id"], office, "granted")
        card = await card_of(registry, student_id, office)
        assert "mobile_phone" in card["closed"]
        assert [one["withdrawn_at"] is not None for one in card["consents"]] == [True, False]
        assert await registry.value("SELECT cause FROM erasure") == "withdrawal"

    async def test_a_granted_block_stands_until_it_is_lifted(self, registry: Registry) -> None:
        organization_id, student_id, _ = await with_phone(registry)
        office = registry.office(organization_id)
        request_id = (await ask(registry, organization_id, student_id, office, kind="blocking")).json()["id"]
        assert (await decide(registry, request_id, office, "granted")).json()["blocked"] == ["mobile_phone"]
        assert "mobile_phone" not in (await card_of(registry, student_id, office))["values"]
        path = f"/subject-requests/{request_id}/unblocking"
        lifted = await registry.service.client.post(path, json={"reason": "Спор решён"}, headers=office)
        assert lifted.json()["blocked"] == []
        assert "mobile_phone" in (await card_of(registry, student_id, office))["values"]
        again = await registry.service.client.post(path, json={"reason": "Спор решён"}, headers=office)
        assert again.json()["code"] == "subject-requests.not-blocked"

    async def test_terms_are_tracked_and_may_be_extended_once(self, registry: Registry) -> None:
        organization_id, student_id = await a_student(registry)
        office = registry.office(organization_id)
        family = await guardian_of(registry, student_id)
        made = (await ask(registry, organization_id, student_id, family, kind="access", fields=[])).json()
        path = f"/subject-requests/{made['id']}/extension"
        longer = await registry.service.client.post(
            path, json={"reason": "Запрошен архив"}, headers={**office, "If-Match": '"1"'}
        )
        due = add_workdays(registry.service.runtime.clock.today(), 15)
        assert (longer.json()["due_on"], longer.json()["extension"]) == (due.isoformat(), "Запрошен архив")
        assert await registry.value("SELECT count(*) FROM audit WHERE action = 'subject-request.extend'") == 1
        again = await registry.service.client.post(path, json={"reason": "Ещё"}, headers={**office, "If-Match": '"2"'})
        assert again.json()["code"] == "subject-requests.no-extension"
        late = f"/organizations/{organization_id}/subject-requests"
        in_time = await registry.service.client.get(late, params={"overdue": True}, headers=office)
        assert in_time.json()["items"] == []
        async with days_later(registry, (due - registry.service.runtime.clock.today()).days + 1):
            overdue = await registry.service.client.get(late, params={"overdue": True}, headers=office)
        assert [(one["id"], one["overdue"]) for one in overdue.json()["items"]] == [(made["id"], True)]
        assert TERMS[RequestKind.CORRECTION].extension == 0

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"fields": []}, "subject-requests.fields"),
            ({"fields": ["нет такого"]}, "subject-requests.fields"),
            ({"received_on": "2999-01-01"}, "request.invalid"),
            ({"received_on": "2020-01-01"}, "subject-requests.date"),
            ({"kind": "delete"}, "request.invalid"),
        ],
    )
    async def test_a_request_that_cannot_be(self, registry: Registry, changes: dict[str, Any], code: str) -> None:
        organization_id, student_id = await a_student(registry)
        answer = await ask(registry, organization_id, student_id, registry.office(organization_id), **changes)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert await registry.value("SELECT count(*) FROM subject_request") == 0

    async def test_paper_keeps_the_day_it_came_in_and_another_school_is_not_asked(self, registry: Registry) -> None:
        organization_id, student_id = await a_student(registry)
        office = registry.office(organization_id)
        received = registry.service.runtime.clock.today() - timedelta(days=2)
        made = await ask(registry, organization_id, student_id, office, kind="access", received_on=received.isoformat())
        assert date.fromisoformat(made.json()["due_on"]) == add_workdays(received, 10)
        other = await registry.organization()
        family = await guardian_of(registry, student_id)
        elsewhere = await ask(registry, other, student_id, family, kind="access")
        assert elsewhere.json()["code"] == "subject-requests.not-operator"
        foreign = await ask(registry, other, student_id, registry.office(other), kind="access")
        assert foreign.status_code == 404
