"""Marks of the journal beside those of an exam: distributions, gap, what may have been confirmed, an alert where it is too much."""

from datetime import date
from typing import Any

from asu_contracts.core import OrganizationKind
from asu_contracts.journal import SubjectResults

from ..factories import Region, Reporting
from ..monitoring.counting import count, read
from .results import load, table


def results(title: str, **marks: int) -> SubjectResults:
    return SubjectResults(
        subject_title=title, students=sum(marks.values()), marks={name[1:]: number for name, number in marks.items()}
    )


async def test_marks_are_compared_as_distributions(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    one, other = (region.group(school, 4) for _ in range(2))
    first = results("Математика", _5=20)
    year: dict[str, Any] = {"period": 0, "title": "Год", "first_day": date(2026, 9, 1), "last_day": date(2026, 11, 10)}
    await reporting.tell(
        school, one, other,
        region.period(one, subjects=(first,)),
        region.period(one, subjects=(results("математика ", _5=4, _4=4, _3=2),), **year),
        region.period(other, subjects=(results("Математика", _5=2, _4=6, _3=2), results("Чтение", _2=9))),
    )  # fmt: skip
    await count(reporting)
    checked = {
        "organization_id": school.organization_id, "exam": "ВПР", "grade": 4, "date": "10.11.2026", "participants": 20,
        "twos": 2, "threes": 10, "fours": 6, "fives": 2,
    }  # fmt: skip
    assert (await load(reporting.service, reporting.headers(), table(checked))).status_code == 201
    params: dict[str, Any] = {"academic_year": 2026, "organization_id": str(school.organization_id)}
    (found,) = (await read(reporting, "/exam-comparison", **params))["items"]
    assert found == {
        "exam": "vpr", "subject": "Математика", "grade": 4, "participants": 20, "marks": 20,
        "exam_shares": {"twos": 10.0, "threes": 50.0, "fours": 30.0, "fives": 10.0},
        "journal_shares": {"twos": 0.0, "threes": 20.0, "fours": 50.0, "fives": 30.0},
        "exam_mean": 3.4, "journal_mean": 4.1, "gap": 0.7, "confirmed": 60.0,
    }  # fmt: skip
    assert (await read(reporting, "/exam-comparison", exam="oge", **params))["items"] == []
    await count(reporting)
    (alert,) = (await read(reporting, "/quality-alerts", indicator="vpr_gap"))["items"]
    assert (alert["subject"], alert["grade"], alert["value"]) == ("Математика", 4, 0.7)
    assert alert["title"] == "Необъективность отметок по ВПР"
