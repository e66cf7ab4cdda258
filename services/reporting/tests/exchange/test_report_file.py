from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.engine.cells import Address
from reporting.exchange.errors import ReportFileError
from reporting.exchange.report_file import ReportFile, read, write
from reporting.forms.service import catalog

from ..oracle.forms import KINDS, form

FORM = form([])
LINES = [(code, row, column) for code, sheet in FORM.layout.items() for row in sheet.rows for column in sheet.columns]
addresses: st.SearchStrategy[Address] = st.sampled_from(LINES).flatmap(
    lambda cell: (
        st.sampled_from(KINDS).map(lambda key: (*cell, key))
        if cell[1] in FORM.layout[cell[0]].repeated
        else st.just(cell)
    )
)
values = st.integers(-(10**15) + 1, 10**15 - 1) | st.decimals(-1000, 1000, places=2)
titles = st.dictionaries(
    st.sampled_from(["okpo", "name"]), st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]))
)


@given(st.dictionaries(addresses, values), titles)
def test_what_is_written_reads_back(cells: dict[Address, int | Decimal], title: dict[str, str]) -> None:
    report = ReportFile(2026, title, cells)
    assert read(FORM, write(FORM, report, ["черновая разметка -- не для сдачи"])) == report


def test_empty_cells_are_left_out_and_every_row_is_there() -> None:
    for known in catalog():
        section = known.sections[0]
        first = (section.code, section.sheet.rows[0], "3")
        content = write(known, ReportFile(2026, {}, {first: 5, (section.code, section.sheet.rows[1], "3"): None}))
        assert content.count(b"<row ") == sum(not row.repeated for one in known.sections for row in one.rows)
        assert content.count(b"<col ") == 1
        assert read(known, content).cells == {first: 5}


GOOD = write(FORM, ReportFile(2026, {"okpo": "00032537"}, {("2.1.1", "01", "3"): 5, ("3", "02", "3", "a"): 1})).decode()


@pytest.mark.parametrize(
    ("change", "to"),
    [
        ("<report", "<!DOCTYPE report [<!ENTITY x 'y'>]><report"),
        ("</report>", ""),
        ("<report", "<other"),
        ('version="01-01-2024"', 'version="01-01-2023"'),
        ('period="0101"', 'period="1201"'),
        ('year="2026"', 'year="²"'),
        ('<section code="1">', '<section code="9">'),
        ('<row code="01">', '<row code="99">'),
        ('<row code="01">', '<row code="01" s1="a">'),
        ('s1="a"', ""),
        ('s1="a"', 's1="я"'),
        ('<col code="3">5', '<col code="99">5'),
        ('<col code="3">5', '<col code="3">пять'),
        ('<col code="3">5', '<col code="3">1E999999999'),
        ('<col code="3">5', '<col code="3">NaN'),
        ('<col code="3">5', '<col code="3">5</col><col code="3">5'),
    ],
)
def test_refuses_what_is_no_report_of_the_form(change: str, to: str) -> None:
    assert change in GOOD
    text = GOOD.replace("</report>", "</other>") if to == "<other" else GOOD
    with pytest.raises(ReportFileError):
        read(FORM, text.replace(change, to, 1).encode())
