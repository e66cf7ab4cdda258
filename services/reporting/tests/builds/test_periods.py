from datetime import date

import pytest

from asu_contracts.core import OrganizationKind
from reporting.builds import service
from reporting.engine.catalog import Catalog
from reporting.engine.definition import Control
from reporting.forms.service import catalog

from ..factories import KRASNODAR, Region, Reporting

GROWN = Control(
    id="y-1", level="warning", title="изменение к прошлому году не больше 30 %", status="assumed", src="арифметическая проверка",
    rule="abs({[2.1.1][02][3]}-{{[2.1.1][02][3]}})<=0.3*{{[2.1.1][02][3]}}",
)  # fmt: skip


@pytest.fixture(autouse=True)
def editions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped editions, the schools' with a control over two periods."""
    forms = [
        form.model_copy(update={"controls": (*form.controls, GROWN)}) if form.form == "oo-1" else form
        for form in catalog()
    ]
    monkeypatch.setattr(service, "catalog", lambda: Catalog(forms))


async def test_a_report_is_compared_with_the_units_own_of_the_year_before(reporting: Reporting, region: Region) -> None:
    school, other = (region.organization(OrganizationKind.SCHOOL) for _ in range(2))

    async def enrol(organization: object, day: date) -> None:
        stay = region.stay(region.group(organization, 1))  # type: ignore[arg-type]  # an organization of the factory
        await reporting.tell(organization, region.movement(region.id(), day, opened=stay))  # type: ignore[arg-type]

    async def built(as_of: str, **unit: object) -> tuple[str, str | None, tuple[bool, str]]:
        report_id = await reporting.build(form="oo-1", as_of=as_of, **unit)
        report = (await reporting.get(f"/reports/{report_id}", reporting.head_of(unit.get("organization_id")))).json()
        (control,) = (one for one in report["controls"] if one["id"] == "y-1")
        return report_id, report["previous_report_id"], (control["ok"], control["message"])

    own = {"organization_id": str(school.organization_id)}
    await enrol(school, date(2026, 9, 1))
    await enrol(other, date(2026, 9, 1))
    first, compared, outcome = await built("2026-09-20", **own)
    assert (compared, outcome) == (None, (True, "не проверялся: нет отчёта за прошлый период"))
    later, compared, _ = await built("2026-12-31", **own)
    assert compared is None
    await built("2026-09-20", municipality=KRASNODAR)
    await enrol(school, date(2026, 10, 1))
    same_day, _, _ = await built("2026-09-20", **own)
    assert same_day not in {first, later}
    _, compared, outcome = await built("2027-09-20", **own)
    assert compared == same_day
    assert outcome == (False, "раздел 2.1.1, строка 02, графа 3: слева 1, справа 0, разница 1")
    _, compared, outcome = await built("2027-09-20", organization_id=str(other.organization_id))
    assert compared is None
    assert outcome[0]


async def test_what_was_handed_in_is_the_report_of_the_year_before(reporting: Reporting, region: Region) -> None:
    """Not what anybody built later for a look at it, nor what was known at an instant of the past."""
    school, child = region.organization(OrganizationKind.SCHOOL), region.id()
    own, head = {"organization_id": str(school.organization_id)}, reporting.head_of(school.organization_id)
    stay = region.stay(region.group(school, 1))
    await reporting.tell(school, region.movement(child, date(2026, 9, 1), opened=stay))

    async def built(as_of: str, by: dict[str, str] = head, **more: str) -> str:
        return await reporting.build(by, form="oo-1", as_of=as_of, **own, **more)

    async def before(as_of: str) -> str | None:
        report: dict[str, str | None] = (await reporting.get(f"/reports/{await built(as_of)}", head)).json()
        return report["previous_report_id"]

    handed_in, newest = await built("2026-09-20"), await built("2026-09-20", reporting.headers())
    await built("2026-09-20", known_at="2026-09-25T00:00:00Z")
    assert await before("2027-09-20") == newest
    begun = await reporting.service.client.post("/submissions", json={"report_id": handed_in}, headers=head)
    assert begun.status_code == 201, begun.text
    assert await before("2027-09-20") == newest, "what is begun may be replaced"
    await reporting.service.fetch("UPDATE submission SET state = 'approved'")
    assert await before("2027-09-20") == handed_in
    await reporting.service.fetch("UPDATE submission SET state = 'returned'")
    assert await before("2027-09-20") == newest
