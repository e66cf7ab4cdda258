"""A built form on paper."""

from datetime import date
from io import BytesIO

from pypdf import PdfReader

from asu_contracts.core import OrganizationKind

from ..factories import Region, Reporting


async def test_the_document_says_what_the_report_says(reporting: Reporting, region: Region) -> None:
    organization = region.organization(OrganizationKind.PRESCHOOL, name="Детский сад № 5")
    child, group = region.id(), region.group(organization)
    await reporting.tell(
        organization,
        group,
        region.statistics(date(2022, 5, 5), of=child),
        region.movement(child, date(2026, 9, 1), opened=region.stay(group)),
    )
    head = reporting.head_of(organization.organization_id)
    first = await reporting.build(form="85-k", organization_id=str(organization.organization_id), as_of="2026-11-30")
    cells = [{"section": "7", "row": "703", "column": "8", "value": 4321, "reason": "По программе"}]
    made = await reporting.service.client.post(f"/reports/{first}/corrections", json={"cells": cells}, headers=head)
    answer = await reporting.get(f"/reports/{made.json()['id']}/pdf", head)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="85-k-20261130.pdf"'
    pages = [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]
    whole = " ".join(" ".join(pages).split())
    for text in (
        "Форма 85-К", "Детский сад № 5", "черновая разметка", "не для сдачи: на дату 30.11.2026", "701", "4321",
        "По программе", "7-1", "ошибка",
    ):  # fmt: skip
        assert text in whole, text
    assert all("Подсистема: АИС СГО" in page and "Исполнитель" in page for page in pages)
