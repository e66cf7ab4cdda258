"""The catalogue of reports is what the services' code says: nothing printed is left out, nothing is listed that no route gives."""

import json
from dataclasses import replace

import pytest

from servicekit.reports import DeclaredReport
from sgo_journal.bootstrap import SERVICE as JOURNAL
from sgo_journal.printouts.catalogue import REPORTS
from tools import catalogue
from tools.documents import CATALOGUE, ROOT


def test_declared_and_printed_reports_are_listed_once() -> None:
    found = [one for one in json.loads((ROOT / CATALOGUE).read_text("utf-8")) if one["service"] == "journal"]
    codes = [one["code"] for one in found]
    assert {one.name for one in REPORTS} <= set(codes)
    assert len(codes) == len(set(codes))
    (sheet,) = [one for one in found if one["code"] == "download_daycare_sheet"]
    assert sheet == {
        "service": "journal", "code": "download_daycare_sheet", "title": "Табель группы детского сада", "method": "GET",
        "path": "/api/journal/v1/groups/{group_id}/daycare-sheet/file", "parameters": ["month"], "formats": ["pdf", "xlsx"],
        "roles": ["head", "coordinator", "organization_admin", "secretary", "teacher"],
    }  # fmt: skip
    assert not any("{report}" in one["path"] for one in found), "the route of declared reports is no report itself"
    assert not any("homework" in one["path"] or "archives" in one["path"] for one in found), "kept files are no reports"


def test_a_report_that_is_no_longer_declared_changes_the_catalogue() -> None:
    fewer = replace(JOURNAL, reports=JOURNAL.reports[1:])
    gone = {one["code"] for one in catalogue.entries([JOURNAL])} - {one["code"] for one in catalogue.entries([fewer])}
    assert gone == {JOURNAL.reports[0].name}


def test_a_report_that_no_route_gives_is_refused() -> None:
    nowhere = DeclaredReport("nowhere", "Нигде", "/nowhere/reports/nowhere", (), ("pdf",))
    with pytest.raises(ValueError, match="no route gives the report /nowhere"):
        catalogue.entries([replace(JOURNAL, reports=[nowhere])])
