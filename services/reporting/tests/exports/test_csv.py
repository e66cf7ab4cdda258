"""Cells of a built form, one line each."""

import csv
from datetime import date
from io import StringIO

from asu_contracts.core import OrganizationKind

from ..factories import Region, Reporting


async def test_each_cell_is_a_line_and_the_footer_ends_the_file(reporting: Reporting, region: Region) -> None:
    organization = region.organization(OrganizationKind.PRESCHOOL, name="=Сад")
    child, group = region.id(), region.group(organization)
    await reporting.tell(
        organization,
        group,
        region.statistics(date(2022, 5, 5), of=child),
        region.movement(child, date(2026, 9, 1), opened=region.stay(group)),
    )
    report = await reporting.build(form="85-k", organization_id=str(organization.organization_id), as_of="2026-12-31")
    shown = (await reporting.get(f"/reports/{report}")).json()
    answer = await reporting.get(f"/reports/{report}/csv")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="85-k-20261231.csv"'
    head, *lines = csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert head == ["Раздел", "Строка", "Показатель", "Графа", "Наименование графы", "Значение", "Пометка"]
    cells = {(line[0], line[1], line[3]): line[5] for line in lines if len(line) == len(head)}
    assert cells == {
        (section["code"], row["code"], column): "" if value is None else str(value)
        for section in shown["sections"]
        for row in section["rows"]
        for column, value in row["cells"].items()
    }
    assert cells["7", "701", "8"] == "1"
    assert {line[6] for line in lines if len(line) == len(head)} == {"черновая разметка"}
    assert [line[0].split(":")[0] for line in lines[-3:]] == ["Подсистема", "Дата печати", "Исполнитель"]
