from datetime import date
from xml.etree.ElementTree import Element, fromstring

import pytest

from reporting.engine.definition import FormDefinition
from reporting.engine.implied import implied
from reporting.exchange.template import template
from reporting.forms.service import catalog


def shipped(form: str, day: date = date(2026, 12, 31)) -> FormDefinition:
    found = catalog().edition(form, day)
    assert found is not None
    return found


def made(form: FormDefinition, day: date = date(2026, 12, 31)) -> Element:
    return fromstring(template(form, day))


def one(root: Element, path: str) -> dict[str, str]:
    found = root.find(path)
    assert found is not None
    return dict(found.attrib)


def test_the_root_names_the_form_and_its_version() -> None:
    root = made(shipped("85-k"))
    assert root.tag == "metaForm"
    assert root.attrib == {
        "code": "609506001001", "idp": "1", "idf": "1", "shifr": "85-k", "name": "85-К (черновая разметка)", "obj": "okpo",
        "OKUD": "0609506", "format-version": "1.3", "version": "01-01-2024",
    }  # fmt: skip
    years, periods, *_ = root.iterfind("dics/dic")
    assert [one.get("id") for one in (*years, *periods)] == ["2026", "1"]
    assert [(one.tag, one.text) for one in root.iterfind("settings/*")] == [
        ("validation", "always"),
        ("sign", "true"),
        ("notEmpty", "false"),
    ]
    assert made(shipped("oo-1")).get("code") == ""


def test_every_row_and_column_of_every_edition_is_there() -> None:
    for form in catalog():
        root = made(form)
        sections = list(root.iterfind("sections/section"))
        assert [one.get("code") for one in sections] == [str(section.xml_code) for section in form.sections]
        for section, described in zip(form.sections, sections, strict=True):
            data = [one.get("code") for one in described.iterfind("columns/column[@type='Z']")]
            assert tuple(data) == section.sheet.columns
            assert tuple(one.get("code") for one in described.iterfind("rows/row")) == section.sheet.rows
        assert len(list(root.iterfind("controls/control"))) == len(form.controls) + len(list(implied(form)))


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2026, 12, 31)])
def test_what_is_assumed_or_not_known_to_be_in_force_is_a_draft(day: date) -> None:
    form = shipped("85-k", day)
    assumed = next(one for one in form.sections if one.code == "7")
    verified = assumed.model_copy(update={"status": "verified"})
    for section, draft in ((assumed, True), (verified, day.year > 2024)):
        root = made(form.model_copy(update={"sections": (section,), "controls": ()}), day)
        names = root.get("name", ""), one(root, "sections/section")["name"]
        assert [name.endswith(" (черновая разметка)") for name in names] == [draft, draft]


def test_cells_have_the_digits_of_their_columns() -> None:
    cells = made(shipped("85-k")).iterfind("sections/section[@code='15']/rows/row[@code='1502']/cell")
    assert [(cell.get("column"), cell.get("format")) for cell in cells] == [("3", "N(15,1)"), ("4", "N(15,1)")]


def test_controls_are_written_with_the_template_s_codes() -> None:
    form = shipped("oo-1")
    wider = form.controls[0].model_validate(
        form.controls[0].model_dump()
        | {"rule": "{[2.1.1][*][3]}<={{[2.1.1][*][3]}}", "condition": "{[2.1.1][01][3]}>0", "level": "warning"}
        | {"fault": "0.5", "precision": 1}
    )
    assert one(made(form.model_copy(update={"controls": (wider,)})), "controls/control") == {
        "id": "1", "name": wider.title, "condition": "{[211][01][3]}>0", "rule": "{[211][*][3]}<={{[211][*][3]}}",
        "periodClause": "", "tip": "0", "fault": "0.5", "precision": "1",
    }  # fmt: skip


def test_closed_cells_are_read_only() -> None:
    form = shipped("85-k")
    section = next(one for one in form.sections if one.code == "7").model_copy(update={"closed": ("709-710:4,11",)})
    root = made(form.model_copy(update={"sections": (section,), "controls": ()}))
    closed = {
        (row.get("code"), cell.get("column"), cell.get("inputType"))
        for row in root.iterfind("sections/section/rows/row")
        for cell in row.iterfind("cell")
    }
    assert closed == {(row, column, "0") for row in ("709", "710") for column in ("4", "11")}
