"""The blank form of a consent, printed from the catalogue."""

import io

import pytest
from pypdf import PdfReader

from servicekit.testing import ServiceUnderTest

from .consenting import a_student
from .world import Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


class TestConsentForm:
    """The blank form names operator, purposes, fields in words, term and the people."""

    async def test_the_form_of_a_child_signed_by_the_guardian(self, registry: Registry) -> None:
        organization_id, student_id = await a_student(registry)
        (tie,) = await registry.fetch("SELECT guardian_id FROM guardianship WHERE student_id = $1", student_id)
        params = {
            "subject_kind": "student",
            "subject_id": str(student_id),
            "organization_id": str(organization_id),
            "given_by": str(tie["guardian_id"]),
            "valid_until": "2030-06-01",
        }
        answer = await registry.service.client.get(
            "/consent-forms", params=params, headers=registry.office(organization_id)
        )
        assert answer.status_code == 200, answer.text
        text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())
        guardian = (await registry.fetch("SELECT last_name, first_name FROM guardian"))[0]
        for part in (
            "Организация 1",
            "Образцова Алиса",
            f"{guardian['last_name']} {guardian['first_name']}",
            "Заболевания",
            "Мобильный телефон",
            "Охрана жизни и здоровья обучающегося",
            "01.06.2030",
        ):
            assert part in text, part
        assert "СНИЛС" not in text  # kept on another ground than consent

    @pytest.mark.parametrize(
        ("changes", "status", "code"),
        [
            ({"fields": "snils"}, 422, "consents.field"),
            ({"given_by": "01900000-0000-7000-8000-0000000000aa"}, 422, "consents.giver"),
            ({"organization_id": "01900000-0000-7000-8000-0000000000aa"}, 404, "not-found"),
        ],
    )
    async def test_wrong_forms_are_refused(
        self, registry: Registry, changes: dict[str, str], status: int, code: str
    ) -> None:
        organization_id, student_id = await a_student(registry)
        params = {"subject_kind": "student", "subject_id": str(student_id), "organization_id": str(organization_id)}
        answer = await registry.service.client.get(
            "/consent-forms", params={**params, **changes}, headers=registry.office(organization_id)
        )
        assert (answer.status_code, answer.json()["code"]) == (status, code)
