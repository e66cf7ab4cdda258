"""The catalogue as its readers see it."""

from asu_contracts.access import Role
from reporting.catalogue.service import reports
from reporting.counted.catalogue import REPORTS
from reporting.forms import service as forms

from ..factories import KRASNODAR, Region, Reporting


async def test_all_services_are_there_and_each_role_knows_what_it_may(reporting: Reporting, region: Region) -> None:
    teacher = reporting.headers(Role.TEACHER, municipality=KRASNODAR, organization_id=region.id())
    items = (await reporting.get("/catalogue", teacher)).json()["items"]
    assert {one["service"] for one in items} == {"core", "journal", "enrollment", "reporting"}
    assert all(one["allowed"] == ("teacher" in one["roles"]) for one in items)
    mine = (await reporting.get("/catalogue", teacher, service="journal", allowed=True)).json()["items"]
    assert "class-teacher" in {one["code"] for one in mine}
    assert all(one["service"] == "journal" and one["allowed"] for one in mine)
    assert (await reporting.get("/catalogue", teacher, service="reporting", allowed=True)).json() == {"items": []}


def test_counted_reports_and_federal_forms_are_listed() -> None:
    ours = {(one.method, one.code): one for one in reports() if one.service.value == "reporting"}
    for code, report in REPORTS.items():
        assert (ours["GET", code].title, frozenset(ours["GET", code].roles)) == (report.title, report.policy.roles)
    assert {code for method, code in ours if method == "POST"} == {one.form for one in forms.catalog()}
